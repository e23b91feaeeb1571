"""What happened to an agency, as its file tells it: which events, and which of their public parts.

Invariants: private parts are never read; a change says how each particular read and reads; who objects stays unnamed;
a credit fact that is on no list now is told without its basis, and one that is over by nothing but its instant; so is a
restriction that is over: what was published is not to be read for ever in the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import cast

from commons.canonical import Json
from commons.verdicts import Param
from credit.clocks import CreditClocks
from credit.facts import CreditFact, fact_state
from credit.lists import entries
from credit.restrictions import Restriction
from credit.rulebook import rulebook
from marketplace.usecases.read_happenings import Happening
from marketplace.usecases.tell_changes import RULEBOOK

_CERTIFICATE = ("kind", "grade", "reason")

PUBLISHED = ("code", "points", "basis")
COUNTING = ("code", "points")
"""What is told of a fact on a list, and of one that counts and is on none."""
PartsTold = Mapping[str, tuple[str, ...]]
"""By fact or restriction: which parts of it are told."""

TOLD: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "agency.filed": ("agency_filed", ()),
        "agency.changed": ("agency_changed", ("reason",)),
        "agency.suspended": ("agency_suspended", ("reason", "shelf_offers_withdrawn")),
        "agency.withdrawn": ("agency_withdrawn", ("reason", "shelf_offers_withdrawn")),
        "agency.returned": ("agency_returned", ("reason",)),
        "filing.objected": ("filing_objected", ("reason",)),
        "filing.objection_answered": ("filing_objection_answered", ("answer", "reason")),
        "qualification.added": ("qualification_added", ("kind", "grade")),
        "qualification.corrected": ("qualification_corrected", _CERTIFICATE),
        "qualification.renewed": ("qualification_renewed", _CERTIFICATE),
        "qualification.withdrawn": ("qualification_withdrawn", _CERTIFICATE),
        "qualification.revoked": ("qualification_revoked", _CERTIFICATE),
        "item.offered": ("item_offered", ("item",)),
        "item.stopped": ("item_stopped", ("item",)),
        "shelf_offer.put": ("shelf_offer_placed", ("item", "unit_price_fen")),
        "shelf_offer.withdrawn": ("shelf_offer_withdrawn", ("item",)),
        "agency.restricted": ("restricted", ("basis",)),
        "agency.held": ("held_for_review", ("linked_to",)),
        "hold.ruled": ("hold_ruled", ("ruling", "reason")),
        "agency.relations_stated": ("relations_stated", ()),
        "practitioner.claimed": ("practitioner_claimed", ("shown",)),
        "practitioner.contested": ("practitioner_contested", ("shown",)),
        "practitioner.active": ("practitioner_active", ("shown",)),
        "practitioner.left": ("practitioner_left", ("shown",)),
        "credit_fact.recorded": ("credit_fact_recorded", PUBLISHED),
        "authority_line.left_waiting": ("authority_line_left_waiting", ()),
    }
)
"""By event: the happening, and the parts of the event that it shows."""


def told_of_facts(facts: Iterable[CreditFact], clocks: CreditClocks, *, at: datetime) -> PartsTold:
    """What may be told of each fact of an agency at that instant."""
    book = rulebook(RULEBOOK)
    told: dict[str, tuple[str, ...]] = {}
    for one in facts:
        state = fact_state(one, at=at, known_at=at)
        if entries([one], (), book, clocks, at=at):
            told[one.id] = PUBLISHED
        elif state is not None and state.status == "counts":
            told[one.id] = COUNTING
    return told


def told_of_restrictions(bound: Iterable[Restriction], *, at: datetime) -> PartsTold:
    """What may be told of each restriction of an agency at that instant, as its page tells it."""
    return {one.id: ("basis",) if one.told(at=at).basis else () for one in bound}


def told_of(type: str, at: datetime, data: Mapping[str, Json], parts: PartsTold) -> Happening:
    """One event of an agency, its public parts only."""
    what, keys = TOLD[type]
    if type == "credit_fact.recorded":
        keys = parts.get(str(data["fact"]), ())
    elif type == "agency.restricted":
        keys = parts.get(str(data["restriction"]), ())
    params: dict[str, Param] = {key: cast("Param", data[key]) for key in keys if data.get(key) is not None}
    if type == "agency.changed":
        for row in cast("list[dict[str, str]]", data["changes"]):
            params |= {f"{row['what']}_from": row["from"], row["what"]: row["to"]}
        if data["has_contact"]:
            params["contact"] = True
    return Happening(at, what, params)
