"""A selection (选取) as a fold of its recorded events: who is in, what was offered, what was decided.

Invariants: the state is a function of the events and of the voids, nothing else; an offer's price is private until its
round or selection has closed; a decision is made once and its ranking is frozen, a bidder voided after it, or who
abandons the award, gives way to the next in it. Source: selection.md sections 2, 5 and 7, trust.md section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, cast

from bidding.joint_purchase import Part
from bidding.objections import Objection, with_event
from bidding.objections import moved as moved_objections
from bidding.pauses import Pause, Suspension, moved, moved_deadline, moved_terms
from commons.canonical import Json
from commons.events import Recorded
from commons.instants import Deadline, parse_instant


@dataclass(frozen=True, slots=True)
class Participant:
    """A bidder admitted to the selection, with the facts that do not change while it runs.

    ``nonce`` is its part of the draw in hex where signing up is all there is to do (the draw modes); there, not
    ``is_confirmed`` is who has not confirmed its sign-up since the terms changed.
    """

    bidder: str
    grade: str | None
    experience: int
    admitted_at: datetime
    voided_at: datetime | None = None
    nonce: str | None = None
    is_confirmed: bool = True


UNCONFIRMED = "not_reconfirmed"
"""Why an offer made before the terms changed does not count: its bidder has not confirmed it since."""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer as received; ``reason`` is the first ground it was refused for, None when accepted.

    ``discount_bp`` is the rate that gave ``price_fen``, None where the offer named the price; ``split`` shows how the
    price of a joint purchase falls to its items, empty where the bidder does not say.
    """

    seq: int
    bidder: str
    at: datetime
    price_fen: int
    days: int | None
    nonce: str | None
    reason: str | None
    discount_bp: int | None = None
    split: tuple[Part, ...] = ()


Ruled = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Asked:
    """An explanation asked for an abnormally low price (异常低价说明): until when, given when, ruled how and when."""

    asked_at: datetime
    until: Deadline
    given_at: datetime | None = None
    ruling: Ruled | None = None
    ruled_at: datetime | None = None


Ground = Literal["owner", "silence"]


@dataclass(frozen=True, slots=True)
class Picked:
    """The owner's choice (业主择定): who, since when, and the published reason, None where silence chose."""

    bidder: str
    at: datetime
    ground: Ground
    reason: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """The folded state; ``decision`` and ``case`` once decided; ``publicity`` as announced, by bidder.

    ``proposed`` is who is proposed or, once ``is_confirmed``, awarded; ``abandoned`` are awards given up, since when.
    ``suspension`` is the one that lasts, ``pauses`` those that are over and have moved every later end.
    ``picked`` is the owner's choice where there is one to make, awaited until ``choice_until``; ``items`` are those of
    a joint purchase; ``waits_for`` is the earlier lot that a closed one waited for, ``passed_over`` who held as many
    lots as one may when its turn came. ``closed_at`` is the closing instant once there is a ruling or a wait;
    ``needs_confirmation``: an award stands only when its agency confirms it, asked until ``confirming``, confirmed
    since ``confirmations``, by bidder; ``set_aside`` lost an award to an upheld objection, since when.
    ``evaluation`` is the last ruling that could not be final (an explanation or the owner's choice is awaited), as of
    ``evaluated_at``; ``explanations`` are those asked for so far, by bidder. ``terms_digest`` is of the terms as they
    were published or changed last, in hex (no suspension changes it); ``terms_changed_at`` is when others took effect.
    """

    id: str
    demand: str = ""
    mode: str = ""
    publication: int = 1
    terms: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    sign_up_closes_at: datetime | None = None
    closes_at: datetime | None = None
    participants: Mapping[str, Participant] = field(default_factory=lambda: MappingProxyType({}))
    offers: tuple[OfferLine, ...] = ()
    salt: str = ""
    refusals: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    commitment: str | None = None
    preimage: str | None = None
    owner_nonce: str | None = None
    rounds_closed: int = 0
    case: Mapping[str, Json] | None = None
    decision: Mapping[str, Json] | None = None
    decided_at: datetime | None = None
    evaluation: Mapping[str, Json] | None = None
    evaluated_at: datetime | None = None
    evaluated_case: Mapping[str, Json] | None = None
    closed_at: datetime | None = None
    explanations: Mapping[str, Asked] = field(default_factory=lambda: MappingProxyType({}))
    items: tuple[str, ...] = ()
    choice_until: Deadline | None = None
    picked: Picked | None = None
    waits_for: str | None = None
    passed_over: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    proposed: str | None = None
    publicity: Mapping[str, Deadline] = field(default_factory=lambda: MappingProxyType({}))
    is_confirmed: bool = False
    is_unsuccessful: bool = False
    cancelled_at: datetime | None = None
    suspension: Suspension | None = None
    pauses: tuple[Pause, ...] = ()
    abandoned: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    needs_confirmation: bool = False
    confirming: Mapping[str, Deadline] = field(default_factory=lambda: MappingProxyType({}))
    confirmations: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    set_aside: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    objections: tuple[Objection, ...] = ()
    annulled_at: datetime | None = None
    is_withdrawn: bool = False
    terms_digest: str = ""
    terms_changed_at: datetime | None = None

    @property
    def is_decided(self) -> bool:
        """Whether the engine's decision is on record."""
        return self.decision is not None


def fold(identifier: str, recorded: Iterable[Recorded], voids: Mapping[str, datetime]) -> Selection:
    """Events of one selection in their order, and the instants at which bidders were voided → its state."""
    return fold_on(Selection(identifier), recorded, voids)


def fold_on(state: Selection, recorded: Iterable[Recorded], voids: Mapping[str, datetime]) -> Selection:
    """The state after further events, in their order, and with every void known by now: as if folded from the start."""
    participants = voided_by(state.participants, voids)
    offers: list[OfferLine] = []
    for one in recorded:
        match one.event.type:
            case "bidder.admitted":
                admitted = _participant(one, voids)
                participants[admitted.bidder] = admitted
            case "offer.placed":
                offers.append(line_of(len(state.offers) + len(offers) + 1, one))
            case "selection.terms_changed" | "offer.reconfirmed":
                lines = (*state.offers, *offers)
                offers.clear()
                state, participants = _changed(replace(state, offers=lines), participants, one)
            case _:
                state = _apply(state, one)
    return replace(state, participants=participants, offers=(*state.offers, *offers))


def _changed(
    state: Selection, participants: Mapping[str, Participant], one: Recorded
) -> tuple[Selection, dict[str, Participant]]:
    """Other terms, under which no offer counts that is not confirmed anew; or one bidder's word that it does.

    In a draw signing up is the offer. A change that keeps the terms says so (``keeps_offers``), and offers count on.
    """
    if one.event.type == "offer.reconfirmed":
        bidder = cast("str", _private(one)["bidder"])
        known = dict(participants)
        if bidder in known:
            known[bidder] = replace(known[bidder], is_confirmed=True)
        return replace(state, offers=_counting_again(state.offers, bidder)), known
    data = one.event.data
    changed = replace(
        state,
        terms=cast("Mapping[str, Json]", data["terms"]),
        terms_digest=cast("str", data.get("terms_digest", state.terms_digest)),
        sign_up_closes_at=_instant(data["sign_up_closes_at"]),
        closes_at=_instant(data["closes_at"]),
    )
    if data.get("keeps_offers"):
        return changed, dict(participants)
    changed = replace(changed, terms_changed_at=one.event.at)
    changed = replace(changed, offers=tuple(replace(line, reason=line.reason or UNCONFIRMED) for line in state.offers))
    in_draws = state.mode in {"random_draw", "credit_draw"}
    return changed, {who: replace(each, is_confirmed=not in_draws) for who, each in participants.items()}


def _counting_again(offers: Sequence[OfferLine], bidder: str) -> tuple[OfferLine, ...]:
    """The offers with the bidder's last one, which a change of terms had put aside, counting again."""
    waiting = [line.seq for line in offers if line.bidder == bidder and line.reason == UNCONFIRMED]
    return tuple(replace(line, reason=None) if line.seq in waiting[-1:] else line for line in offers)


def voided_by(participants: Mapping[str, Participant], voids: Mapping[str, datetime]) -> dict[str, Participant]:
    """The participants with the instants at which they were voided, as known by now."""
    known = dict(participants)
    for bidder, at in voids.items():
        one = known.get(bidder)
        if one is not None and one.voided_at != at:
            known[bidder] = replace(one, voided_at=at)
    return known


def _participant(one: Recorded, voids: Mapping[str, datetime]) -> Participant:
    private = _private(one)
    bidder = cast("str", private["bidder"])
    grade, experience = cast("str | None", private["grade"]), cast("int", private["experience"])
    nonce = cast("str | None", private.get("nonce"))
    return Participant(bidder, grade, experience, one.event.at, voids.get(bidder), nonce)


def _private(one: Recorded) -> Mapping[str, Json]:
    """The private part, which is kept as long as the selection can be decided again: without it there is no fold."""
    assert one.private is not None, f"event {one.event.id} has lost its private part"
    return one.private


def line_of(seq: int, one: Recorded) -> OfferLine:
    """One recorded offer with its number in the selection."""
    private = _private(one)
    price_fen, days = cast("int", private["price_fen"]), cast("int | None", private["days"])
    nonce, reason = cast("str | None", private["nonce"]), cast("str | None", private["reason"])
    discount_bp = cast("int | None", private.get("discount_bp"))
    parts = cast("list[dict[str, Json]]", private.get("split", []))
    split = tuple(Part(cast("str", part["item"]), cast("int", part["fen"])) for part in parts)
    bidder = cast("str", private["bidder"])
    return OfferLine(seq, bidder, one.event.at, price_fen, days, nonce, reason, discount_bp, split)


def _apply(state: Selection, one: Recorded) -> Selection:
    """One event up to the decision; a type that does not bear on the state leaves it as it is."""
    data, private = one.event.data, one.private or {}
    changes: dict[str, Any] = {}
    match one.event.type:
        case "selection.opened":
            changes = {key: data[key] for key in ("demand", "mode", "terms")}
            changes |= {key: _instant(data[key]) for key in ("sign_up_closes_at", "closes_at")}
            changes["salt"] = _private(one)["salt"]
            changes["publication"] = data.get("publication", 1)
            changes["terms_digest"] = data.get("terms_digest", "")
            changes["items"] = tuple(cast("list[str]", data.get("items", [])))
            changes["needs_confirmation"] = data.get("confirmation", False)
        case "bidder.refused":
            bidder = cast("str", _private(one)["bidder"])
            changes["refusals"] = {**state.refusals, bidder: state.refusals.get(bidder, 0) + 1}
        case "draw.announced":
            changes = {"commitment": data["commitment"]}
            changes |= {key: private.get(key) for key in ("preimage", "owner_nonce")}
        case "round.closed":
            changes["rounds_closed"] = data["round"]
        case "selection.evaluated":
            changes = {"evaluation": data["decision"], "evaluated_case": data["case"]}
            changes |= {
                "evaluated_at": _instant(data["as_of"]),
                "closed_at": state.closed_at or _instant(data["as_of"]),
            }
        case "selection.decided":
            changes = {"case": data["case"], "decision": data["decision"], "decided_at": _instant(data["as_of"])}
            changes["closed_at"] = state.closed_at or _instant(data["as_of"])
            changes["is_unsuccessful"] = cast("Mapping[str, Json]", data["decision"])["outcome"] == "unsuccessful"
        case "explanation.asked" | "explanation.given" | "explanation.accepted" | "explanation.rejected":
            bidder = cast("str", data["bidder"])
            changes = {"explanations": {**state.explanations, bidder: _explained(state, bidder, one)}}
        case "choice.asked":
            changes = {"choice_until": _deadline(data, "until")}
        case "choice.made":
            changes = {"picked": _picked(data)}
        case _:
            return _followed(state, one)
    return replace(state, **changes)


def _explained(state: Selection, bidder: str, one: Recorded) -> Asked:
    """What one event makes of an explanation."""
    data = one.event.data
    if one.event.type == "explanation.asked":
        return Asked(parse_instant(cast("str", data["as_of"])), _deadline(data, "until"))
    asked = state.explanations[bidder]
    if one.event.type == "explanation.given":
        return replace(asked, given_at=one.event.at)
    ruling: Ruled = "accepted" if one.event.type == "explanation.accepted" else "rejected"
    return replace(asked, ruling=ruling, ruled_at=parse_instant(cast("str", data["as_of"])))


def _picked(data: Mapping[str, Json]) -> Picked:
    at, ground = parse_instant(cast("str", data["as_of"])), cast("Ground", data["ground"])
    return Picked(cast("str", data["bidder"]), at, ground, cast("str | None", data["reason"]))


def _followed(state: Selection, one: Recorded) -> Selection:
    """One event of what follows a decision."""
    data = one.event.data
    changes: dict[str, Any] = {}
    match one.event.type:
        case "award.proposed" | "deadline.moved":
            bidder = cast("str", data["bidder"])
            changes = {"proposed": bidder, "publicity": {**state.publicity, bidder: _deadline(data, "publicity_until")}}
        case "award.confirmed":
            changes = {"is_confirmed": True}
        case "selection.unsuccessful":
            changes = {"proposed": None, "is_unsuccessful": True}
        case "selection.cancelled" | "selection.withdrawn":
            changes = {"cancelled_at": one.event.at, "proposed": None, "suspension": None}
            changes["is_withdrawn"] = one.event.type == "selection.withdrawn"
        case "selection.suspended":
            changes = {"suspension": Suspension(one.event.at, one.event.actor.role, cast("str", data["was"]))}
        case "selection.resumed":
            changes = _resumed(state, one.event.at)
        case "lot.waits":
            changes = {"waits_for": data["for"], "closed_at": _instant(data["as_of"])}
        case "award.passed_over":
            changes = {"passed_over": {**state.passed_over, cast("str", data["bidder"]): _instant(data["as_of"])}}
        case "award.abandoned":
            changes = {"abandoned": {**state.abandoned, cast("str", data["bidder"]): one.event.at}}
        case _:
            changes = _held_up(state, one)
    return replace(state, **changes)


def _held_up(state: Selection, one: Recorded) -> dict[str, Any]:
    """One event of confirming an award, of objecting to it, or of complaining."""
    data, at = one.event.data, one.event.at
    changes: dict[str, Any] = {}
    match one.event.type:
        case "confirmation.asked":
            changes = {"confirming": {**state.confirming, cast("str", data["bidder"]): _deadline(data, "until")}}
        case "confirmation.given":
            changes = {"confirmations": {**state.confirmations, cast("str", data["bidder"]): at}}
        case "award.lapsed":
            changes = {"abandoned": {**state.abandoned, cast("str", data["bidder"]): _instant(data["as_of"])}}
        case "award.set_aside":
            changes = {"set_aside": {**state.set_aside, cast("str", data["bidder"]): at}}
        case "selection.annulled":
            changes = {"proposed": None, "is_unsuccessful": True, "annulled_at": at}
        case kind if kind.startswith(("objection.", "complaint.")):
            changes = {"objections": with_event(state.objections, one.event)}
    return changes


def _resumed(state: Selection, at: datetime) -> dict[str, Any]:
    """Every end behind the start of the suspension moves by the time it lasted."""
    assert state.suspension is not None, "only what is suspended is resumed"
    pause = Pause(state.suspension.since, at)
    return {
        "suspension": None,
        "pauses": (*state.pauses, pause),
        "terms": moved_terms(state.terms, pause),
        "sign_up_closes_at": moved(state.sign_up_closes_at, pause),
        "closes_at": moved(state.closes_at, pause),
        "choice_until": moved_deadline(state.choice_until, pause) if state.choice_until is not None else None,
        "publicity": {bidder: moved_deadline(end, pause) for bidder, end in state.publicity.items()},
        "confirming": {bidder: moved_deadline(end, pause) for bidder, end in state.confirming.items()},
        "objections": moved_objections(state.objections, pause),
        "explanations": {
            bidder: replace(asked, until=moved_deadline(asked.until, pause))
            for bidder, asked in state.explanations.items()
        },
    }


def _deadline(data: Mapping[str, Json], key: str) -> Deadline:
    until = parse_instant(cast("str", data[key]))
    return Deadline(until, is_provisional=cast("bool", data["is_provisional"]))


def _instant(value: Json) -> datetime | None:
    return parse_instant(value) if isinstance(value, str) else None
