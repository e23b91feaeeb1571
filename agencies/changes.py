"""Changes of what an agency stated about itself (变更): each an event with its instant; the directory shows the latest.

Invariants: the credit code is the identity for ever and never changes; a change changes something.
Source: market.md section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agencies.filing import FILING_RULE, AgencyKind
from commons.verdicts import Reason, Verdict, verdict

Particular = Literal["name", "kind", "region"]


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the directory says of an agency besides its code: 名称、类型、注册地."""

    name: str
    kind: AgencyKind
    region: str


def changed(before: Particulars, after: Particulars) -> tuple[tuple[Particular, str, str], ...]:
    """What differs: the particular, how it read, how it reads now; in a fixed order."""
    rows: tuple[tuple[Particular, str, str], ...] = (
        ("name", before.name, after.name),
        ("kind", before.kind, after.kind),
        ("region", before.region, after.region),
    )
    return tuple(row for row in rows if row[1] != row[2])


def judge_change(before: Particulars, after: Particulars, *, has_contact: bool) -> Verdict:
    """Allowed when something changes; a new contact is a change by itself, since nobody can see the one before."""
    if changed(before, after) or has_contact:
        return verdict(())
    return verdict((Reason("change_changes_nothing", FILING_RULE),))
