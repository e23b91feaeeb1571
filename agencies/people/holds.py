"""Holds for review (待核查): a linked agency keeps taking part, but no award of it becomes final until it is looked at.

Two grounds: it is linked to a restricted agency (everywhere), or related to another bidder (in that selection).
Invariants: a hold never excludes anybody silently: a regulator decides within the stated time and gives its reason; an
award that was final before the hold was opened stands. Source: credit.md section 3, market.md 2 and 4, ADR 0018.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agencies.people.relations import TieKind
from commons.instants import format_instant
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

HOLD_RULE = Source("涉批中介网上超市关联机构核查规则（generic-v1）", "no", "credit.md 3")

HoldRuling = Literal["unlinked", "linked"]
"""核查结论：未发现关联规避、属关联规避（另行作出受限决定）."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold: whose, because of whom, by which ties; open until ``ruled_at``.

    ``restriction`` is the other one's, ``selection`` the one in which both bid; one of the two is there. ``due_at`` is
    when the regulator has to have decided; being late releases nothing by itself. ``digests`` are who and what they
    share: what was looked at once is not held again, something new is.
    """

    id: str
    agency: str
    linked_to: str
    restriction: str | None
    selection: str | None
    kinds: tuple[TieKind, ...]
    opened_at: datetime
    due_at: datetime
    ruled_at: datetime | None = None
    ruling: HoldRuling | None = None
    reason: str | None = None
    digests: tuple[str, ...] = ()

    def bears_on(self, selection: str) -> bool:
        """Whether it holds up an award of that selection."""
        return self.selection is None or self.selection == selection

    def is_open(self, *, at: datetime) -> bool:
        """Whether it holds awards up at that instant."""
        return self.opened_at <= at and (self.ruled_at is None or at < self.ruled_at)


def held(holds: Iterable[Hold], *, at: datetime) -> tuple[Reason, ...]:
    """One reason for each hold that is open then, the oldest first: nothing can be bound at once."""
    waiting = sorted((one for one in holds if one.is_open(at=at)), key=lambda one: (one.opened_at, one.id))
    return tuple(
        Reason(
            "held_for_review",
            HOLD_RULE,
            {"hold": one.id, "linked_to": one.linked_to, "due_at": format_instant(one.due_at)},
        )
        for one in waiting
    )


def final_from(holds: Iterable[Hold], *, otherwise: datetime) -> datetime | None:
    """When an award becomes final that ``otherwise`` is then: no hold opened before that is open; None: not known.

    One hold may end and another begin; what was opened after the award became final comes too late.
    """
    end = otherwise
    for one in sorted(holds, key=lambda one: (one.opened_at, one.id)):
        if one.opened_at >= end:
            continue
        if one.ruled_at is None:
            return None
        end = max(end, one.ruled_at)
    return end


def judge_hold_ruling(
    hold: Hold, ruling: HoldRuling, *, is_restricted: bool, at: datetime, is_closed: bool = True
) -> Verdict:
    """Allowed once while the hold is open; ``linked`` only when a restriction has put the agency out already.

    In a selection no restriction is needed, what is ruled there is that both are out of it; but it has to be closed
    (``is_closed``): nobody learns before who else is in.
    """
    reasons: list[Reason] = []
    if not hold.is_open(at=at):
        ruled_at = format_instant(hold.ruled_at) if hold.ruled_at is not None else ""
        reasons.append(Reason("hold_is_over", HOLD_RULE, {"ruled_at": ruled_at}))
    if ruling == "linked" and hold.selection is None and not is_restricted:
        reasons.append(Reason("restriction_missing", HOLD_RULE, {"agency": hold.agency}))
    if not is_closed:
        reasons.append(Reason("selection_not_closed", HOLD_RULE, {"selection": hold.selection or ""}))
    return verdict(tuple(reasons))
