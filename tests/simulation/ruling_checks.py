"""Rulings and decisions, recomputed from the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bidding.assembling import case_of
from bidding.commitments import draw_inputs
from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.instants import parse_instant
from tests.reference.selection import decide as decide_slowly
from tests.simulation.facts import Facts
from tests.simulation.plans import DRAWS, SEALED
from tests.simulation.record_rows import Row


def entries(facts: Facts) -> Iterator[str]:
    """Admissions and offers that should not have been accepted, by the plainest reading of the rules."""
    admitted: set[str] = set()
    sign_up_closes_at, closes_at = facts.state.sign_up_closes_at, facts.state.closes_at
    for row in facts.rows:
        bidder = str(row.private.get("bidder"))
        if row.type == "bidder.admitted":
            if bidder in admitted:
                yield f"{bidder} was admitted twice"
            if facts.state.mode != "direct" and (sign_up_closes_at is None or row.at >= sign_up_closes_at):
                yield f"{bidder} was admitted after sign-up had closed"
            if any(one["agency"] == bidder for one in facts.demand["recusals_list"]):
                yield f"{bidder} was admitted although it is recused"
            admitted.add(bidder)
        if row.type == "offer.placed" and row.private["reason"] is None and bidder not in admitted:
            yield f"an offer of {bidder}, who is not admitted, was accepted"
        if row.type == "offer.placed" and row.private["reason"] is None and facts.state.mode in SEALED:
            yield from _sealed(row, facts, closes_at)
        accepted = row.type == "bidder.admitted" or (row.type == "offer.placed" and row.private["reason"] is None)
        if accepted and facts.is_barred(bidder, at=row.at):
            yield f"{row.type} of {bidder} was accepted at {row.at} while it was restricted"
    yield from _left_in(facts)


def _left_in(facts: Facts) -> Iterator[str]:
    """Who was in when it was restricted, and is not void since: an instant award stands, and so does what is over."""
    if facts.state.mode == "instant":
        return
    admitted = {str(row.private["bidder"]): row.at for row in facts.of("bidder.admitted")}
    ends = facts.of("award.confirmed", "selection.unsuccessful", "selection.cancelled")
    ends += [row for row in facts.of("selection.decided") if row.data["decision"]["outcome"] == "unsuccessful"]
    over = min((row.at for row in ends), default=None)
    for who, starts, _ in facts.barred:
        if who in admitted and admitted[who] < starts and (over is None or starts < over):
            voided = facts.voids.get(who)
            if voided is None or voided > starts:
                yield f"{who} was restricted at {starts} and is not void since"


def _sealed(row: Row, facts: Facts, closes_at: datetime | None) -> Iterator[str]:
    if closes_at is None or row.at >= closes_at:
        yield f"a sealed offer was accepted at {row.at}, closed at {closes_at}"
    ceiling, days = int(str(facts.state.terms["ceiling_fen"])), row.private["days"]
    if not 0 < row.private["price_fen"] <= ceiling or days is None or not 0 < days <= 60:
        yield f"an offer beyond its bounds was accepted: {row.private['price_fen']} fen, {days} days"


def rulings(facts: Facts) -> Iterator[str]:
    """The rulings given live equal those of a replay, in the engine and in the slow reference."""
    state = facts.state
    if state.mode != "multi_round":
        return
    case = case_of(state, facts.credits(at=facts.rows[-1].at), draw=None)
    live = [
        {"seq": one.seq, "accepted": one.reason is None, **({} if one.reason is None else {"reason": one.reason})}
        for one in state.offers
    ]
    for name, replayed in (("engine", decide(parse_case(case)).as_json()), ("reference", decide_slowly(case))):
        if replayed["offers"] != live:
            differing = next(pair for pair in zip(live, replayed["offers"], strict=True) if pair[0] != pair[1])
            yield f"live and {name} rule differently: {differing}"


def decisions(facts: Facts) -> Iterator[str]:
    """Decided once at most, at its instant or later, from the facts on record, as the engine decides them again."""
    decided = facts.of("selection.decided")
    if len(decided) > 1 or len(facts.of("award.confirmed")) > 1 or len(facts.of("selection.unsuccessful")) > 1:
        yield "the selection was decided more than once"
    for row in facts.of("selection.evaluated", "selection.decided"):
        case, decision = row.data["case"], row.data["decision"]
        if facts.state.mode == "direct":
            yield from _named(facts, row)
            continue
        if decide(parse_case(case)).as_json() != decision or decide_slowly(_in_prices(case)) != _without_rates(
            decision
        ):
            yield f"the recorded case does not give the recorded decision: {decision}"
        if row.at < parse_instant(row.data["as_of"]):
            yield f"decided at {row.at}, before {row.data['as_of']}"
        if facts.state.mode == "instant":
            yield from _instant(facts, row)
        else:
            yield from _from_the_record(facts, row)
    chosen = decided and decided[0].data["decision"]["outcome"] in {"award", "owner_choice"}
    if chosen and facts.state.mode != "instant":
        yield from _passed_on(facts, decided[0])
    yield from _final(facts)


def _final(facts: Facts) -> Iterator[str]:
    """An award stands after its publicity, and with its agency's word where it does not bind already."""
    for row in facts.of("award.confirmed"):
        if row.at < parse_instant(row.data["publicity_until"]):
            yield "an award was confirmed before its publicity was over"
        word = [one.data["bidder"] for one in facts.of("confirmation.given")]
        if facts.state.mode != "instant" and row.data["bidder"] not in word:
            yield "an award stands that its agency never confirmed"


def _named(facts: Facts, row: Row) -> Iterator[str]:
    """A direct choice: nothing is computed; the named agency is admitted and chosen with it, within the terms."""
    (named,) = row.data["decision"]["ranking"]
    beside = [one for one in facts.rows if one.at == row.at]
    if row.data["case"] is not None or parse_instant(row.data["as_of"]) != row.at:
        yield "a direct choice has a case, or is of another instant"
    if [one.type for one in beside[:3]] != ["bidder.admitted", "selection.decided", "choice.made"]:
        yield f"a direct choice is {[one.type for one in beside]}"
    if facts.is_barred(named["bidder"], at=row.at) or not 0 < named["price_fen"] <= facts.state.terms["ceiling_fen"]:
        yield f"{named} is named while it is restricted, or beyond the ceiling"


def _in_prices(case: dict[str, Any]) -> dict[str, Any]:
    """A case of rates with the prices they mean, as the reference knows prices alone; other cases as they are."""
    terms = case["terms"]
    if terms.get("price_basis") != "discount_rate":
        return case
    bids = [
        {**bid, "price_fen": terms["ceiling_fen"] * (10_000 - bid["discount_bp"]) // 10_000} for bid in case["bids"]
    ]
    return {**case, "bids": bids}


def _without_rates(decision: dict[str, Any]) -> dict[str, Any]:
    hidden = {"discount_bp", "price_fen"}
    if not any("discount_bp" in row for row in decision["ranking"]):
        return decision
    rows = [{key: value for key, value in row.items() if key not in hidden} for row in decision["ranking"]]
    return {**decision, "ranking": rows}


def _instant(facts: Facts, row: Row) -> Iterator[str]:
    winner = row.data["decision"]["winner"]
    if facts.is_barred(str(winner), at=row.at):
        yield f"{winner} won while it was restricted"


def _from_the_record(facts: Facts, row: Row) -> Iterator[str]:
    """The recorded case is the record's: who was in, what was offered, credit and voids as of the close."""
    is_first = not any(one.seq < row.seq for one in facts.of("selection.evaluated"))
    closed_at, as_of = _close(facts, row), parse_instant(row.data["as_of"])
    if as_of < closed_at or (is_first and as_of != closed_at):
        yield f"decided as of {as_of}, closed at {closed_at}"
    known = {who: at for who, at in facts.voids.items() if at < closed_at or (not is_first and at <= as_of)}
    state, case = facts.before(row, known), row.data["case"]
    draw = case.get("draw")
    if case_of(state, facts.credits(at=closed_at), draw=draw) != case:
        yield "the decided case is not what the record holds"
    if draw is not None:
        nonces = {line.bidder: str(line.nonce) for line in state.offers if line.reason is None}
        if state.mode in DRAWS:
            nonces = {str(one.private["bidder"]): one.private["nonce"] for one in facts.of("bidder.admitted")}
        if draw != draw_inputs(str(state.preimage), nonces, str(state.owner_nonce)):
            yield "the draw's inputs are not those that were committed"
    winner = row.data["decision"]["winner"]
    if winner is not None and facts.voids.get(winner, closed_at) < closed_at:
        yield f"{winner} won although it was void before the close"


def _close(facts: Facts, row: Row) -> datetime:
    if facts.state.mode == "multi_round":
        return parse_instant(row.data["decision"]["rounds"][-1]["closes_at"])
    assert facts.state.closes_at is not None
    return facts.state.closes_at


def _passed_on(facts: Facts, decided: Row) -> Iterator[str]:
    """Whoever is proposed last is the first of the frozen ranking who was not void in its publicity nor gave up."""
    shown = [row.data["bidder"] for row in facts.of("award.proposed", "award.confirmed")]
    if not shown and not facts.of("selection.unsuccessful"):
        yield "an award was decided and nobody proposed"
    for row in facts.of("award.confirmed"):
        final_at = row.data.get("held_until") or row.data["publicity_until"]
        if facts.voids.get(row.data["bidder"], row.at) < parse_instant(final_at):
            yield f"{row.data['bidder']} was confirmed although it was void before the end of its publicity"
    given_up = {row.data["bidder"] for row in facts.of("award.abandoned", "award.lapsed")}
    picked = [row.data["bidder"] for row in facts.of("choice.made")]
    for place in sorted(decided.data["decision"]["ranking"], key=lambda place: place["bidder"] not in picked):
        if shown and place["bidder"] == shown[-1]:
            return
        if place["bidder"] not in facts.voids and place["bidder"] not in given_up:
            yield f"{place['bidder']} was passed over without a void, and did not give up"
