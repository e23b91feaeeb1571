"""A demand (中介服务需求): what it says, and what its publication must satisfy.

Invariants: terms are frozen at publication; clocks come from the rule profile in force and are stored as instants;
a refusal lists every reason with its source. Source: market.md section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from commons.instants import BEIJING, Deadline, format_instant
from commons.profiles import ProfileValue, RuleProfile
from commons.sources import Source
from commons.verdicts import Param, Reason, Verdict, verdict
from commons.workdays import is_workday

BuyerClass = Literal["fiscal", "entrusted", "voluntary"]
Mode = Literal["comprehensive", "multi_round", "instant", "mean_price", "random_draw", "credit_draw", "direct"]
LOTLESS = ("instant", "direct")
"""Modes that no lot of a notice may have: they award at once, beside any order of lots."""

MAX_ITEMS = 20
"""Items that one joint purchase may take together."""

DEMAND_RULE = Source("涉批中介网上超市需求发布规则（generic-v1）", "no", "market.md 4")


@dataclass(frozen=True, slots=True)
class Recusal:
    """An agency that may not take part (回避), with the owner's published reason."""

    agency: str
    reason: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When sign-up and offers end; ``closes_at`` is the last planned close. Both None for instant selection."""

    sign_up_closes_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """One round as planned: half-open, before any extension."""

    opens_at: datetime
    closes_at: datetime


def default_rounds(profile: RuleProfile, *, first_opens_at: datetime) -> tuple[RoundPlan, ...]:
    """The profile's number of open rounds from that instant on, with its breaks between them."""
    length, rest = profile.length("round_length"), profile.length("round_break")
    starts = [first_opens_at + index * (length + rest) for index in range(profile["rounds"].value)]
    return tuple(RoundPlan(start, start + length) for start in starts)


def _late(profile_value: ProfileValue, earliest: datetime, given: datetime, code: str) -> tuple[Reason, ...]:
    if given >= earliest:
        return ()
    params: dict[str, Param] = {
        "earliest": format_instant(earliest),
        "given": format_instant(given),
        "clock": profile_value.value,
    }
    return (Reason(code, profile_value.source, {**params, "unit": profile_value.unit}),)


def judge_minimum(profile: RuleProfile, mode: Mode, buyer_class: BuyerClass, *, given: int) -> tuple[Reason, ...]:
    """Refuses a minimum of bidders below the profile's for this mode and buyer class; a direct choice has none."""
    if mode == "direct":
        return ()
    key = "minimum_bidders_voluntary" if buyer_class == "voluntary" else f"minimum_bidders_{mode}"
    rule = profile["minimum_bidders_instant" if mode == "instant" else key]
    if given >= rule.value:
        return ()
    return (Reason("minimum_bidders_below_profile", rule.source, {"given": given, "minimum": rule.value}),)


def judge_schedule(
    profile: RuleProfile, mode: Mode, schedule: Schedule, rounds: tuple[RoundPlan, ...], *, at: datetime
) -> tuple[Reason, ...]:
    """Refuses clocks shorter than the profile's, and rounds that open outside its hours; all reasons."""
    if mode in {"instant", "direct"}:
        return ()
    if schedule.sign_up_closes_at is None or schedule.closes_at is None:
        return (Reason("schedule_missing", DEMAND_RULE),)
    sign_up = profile["sign_up"]
    reasons = list(_late(sign_up, profile.after("sign_up", at).at, schedule.sign_up_closes_at, "sign_up_too_short"))
    if schedule.closes_at < schedule.sign_up_closes_at:
        reasons.append(Reason("closes_before_sign_up_ends", DEMAND_RULE))
    if rounds and rounds[0].opens_at < schedule.sign_up_closes_at:
        reasons.append(Reason("rounds_before_sign_up_ends", DEMAND_RULE))
    for number, plan in enumerate(rounds, start=1):
        reasons.extend(_round_hours(profile, number, plan))
    return tuple(reasons)


def _round_hours(profile: RuleProfile, number: int, plan: RoundPlan) -> tuple[Reason, ...]:
    """A round opens on a working day and within the profile's minutes of the Beijing day."""
    opens_from, opens_until = profile["rounds_open_from"], profile["rounds_open_until"]
    whole_day = opens_from.value == 0 and opens_until.value == timedelta(days=1) // timedelta(minutes=1)
    local = plan.opens_at.astimezone(BEIJING)
    minute = local.hour * 60 + local.minute
    inside = opens_from.value <= minute <= opens_until.value and is_workday(local.date()).is_workday
    if whole_day or inside:
        return ()
    params: dict[str, Param] = {"round": number, "opens_at": format_instant(plan.opens_at)}
    return (Reason("round_outside_hours", opens_from.source, params),)


def publicity(
    profile: RuleProfile, buyer_class: BuyerClass, *, at: datetime, announced: Deadline | None = None
) -> Deadline:
    """When the publicity (公示) of an award proposed at ``at`` is over.

    An announced end that was provisional is counted again: it may move later, never earlier.
    """
    key = "publicity_voluntary" if buyer_class == "voluntary" else "publicity"
    return profile.after(key, at) if announced is None else profile.recounted(key, announced, at)


def judge_direct(profile: RuleProfile, buyer_class: BuyerClass) -> tuple[Reason, ...]:
    """Refuses the owner's direct choice (直接选取) where the profile does not allow it to this buyer class."""
    allowed = profile[f"direct_{buyer_class}"]
    return () if allowed.value else (Reason("direct_not_allowed", allowed.source, {"buyer_class": buyer_class}),)


def judge_publication(
    *,
    is_regional_assessment: bool,
    buyer_class: BuyerClass,
    clocks: tuple[Reason, ...],
    needs_draw: bool,
    has_nonce: bool,
) -> Verdict:
    """Allowed when clocks, buyer and draw inputs do; else every reason.

    A regional assessment (区域评价) is bought by a government or park body, never by an investor (market.md 1); terms
    that may need a draw need the owner's nonce beforehand (trust.md 5: no default values).
    """
    reasons = list(clocks)
    if is_regional_assessment and buyer_class == "voluntary":
        reasons.append(Reason("regional_assessment_buyer", DEMAND_RULE))
    if needs_draw and not has_nonce:
        reasons.append(Reason("nonce_missing", DEMAND_RULE))
    return verdict(tuple(reasons))
