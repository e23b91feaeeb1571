"""Joint measures (联合惩戒、联合激励) as versioned data: which department does what about whom, and who is told.

Invariants: a sanction belongs to a list of breaches, an incentive to commendations; an incentive means fewer
inspections and bonus points, never immunity: no row lifts or softens a restriction. Source: credit.md section 3; each
row of data/joint_measures.csv has its own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

from commons.errors import NotFound
from commons.sources import Source, TextSeen

ListName = Literal["debarment", "public_record", "commendation"]
"""黑名单、公示信息、红名单."""
LIST_NAMES: tuple[ListName, ...] = ("debarment", "public_record", "commendation")

JOINT_TABLE = "generic-v1"
"""The version in force."""


@dataclass(frozen=True, slots=True)
class JointMeasure:
    """One row: what a department does about whoever is on the list; ``receiver`` is told of changes ("": nobody is)."""

    department: str
    list_name: ListName
    kind: Literal["sanction", "incentive"]
    measure: str
    words: str
    receiver: str
    source: Source


def parse_joint_measures(text: str) -> dict[str, tuple[JointMeasure, ...]]:
    """CSV text → rows by version, in their order; a malformed row is a bug of the data and raises."""
    found: dict[str, tuple[JointMeasure, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        name, kind = cast("ListName", row["list"]), cast("Literal['sanction', 'incentive']", row["kind"])
        assert name in LIST_NAMES, f"no list {name}"
        assert kind == ("incentive" if name == "commendation" else "sanction"), "a list's rows are of its kind"
        source = Source(row["source"], cast("TextSeen", row["text_seen"]), row["measure"])
        one = JointMeasure(row["department"], name, kind, row["measure"], row["words"], row["receiver"], source)
        found[row["version"]] = (*found.get(row["version"], ()), one)
    return found


@cache
def _shipped() -> dict[str, tuple[JointMeasure, ...]]:
    return parse_joint_measures((resources.files("credit") / "data" / "joint_measures.csv").read_text("utf-8"))


def joint_measures(version: str = JOINT_TABLE) -> tuple[JointMeasure, ...]:
    """The table of that version; ``NotFound`` otherwise."""
    try:
        return _shipped()[version]
    except KeyError:
        raise NotFound("joint_measures", version) from None


def receivers_of(name: ListName | None, version: str = JOINT_TABLE) -> tuple[str, ...]:
    """Who is told of changes of a list, in the order of their names; of what is on no list nobody is."""
    return tuple(sorted({one.receiver for one in joint_measures(version) if one.list_name == name and one.receiver}))
