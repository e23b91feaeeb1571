"""An agency's own standing (机构状态): active, or suspended or withdrawn since; it may return, and all is history.

Invariants: while it is not active nothing new begins (no sign-up, offer, shelf offer, item or award), and what runs
stays bound; what a regulator withdrew only a regulator brings back; a regulator's suspension is a restriction and none
of this. Source: market.md section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commons.events import Role
from commons.instants import format_instant
from commons.sources import Source
from commons.verdicts import Param, Reason, Verdict, verdict

LIFE_RULE = Source("涉批中介网上超市机构状态规则（generic-v1）", "no", "market.md 2")

Standing = Literal["active", "suspended", "withdrawn"]
"""正常、暂停、退出."""


@dataclass(frozen=True, slots=True)
class Life:
    """How an agency stands: since when and by whose act; None and "" while it was always active."""

    standing: Standing = "active"
    since: datetime | None = None
    by: Role | Literal[""] = ""

    @property
    def is_active(self) -> bool:
        """Whether it may begin anything new."""
        return self.standing == "active"


ACTIVE = Life()


def dormant(life: Life) -> tuple[Reason, ...]:
    """The reason against anything new while the agency is not active."""
    if life.is_active:
        return ()
    since = "" if life.since is None else format_instant(life.since)
    params: dict[str, Param] = {"standing": life.standing, "since": since}
    return (Reason("agency_not_in_force", LIFE_RULE, params),)


def judge_leaving(life: Life, to: Literal["suspended", "withdrawn"]) -> Verdict:
    """Allowed unless it stands so already, or has withdrawn and would only suspend."""
    reasons: list[Reason] = []
    if life.standing == "withdrawn":
        reasons.append(Reason("already_withdrawn", LIFE_RULE))
    elif life.standing == to:
        reasons.append(Reason("already_suspended", LIFE_RULE))
    return verdict(tuple(reasons))


def judge_return(life: Life, *, by: Role) -> Verdict:
    """Allowed to an agency that suspended or withdrew itself; what a regulator withdrew, to a regulator alone."""
    reasons: list[Reason] = []
    if life.is_active:
        reasons.append(Reason("agency_is_active", LIFE_RULE))
    elif life.by == "regulator" and by != "regulator":
        reasons.append(Reason("withdrawn_by_regulator", LIFE_RULE))
    elif life.by != "regulator" and by == "regulator":
        reasons.append(Reason("left_by_itself", LIFE_RULE))
    return verdict(tuple(reasons))
