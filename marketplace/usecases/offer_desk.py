"""What the offers of a selection are judged against, one after another: its state without its past offers.

Invariants: a desk is a function of the record up to its ``tip`` and of the voids known by then; it holds nothing that
grows with the offers, so that an offer costs the same however many came before; whatever it cannot follow for sure it
gives up (None), and the record is read whole. Source: selection.md sections 2 and 5, performance.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from bidding import rounds
from bidding.commitments import pseudonym
from bidding.discount import discounted_fen
from bidding.joint_purchase import Part, check_split
from bidding.offers import RoundOffer
from bidding.reading.terms import parse_terms
from bidding.rules import rule
from bidding.sealed import judge_sealed_offer
from bidding.selection import Selection, fold_on, voided_by
from bidding.terms import MultiRoundTerms, PricedTerms, needs_draw
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed
from commons.events import Recorded, Tip
from commons.verdicts import Reason, Refused
from marketplace.demands.terms_in_force import judge_digest
from marketplace.record.store import Act
from marketplace.usecases.offer_messages import PlaceOffer
from marketplace.usecases.settlement import last_close, next_close

MAX_OFFERS_A_BIDDER = 500
"""Offers one bidder may make in one selection, refused ones included."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The ruling of one offer: why it is refused (nothing: accepted), and the act to be recorded (None: no trace)."""

    reasons: tuple[Reason, ...]
    price_fen: int
    act: Act | None = None
    alias: str = ""
    number: int = 0


@dataclass(slots=True)
class Desk:
    """A selection that takes offers: its state, its rounds where it has them, how many offers each bidder has made.

    ``tip`` is the last event that it has seen; ``aliases`` are the public names of bidders, worked out once.
    """

    state: Selection
    terms: PricedTerms
    live: rounds.State | None
    made: Counter[str]
    tip: Tip
    aliases: dict[str, str]

    def copy(self) -> Desk:
        """The same for one attempt; what is done to it does not touch this one."""
        return Desk(self.state, self.terms, self.live, Counter(self.made), self.tip, self.aliases)

    @property
    def closes_at(self) -> datetime | None:
        """The next close: of the round under way, of a sealed selection; None when everything is closed."""
        if self.live is None:
            return self.state.closes_at
        return None if self.live.is_finished else next_close(self.live)

    @property
    def last_close(self) -> datetime | None:
        """The moved close of the last round, None where there are no rounds."""
        return None if self.live is None else last_close(self.live)


def desk_of(state: Selection, live: rounds.State | None, tip: Tip) -> Desk:
    """The desk of a selection folded whole; every mode that takes no offers is a bug here."""
    terms = parse_terms(dict(state.terms))
    assert isinstance(terms, PricedTerms), "every other mode takes no offers"
    made = Counter(line.bidder for line in state.offers)
    return Desk(replace(state, offers=()), terms, live, made, tip, {})


def entrants(newer: Sequence[Recorded]) -> list[str]:
    """Who was admitted by further events."""
    return [cast("str", (one.private or {})["bidder"]) for one in newer if one.event.type == "bidder.admitted"]


def brought_up(desk: Desk, newer: Sequence[Recorded], voids: Mapping[str, datetime]) -> Desk | None:
    """The desk after further events of the same chain and with every void known by now; None: read it whole."""
    if newer and (newer[0].event.prev, newer[0].event.seq) != (desk.tip.digest, desk.tip.seq + 1):
        return None
    state = fold_on(desk.state, newer, voids) if newer else _voided(desk.state, voids)
    live = desk.live
    if live is not None and (newer or state is not desk.state):
        live = _brought_up_live(desk, state, newer)
        if live is None:
            return None
    made = Counter(desk.made)
    made.update(line.bidder for line in state.offers)
    last = newer[-1].event if newer else None
    tip = desk.tip if last is None else Tip(last.seq, last.digest, last.at)
    terms = desk.terms
    if state.terms is not desk.state.terms:
        parsed = parse_terms(dict(state.terms))
        assert isinstance(parsed, PricedTerms), "a mode that takes offers goes on taking them"
        terms = parsed
    return Desk(replace(state, offers=()) if state.offers else state, terms, live, made, tip, desk.aliases)


def _voided(state: Selection, voids: Mapping[str, datetime]) -> Selection:
    known = state.participants
    if all(bidder not in known or known[bidder].voided_at == at for bidder, at in voids.items()):
        return state
    return replace(state, participants=voided_by(known, voids))


def _brought_up_live(desk: Desk, state: Selection, newer: Sequence[Recorded]) -> rounds.State | None:
    """The rounds with further voids and offers; None when anything else happened, or an offer is ruled otherwise."""
    live = desk.live
    assert live is not None, "a selection with rounds"
    if any(one.event.type != "offer.placed" for one in newer):
        return None
    for bidder, one in state.participants.items():
        if one.voided_at is not None and desk.state.participants[bidder].voided_at is None:
            if live.closed and one.voided_at <= live.closed[-1].closes_at:
                return None
            live = rounds.void(live, bidder, at=one.voided_at)
    for line in state.offers:
        offer = RoundOffer(line.bidder, line.at, line.price_fen, line.days, line.discount_bp)
        live, ruling = rounds.place(live, offer)
        if isinstance(ruling.verdict, Refused) is (line.reason is None):
            return None
    return live


def judge(desk: Desk, command: PlaceOffer, barred: tuple[Reason, ...], *, at: datetime) -> Judged:
    """The engine's ruling of one offer, a restriction's reasons behind it; what is kept of it changes the desk.

    ``Malformed`` when the terms ask for more or a split does not fit, ``Conflict`` beyond the bound: nothing changes.
    """
    if others := _other_terms(desk, command, at=at):
        return Judged((*others, *barred), 0)
    price_fen = _check(desk, command)
    live = desk.live
    if live is not None and (other := _other_round(live, command.round, at=at)) is not None:
        return Judged((other, *barred), price_fen)
    if live is not None:
        offer = RoundOffer(command.agency, at, price_fen, command.days, command.discount_bp)
        live, ruling = rounds.place(live, offer)
        reasons = ruling.verdict.reasons if isinstance(ruling.verdict, Refused) else ()
        if barred and not reasons:  # kept, it would be ruled on again with every replay of the rounds, and accepted
            return Judged(barred, price_fen)
    else:
        assert not isinstance(desk.terms, MultiRoundTerms), "sealed offers"
        sealed = judge_sealed_offer(
            desk.state, desk.terms, bidder=command.agency, price_fen=price_fen, days=command.days, at=at,
            discount_bp=command.discount_bp,
        )  # fmt: skip
        reasons = sealed.reasons if isinstance(sealed, Refused) else ()
        if barred and not reasons:
            reasons = barred
    if reasons and barred:
        seen = {reason.code for reason in reasons}
        reasons = (*reasons, *(one for one in barred if one.code not in seen))
    if not _is_kept(desk, command, reasons):
        return Judged(reasons, price_fen)
    desk.live = live
    desk.made[command.agency] += 1
    alias = _alias(desk, command.agency)
    act = Act("offer.placed", {"bidder": alias}, private=_private(command, price_fen, reasons))
    return Judged(reasons, price_fen, act, alias, desk.made[command.agency])


def _other_round(live: rounds.State, meant: int | None, *, at: datetime) -> Reason | None:
    """Why an offer that was meant for another round than the one under way or ahead is none here: kept in no record."""
    live = rounds.advance(live, at=max([at, *([live.at] if live.at is not None else [])]))
    current = len(live.closed) + 1
    if meant is None or live.is_finished or meant == current:
        return None
    return Reason("other_round", rule("5"), {"meant": meant, "round": current})


def _is_kept(desk: Desk, command: PlaceOffer, reasons: tuple[Reason, ...]) -> bool:
    """Offers of participants are kept, refused ones too; strangers and latecomers hear why and leave no trace.

    Else anybody could grow the record that every offer is judged against.
    """
    late = any(reason.code == "selection_closed" for reason in reasons)
    return command.agency in desk.state.participants and not late


def _other_terms(desk: Desk, command: PlaceOffer, *, at: datetime) -> tuple[Reason, ...]:
    """Why the offer is not for the terms in force, and what else any offer of the bidder would be told; no trace of it.

    Once offers are closed nobody needs to look at the terms again.
    """
    others = judge_digest(desk.state, command.terms_digest)
    if not others or desk.closes_at is None or at >= desk.closes_at:
        return ()
    return others if command.agency in desk.state.participants else (*others, Reason("not_admitted", rule("2")))


def _alias(desk: Desk, bidder: str) -> str:
    known = desk.aliases.get(bidder)
    if known is None:
        known = desk.aliases[bidder] = pseudonym(desk.state, bidder)
    return known


def _private(command: PlaceOffer, price_fen: int, reasons: tuple[Reason, ...]) -> dict[str, Json]:
    """The private part of an offer's event; the price stays in it until its close."""
    private: dict[str, Json] = {
        "bidder": command.agency,
        "price_fen": price_fen,
        "days": command.days,
        "nonce": command.nonce,
        "reason": reasons[0].code if reasons else None,
    }
    if command.discount_bp is not None:
        private["discount_bp"] = command.discount_bp
    if command.terms_digest is not None:
        private["terms_digest"] = command.terms_digest
    if command.split:
        private["split"] = [{"item": part.item, "fen": part.fen} for part in command.split]
    return private


def _check(desk: Desk, command: PlaceOffer) -> int:
    """The price in fen; ``Malformed`` when a fact lacks or the split does not fit, ``Conflict`` beyond the bound."""
    if desk.made[command.agency] >= MAX_OFFERS_A_BIDDER:
        raise Conflict("too_many_offers", f"at most {MAX_OFFERS_A_BIDDER} offers a bidder")
    price_fen, faults = _price(desk.terms, command)
    if price_fen is not None:
        faults.extend(_split_faults(desk.state, command, price_fen))
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


def _split_faults(state: Selection, command: PlaceOffer, price_fen: int) -> list[Fault]:
    """Everything that is wrong with the split of a joint price; other purchases have nothing to split."""
    if command.split is None:
        return []
    if not state.items:
        return [Fault("/split", "nothing_to_split", "only the price of a joint purchase falls to several items")]
    ruling = check_split(state.items, price_fen, tuple(Part(one.item, one.fen) for one in command.split))
    reasons = ruling.reasons if isinstance(ruling, Refused) else ()
    return [
        Fault("/split", one.code, ", ".join(f"{key} {value}" for key, value in one.params.items())) for one in reasons
    ]
