"""An agencies workbook → agencies to be filed, with qualifications, past jobs and shelf offers, or every fault.

Invariants: all or nothing; each certificate, job count and shelf offer belongs to an agency of the same file; the
last day written is still valid (half-open inside: the day after). Whether an agency is let in is the rules' matter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from agencies.filing import AgencyKind
from agencies.qualifications import Qualification
from agencies.shelf import MAX_CAPACITY, MAX_DAYS
from commons.instants import start_of_day
from marketplace.catalogue.items import Catalogue, QualificationKind, load_catalogue
from marketplace.seed.plans import AgencyPlan, Experience, ShelfPlan
from marketplace.sheets import cells
from marketplace.sheets.answers import Loaded, Rejected, SheetFault
from marketplace.sheets.columns import AGENCIES, AGENCY_BOOK, AGENCY_KINDS, EXPERIENCE, SHELF
from marketplace.sheets.table import Answer, Row, Table, read_tables
from marketplace.sheets.workbook import Cell

MAX_NAME = 100
MAX_SHORT = 60
MAX_COUNT = 9_999

_ONE_DAY = timedelta(days=1)
_FOR_LONG = "长期"


def read_agencies(data: bytes, *, on: date, catalogue: Catalogue | None = None) -> Loaded[AgencyPlan] | Rejected:
    """The bytes of a filled template → agencies in the order of the sheet; regions must be in force on the day."""
    tables = read_tables(data, AGENCY_BOOK)
    if isinstance(tables, SheetFault):
        return Rejected((tables,))
    known = catalogue or load_catalogue()
    agencies, held, done, offered = (tables[form.name] for form in AGENCY_BOOK)
    book = _Book(agencies, on)
    for row in held.rows:
        book.add_qualification(row, known)
    for row in done.rows:
        book.add_experience(row, known)
    for row in offered.rows:
        book.add_shelf_offer(row, known)
    faults = tuple(fault for form in AGENCY_BOOK for fault in tables[form.name].all_faults())
    if faults:
        return Rejected(faults)
    return Loaded(
        rows=tuple(book.plans.values()),
        ignored=tuple(one for form in AGENCY_BOOK for one in tables[form.name].ignored),
        examples_skipped=sum(tables[form.name].examples_skipped for form in AGENCY_BOOK),
    )


class _Book:
    """The agencies read so far by code; the further sheets add to them."""

    def __init__(self, agencies: Table, on: date) -> None:
        self.plans: dict[str, AgencyPlan] = {}
        self._rows: dict[str, int] = {}
        self._said: set[tuple[str, ...]] = set()
        for row in agencies.rows:
            self._add_agency(row, on)

    def _add_agency(self, row: Row, on: date) -> None:
        code = row.required("uscc", cells.uscc)
        name = row.required("name", cells.text(MAX_NAME))
        kind: Answer[AgencyKind] = row.required("kind", cells.choice(AGENCY_KINDS))
        region = row.required("region", cells.registered_in(on))
        representative = row.required("legal_representative", cells.text(MAX_SHORT))
        contact = row.required("contact", cells.text(MAX_SHORT))
        phone = row.required("phone", cells.phone)
        if code.found is not None:
            first = self._rows.setdefault(code.found, row.number)
            if first != row.number:
                row.wrong("uscc", f"与第 {first} 行重复", "twice")
        if not row.faults:
            self.plans[code.value] = AgencyPlan(
                code.value, name.value, kind.value, region.value, representative.value, contact.value, phone.value
            )

    def add_qualification(self, row: Row, catalogue: Catalogue) -> None:
        """One certificate; its grade must be one of its kind's."""
        code = self._agency(row)
        kind = row.required("kind", cells.choice({kind.kind: kind for kind in catalogue.kinds}))
        grade = row.optional("grade", cells.text(MAX_SHORT))
        number = row.required("number", cells.text(MAX_SHORT))
        issuer = row.required("issuer", cells.text(MAX_NAME))
        first = row.required("valid_from", cells.day)
        last = row.required("valid_to", _day_or_long)
        _check_order(row, first, last)
        if kind.found is not None and not row.has_fault("grade"):
            _check_grade(row, kind.found, grade.found)
        if number.found is not None and kind.found is not None:
            self._once(row, "number", code.found, kind.found.kind, number.found)
        if plan := self._plan(row, code):
            held = Qualification(
                kind.value.kind, grade.found, number.value, issuer.value, first.value, _until(last.value)
            )
            self.plans[code.value] = replace(plan, qualifications=(*plan.qualifications, held))

    def add_experience(self, row: Row, catalogue: Catalogue) -> None:
        """How many jobs of an item; an item is named once."""
        code = self._agency(row)
        item = row.required("item", cells.service_item(catalogue))
        count = row.required("count", cells.integer(0, MAX_COUNT))
        if item.found is not None:
            self._once(row, "item", code.found, EXPERIENCE.name, item.found.code)
        if plan := self._plan(row, code):
            done = Experience(item.value.code, count.value)
            self.plans[code.value] = replace(plan, experience=(*plan.experience, done))

    def add_shelf_offer(self, row: Row, catalogue: Catalogue) -> None:
        """One shelf offer; an item is offered once."""
        code = self._agency(row)
        item = row.required("item", cells.service_item(catalogue))
        unit = row.required("unit", cells.text(MAX_SHORT))
        unit_price = row.required("unit_price", cells.fen(least=1))
        minimum_fee = row.required("minimum_fee", cells.fen(least=0))
        days = row.required("days", cells.integer(1, MAX_DAYS))
        capacity = row.required("capacity", cells.integer(1, MAX_CAPACITY))
        first = row.required("valid_from", cells.day)
        last = row.required("valid_to", cells.day)
        _check_order(row, first, last)
        if item.found is not None:
            self._once(row, "item", code.found, SHELF.name, item.found.code)
        if plan := self._plan(row, code):
            offer = ShelfPlan(
                item=item.value.code,
                unit=unit.value,
                unit_price_fen=unit_price.value,
                minimum_fee_fen=minimum_fee.value,
                days=days.value,
                capacity=capacity.value,
                taken=0,
                valid_from=start_of_day(first.value),
                valid_until=start_of_day(last.value + _ONE_DAY),
            )
            self.plans[code.value] = replace(plan, shelf=(*plan.shelf, offer))

    def _agency(self, row: Row) -> Answer[str]:
        """The code of the agency a further row belongs to; it must stand on the first sheet."""
        code = row.required("uscc", cells.uscc)
        if code.found is not None and code.found not in self._rows:
            row.wrong("uscc", f"「{AGENCIES.name}」表里没有这个代码")
        return code

    def _plan(self, row: Row, code: Answer[str]) -> AgencyPlan | None:
        """The agency to add to; None when this row or the agency's own has faults."""
        return None if row.faults else self.plans.get(code.value)

    def _once(self, row: Row, key: str, code: str | None, *said: str) -> None:
        """Note a row that says of an agency what another row has said already."""
        if code is None:
            return
        if (code, *said) in self._said:
            row.wrong(key, "同一机构的这一内容前面已有一行")
        self._said.add((code, *said))


def _day_or_long(cell: Cell) -> date | cells.Wrong:
    """A last day; the word for no end gives the last day there is."""
    return date.max if cells.written(cell) == _FOR_LONG else cells.day(cell)


def _until(last: date) -> date | None:
    """The day after the last one; None when there is no end."""
    return None if last == date.max else last + _ONE_DAY


def _check_order(row: Row, first: Answer[date], last: Answer[date]) -> None:
    """A validity ends no earlier than it begins."""
    if first.found is not None and last.found is not None and last.found < first.found:
        row.wrong("valid_to", "早于起始日期")


def _check_grade(row: Row, kind: QualificationKind, grade: str | None) -> None:
    """A kind with grades needs one of them, a kind without has none."""
    if not kind.grades_best_first and grade is not None:
        row.wrong("grade", f"{kind.kind}不分等级，请留空")
    elif kind.grades_best_first and grade not in kind.grades_best_first:
        row.wrong("grade", f"{kind.kind}的等级应为：{'、'.join(kind.grades_best_first)}")
