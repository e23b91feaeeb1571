"""What happened, in order: the record told as happenings for people; codes and numbers, no wording.

Invariants: instants are those that count (a close, an ``as_of``), not when somebody settled; before its close nothing
is told of a sealed selection but its clocks, and while one runs no bidder is named. Private parts are never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import cast

from bidding.selection import Selection
from commons.canonical import Json
from commons.events import Recorded
from commons.instants import parse_instant
from commons.profiles import RuleProfile
from commons.verdicts import Param
from marketplace.demands.demand import BuyerClass
from marketplace.usecases.read_disputes import disputes

Names = Mapping[str, str]

SEALED_MODES = ("comprehensive", "mean_price")
"""Modes of one sealed offer a bidder."""

OPEN_SIGN_UP = ("multi_round",)
"""Modes in which anybody may know how many signed up before the close."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened at an instant: a stable code with its numbers; ``until`` makes it a period."""

    at: datetime
    what: str
    params: Mapping[str, Param] = field(default_factory=lambda: MappingProxyType({}))
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling a selection needs besides its record: clocks, names and how publicity is counted.

    ``ground`` is what is told of the publication: the owner's reason where it had to give one, a delegate who acted.
    """

    published_at: datetime
    sign_up_closes_at: datetime | None
    closes_at: datetime | None
    names: Names
    profile: RuleProfile
    buyer_class: BuyerClass
    now: datetime
    ground: Mapping[str, Param] = field(default_factory=dict)


def happenings(state: Selection, recorded: Sequence[Recorded], telling: Telling) -> tuple[Happening, ...]:
    """The happenings of a published demand, earliest first."""
    why = telling.ground
    told = [
        Happening(telling.published_at, "demand_republished", {"publication": state.publication, **why})
        if state.publication > 1
        else Happening(telling.published_at, "demand_published", why)
    ]
    told.extend(_clocks(state, recorded, telling))
    for one in recorded:
        told.extend(_shown(one, each) for each in _of_event(state, one, telling))
    if state.is_decided:
        told.extend(
            Happening(one.voided_at, "bidder_voided", {"name": telling.names.get(one.bidder, one.bidder)})
            for one in state.participants.values()
            if one.voided_at is not None
        )
    first = next((one for one in told if one.what == "draw_inputs_fixed"), None)
    told = [one for one in told if one.what != "draw_inputs_fixed" or one is first]  # a draw is published once
    return tuple(sorted(told, key=lambda one: one.at))  # stable: what happened at once stays in the record's order


def _shown(one: Recorded, told: Happening) -> Happening:
    """A delegate who acts for an owner (代办员) is always shown."""
    if one.event.actor.role != "delegate":
        return told
    return replace(told, params={**told.params, "delegate": one.event.actor.id})


def _clocks(state: Selection, recorded: Sequence[Recorded], telling: Telling) -> Iterable[Happening]:
    """Closes of sign-up and of sealed offers that are past, with counts where they may be known."""
    sealed, over = state.mode in SEALED_MODES, _has_ruling(recorded)
    suspended_at = state.suspension.since if state.suspension is not None else None
    now = min(at for at in (telling.now, state.cancelled_at, suspended_at) if at is not None)
    if telling.sign_up_closes_at is not None and telling.sign_up_closes_at <= now:
        counts: dict[str, Param] = {"signed_up": len(state.participants)}
        if left := len(set(state.refusals) - set(state.participants)):
            counts["refused"] = left
        yield Happening(
            telling.sign_up_closes_at, "sign_up_closed", counts if over or state.mode in OPEN_SIGN_UP else {}
        )
    if sealed and telling.closes_at is not None and telling.closes_at <= now:
        bidders = {line.bidder for line in state.offers if line.reason is None}
        yield Happening(telling.closes_at, "offers_closed", {"offers": len(bidders)} if over else {})


def _has_ruling(recorded: Sequence[Recorded]) -> bool:
    return any(one.event.type in {"selection.decided", "selection.evaluated"} for one in recorded)


def _of_event(state: Selection, one: Recorded, telling: Telling) -> Iterable[Happening]:
    """What one event of the selection tells; most tell nothing."""
    data = one.event.data
    match one.event.type:
        case "round.closed":
            alive: dict[str, Param] = {
                "round": cast("int", data["round"]),
                "alive": len(cast("list[Json]", data["alive"])),
            }
            yield Happening(_instant(data["closes_at"]), "round_closed", alive)
        case "selection.decided" | "selection.evaluated":
            yield from _ruled(state, one)
        case "award.proposed":
            yield from _proposed(state, one, telling)
        case "award.confirmed":
            yield Happening(_instant(data.get("held_until") or data["publicity_until"]), "awarded")
        case "explanation.asked" | "explanation.given" | "explanation.accepted" | "explanation.rejected":
            yield _explaining(one, telling)
        case "choice.asked" | "choice.made":
            yield _choosing(one, telling)
        case "award.abandoned" | "award.passed_over":
            yield _given_up(one, telling)
        case "selection.cancelled" | "selection.suspended" | "selection.resumed":
            said: dict[str, Param] = {"reason": str(data["reason"]), "by": one.event.actor.role}
            yield Happening(one.event.at, one.event.type.partition(".")[2], said)
        case "lot.waits" | "selection.unsuccessful":
            what = "lot_waits" if one.event.type == "lot.waits" else "unsuccessful"
            yield Happening(_instant(data["as_of"]), what)
        case _:
            yield from (Happening(at, what, params) for at, what, params in disputes(one, telling.names))


def _given_up(one: Recorded, telling: Telling) -> Happening:
    """An award that passes on: given up with a reason, or its turn came to somebody who may not have it."""
    data = one.event.data
    bidder = str(data["bidder"])
    name: dict[str, Param] = {"name": telling.names.get(bidder, bidder)}
    if one.event.type == "award.passed_over":
        what = "award_passed_over_own_work" if "ground" in data else "award_passed_over"
        return Happening(_instant(data["as_of"]), what, name)
    return Happening(one.event.at, "award_abandoned", {**name, "reason": str(data["reason"])})


def _ruled(state: Selection, one: Recorded) -> Iterable[Happening]:
    """Offers opened and computed; draw inputs published; no result."""
    as_of = _instant(one.event.data["as_of"])
    case = cast("dict[str, Json] | None", one.event.data["case"])
    decision = cast("dict[str, Json]", one.event.data["decision"])
    is_first = as_of == state.closed_at
    if state.mode in SEALED_MODES and is_first:
        yield Happening(as_of, "offers_opened")
    if case is not None and "draw" in case:
        yield Happening(as_of, "draw_inputs_fixed")
    if decision["outcome"] == "unsuccessful":
        yield Happening(as_of, "unsuccessful")


def _explaining(one: Recorded, telling: Telling) -> Happening:
    """A step of an explanation of an abnormally low price; the words themselves are private."""
    data = one.event.data
    bidder, what = str(data["bidder"]), one.event.type.replace(".", "_")
    params: dict[str, Param] = {"name": telling.names.get(bidder, bidder)}
    if one.event.type == "explanation.asked":
        params["until"] = str(data["until"])
    if data.get("ground") == "not_given":
        what = "explanation_missing"
    elif "reason" in data:
        params["reason"] = str(data["reason"])
    return Happening(_instant(data["as_of"]) if "as_of" in data else one.event.at, what, params)


def _choosing(one: Recorded, telling: Telling) -> Happening:
    """The owner is asked to pick, or has picked: by its reason, or by letting the time pass."""
    data = one.event.data
    if one.event.type == "choice.asked":
        return Happening(_instant(data["as_of"]), "choice_asked", {"until": str(data["until"])})
    bidder = str(data["bidder"])
    name: dict[str, Param] = {"name": telling.names.get(bidder, bidder)}
    if data["ground"] == "silence":
        return Happening(_instant(data["as_of"]), "choice_by_silence", name)
    return Happening(_instant(data["as_of"]), "choice_made", {**name, "reason": str(data["reason"])})


def _proposed(state: Selection, one: Recorded, telling: Telling) -> Iterable[Happening]:
    """Who is proposed, and the publicity that begins with it."""
    data = one.event.data
    as_of, bidder = _instant(data["as_of"]), str(data["bidder"])
    named: dict[str, Param] = {"name": telling.names.get(bidder, bidder)}
    if state.mode == "instant":
        yield Happening(as_of, "instant_awarded", named)
    else:
        first = data["rank"] == 1 if state.picked is None else bidder == state.picked.bidder
        yield Happening(as_of, "award_proposed" if first else "next_proposed", named)
    length = publicity_workdays(telling.profile, telling.buyer_class)
    counted: dict[str, Param] = {} if length is None else {"workdays": length}
    yield Happening(as_of, "publicity", counted, _instant(data["publicity_until"]))


def publicity_workdays(profile: RuleProfile, buyer_class: BuyerClass) -> int | None:
    """Working days of the publicity (公示); None where the profile counts it in another unit."""
    rule = profile["publicity_voluntary" if buyer_class == "voluntary" else "publicity"]
    return rule.value if rule.unit == "workdays" else None


def _instant(value: Json) -> datetime:
    return parse_instant(str(value))
