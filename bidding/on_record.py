"""The case as the record has it: what events of their own say, in place of what a case says they said.

A published case holds terms, who took part, offers and draw inputs; the record holds each of them in events that were
written before there was a case. Facts that are looked up at the close (credit, voids, lots won) stand in the case
alone. Invariant: for a case that was assembled from this record the result is that case. Source: trust.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from bidding.assembling import DRAW_MODES, draw_nonces, standing_offers
from bidding.commitments import draw_inputs
from bidding.selection import OfferLine, Participant, Selection
from commons.canonical import Json
from commons.instants import format_instant

_OFFERED = frozenset(("price_fen", "discount_bp", "days"))


def case_on_record(state: Selection, case: Mapping[str, Json]) -> dict[str, Json]:
    """The case with terms, participants, offers and draw inputs as their own events have them; a new object.

    Shelf offers are no events of the selection: of an instant choice the terms alone are.
    """
    told: dict[str, Json] = {**case, "terms": dict(state.terms)}
    if state.mode == "instant":
        return told
    if state.mode == "multi_round":
        entries = _by_bidder(case, "bidders")
        told["bidders"] = [_facts(one, entries) for one in _people(state)]
        told["offers"] = _offers(state, case)
    elif state.mode in DRAW_MODES:
        entries = _by_bidder(case, "bids")
        days = state.terms.get("max_days")
        served: dict[str, Json] = {} if days is None else {"days": days}
        told["bids"] = [{**_facts(one, entries), **served} for one in _people(state) if one.is_confirmed]
    else:
        entries, lines = _by_bidder(case, "bids"), {line.bidder: line for line in standing_offers(state)}
        told["bids"] = [
            {**_facts(one, entries), **_price(lines[one.bidder])} for one in _people(state) if one.bidder in lines
        ]
    if "draw" in case and (inputs := _draw(state)) is not None:
        told["draw"] = inputs
    return told


def _people(state: Selection) -> list[Participant]:
    return [state.participants[bidder] for bidder in sorted(state.participants)]


def _by_bidder(case: Mapping[str, Json], key: str) -> dict[str, dict[str, Json]]:
    rows = cast("list[dict[str, Json]]", case.get(key) or [])
    return {str(row["bidder"]): row for row in rows}


def _facts(one: Participant, entries: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
    """Facts looked up at the close as the case has them; those of the sign-up as the record has them."""
    looked_up = entries.get(one.bidder, {})
    facts: dict[str, Json] = {key: value for key, value in looked_up.items() if key not in _OFFERED}
    facts |= {"bidder": one.bidder, "experience": one.experience}
    facts.pop("grade", None)
    return facts if one.grade is None else {**facts, "grade": one.grade}


def _price(line: OfferLine) -> dict[str, Json]:
    named: dict[str, Json] = (
        {"price_fen": line.price_fen} if line.discount_bp is None else {"discount_bp": line.discount_bp}
    )
    return named if line.days is None else {**named, "days": line.days}


def _offers(state: Selection, case: Mapping[str, Json]) -> list[Json]:
    """Every offer in the order received; what came after the decision and was refused is not in it."""
    known = len(cast("list[Json]", case.get("offers") or []))
    return [
        {"bidder": line.bidder, "at": format_instant(line.at), **_price(line)}
        for number, line in enumerate(state.offers)
        if number < known or line.reason is None
    ]


def _draw(state: Selection) -> dict[str, Json] | None:
    """The inputs put together anew from everybody's part; None where the record does not have them all."""
    nonces = draw_nonces(state)
    if nonces is None or state.preimage is None or state.owner_nonce is None:
        return None
    return draw_inputs(state.preimage, nonces, state.owner_nonce)
