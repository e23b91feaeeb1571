"""Practitioners (执业人员): one person works for one agency at a time; a second claim is held and both are told.

Invariants: people are matched by keyed digest, never by name; of several claims on one person the earliest that stands
is active, the next becomes active by itself when it ends; a claim ends because the agency lets the person go or because
a regulator ruled, with a reason. Source: market.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from commons.instants import DayPeriod, format_instant
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

STAFF_RULE = Source("涉批中介网上超市执业人员登记规则（generic-v1）", "no", "market.md 2")
MAX_PRACTITIONERS = 2_000
"""Practitioners of one agency at most."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A person claimed by an agency: ``person`` is the keyed digest, ``shown`` the masked name.

    The certificate (执业证书) is valid on ``valid_from ≤ day < valid_until``; the claim stands on
    ``claimed_at ≤ at < ended_at``.
    """

    id: str
    agency: str
    person: str
    shown: str
    certificate_kind: str
    certificate_number: str
    valid_from: date
    valid_until: date | None
    claimed_at: datetime
    ended_at: datetime | None = None

    def stands(self, *, at: datetime) -> bool:
        """Whether the claim has been made and not ended at that instant."""
        return self.claimed_at <= at and (self.ended_at is None or at < self.ended_at)

    def is_valid(self, *, on: date) -> bool:
        """Whether the certificate is in force on that day."""
        return DayPeriod(self.valid_from, self.valid_until).contains(on)


def active(claims: Iterable[Claim], *, at: datetime) -> dict[str, Claim]:
    """Whose each person is at that instant: the earliest claim that stands, by person."""
    first: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda one: (one.claimed_at, one.id)):
        if claim.stands(at=at):
            first.setdefault(claim.person, claim)
    return first


def is_held(claim: Claim, claims: Iterable[Claim], *, at: datetime) -> bool:
    """Whether the claim stands behind an earlier one of the same person: it gives the agency nobody yet."""
    holder = active((one for one in claims if one.person == claim.person), at=at).get(claim.person)
    return claim.stands(at=at) and holder is not None and holder.id != claim.id


def judge_claim(claim: Claim, of_person: Iterable[Claim], *, count: int, at: datetime) -> Verdict:
    """Allowed unless the agency claims that person already or has as many as one may; another's claim holds it.

    ``count`` is how many practitioners the agency has.
    """
    reasons: list[Reason] = []
    own = [one for one in of_person if one.agency == claim.agency and one.stands(at=at)]
    if own:
        params = {"claim": own[0].id, "claimed_at": format_instant(own[0].claimed_at)}
        reasons.append(Reason("practitioner_claimed_already", STAFF_RULE, params))
    if count >= MAX_PRACTITIONERS:
        reasons.append(Reason("too_many_practitioners", STAFF_RULE, {"most": MAX_PRACTITIONERS}))
    if claim.valid_until is not None and claim.valid_until <= claim.valid_from:
        reasons.append(Reason("validity_is_over", STAFF_RULE))
    return verdict(tuple(reasons))


def judge_release(claim: Claim, *, at: datetime) -> Verdict:
    """Allowed while the claim stands."""
    if claim.stands(at=at):
        return verdict(())
    assert claim.ended_at is not None, "it was claimed before it is let go"
    return verdict((Reason("practitioner_left_already", STAFF_RULE, {"ended_at": format_instant(claim.ended_at)}),))
