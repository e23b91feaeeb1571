"""The items that agencies state and put on the shelf, and whether they were cleaned up (清理规范) by now.

What an agency offers it offers in the whole province, so the province's catalogue counts, with its versions; what one
region alone adds or abolishes is asked when a demand is published there. What was published before goes on.
Source: market.md section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commons.errors import Fault, Malformed
from commons.instants import beijing_date
from commons.verdicts import Reason
from marketplace.catalogue.cleaning import abolished
from marketplace.catalogue.in_force import Rules
from marketplace.catalogue.items import ServiceItem
from marketplace.database import Database
from marketplace.usecases.rules_in_force import PROVINCE, current_rules

_ANY_PROFILE = "generic-v1"
"""The catalogue is the same under every profile."""


async def province_rules(database: Database) -> Rules:
    """The province's catalogue as of now."""
    return (await current_rules(database, _ANY_PROFILE, PROVINCE))[0]


def known_item(rules: Rules, code: str) -> ServiceItem | None:
    """The item of the catalogue, None for one that was cleaned up and left it; ``Malformed`` for any other."""
    item = rules.catalogue.item(code)
    if item is None and code not in rules.abolished:
        raise Malformed((Fault("/item", "unknown_item", "this item is not in the catalogue"),))
    return item


def gone_items(rules: Rules, codes: Sequence[str], *, at: datetime) -> tuple[Reason, ...]:
    """A reason for each item that was abolished by the Beijing day of that instant, with the document that did it."""
    return abolished(codes, on=beijing_date(at), known=rules.abolished)
