"""Credit rulebooks: what a fact costs or brings, as versioned data with its source (credit.md section 2)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

from commons.errors import NotFound
from commons.sources import Source, TextSeen

RuleClass = Literal["start", "breach", "serious_breach", "merit"]


@dataclass(frozen=True, slots=True)
class CreditRule:
    """One row: points in hundredths, how many calendar months it counts, the most it may count in them."""

    code: str
    words: str
    points: int
    rule_class: RuleClass
    valid_months: int | None
    cap: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A named version of the rules; ``start`` is what an agency without facts has, in hundredths."""

    name: str
    start: int
    rules: Mapping[str, CreditRule]


def parse_rulebooks(text: str) -> Mapping[str, Rulebook]:
    """CSV text → rulebooks by name; a malformed row is a bug of the data and raises."""
    rows = list(csv.DictReader(text.splitlines()))
    books: dict[str, dict[str, CreditRule]] = {}
    for row in rows:
        rule = CreditRule(
            code=row["code"],
            words=row["words"],
            points=int(row["points"]),
            rule_class=cast("RuleClass", row["class"]),
            valid_months=int(row["valid_months"]) if row["valid_months"] else None,
            cap=int(row["cap"]) if row["cap"] else None,
            source=Source(row["source"], cast("TextSeen", row["text_seen"]), row["code"]),
        )
        books.setdefault(row["rulebook"], {})[rule.code] = rule
    return {
        name: Rulebook(name, rules["start"].points, {code: rule for code, rule in rules.items() if code != "start"})
        for name, rules in books.items()
    }


@cache
def _shipped() -> Mapping[str, Rulebook]:
    return parse_rulebooks((resources.files("credit") / "data" / "rulebooks.csv").read_text("utf-8"))


def rulebook(name: str) -> Rulebook:
    """The shipped rulebook of that name; ``NotFound`` otherwise."""
    try:
        return _shipped()[name]
    except KeyError:
        raise NotFound("rulebook", name) from None
