"""A sheet → what it would load, or every wrong cell: where it stands, a stable code, words.

Invariants: reading runs in threads of its own, at most two at a time; a sheet with one wrong cell loads nothing; what
only the market knows (already on file, an item cleaned up) is said of the row, after all cells are right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import ValidationError

from commons.instants import beijing_date
from commons.verdicts import Reason
from marketplace.seed.plans import AgencyPlan, DemandDraft
from marketplace.seed.resolving import resolve_demand
from marketplace.sheets.agencies import read_agencies
from marketplace.sheets.answers import Loaded, Rejected, SheetFault
from marketplace.sheets.columns import AGENCIES, DEMANDS, EXPERIENCE, SHELF
from marketplace.sheets.demands import read_demands
from marketplace.usecases.add_qualification import AddQualification
from marketplace.usecases.file_agency import FileAgency
from marketplace.usecases.import_agencies import ImportAgencies
from marketplace.usecases.import_demands import ImportDemands
from marketplace.usecases.post_demand import PostDemand
from marketplace.web.locale.reasons import reason_text

C = TypeVar("C", ImportAgencies, ImportDemands)
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="imports")


@dataclass(frozen=True, slots=True)
class Checked(Generic[C]):
    """A sheet as read: what it would load (None with a fault), its faults, and what is said besides.

    ``places`` say which fault a row of the command would be: its sheet, and the row's number or a name.
    """

    digest: str
    command: C | None
    rows: int
    faults: tuple[SheetFault, ...]
    remarks: tuple[str, ...]
    places: tuple[tuple[str, int | None, str], ...] = ()

    def refused(self, rows: Sequence[tuple[int, tuple[str, Reason | str]]]) -> tuple[SheetFault, ...]:
        """What the rules say against rows of the command, as faults of the sheet."""
        found = []
        for place, (code, said) in rows:
            sheet, row, column = self.places[place]
            words = reason_text(said) if isinstance(said, Reason) else said
            found.append(SheetFault(sheet, row, column, words, code))
        return tuple(found)


async def check_agencies(body: bytes, *, at: datetime) -> Checked[ImportAgencies]:
    """A sheet of agencies, as of the day of ``at``."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _agencies, body, at)


async def check_demands(body: bytes, *, at: datetime) -> Checked[ImportDemands]:
    """A sheet of demands; its working days count from ``at``."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _demands, body, at)


def _agencies(body: bytes, at: datetime) -> Checked[ImportAgencies]:
    digest = sha256(body).hexdigest()
    found = read_agencies(body, on=beijing_date(at))
    if isinstance(found, Rejected):
        return Checked(digest, None, 0, found.faults, ())
    faults = list(_not_loaded(found.rows))
    filings: list[FileAgency] = []
    papers: list[AddQualification] = []
    places: list[tuple[str, int | None, str]] = []
    held: list[tuple[str, int | None, str]] = []
    for plan in found.rows:
        try:
            filings.append(_filing(plan))
            papers.extend(_papers(plan))
        except ValidationError as error:
            faults.append(SheetFault(AGENCIES.name, None, plan.name, _first(error)))
        places.append((AGENCIES.name, None, plan.name))
        held.extend((AGENCIES.name, None, f"{plan.name} {one.number}") for one in plan.qualifications)
    command = None if faults else ImportAgencies(sha256=digest, agencies=filings, qualifications=papers)
    return Checked(digest, command, len(found.rows), tuple(faults), _remarks(found), (*places, *held))


def _not_loaded(plans: Sequence[AgencyPlan]) -> Sequence[SheetFault]:
    """What an operator cannot load for an agency: binding prices are the agency's own act."""
    words = "上架报价由机构自己提交，批量备案不收：请清空这一行"
    return [
        SheetFault(SHELF.name, None, f"{plan.name} {one.item}", words, "not_importable")
        for plan in plans
        for one in plan.shelf
    ]


def _filing(plan: AgencyPlan) -> FileAgency:
    return FileAgency(
        uscc=plan.uscc, name=plan.name, kind=plan.kind, region=plan.region,
        legal_representative=plan.legal_representative, contact_name=plan.contact, contact_phone=plan.phone,
        commitment_signed=True, is_example=plan.name.endswith("（示例）"),
    )  # fmt: skip


def _papers(plan: AgencyPlan) -> list[AddQualification]:
    return [
        AddQualification(
            agency=plan.uscc, kind=held.kind, grade=held.grade, number=held.number, issuer=held.issuer,
            valid_from=held.valid_from, valid_until=held.valid_until,
        )
        for held in plan.qualifications
    ]  # fmt: skip


def _demands(body: bytes, at: datetime) -> Checked[ImportDemands]:
    digest = sha256(body).hexdigest()
    found = read_demands(body, on=beijing_date(at))
    if isinstance(found, Rejected):
        return Checked(digest, None, 0, found.faults, ())
    faults: list[SheetFault] = []
    demands: list[PostDemand] = []
    places: list[tuple[str, int | None, str]] = []
    for draft in found.rows:
        row = int(draft.key.removeprefix("R"))
        places.append((DEMANDS.name, row, ""))
        try:
            demands.append(_posting(draft, at))
        except ValidationError as error:
            faults.append(SheetFault(DEMANDS.name, row, "", _first(error)))
    command = None if faults else ImportDemands(sha256=digest, demands=demands)
    return Checked(digest, command, len(found.rows), tuple(faults), _remarks(found), tuple(places))


def _posting(draft: DemandDraft, at: datetime) -> PostDemand:
    plan = resolve_demand(draft, at=at)
    return PostDemand(
        owner_code=draft.owner_uscc, owner_name=draft.owner_name, buyer_class=draft.buyer_class,
        project_code=draft.project_code, project_name=draft.project_name, region=draft.region, place=draft.place,
        item=draft.item, further_items=list(draft.further_items), title=draft.title, description=draft.description,
        quantity=draft.quantity, terms=dict(plan.terms), sign_up_closes_at=plan.sign_up_closes_at,
        closes_at=plan.closes_at, recusals=[], is_example=draft.project_name.endswith("（示例）"),
    )  # fmt: skip


def _remarks(found: Loaded[AgencyPlan] | Loaded[DemandDraft]) -> tuple[str, ...]:
    said = [f"跳过 {found.examples_skipped} 行标为“示例”的行"] if found.examples_skipped else []
    said += [f"「{one.sheet}」中不认识的列「{one.column}」没有读取" for one in found.ignored]
    if any(isinstance(row, AgencyPlan) and row.experience for row in found.rows):
        said.append(f"「{EXPERIENCE.name}」没有读取：业绩随每次报价申报")
    return tuple(said)


def _first(error: ValidationError) -> str:
    """The first thing a command says of a value."""
    one = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'/'.join(str(part) for part in one['loc'])}：{one['msg']}"
