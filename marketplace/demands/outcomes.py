"""What may follow an outcome, and who may bring it about: abandoning an award.

Invariants: nothing is decided twice: what was confirmed, abandoned or ended stays so; a refusal lists every reason with
its source. Source: market.md section 4, selection.md section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

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
