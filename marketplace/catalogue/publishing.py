"""What may stand in a new version: faults of its rows, all of them, and the overlay that it makes of its region.

Invariants: a value keeps the kind of unit that the shipped profile gives it, so that no clock becomes a count; only
keys that the rules read are taken; an item is abolished by a named document, from a day that the version covers; a
version that changes nothing is none. Source: market.md section 3, docs/adr/0024.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commons.errors import Fault
from commons.money import MAX_FEN
from commons.profiles import ProfileValue
from marketplace.catalogue.cleaning import AbolishedItem
from marketplace.catalogue.in_force import abolition, profile_base, value_row
from marketplace.catalogue.items import load_catalogue, row_faults
from marketplace.catalogue.modes import is_mode_key
from marketplace.catalogue.versions import Content, Row

LENGTHS: frozenset[str] = frozenset({"days", "minutes", "seconds"})
"""Units of a fixed length."""
CLOCKS: frozenset[str] = LENGTHS | {"workdays"}
BOUNDS: Mapping[str, tuple[int, int]] = {
    "workdays": (0, 3_650), "days": (0, 36_500), "minutes": (0, 525_600), "seconds": (0, 31_536_000),
    "bidders": (1, 1_000), "rounds": (1, 20), "minute_of_day": (0, 1_440), "yes_no": (0, 1), "fen": (0, MAX_FEN),
}  # fmt: skip
"""What a value may be, both ends included, by its unit."""


@dataclass(frozen=True, slots=True)
class Made:
    """The changed rows of a version as read; complete only without faults."""

    rows: Mapping[str, Row]
    faults: tuple[Fault, ...]


def made_profile(name: str, values: Sequence[ProfileValue], released: Sequence[str], *, own: Content) -> Made:
    """The changed values of a profile's version over what the region has of its ``own``; ``NotFound`` for the name."""
    base = profile_base(name)
    faults: list[Fault] = []
    for place, one in enumerate(values):
        faults += _value_faults(f"/values/{place}", one, base)
    faults += _twice([one.key for one in values], "/values", "key")
    faults += _released(released, own, [one.key for one in values])
    rows: dict[str, Row] = {one.key: value_row(one) for one in values}
    return Made(rows, tuple(faults or _nothing("/values", rows, released, own)))


def _value_faults(pointer: str, one: ProfileValue, base: Content) -> Iterator[Fault]:
    known = base.get(one.key)
    if known is None and not is_mode_key(one.key):
        yield Fault(f"{pointer}/key", "unknown_key", f"{one.key!r} is no value of this profile")
        return
    unit = "yes_no" if known is None else str(known["unit"])
    allowed = CLOCKS if unit == "workdays" else LENGTHS if unit in LENGTHS else {unit}
    if one.unit not in allowed:
        yield Fault(f"{pointer}/unit", "unit_differs", f"a value in {', '.join(sorted(allowed))} is asked for")
        return
    low, high = BOUNDS[one.unit]
    if not low <= one.value <= high:
        yield Fault(f"{pointer}/value", "out_of_range", f"{low} to {high} {one.unit}")


def made_catalogue(
    items: Sequence[Mapping[str, str]], gone: Sequence[AbolishedItem], released: Sequence[str], *, now: Content,
    own: Content, first: date,
) -> Made:  # fmt: skip
    """The changed items of a catalogue's version: lines as in the shipped file, and what is abolished.

    ``now`` is what holds in the region before it, ``own`` what the region has of its own; ``first`` is its first day.
    """
    kinds = {kind.kind: kind for kind in load_catalogue().kinds}
    faults: list[Fault] = []
    rows: dict[str, Row] = {}
    for place, line in enumerate(items):
        wrong = row_faults(place, line, kinds, used=False)
        faults += [Fault(f"/items{one.pointer}", one.code, one.detail) for one in wrong]
        if not wrong:
            rows[line["code"]] = dict(line)
    for place, one in enumerate(gone):
        pointer = f"/abolished/{place}"
        row = rows.get(one.code) or now.get(one.code)
        if row is None:
            faults.append(Fault(f"{pointer}/code", "unknown_item", f"{one.code!r} is not in the catalogue"))
            continue
        if one.valid_to < first:
            faults.append(Fault(f"{pointer}/valid_to", "before_version", f"the version begins on {first}"))
        rows[one.code] = {**row, **abolition(one)}
    faults += _twice([line["code"] for line in items], "/items", "code")
    faults += _twice([one.code for one in gone], "/abolished", "code")
    faults += _released(released, own, rows)
    return Made(rows, tuple(faults or _nothing("/items", rows, released, own)))


def _twice(codes: Sequence[str], pointer: str, field: str) -> Iterator[Fault]:
    for place, code in enumerate(codes):
        if code in codes[:place]:
            yield Fault(f"{pointer}/{place}/{field}", "not_unique", f"{code!r} stands in the list already")


def _released(released: Sequence[str], own: Content, changed: Iterable[str]) -> Iterator[Fault]:
    """What falls through again must be the region's own, and not be set in the same breath."""
    new = frozenset(changed)
    for place, code in enumerate(released):
        if code not in own:
            yield Fault(f"/released/{place}", "not_overlaid", f"the region has no {code!r} of its own")
        if code in new or code in released[:place]:
            yield Fault(f"/released/{place}", "not_unique", f"{code!r} stands in this version already")


def _nothing(pointer: str, rows: Mapping[str, Row], released: Sequence[str], own: Content) -> Iterator[Fault]:
    if not released and all(dict(own.get(code, {})) == dict(row) for code, row in rows.items()):
        yield Fault(pointer, "changes_nothing", "a version changes at least one row")
