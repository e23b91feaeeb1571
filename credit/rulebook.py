"""Credit rulebooks: what a fact costs or brings, as versioned data with its source (credit.md section 2).

Two shapes: a score that starts somewhere and moves with each fact (``generic-v1``), and points that accumulate within a
cycle until something follows (``eia-2019``, the national scored scheme of environmental-assessment preparers).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

from commons.errors import NotFound
from commons.sources import Source, TextSeen
from credit.facts import Severity

RuleClass = Literal["start", "breach", "serious_breach", "merit"]
ThresholdKind = Literal["grade", "new", "cycle", "warning", "restricted"]


@dataclass(frozen=True, slots=True)
class CreditRule:
    """One row: points in hundredths, how many calendar months it counts, the most it may count in them.

    A fact that has a quantity costs ``step_points`` more for each further ``step_workdays`` that have started, at most
    ``fact_cap`` in all; ``severity`` is its class for publication and repair (None: nothing to repair).
    """

    code: str
    words: str
    points: int
    rule_class: RuleClass
    valid_months: int | None
    cap: int | None
    source: Source
    step_workdays: int | None = None
    step_points: int = 0
    fact_cap: int | None = None
    severity: Severity | None = None

    def points_of(self, quantity: int) -> int:
        """What one fact of that many working days counts, in hundredths, before the cap of its cycle."""
        if not self.step_workdays or quantity <= self.step_workdays:
            return self.points
        further = -((self.step_workdays - quantity) // self.step_workdays)  # started ones count whole
        points = self.points + further * self.step_points
        return points if self.fact_cap is None else max(-self.fact_cap, min(self.fact_cap, points))


@dataclass(frozen=True, slots=True)
class Threshold:
    """What begins at a value: a grade or a measure in hundredths, or how many accepted jobs end being new."""

    kind: ThresholdKind
    code: str
    words: str
    value: int
    months: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A named version of the rules; ``start`` is what an agency without facts has, in hundredths.

    ``is_accumulating``: there is no start, points add up within a cycle.
    """

    name: str
    start: int
    rules: Mapping[str, CreditRule]
    thresholds: tuple[Threshold, ...] = ()
    is_accumulating: bool = False

    @property
    def grades(self) -> tuple[Threshold, ...]:
        """The grades, best first; each from its value on, up to where the one before begins."""
        return tuple(sorted((one for one in self.thresholds if one.kind == "grade"), key=lambda one: -one.value))

    def threshold(self, kind: ThresholdKind) -> Threshold:
        """The one threshold of a kind; a rulebook without it is a bug of the data (``KeyError``)."""
        found = {one.kind: one for one in self.thresholds}
        return found[kind]

    def grade_of(self, value: int) -> str | None:
        """The grade (信用等级) of a score in hundredths; None where the rulebook has no grades."""
        return next((one.code for one in self.grades if value >= one.value), None)


def parse_rulebooks(text: str, thresholds: str = "") -> Mapping[str, Rulebook]:
    """CSV texts → rulebooks by name; a malformed row is a bug of the data and raises. Later columns may be absent."""
    books: dict[str, dict[str, CreditRule]] = {}
    for row in csv.DictReader(text.splitlines()):
        books.setdefault(row["rulebook"], {})[row["code"]] = _rule(row)
    marks: dict[str, list[Threshold]] = {}
    for row in csv.DictReader(thresholds.splitlines()):
        marks.setdefault(row["rulebook"], []).append(_threshold(row))
    return {
        name: Rulebook(
            name,
            rules["start"].points if "start" in rules else 0,
            {code: rule for code, rule in rules.items() if code != "start"},
            tuple(marks.get(name, ())),
            is_accumulating="start" not in rules,
        )
        for name, rules in books.items()
    }


def _rule(row: Mapping[str, str]) -> CreditRule:
    return CreditRule(
        code=row["code"],
        words=row["words"],
        points=int(row["points"]),
        rule_class=cast("RuleClass", row["class"]),
        valid_months=_number(row["valid_months"]),
        cap=_number(row["cap"]),
        source=Source(row["source"], cast("TextSeen", row["text_seen"]), row.get("place") or row["code"]),
        step_workdays=_number(row.get("step_workdays")),
        step_points=_number(row.get("step_points")) or 0,
        fact_cap=_number(row.get("fact_cap")),
        severity=cast("Severity | None", row.get("severity") or None),
    )


def _threshold(row: Mapping[str, str]) -> Threshold:
    return Threshold(
        kind=cast("ThresholdKind", row["kind"]),
        code=row["code"],
        words=row["words"],
        value=int(row["value"]),
        months=_number(row["months"]),
        source=Source(row["source"], cast("TextSeen", row["text_seen"]), row["place"] or row["code"]),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


@cache
def _shipped() -> Mapping[str, Rulebook]:
    folder = resources.files("credit") / "data"
    rules, thresholds = (folder / "rulebooks.csv").read_text("utf-8"), (folder / "thresholds.csv").read_text("utf-8")
    return parse_rulebooks(rules, thresholds)


def rulebook(name: str) -> Rulebook:
    """The shipped rulebook of that name; ``NotFound`` otherwise."""
    try:
        return _shipped()[name]
    except KeyError:
        raise NotFound("rulebook", name) from None
