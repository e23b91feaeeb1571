"""The service items that can be bought, and what an item asks of an agency's qualifications.

Invariants: codes are unique; an item that asks for a grade asks for a kind, and that kind knows the grade; every item
says where it comes from and how far the text was read. Source: data/README.md, market.md section 3.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import StringIO
from typing import Literal, TypeGuard, get_args

from commons.errors import Fault, Malformed
from commons.sources import Source, TextSeen

ItemClass = Literal["mandatory", "optional", "commissioned"]
FeeMode = Literal["government", "guided", "market"]

_YES = {"yes": True, "no": False}
_BY_APPLICANT = {"self": True, "no": False}


@dataclass(frozen=True, slots=True)
class QualificationKind:
    """A kind of qualification (资质) and its grades (等级), best first; no grades: held or not held."""

    kind: str
    grades_best_first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """A service item (中介服务事项); ``minimum_grade`` None with a kind: any grade of it will do."""

    code: str
    name: str
    item_class: ItemClass
    approval_item: str
    department: str
    legal_basis: str
    qualification_kind: str | None
    minimum_grade: str | None
    applicant_may_do_it: bool
    result_form: str
    regional_assessment: bool
    fee_mode: FeeMode
    source: Source


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All items in the order of their codes, and all kinds in the order of their list."""

    items: tuple[ServiceItem, ...]
    kinds: tuple[QualificationKind, ...]

    def item(self, code: str) -> ServiceItem | None:
        """The item of this code, None when there is none."""
        return next((item for item in self.items if item.code == code), None)

    def kind(self, name: str) -> QualificationKind | None:
        """The kind of this name, None when there is none."""
        return next((kind for kind in self.kinds if kind.kind == name), None)


def covers(held_grade: str | None, required_grade: str | None, grades_best_first: tuple[str, ...]) -> bool:
    """Whether a held grade is enough: a better one covers a lesser one; ungraded kinds are held without any grade."""
    if not grades_best_first:
        return not held_grade and not required_grade
    if held_grade not in grades_best_first:
        return False
    if not required_grade:
        return True
    if required_grade not in grades_best_first:
        return False
    return grades_best_first.index(held_grade) <= grades_best_first.index(required_grade)


def parse_kinds(text: str) -> tuple[QualificationKind, ...]:
    """CSV ``kind,grades_best_first`` → kinds in file order; refuses (``Malformed``) a kind or grade named twice."""
    kinds: list[QualificationKind] = []
    faults: list[Fault] = []
    for number, row in enumerate(csv.DictReader(StringIO(text))):
        grades = tuple(row["grades_best_first"].split("|")) if row["grades_best_first"] else ()
        if not row["kind"] or row["kind"] in {kind.kind for kind in kinds}:
            faults.append(Fault(f"/{number}/kind", "not_unique", f"kind {row['kind']!r} is empty or stands twice"))
        if len(set(grades)) != len(grades) or "" in grades:
            faults.append(Fault(f"/{number}/grades_best_first", "not_unique", "a grade is empty or stands twice"))
        kinds.append(QualificationKind(row["kind"], grades))
    if faults:
        raise Malformed(tuple(faults))
    return tuple(kinds)


def parse_items(text: str, kinds: tuple[QualificationKind, ...]) -> tuple[ServiceItem, ...]:
    """CSV of service items → items by code; refuses (``Malformed``) unknown words, kinds, grades; codes used twice."""
    known = {kind.kind: kind for kind in kinds}
    items: dict[str, ServiceItem] = {}
    faults: list[Fault] = []
    for number, row in enumerate(csv.DictReader(StringIO(text))):
        wrong = row_faults(number, row, known, used=row["code"] in items)
        faults += wrong
        if not wrong:
            items[row["code"]] = item_of(row)
    if faults:
        raise Malformed(tuple(faults))
    return tuple(items[code] for code in sorted(items))


def row_faults(
    number: int, row: Mapping[str, str], kinds: Mapping[str, QualificationKind], *, used: bool
) -> list[Fault]:
    """Everything wrong with one row of the file; its place in the list begins each pointer."""
    words = (
        ("class", get_args(ItemClass)),
        ("fee_mode", get_args(FeeMode)),
        ("text_seen", get_args(TextSeen)),
        ("regional_assessment", tuple(_YES)),
        ("alternative_allowed", tuple(_BY_APPLICANT)),
        ("qualification_kind", ("", *kinds)),
    )
    faults = [
        Fault(f"/{number}/{column}", "not_a_choice", f"{row[column]!r} is none of {', '.join(choices)}")
        for column, choices in words
        if row[column] not in choices
    ]
    if used or not row["code"]:
        faults.append(Fault(f"/{number}/code", "not_unique", f"code {row['code']!r} is empty or stands twice"))
    kind, grade = kinds.get(row["qualification_kind"]), row["minimum_grade"]
    if grade and (kind is None or grade not in kind.grades_best_first):
        faults.append(Fault(f"/{number}/minimum_grade", "not_a_grade", f"{grade!r} is no grade of the kind"))
    return faults


def item_of(row: Mapping[str, str]) -> ServiceItem:
    """A row that has no faults → item."""
    item_class, fee_mode, text_seen = row["class"], row["fee_mode"], row["text_seen"]
    assert _is_item_class(item_class)
    assert _is_fee_mode(fee_mode)
    assert _is_text_seen(text_seen)
    return ServiceItem(
        code=row["code"],
        name=row["name"],
        item_class=item_class,
        approval_item=row["approval_item"],
        department=row["department"],
        legal_basis=row["legal_basis"],
        qualification_kind=row["qualification_kind"] or None,
        minimum_grade=row["minimum_grade"] or None,
        applicant_may_do_it=_BY_APPLICANT[row["alternative_allowed"]],
        result_form=row["result_form"],
        regional_assessment=_YES[row["regional_assessment"]],
        fee_mode=fee_mode,
        source=Source(title=row["source"], text_seen=text_seen, place=row["legal_basis"]),
    )


def row_of(item: ServiceItem) -> dict[str, str]:
    """The item as a row of the file again."""
    return {
        "code": item.code,
        "name": item.name,
        "class": item.item_class,
        "approval_item": item.approval_item,
        "department": item.department,
        "legal_basis": item.legal_basis,
        "qualification_kind": item.qualification_kind or "",
        "minimum_grade": item.minimum_grade or "",
        "alternative_allowed": "self" if item.applicant_may_do_it else "no",
        "result_form": item.result_form,
        "regional_assessment": "yes" if item.regional_assessment else "no",
        "fee_mode": item.fee_mode,
        "source": item.source.title,
        "text_seen": item.source.text_seen,
    }


def _is_item_class(word: str) -> TypeGuard[ItemClass]:
    """Narrow a word to the closed list."""
    return word in get_args(ItemClass)


def _is_fee_mode(word: str) -> TypeGuard[FeeMode]:
    """Narrow a word to the closed list."""
    return word in get_args(FeeMode)


def _is_text_seen(word: str) -> TypeGuard[TextSeen]:
    """Narrow a word to the closed list."""
    return word in get_args(TextSeen)


@cache
def load_catalogue() -> Catalogue:
    """The shipped catalogue (data/README.md); the same object each time."""
    folder = resources.files("marketplace.catalogue").joinpath("data")
    kinds = parse_kinds(folder.joinpath("qualification_kinds.csv").read_text(encoding="utf-8"))
    return Catalogue(parse_items(folder.joinpath("service_items.csv").read_text(encoding="utf-8"), kinds), kinds)
