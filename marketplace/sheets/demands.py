"""A demands workbook → demands with complete terms, times still relative, or every fault.

Invariants: all or nothing; the terms are those of selection.md 10 for the mode chosen; a column that the mode does
not use must be empty, so that nobody believes in a condition that does not hold.
"""

from __future__ import annotations

from datetime import date

from marketplace.catalogue.items import Catalogue, ServiceItem, load_catalogue
from marketplace.demands.demand import MAX_ITEMS, BuyerClass, Mode
from marketplace.seed.plans import DemandDraft
from marketplace.sheets import cells
from marketplace.sheets.agencies import MAX_NAME, MAX_SHORT
from marketplace.sheets.answers import Loaded, Rejected, SheetFault
from marketplace.sheets.columns import BUYER_CLASSES, DEMAND_BOOK, DEMANDS, MODES
from marketplace.sheets.conditions import read_conditions
from marketplace.sheets.table import Answer, Row, read_tables

MAX_DESCRIPTION = 500
MAX_QUANTITY = 1_000_000


def read_demands(data: bytes, *, on: date, catalogue: Catalogue | None = None) -> Loaded[DemandDraft] | Rejected:
    """The bytes of a filled template → drafts in the order of the sheet; regions must be in force on the day."""
    tables = read_tables(data, DEMAND_BOOK)
    if isinstance(tables, SheetFault):
        return Rejected((tables,))
    table = tables[DEMANDS.name]
    known = catalogue or load_catalogue()
    drafts = tuple(_draft(row, known, on) for row in table.rows)
    _note_doubles(table.rows)
    if faults := table.all_faults():
        return Rejected(faults)
    rows = tuple(draft for draft in drafts if draft is not None)
    return Loaded(rows, tuple(table.ignored), table.examples_skipped)


def _draft(row: Row, catalogue: Catalogue, on: date) -> DemandDraft | None:
    """One row; None when it has faults."""
    project_code = row.required("project_code", cells.project_code)
    project_name = row.required("project_name", cells.text(MAX_NAME))
    owner_name = row.required("owner_name", cells.text(MAX_NAME))
    owner_uscc = row.required("owner_uscc", cells.uscc)
    region = row.required("region", cells.region(on))
    place = row.required("place", cells.text(MAX_NAME))
    item = row.required("item", cells.service_item(catalogue))
    buyer_class: Answer[BuyerClass] = row.required("buyer_class", cells.choice(BUYER_CLASSES))
    description = row.optional("description", cells.text(MAX_DESCRIPTION))
    quantity = row.required("quantity", cells.integer(1, MAX_QUANTITY))
    unit = row.required("unit", cells.text(MAX_SHORT))
    mode: Answer[Mode] = row.required("mode", cells.choice(MODES))
    further = _further_items(row, item.found, mode.found, catalogue)
    terms, schedule = read_conditions(row, mode.found, item.found, quantity.found, catalogue)
    if row.faults:
        return None
    return DemandDraft(
        key=f"R{row.number}",
        project_code=project_code.value,
        project_name=project_name.value,
        title=f"{project_name.value}{item.value.name}{f'等 {len(further) + 1} 项' if further else ''}",
        owner_name=owner_name.value,
        owner_uscc=owner_uscc.value,
        region=region.value,
        place=place.value,
        item=item.value.code,
        buyer_class=buyer_class.value,
        quantity=quantity.value,
        unit=unit.value,
        description=description.found or "",
        terms=terms,
        schedule=schedule,
        further_items=further,
    )


def _further_items(row: Row, item: ServiceItem | None, mode: Mode | None, catalogue: Catalogue) -> tuple[str, ...]:
    """The items bought together with the main one under one price; the shelf knows one item an offer."""
    found = row.optional("further_items", cells.several(cells.service_item(catalogue))).found or ()
    if mode == "instant" and not row.is_empty("further_items"):
        row.wrong("further_items", "立等可取一次只选一个事项，请留空")
    elif item in found:
        row.wrong("further_items", f"「{item.code if item else ''}」已写在“中介服务事项”里")
    elif len(found) >= MAX_ITEMS:
        row.wrong("further_items", f"最多 {MAX_ITEMS - 1} 项")
    return tuple(one.code for one in found)


def _note_doubles(rows: list[Row]) -> None:
    """The same project, item and place twice is one demand typed twice."""
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        said = tuple(str(row.cells.get(key, "")).strip() for key in ("project_code", "item", "place"))
        if first.setdefault(said, row.number) != row.number and all(said):
            row.wrong("project_code", f"同一项目、事项和地点与第 {first[said]} 行重复", "twice")
