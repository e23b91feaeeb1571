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

from agencies.life import ACTIVE, dormant
from bidding import rounds
from bidding import store as bidding
from bidding.commitments import pseudonym
from bidding.discount import discounted_fen
from bidding.joint_purchase import Part, check_split
from bidding.offers import RoundOffer
from bidding.reading.terms import parse_terms
from bidding.rounds import State
from bidding.sealed import judge_sealed_offer
from bidding.selection import OfferLine, Selection
from bidding.terms import MultiRoundTerms, PricedTerms, needs_draw
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed
from commons.events import Actor
from commons.money import MAX_FEN
from commons.verdicts import Reason, Refused
from credit.restrictions import restricted
from marketplace.database import Connection, Database
from marketplace.demands.demand import MAX_ITEMS
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
from marketplace.usecases.standing import barring_items, hold_selection, live_rounds, standing

MAX_RATE_BP = 100_000
"""Rates beyond it are typing errors; those from 10000 on are refused by the rules, with their reason."""
MAX_OFFERS_A_BIDDER = 500
"""Offers one bidder may make in one selection, refused ones included."""


class PartText(Message):
    """What of the price, in fen, belongs to one item."""

    item: Identifier
    fen: Annotated[int, Field(ge=-MAX_FEN, le=MAX_FEN)]


class PlaceOffer(Message):
    """Raw price in fen, or the rate in basis points where the terms ask for one; working days where they ask for them.

    ``nonce`` (64 hex digits) where a draw may be needed; ``split`` shows what of the price belongs to each item of a
    joint purchase, in fen.
    """

    selection: Identifier
    agency: UsccText
    price_fen: Annotated[int, Field(ge=-MAX_FEN, le=MAX_FEN)] | None = None
    discount_bp: Annotated[int, Field(ge=-MAX_RATE_BP, le=MAX_RATE_BP)] | None = None
    days: Annotated[int, Field(ge=-36_500, le=36_500)] | None = None
    nonce: Nonce | None = None
    split: Annotated[list[PartText], Field(min_length=1, max_length=MAX_ITEMS)] | None = None


class OfferPlaced(Message):
    """Accepted: its number among the agency's own offers, the instant that counts, and the hash of its event.

    ``price_fen`` is the price that counts: the one named, or what the rate means.
    """

    selection: str
    agency: str
    seq: int
    at: datetime
    price_fen: int
    digest: str


NO_OFFERS = {
    "instant": "an instant selection picks among shelf offers",
    "random_draw": "a draw is among those who signed up, at the published amount",
    "credit_draw": "a draw is among those who signed up, at the published amount",
    "direct": "the owner names an agency itself",
}
"""Modes in which nobody places an offer, and why."""


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
    if held.lock.mode in NO_OFFERS:
        raise Conflict("no_offers_here", NO_OFFERS[held.lock.mode])
    if halt := stopped(standing(held.state)):
        return [Refused(halt) for _ in batch]
    desk = await _desk(connection, held.state, at=at)
    items = await barring_items(connection, held)
    results: list[OfferPlaced | Refused] = []
    for placing in batch:
        who = placing.command.agency
        standing_back = dormant(held.lives.get(who, ACTIVE))
        barred = (*standing_back, *restricted(held.restrictions[who], at=at, measure="offer", items=items))
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
    terms: PricedTerms
    live: State | None


async def _desk(connection: Connection, state: Selection, *, at: datetime) -> _Desk:
    terms = parse_terms(dict(state.terms))
    assert isinstance(terms, PricedTerms), "every other mode takes no offers"
    live = await live_rounds(connection, state, at=at) if isinstance(terms, MultiRoundTerms) else None
    return _Desk(state, terms, live)


def _judge(
    desk: _Desk, command: PlaceOffer, barred: tuple[Reason, ...], *, at: datetime
) -> tuple[_Desk, tuple[Reason, ...]]:
    """The engine's ruling of one offer, a restriction's reasons behind it; the desk with the offer on it."""
    price_fen = _check(desk, command)
    if desk.live is not None:
        offer = RoundOffer(command.agency, at, price_fen, command.days, command.discount_bp)
        live, ruling = rounds.place(desk.live, offer)
        reasons = ruling.verdict.reasons if isinstance(ruling.verdict, Refused) else ()
        desk = replace(desk, live=live)
    else:
        assert not isinstance(desk.terms, MultiRoundTerms), "sealed offers"
        sealed = judge_sealed_offer(
            desk.selection, desk.terms, bidder=command.agency, price_fen=price_fen, days=command.days, at=at,
            discount_bp=command.discount_bp,
        )  # fmt: skip
        reasons = sealed.reasons if isinstance(sealed, Refused) else ()
        if barred and not reasons:
            reasons = barred
    seen = {reason.code for reason in reasons}
    told = (*reasons, *(one for one in barred if one.code not in seen)) if reasons else ()
    line = OfferLine(
        len(desk.selection.offers) + 1, command.agency, at, price_fen, command.days, command.nonce,
        told[0].code if told else None, command.discount_bp, _split(command),
    )  # fmt: skip
    return replace(desk, selection=replace(desk.selection, offers=(*desk.selection.offers, line))), told


def _check(desk: _Desk, command: PlaceOffer) -> int:
    """The price in fen; ``Malformed`` when a fact lacks or the split does not fit, ``Conflict`` beyond the bound."""
    made = sum(1 for line in desk.selection.offers if line.bidder == command.agency)
    if made >= MAX_OFFERS_A_BIDDER:
        raise Conflict("too_many_offers", f"at most {MAX_OFFERS_A_BIDDER} offers a bidder")
    price_fen, faults = _price(desk.terms, command)
    if price_fen is not None:
        faults.extend(_split_faults(desk.selection, command, price_fen))
    if desk.terms.needs_days and command.days is None:
        faults.append(Fault("/days", "days_missing", "these terms ask for the days of each offer"))
    if needs_draw(desk.terms) and command.nonce is None:
        faults.append(Fault("/nonce", "nonce_missing", "these terms may need a draw: give 64 random hex digits"))
    if faults or price_fen is None:
        raise Malformed(tuple(faults))
    return price_fen


def _price(terms: PricedTerms, command: PlaceOffer) -> tuple[int | None, list[Fault]]:
    """The price in fen that the offer means, None when it names none; naming both would be two offers in one."""
    wanted, other = ("price_fen", "discount_bp") if terms.price_basis == "fen" else ("discount_bp", "price_fen")
    faults: list[Fault] = []
    if getattr(command, other) is not None:
        faults.append(Fault(f"/{other}", "other_price_basis", f"the terms ask for {wanted}"))
    value: int | None = getattr(command, wanted)
    if value is None:
        faults.append(Fault(f"/{wanted}", "missing", "the terms ask for it"))
        return None, faults
    return (value if wanted == "price_fen" else discounted_fen(terms.ceiling_fen, value)), faults


def _split(command: PlaceOffer) -> tuple[Part, ...]:
    return tuple(Part(one.item, one.fen) for one in command.split or ())


def _split_faults(state: Selection, command: PlaceOffer, price_fen: int) -> list[Fault]:
    """Everything that is wrong with the split of a joint price; other purchases have nothing to split."""
    if command.split is None:
        return []
    if not state.items:
        return [Fault("/split", "nothing_to_split", "only the price of a joint purchase falls to several items")]
    ruling = check_split(state.items, price_fen, _split(command))
    reasons = ruling.reasons if isinstance(ruling, Refused) else ()
    return [
        Fault("/split", one.code, ", ".join(f"{key} {value}" for key, value in one.params.items())) for one in reasons
    ]


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
    if line.discount_bp is not None:
        private["discount_bp"] = line.discount_bp
    if line.split:
        private["split"] = [{"item": part.item, "fen": part.fen} for part in line.split]
    alias = pseudonym(state, line.bidder)
    act = Act("offer.placed", {"bidder": alias}, private=private)
    events = await append(connection, f"selection/{state.id}", [act], actor=Actor("agency", alias), at=at)
    if reasons:
        return Refused(reasons)
    own = sum(1 for one in state.offers if one.bidder == line.bidder)
    return OfferPlaced(
        selection=state.id, agency=line.bidder, seq=own, at=at, price_fen=line.price_fen, digest=events[0].digest
    )
