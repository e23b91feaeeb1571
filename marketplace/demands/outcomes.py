"""What may follow an outcome, and who may bring it about: abandoning an award, explaining an abnormally low price.

Invariants: nothing is decided twice: what was confirmed, abandoned or ended stays so; a refusal lists every reason with
its source. Source: market.md section 4, selection.md sections 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.instants import format_instant
from commons.sources import Source
from commons.verdicts import Param, Reason, Verdict, verdict

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
