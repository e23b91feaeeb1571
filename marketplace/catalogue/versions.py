"""Versions (版本) of the catalogue and of rule profiles: what held in a region at an instant, and how two differ.

The shipped data are the base. Over it lie overlays, one a region: a version is the whole overlay of its region from its
instant on, until the next version of that region. Invariants: a version is never edited; it comes into force not before
it is published and not before the one announced last in its region, so that no answer about the past ever changes; the
nearest region wins (county, city, province), row by row; a row that no overlay has falls through to the base.
Source: market.md head and section 3, docs/adr/0024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from commons.canonical import Json, canonical
from commons.regions import REGIONS
from commons.sources import Source

Kind = Literal["catalogue", "profile"]
Row = Mapping[str, Json]
"""An item as its line of the file with, where it was abolished, what did it; or a value of a profile."""
Content = Mapping[str, Row]
"""Rows by code of the item or key of the value."""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: ``rows`` are all that its region has of its own from ``in_force_from`` on.

    ``name`` is the profile's; the catalogue has none ("").
    """

    id: str
    kind: Kind
    name: str
    region: str
    in_force_from: datetime
    published_at: datetime
    rows: Content
    reason: str
    source: Source
    published_by: str = ""

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """Of two versions of a region the later by this holds."""
        return (self.in_force_from, self.published_at, self.id)


def in_force(versions: Iterable[Version], *, region: str, at: datetime) -> Version | None:
    """The version of this very region that holds at that instant: the last that is in force; None before the first."""
    begun = [one for one in versions if one.region == region and one.in_force_from <= at]
    return max(begun, key=lambda one: one.order, default=None)


def overlays_at(versions: Sequence[Version], *, region: str, at: datetime) -> tuple[Version, ...]:
    """The versions that hold in a region at that instant, the province's first, the region's own last."""
    found = (in_force(versions, region=one.code, at=at) for one in REGIONS.chain(region))
    return tuple(one for one in found if one is not None)


def content_at(base: Content, versions: Sequence[Version], *, region: str, at: datetime) -> dict[str, Row]:
    """What holds in a region at that instant: the base under its overlays, the nearest uppermost."""
    rows = dict(base)
    for one in overlays_at(versions, region=region, at=at):
        rows |= one.rows
    return rows


def content_of(base: Content, versions: Sequence[Version], version: Version) -> dict[str, Row]:
    """What held in its region with this version, as of its first instant, by what was published until it."""
    known = [one for one in versions if (one.published_at, one.id) <= (version.published_at, version.id)]
    return content_at(base, known, region=version.region, at=version.in_force_from)


def digest_of(content: Content) -> str:
    """The hash that names a content, hex: equal rows, equal digest."""
    return sha256(canonical({code: dict(row) for code, row in content.items()})).hexdigest()


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row, old → new; None where there was or is none."""

    field: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one row."""

    code: str
    what: Literal["added", "removed", "changed"]
    cells: tuple[Cell, ...]


def diff(old: Content, new: Content) -> tuple[Change, ...]:
    """Every row that the two contents differ in, by code; fields in the order of their names."""
    return tuple(
        _change(code, old.get(code), new.get(code))
        for code in sorted({*old, *new})
        if old.get(code) is None or new.get(code) is None or dict(old[code]) != dict(new[code])
    )


def _change(code: str, old: Row | None, new: Row | None) -> Change:
    before, after = dict(old or {}), dict(new or {})
    cells = tuple(
        Cell(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )
    return Change(code, "added" if old is None else "removed" if new is None else "changed", cells)


def after(own: Content, changed: Content, released: Iterable[str]) -> dict[str, Row]:
    """A region's overlay after a version: what it had of its own, changed, without what falls through again."""
    return {code: row for code, row in {**own, **changed}.items() if code not in frozenset(released)}
