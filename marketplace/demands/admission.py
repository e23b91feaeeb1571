"""Admission (报名准入): who may take part in a selection, judged before the engine ever sees a bidder.

Invariants: only a legal qualification, a restriction, a recusal (declared, or own work), the agency's own suspension,
the signed commitment or the clock can refuse (zero threshold: no place, turnover, deposit or list can); a refusal gives
all reasons with their sources.
Source: market.md section 2, selection.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agencies.life import ACTIVE, Life, dormant
from agencies.own_work import EarlierAward, OwnWork, own_work
from agencies.qualifications import Qualification, Requirement, missing
from commons.instants import format_instant
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict
from credit.restrictions import Measure, Restriction, restricted
from marketplace.demands.demand import Recusal

ADMISSION_RULE = Source("涉批中介网上超市报名准入规则（generic-v1）", "no", "selection.md 2")


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is on record about the agency that applies; ``earlier`` is what it won for the same project before."""

    agency: str
    qualifications: tuple[Qualification, ...]
    restrictions: tuple[Restriction, ...]
    life: Life = ACTIVE
    earlier: tuple[EarlierAward, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """What a selection asks of an applicant: ``closes_on`` is the Beijing day on which qualifications must hold.

    ``requirements`` are what its items legally ask, the main item's first (None: the commitment is enough); ``owner``
    is the project owner's code: nobody takes part in a selection of its own; ``items`` are those under the price, which
    a restriction may be narrowed to; ``region`` is where the work is, for certificates that count in some regions only;
    ``own_work`` are the pairs of items that one agency may not both do for a project.
    """

    requirements: tuple[Requirement | None, ...]
    recusals: tuple[Recusal, ...]
    owner: str
    closes_on: date
    items: tuple[str, ...] = ()
    region: str = ""
    own_work: tuple[OwnWork, ...] = ()


def merits(
    applicant: Applicant, call: Call, *, at: datetime, measures: Sequence[Measure] = ("sign_up",)
) -> tuple[Reason, ...]:
    """Every reason that lies in the agency itself: qualification on the closing day, how it stands now, recusal.

    ``measures`` are what it is about to do; a restriction of any of them refuses.
    """
    bound = applicant.restrictions
    barred = (one for each in measures for one in restricted(bound, at=at, measure=each, items=call.items))
    return (
        *lacking(applicant, call),
        *dormant(applicant.life),
        *{str(one.params["restriction"]): one for one in barred}.values(),
        *((Reason("own_demand", ADMISSION_RULE),) if applicant.agency == call.owner else ()),
        *_recused(applicant.agency, call.recusals),
        *own_work(applicant.earlier, call.items, call.own_work),
    )


def lacking(applicant: Applicant, call: Call) -> tuple[Reason, ...]:
    """What is missing for any of the items, each thing said once."""
    held = applicant.qualifications
    reasons = (one for each in call.requirements for one in missing(held, each, on=call.closes_on, region=call.region))
    return tuple({(one.code, str(dict(one.params))): one for one in reasons}.values())


def judge_sign_up(
    applicant: Applicant, call: Call, *, commitment_signed: bool, sign_up_closes_at: datetime, at: datetime,
    measures: Sequence[Measure] = ("sign_up",),
) -> Verdict:  # fmt: skip
    """Allowed, or refused with all reasons: the clock, the commitment, then the merits."""
    reasons: list[Reason] = []
    if at >= sign_up_closes_at:
        params = {"closed_at": format_instant(sign_up_closes_at), "at": format_instant(at)}
        reasons.append(Reason("sign_up_closed", ADMISSION_RULE, params))
    if not commitment_signed:
        reasons.append(Reason("commitment_not_signed", ADMISSION_RULE))
    reasons.extend(merits(applicant, call, at=at, measures=measures))
    return verdict(tuple(reasons))


def _recused(agency: str, recusals: Iterable[Recusal]) -> tuple[Reason, ...]:
    """The owner's published recusals that name this agency."""
    return tuple(Reason("recused", ADMISSION_RULE, {"reason": one.reason}) for one in recusals if one.agency == agency)
