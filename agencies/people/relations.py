"""Relations (关联关系): who stands behind an agency, and which two agencies may be one under two names.

Invariants: people and places are matched by keyed digests, never by name, so that a namesake matches nothing; a link
never bars anybody by itself, it is held for review; what was stated is ended, never edited. Source: market.md section 4
(recusal), credit.md section 3 (a restriction follows the people).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Literal, cast

from commons.instants import Period
from commons.sources import Source, TextSeen

TieKind = Literal[
    "legal_representative", "controller", "shareholder", "manager", "practitioner", "address", "contact", "predecessor"
]
"""法定代表人、实际控制人、股东、负责人、执业人员、住所、联系方式、承继的机构."""

RECUSING: tuple[TieKind, ...] = ("legal_representative", "controller", "manager")
"""Held by one person or body in two bidders, they may not take part side by side; a shareholder counts by its share."""

MEETING: tuple[TieKind, ...] = ("legal_representative", "controller", "address", "contact")
"""Shared with a restricted agency, each alone is a link."""

BP = 10_000


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie of an agency to a person, body or place: ``digest`` is keyed, of a body it is ``body_digest``.

    ``shown`` is what the public sees, ``share_bp`` a shareholder's part in basis points. In force on
    ``stated_at ≤ at < ended_at``.
    """

    agency: str
    kind: TieKind
    digest: str
    shown: str
    stated_at: datetime
    ended_at: datetime | None = None
    share_bp: int | None = None

    def is_in_force(self, *, at: datetime) -> bool:
        """Whether the tie is stated at that instant."""
        return Period(self.stated_at, self.ended_at).contains(at)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number of the link rules, with its unit and source."""

    value: int
    unit: str
    source: Source


@dataclass(frozen=True, slots=True)
class Link:
    """Why two agencies are taken for linked (关联): the kinds of ties they share, and to whom or what."""

    agency: str
    kinds: tuple[TieKind, ...]
    digests: tuple[str, ...]


def body_digest(uscc: str) -> str:
    """What a body with a public code is matched by."""
    return f"uscc:{uscc}"


@cache
def thresholds() -> Mapping[str, Threshold]:
    """The shipped numbers of the link rules, by key."""
    text = (resources.files("agencies.people") / "data" / "links.csv").read_text("utf-8")
    return {
        row["key"]: Threshold(
            int(row["value"]), row["unit"], Source(row["source"], cast("TextSeen", row["text_seen"]), row["key"])
        )
        for row in csv.DictReader(text.splitlines())
    }


def related(one: str, other: str, ties: Mapping[str, Sequence[Tie]], *, at: datetime) -> tuple[TieKind, ...]:
    """The kinds of ties by which two bidders are under one person or body, or one is under the other (both are out).

    In charge, controlling, managing, or holding the controlling share; nothing when they are strangers.
    """
    mine, theirs = _over(ties.get(one, ()), at=at), _over(ties.get(other, ()), at=at)
    kinds = {tie.kind for tie in mine if tie.digest == body_digest(other)}
    kinds |= {tie.kind for tie in theirs if tie.digest == body_digest(one)}
    shared = {tie.digest for tie in mine} & {tie.digest for tie in theirs}
    kinds |= {tie.kind for tie in (*mine, *theirs) if tie.digest in shared}
    return tuple(sorted(kinds))


def _over(ties: Iterable[Tie], *, at: datetime) -> tuple[Tie, ...]:
    """Who is in charge of, manages or controls the agency then; a shareholder from the controlling share on."""
    share = thresholds()["controlling_share"].value
    return tuple(
        tie
        for tie in ties
        if tie.is_in_force(at=at)
        and (tie.kind in RECUSING or (tie.kind == "shareholder" and (tie.share_bp or 0) >= share))
    )


def links(subject: str, ties: Mapping[str, Sequence[Tie]], *, at: datetime) -> tuple[Link, ...]:
    """The agencies that are linked to the subject then, by code.

    The subject's own ties count while they stand and for the time of ``lookback`` after they ended: whoever leaves just
    before or after a restriction is still followed. Practitioners count together: a share of them, and no fewer than
    two. ``ties`` are by agency; one that names the subject as its predecessor or controller is linked by that alone.
    """
    found: list[Link] = []
    own = [tie for tie in ties.get(subject, ()) if _counts(tie, at=at)]
    for agency in sorted(ties.keys() - {subject}):
        theirs = [tie for tie in ties[agency] if tie.is_in_force(at=at)]
        shared = [tie for kind in MEETING for tie in _meeting(own, theirs, kind)]
        shared += [tie for tie in theirs if tie.kind == "predecessor" and tie.digest == body_digest(subject)]
        shared += [tie for tie in _over(theirs, at=at) if tie.digest == body_digest(subject)]
        shared += [tie for tie in _over(own, at=at) if tie.digest == body_digest(agency)]
        shared += _same_staff(own, theirs)
        if shared:
            kinds, digests = sorted({tie.kind for tie in shared}), sorted({tie.digest for tie in shared})
            found.append(Link(agency, tuple(kinds), tuple(digests)))
    return tuple(found)


def _counts(tie: Tie, *, at: datetime) -> bool:
    """Whether a tie of the subject still points at people: it stands, or ended a short while ago."""
    if tie.stated_at > at:
        return False
    return tie.ended_at is None or (at - tie.ended_at).days < thresholds()["lookback"].value


def _meeting(own: Iterable[Tie], theirs: Iterable[Tie], kind: TieKind) -> list[Tie]:
    """Their ties of that kind to the same as ours; whoever is in charge here may be the controller there."""
    people: set[TieKind] = {"legal_representative", "controller"}
    kinds = people if kind in people else {kind}
    mine = {tie.digest for tie in own if tie.kind in kinds}
    return [tie for tie in theirs if tie.kind == kind and tie.digest in mine]


def _same_staff(own: Iterable[Tie], theirs: Iterable[Tie]) -> list[Tie]:
    """The subject's practitioners who work for the other now, where they are a good part of them; else nobody."""
    mine = {tie.digest for tie in own if tie.kind == "practitioner"}
    shared = [tie for tie in theirs if tie.kind == "practitioner" and tie.digest in mine]
    least, part = thresholds()["same_staff_least"].value, thresholds()["same_staff_share"].value
    return shared if len(shared) >= least and len(shared) * BP >= part * len(mine) else []


def masked(name: str) -> str:
    """A person's name as the public sees it: the first character, the rest as stars."""
    return name[:1] + "＊" * max(1, len(name) - 1) if name else ""
