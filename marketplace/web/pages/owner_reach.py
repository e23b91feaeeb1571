"""发布需求: how many agencies could take part under what is typed so far, beside the form; computed anew each time.

The same check as 公平性检查, by the same use case; nothing is kept. What cannot be read yet is not checked.
Source: market.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from commons.canonical import Json
from commons.errors import Malformed
from commons.instants import format_instant, parse_instant
from marketplace.database import Database
from marketplace.demands.demand import default_rounds
from marketplace.usecases.check_terms import CheckTerms, check_terms
from marketplace.web.casework.fairness import fairness_part
from marketplace.web.plans import read_local
from marketplace.web.posted import Posting
from marketplace.web.posting import clock_fields, proposed_clocks
from marketplace.web.posting_beside import one_of
from marketplace.web.requests import shaped
from marketplace.web.views.fairness import FairnessPart

STEPS = ("terms", "clocks")
"""Steps that show it."""
_KEPT = ("item", "further_items", "region", "buyer_class", "zone", "point", "polygon", "public_tender", "conditions")
"""What the check takes of a demand as it is."""


async def reach_of(database: Database, posting: Posting, step: str, profile: str) -> FairnessPart | None:
    """The check, where the terms can be read; None before."""
    if step not in STEPS:
        return None
    terms, faults = posting.terms()
    if faults:
        return None
    try:
        command = shaped(CheckTerms, {"terms": _whole(posting, terms), **_said(posting)})
        found = await check_terms(database, command, profile=profile)
    except Malformed:
        return None
    days = terms.get("max_days")
    ceiling = cast("int", terms["ceiling_fen"])
    return fairness_part(found, ceiling_fen=ceiling, max_days=days if isinstance(days, int) else None)


def _said(posting: Posting) -> dict[str, Any]:
    """What the check asks of the demand, as far as it is said."""
    whole = posting.document(without=[one.name for one in clock_fields(posting.mode)])
    said = {name: whole[name] for name in _KEPT if name in whole}
    said["recused"] = [one["agency"] for one in whole["recusals"]]
    if owner := whole.get("owner_code"):
        said["owner_code"] = owner
    if (closes_at := read_local(one_of(posting.every, "closes_at"))) is not None:
        said["closes_at"] = closes_at
    return said


def _whole(posting: Posting, terms: Mapping[str, Json]) -> dict[str, Json]:
    """The terms with rounds: where none are arranged, those of the rules from the first instant that they allow."""
    if posting.mode != "multi_round" or "rounds" in terms:
        return dict(terms)
    first = read_local(one_of(posting.every, "first_round_opens_at")) or read_local(
        proposed_clocks("multi_round", posting.profile, now=datetime.now(UTC))["first_round_opens_at"]
    )
    assert first is not None, "a proposed clock can be read"
    plan = default_rounds(posting.profile, first_opens_at=parse_instant(first))
    rounds: list[Json] = [
        {"kind": "open", "opens_at": format_instant(one.opens_at), "closes_at": format_instant(one.closes_at)}
        for one in plan
    ]
    return {**terms, "rounds": rounds}
