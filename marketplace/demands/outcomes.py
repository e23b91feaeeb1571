"""What may follow an outcome: an award abandoned, a low price explained, a selection cancelled, suspended, resumed.

Too few bidders, or nobody left: published again once with the same terms, then once more in another mode.

Invariants: nothing is decided twice: what was confirmed, abandoned or ended stays so; a refusal lists every reason with
its source. Source: market.md section 4, selection.md sections 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.cycles import judge_step
from commons.events import Role
from commons.instants import format_instant
from commons.sources import Source
from commons.verdicts import Param, Reason, Refused, Verdict, verdict
from marketplace.demands.demand import Mode
from marketplace.demands.life_cycle import DEMAND_CYCLE, PICKED_AT_ONCE, Stage

OUTCOME_RULE = Source("涉批中介网上超市选取结果处理规则（generic-v1）", "no", "market.md 4")


@dataclass(frozen=True, slots=True)
class AwardNow:
    """An award as it stands: who is proposed or awarded, whether for good, and who gave it up before."""

    is_instant: bool
    proposed: str | None
    is_confirmed: bool
    abandoned: frozenset[str]


def judge_abandonment(award: AwardNow, agency: str) -> Verdict:
    """Allowed to the proposed agency during its publicity; an instant award binds both sides (ADR 0009)."""
    reasons: list[Reason] = []
    if award.is_instant:
        reasons.append(Reason("instant_award_binds", OUTCOME_RULE))
    if agency in award.abandoned:
        reasons.append(Reason("already_abandoned", OUTCOME_RULE))
    elif award.proposed is None:
        reasons.append(Reason("no_award_proposed", OUTCOME_RULE))
    elif award.proposed != agency:
        reasons.append(Reason("award_is_not_yours", OUTCOME_RULE))
    elif award.is_confirmed:
        reasons.append(Reason("award_is_confirmed", OUTCOME_RULE))
    return verdict(tuple(reasons))


def judge_confirmation(award: AwardNow, agency: str, *, is_needed: bool, is_given: bool) -> Verdict:
    """Allowed once to the proposed agency before its award is final or given up; an instant award binds already."""
    reasons: list[Reason] = []
    if award.is_instant:
        reasons.append(Reason("instant_award_binds", OUTCOME_RULE))
    elif not is_needed:
        reasons.append(Reason("no_confirmation_asked", OUTCOME_RULE))
    if agency in award.abandoned:
        reasons.append(Reason("already_abandoned", OUTCOME_RULE))
    elif award.proposed is None:
        reasons.append(Reason("no_award_proposed", OUTCOME_RULE))
    elif award.proposed != agency:
        reasons.append(Reason("award_is_not_yours", OUTCOME_RULE))
    elif award.is_confirmed:
        reasons.append(Reason("award_is_confirmed", OUTCOME_RULE))
    elif is_given:
        reasons.append(Reason("confirmed_already", OUTCOME_RULE))
    return verdict(tuple(reasons))


@dataclass(frozen=True, slots=True)
class ExplanationNow:
    """One bidder's explanation (异常低价说明) as it stands; ``until`` None while none was asked for.

    ``flagged`` is the first in the ranking whose explanation the selection waits for, None when it waits for none.
    """

    flagged: str | None
    until: datetime | None = None
    is_given: bool = False
    is_ruled: bool = False


def judge_explanation(now: ExplanationNow, *, at: datetime) -> Verdict:
    """Whether the bidder may explain its price: asked, not given before, before its deadline, not decided yet."""
    reasons: list[Reason] = []
    if now.until is None:
        reasons.append(Reason("explanation_not_asked", OUTCOME_RULE))
    elif now.is_given:
        reasons.append(Reason("explanation_given_before", OUTCOME_RULE))
    elif at >= now.until or now.is_ruled:
        reasons.append(Reason("explanation_too_late", OUTCOME_RULE, {"until": format_instant(now.until)}))
    elif now.flagged is None:
        reasons.append(Reason("selection_is_decided", OUTCOME_RULE))
    return verdict(tuple(reasons))


def judge_ruling(now: ExplanationNow, bidder: str) -> Verdict:
    """Whether the owner may rule on this bidder's explanation: awaited, given, and never a second time."""
    reasons: list[Reason] = []
    if now.is_ruled:
        reasons.append(Reason("explanation_is_decided", OUTCOME_RULE))
    elif now.flagged is None:
        reasons.append(Reason("no_explanation_awaited", OUTCOME_RULE))
    elif now.flagged != bidder:
        reasons.append(Reason("another_explanation_awaited", OUTCOME_RULE))
    elif not now.is_given:
        params: dict[str, Param] = {} if now.until is None else {"until": format_instant(now.until)}
        reasons.append(Reason("explanation_not_given", OUTCOME_RULE, params))
    return verdict(tuple(reasons))


@dataclass(frozen=True, slots=True)
class ChoiceNow:
    """The owner's choice out of a short list (小名单) as it stands."""

    is_made: bool
    is_awaited: bool
    shortlist: tuple[str, ...] = ()


def judge_choice(now: ChoiceNow, agency: str) -> Verdict:
    """Whether the owner may pick this agency: drawn, not chosen before, and on the list as it is now."""
    reasons: list[Reason] = []
    if now.is_made:
        reasons.append(Reason("choice_is_made", OUTCOME_RULE))
    elif not now.is_awaited:
        reasons.append(Reason("no_choice_awaited", OUTCOME_RULE))
    elif agency not in now.shortlist:
        reasons.append(Reason("not_on_the_shortlist", OUTCOME_RULE, {"listed": len(now.shortlist)}))
    return verdict(tuple(reasons))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a selection is; ``first_round_at`` is when rounds open that are not over, None for every other mode.

    ``is_drawn``: the inputs of its draw are public, so that ending or pausing it would choose among draws.
    """

    is_instant: bool = False
    has_ruling: bool = False
    is_confirmed: bool = False
    is_unsuccessful: bool = False
    cancelled_at: datetime | None = None
    suspended_at: datetime | None = None
    suspended_by: Role | None = None
    first_round_at: datetime | None = None
    is_drawn: bool = False


def stopped(now: Standing) -> tuple[Reason, ...]:
    """Why nothing is accepted from anybody: the selection is cancelled or suspended; else nothing."""
    if now.cancelled_at is not None:
        return (Reason("selection_cancelled", OUTCOME_RULE, {"at": format_instant(now.cancelled_at)}),)
    if now.suspended_at is not None:
        return (Reason("selection_suspended", OUTCOME_RULE, {"since": format_instant(now.suspended_at)}),)
    return ()


def _over(now: Standing) -> tuple[Reason, ...]:
    """Why it cannot end or pause any more."""
    reasons: list[Reason] = []
    if now.cancelled_at is not None:
        reasons.append(Reason("selection_cancelled", OUTCOME_RULE, {"at": format_instant(now.cancelled_at)}))
    if now.is_confirmed:
        reasons.append(Reason("award_is_confirmed", OUTCOME_RULE))
    if now.is_unsuccessful:
        reasons.append(Reason("selection_is_over", OUTCOME_RULE))
    if now.is_instant and now.has_ruling:
        reasons.append(Reason("instant_award_binds", OUTCOME_RULE))
    return tuple(reasons)


def judge_cancellation(now: Standing, *, approver: str | None = None) -> Verdict:
    """Allowed until an award is confirmed, suspended or not; what is over stays as it ended.

    One draw per matter: what is drawn is voided by two people only (trust.md section 5).
    """
    reasons = list(_over(now))
    if now.is_drawn and approver is None:
        reasons.append(Reason("drawn_needs_approver", OUTCOME_RULE))
    return verdict(tuple(reasons))


def judge_suspension(now: Standing, *, at: datetime, by: Role) -> Verdict:
    """Allowed until the selection is over, once at a time; rounds only before the first opens or after the last.

    What is drawn only a regulator suspends: an owner could wait for a void that suits it.
    """
    reasons = list(_over(now))
    if now.is_drawn and by != "regulator":
        reasons.append(Reason("drawn_not_suspended_by_owner", OUTCOME_RULE))
    if now.suspended_at is not None:
        reasons.extend(stopped(now))
    if now.first_round_at is not None and not now.has_ruling and at >= now.first_round_at:
        params: dict[str, Param] = {"opened_at": format_instant(now.first_round_at)}
        reasons.append(Reason("rounds_have_begun", OUTCOME_RULE, params))
    return verdict(tuple(reasons))


def judge_resumption(now: Standing, role: Role) -> Verdict:
    """Allowed while suspended; what a regulator suspended only a regulator resumes."""
    reasons: list[Reason] = []
    if now.suspended_at is None:
        reasons.append(Reason("not_suspended", OUTCOME_RULE))
    elif now.suspended_by == "regulator" and role != "regulator":
        reasons.append(Reason("suspended_by_regulator", OUTCOME_RULE))
    return verdict(tuple(reasons))


def judge_change(
    now: Standing, stage: Stage, role: Role, *, mode: Mode, clocks: tuple[Reason, ...], is_draw_new: bool, at: datetime
) -> Verdict:
    """Whether the terms of a published demand may change: while offers are taken, where anybody offers; all reasons.

    ``clocks`` are the profile's own refusals of the new terms; ``is_draw_new``: they may need a draw and those before
    did not, so that nobody's part of it was committed to.
    """
    ruling = judge_step(DEMAND_CYCLE, stage, "change_demand", role)
    if isinstance(ruling, Refused):
        return ruling
    if mode in PICKED_AT_ONCE:
        return Refused((Reason("no_terms_to_change", OUTCOME_RULE, {"mode": mode}),))
    reasons = list(clocks)
    if now.first_round_at is not None and at >= now.first_round_at:
        params: dict[str, Param] = {"opened_at": format_instant(now.first_round_at)}
        reasons.append(Reason("rounds_under_way", OUTCOME_RULE, params))
    if is_draw_new:
        reasons.append(Reason("change_needs_draw", OUTCOME_RULE))
    return verdict(tuple(reasons))


def judge_demand_withdrawal(stage: Stage, role: Role, *, has_offers: bool) -> Verdict:
    """Allowed while offers are taken and none is in; what was offered for is cancelled, not withdrawn."""
    ruling = judge_step(DEMAND_CYCLE, stage, "withdraw_demand", role)
    if isinstance(ruling, Refused):
        return ruling
    return Refused((Reason("offers_are_in", OUTCOME_RULE),)) if has_offers else ruling


SAME_TERMS, OTHER_MODE = 1, 2
"""Publications after which a demand that lacked bidders comes again: with the same terms, in another mode."""


def judge_publishing_again(
    *, lacked_bidders: bool, publications: int, mode: Mode, new_mode: Mode | None, is_annulled: bool = False
) -> tuple[Reason, ...]:
    """Refuses a demand that did not fail for lack of bidders, and more than its two further publications.

    ``lacked_bidders``: too few bid, or everybody in the ranking gave way or was passed over, so that nobody is left.
    ``new_mode`` None: the same terms. The mode changes after the second failure, not before and not otherwise. What
    was annulled comes again in any terms, and does not count among the ``publications`` that failed.
    """
    if is_annulled:
        return ()
    if not lacked_bidders:
        return (Reason("no_lack_of_bidders", OUTCOME_RULE),)
    if publications > OTHER_MODE:
        return (Reason("published_too_often", OUTCOME_RULE, {"publications": publications}),)
    if publications == SAME_TERMS and new_mode is not None:
        return (Reason("mode_change_too_early", OUTCOME_RULE),)
    if publications == OTHER_MODE and new_mode in {None, mode}:
        return (Reason("mode_must_change", OUTCOME_RULE),)
    return ()
