"""Qualifications (资质): what an agency holds against what an item legally asks, on a given day.

Invariants: a higher grade covers a lower one (the caller passes the accepted grades); validity is half-open in Beijing
days and acts by the clock, without any job; a certificate is written once, and what becomes of it follows; the answer
lists every requirement that is not met. Source: market.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from commons.instants import format_instant
from commons.regions import REGIONS
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

QUALIFICATION_RULE = Source("涉批中介网上超市资质登记规则（generic-v1）", "no", "market.md 2")

Followed = Literal["corrected", "renewed", "withdrawn", "revoked"]
"""更正、延续、注销、撤销: what becomes of a certificate; all but a renewal end it at once."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """One certificate; ``grade`` None for ungraded kinds; valid on ``valid_from ≤ day < valid_until``.

    ``scope`` is its scope of business (业务范围) in words; it counts for ``items`` in ``regions`` only, none: for all.
    ``follows`` is the one that it renews or corrects; ``ended_at`` is when it was corrected, withdrawn or revoked.
    """

    kind: str
    grade: str | None
    number: str
    issuer: str
    valid_from: date
    valid_until: date | None
    id: str = ""
    scope: str = ""
    regions: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    follows: str | None = None
    ended_at: datetime | None = None

    def is_valid(self, *, on: date) -> bool:
        """Whether it is in force on that day, as far as is known now: whatever ended it has ended it for good."""
        return self.ended_at is None and self.valid_from <= on and (self.valid_until is None or on < self.valid_until)

    def counts_for(self, item: str, region: str) -> bool:
        """Whether its scope takes in that item and that region ("": whatever they are)."""
        is_item = not self.items or not item or item in self.items
        if not self.regions or not region:
            return is_item
        return is_item and not {one.code for one in REGIONS.chain(region)}.isdisjoint(self.regions)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an item asks: a kind, and the grades that do (best first; None: any, or an ungraded kind).

    ``item`` is its code, for certificates that count for some items only.
    """

    kind: str
    grades: tuple[str, ...] | None
    source: Source
    item: str = ""

    def accepts(self, held: Qualification) -> bool:
        """Whether the certificate is of this kind and of a sufficient grade, whatever its dates."""
        return held.kind == self.kind and (self.grades is None or held.grade in self.grades)


def missing(
    held: Iterable[Qualification], requirement: Requirement | None, *, on: date, region: str = ""
) -> tuple[Reason, ...]:
    """Why the certificates do not do on that day in that region: nothing, or the one reason that comes closest.

    Order of closeness: beyond its scope, expired or not yet in force, ended, grade too low, none of the kind.
    """
    if requirement is None:
        return ()
    of_kind = [one for one in held if one.kind == requirement.kind]
    enough = [one for one in of_kind if requirement.accepts(one)]
    valid = [one for one in enough if one.is_valid(on=on)]
    if any(one.counts_for(requirement.item, region) for one in valid):
        return ()
    if valid:
        return (_out_of_scope(max(valid, key=_latest), requirement, region),)
    if enough:
        return (_not_in_force(enough, requirement, on),)
    asked = "、".join(requirement.grades) if requirement.grades else ""
    if current := [one for one in of_kind if one.ended_at is None]:
        best = "、".join(sorted({one.grade or "" for one in current}))
        params = {"kind": requirement.kind, "held": best, "asked": asked}
        return (Reason("qualification_below_grade", requirement.source, params),)
    return (Reason("qualification_missing", requirement.source, {"kind": requirement.kind, "asked": asked}),)


def best_grade(
    held: Iterable[Qualification], requirement: Requirement | None, *, on: date, region: str = ""
) -> str | None:
    """The best accepted grade held on that day; None when the item or the kind knows no grades."""
    if requirement is None or requirement.grades is None:
        return None
    best: str | None = None
    for one in held:
        if requirement.accepts(one) and one.is_valid(on=on) and one.counts_for(requirement.item, region):
            assert one.grade is not None, "accepted by its grade"
            best = one.grade if best is None else min(best, one.grade, key=requirement.grades.index)
    return best


def judge_following(held: Qualification, what: Followed, *, is_renewed: bool) -> Verdict:
    """Allowed unless the certificate has ended, or was renewed before and is to be renewed again."""
    reasons: list[Reason] = []
    if held.ended_at is not None:
        params = {"number": held.number, "ended_at": format_instant(held.ended_at)}
        reasons.append(Reason("qualification_is_over", QUALIFICATION_RULE, params))
    elif what == "renewed" and is_renewed:
        reasons.append(Reason("already_renewed", QUALIFICATION_RULE, {"number": held.number}))
    return verdict(tuple(reasons))


def _latest(one: Qualification) -> tuple[date, str, str]:
    return (one.valid_until or date.max, one.number, one.id)


def _out_of_scope(last: Qualification, requirement: Requirement, region: str) -> Reason:
    """A certificate in force that does not count here."""
    params = {"kind": requirement.kind, "number": last.number, "item": requirement.item, "region": region}
    return Reason("qualification_out_of_scope", requirement.source, params)


def _not_in_force(enough: list[Qualification], requirement: Requirement, on: date) -> Reason:
    """The latest that would do, and why it is not in force: expired, not begun, or ended by what followed it."""
    current = [one for one in enough if one.ended_at is None]
    last = max(current or enough, key=_latest)
    if last.ended_at is not None:
        params = {"kind": requirement.kind, "number": last.number, "ended_at": format_instant(last.ended_at)}
        return Reason("qualification_ended", requirement.source, params)
    until = last.valid_until.isoformat() if last.valid_until else ""
    params = {"kind": requirement.kind, "number": last.number, "valid_until": until, "on": on.isoformat()}
    code = "qualification_expired_at_close" if last.valid_from <= on else "qualification_not_yet_valid"
    return Reason(code, requirement.source, params)
