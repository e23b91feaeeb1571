"""Place an offer (报价响应): decided under lock by the database's clock, durable before it is acknowledged.

Order: the selection's row, then the status rows of its bidders shared, in order of id; only then the facts are read and
the clock is asked (trust.md section 1). All bidders' rows are held, not the batch's alone: a restriction of any of them
is then either seen by this offer or dated after it, and a replay of the record gives the same rulings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from bidding import rounds
from bidding import store as bidding
from bidding.commitments import pseudonym
from bidding.offers import RoundOffer
from bidding.reading.terms import parse_terms
from bidding.rounds import State
from bidding.sealed import judge_sealed_offer
from bidding.selection import OfferLine, Selection
from bidding.terms import ComprehensiveTerms, MultiRoundTerms, needs_draw
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed
from commons.events import Actor
from commons.money import MAX_FEN
from commons.verdicts import Reason, Refused
from credit.restrictions import restricted
from marketplace.database import Connection, Database
from marketplace.demands.outcomes import stopped
from marketplace.record.store import Act, append
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Message,
    Nonce,
    UsccText,
    perform,
    require,
    require_self,
)
from marketplace.usecases.settlement import next_close
from marketplace.usecases.standing import hold_selection, live_rounds, standing

MAX_OFFERS_A_BIDDER = 500
"""Offers one bidder may make in one selection, refused ones included."""


class PlaceOffer(Message):
    """Raw price in fen, working days where the terms ask, nonce (64 hex digits) where a draw may be needed."""

    selection: Identifier
    agency: UsccText
    price_fen: Annotated[int, Field(ge=-MAX_FEN, le=MAX_FEN)]
    days: Annotated[int, Field(ge=-36_500, le=36_500)] | None = None
    nonce: Nonce | None = None


class OfferPlaced(Message):
    """Accepted: its number among the agency's own offers, the instant that counts, and the hash of its event."""

    selection: str
    agency: str
    seq: int
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Placing:
    """One offer of a batch."""

    caller: Caller
    command: PlaceOffer


async def place_offer(database: Database, caller: Caller, command: PlaceOffer) -> OfferPlaced | Refused:
    """Place one offer: a batch of one. Refusals carry all reasons; ``Malformed`` when the terms ask for more."""
    require(caller, "agency")
    require_self(caller, command.agency)

    async def work(connection: Connection) -> OfferPlaced | Refused:
        return (await write_offers(connection, command.selection, [Placing(caller, command)]))[0]

    return await perform(database, caller, command, OfferPlaced, work)


async def write_offers(
    connection: Connection, identifier: str, batch: Sequence[Placing]
) -> list[OfferPlaced | Refused]:
    """Decide and append a batch of offers of one selection, in order, in the caller's transaction."""
    held = await hold_selection(connection, identifier, own=sorted({placing.command.agency for placing in batch}))
    at = held.at
    if held.lock.mode == "instant":
        raise Conflict("no_offers_here", "an instant selection picks among shelf offers")
    if halt := stopped(standing(held.state)):
        return [Refused(halt) for _ in batch]
    desk = await _desk(connection, held.state, at=at)
    results: list[OfferPlaced | Refused] = []
    for placing in batch:
        barred = restricted(held.restrictions[placing.command.agency], at=at)
        after, reasons = _judge(desk, placing.command, barred, at=at)
        if _is_kept(desk, placing.command, reasons):
            desk = after
            results.append(await _append(connection, desk.selection, reasons, at=at))
        else:
            results.append(Refused(reasons))
    if desk.live is not None and not desk.live.is_finished:
        await bidding.touch(connection, identifier, state="open", due_at=next_close(desk.live), at=at)
    else:
        await bidding.note(connection, identifier, at=at)
    return results


@dataclass(frozen=True, slots=True)
class _Desk:
    """What offers are judged against, one after another: the selection, and its rounds where it has them."""

    selection: Selection
    terms: ComprehensiveTerms | MultiRoundTerms
    live: State | None


async def _desk(connection: Connection, state: Selection, *, at: datetime) -> _Desk:
    terms = parse_terms(dict(state.terms))
    assert isinstance(terms, ComprehensiveTerms | MultiRoundTerms), "instant selections take no offers"
    live = await live_rounds(connection, state, at=at) if isinstance(terms, MultiRoundTerms) else None
    return _Desk(state, terms, live)


def _judge(
    desk: _Desk, command: PlaceOffer, barred: tuple[Reason, ...], *, at: datetime
) -> tuple[_Desk, tuple[Reason, ...]]:
    """The engine's ruling of one offer, a restriction's reasons behind it; the desk with the offer on it."""
    _check(desk, command)
    if desk.live is not None:
        offer = RoundOffer(command.agency, at, command.price_fen, command.days)
        live, ruling = rounds.place(desk.live, offer)
        reasons = ruling.verdict.reasons if isinstance(ruling.verdict, Refused) else ()
        desk = replace(desk, live=live)
    else:
        assert isinstance(desk.terms, ComprehensiveTerms), "sealed offers"
        sealed = judge_sealed_offer(
            desk.selection, desk.terms, bidder=command.agency, price_fen=command.price_fen, days=command.days, at=at
        )
        reasons = sealed.reasons if isinstance(sealed, Refused) else ()
        if barred and not reasons:
            reasons = barred
    seen = {reason.code for reason in reasons}
    told = (*reasons, *(one for one in barred if one.code not in seen)) if reasons else ()
    line = OfferLine(
        len(desk.selection.offers) + 1, command.agency, at, command.price_fen, command.days, command.nonce,
        told[0].code if told else None,
    )  # fmt: skip
    return replace(desk, selection=replace(desk.selection, offers=(*desk.selection.offers, line))), told


def _check(desk: _Desk, command: PlaceOffer) -> None:
    """``Malformed`` when the terms need a fact the offer does not carry; ``Conflict`` beyond the bound of offers."""
    made = sum(1 for line in desk.selection.offers if line.bidder == command.agency)
    if made >= MAX_OFFERS_A_BIDDER:
        raise Conflict("too_many_offers", f"at most {MAX_OFFERS_A_BIDDER} offers a bidder")
    faults: list[Fault] = []
    if desk.terms.needs_days and command.days is None:
        faults.append(Fault("/days", "days_missing", "these terms ask for the days of each offer"))
    if needs_draw(desk.terms) and command.nonce is None:
        faults.append(Fault("/nonce", "nonce_missing", "these terms may need a draw: give 64 random hex digits"))
    if faults:
        raise Malformed(tuple(faults))


def _is_kept(desk: _Desk, command: PlaceOffer, reasons: tuple[Reason, ...]) -> bool:
    """Offers of participants are kept, refused ones too; strangers and latecomers hear why and leave no trace.

    Else anybody could grow the record that every offer is judged against.
    """
    late = any(reason.code == "selection_closed" for reason in reasons)
    return command.agency in desk.selection.participants and not late


async def _append(
    connection: Connection, state: Selection, reasons: tuple[Reason, ...], *, at: datetime
) -> OfferPlaced | Refused:
    """Append one judged offer, the last of the state; the price stays private until its close."""
    line = state.offers[-1]
    private: dict[str, Json] = {
        "bidder": line.bidder,
        "price_fen": line.price_fen,
        "days": line.days,
        "nonce": line.nonce,
        "reason": line.reason,
    }
    alias = pseudonym(state, line.bidder)
    act = Act("offer.placed", {"bidder": alias}, private=private)
    events = await append(connection, f"selection/{state.id}", [act], actor=Actor("agency", alias), at=at)
    if reasons:
        return Refused(reasons)
    own = sum(1 for one in state.offers if one.bidder == line.bidder)
    return OfferPlaced(selection=state.id, agency=line.bidder, seq=own, at=at, digest=events[0].digest)
