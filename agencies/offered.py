"""Service items that an agency says it serves (服务事项登记): shown in the directory, with their history.

Invariants: an item that asks for a qualification needs it now, one that asks for none needs the signed commitment, and
nothing else is asked; nobody has to state an item to sign up for it. Source: market.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from commons.instants import Period
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

OFFERED_RULE = Source("涉批中介网上超市服务事项登记规则（generic-v1）", "no", "market.md 2")


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """One stretch of time in which an agency serves an item: ``offered_at ≤ at < stopped_at``."""

    agency: str
    item: str
    offered_at: datetime
    stopped_at: datetime | None = None

    def is_offered(self, *, at: datetime) -> bool:
        """Whether it is served at that instant."""
        return Period(self.offered_at, self.stopped_at).contains(at)


def judge_offering(
    item: str, earlier: Iterable[OfferedItem], *, needs_commitment: bool, commitment_signed: bool
) -> tuple[Reason, ...]:
    """Every reason against stating the item that lies in the statement itself."""
    reasons: list[Reason] = []
    if any(one.item == item and one.stopped_at is None for one in earlier):
        reasons.append(Reason("already_offered", OFFERED_RULE, {"item": item}))
    if needs_commitment and not commitment_signed:
        reasons.append(Reason("commitment_not_signed", OFFERED_RULE))
    return tuple(reasons)


def judge_stopping(item: str, earlier: Iterable[OfferedItem]) -> Verdict:
    """Allowed while the item is stated."""
    if any(one.item == item and one.stopped_at is None for one in earlier):
        return verdict(())
    return verdict((Reason("not_offered", OFFERED_RULE, {"item": item}),))
