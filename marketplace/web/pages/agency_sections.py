"""What an agency's workbench has besides its tasks: demands that fit, its sign-ups, contracts and credit."""

from __future__ import annotations

from commons.errors import NotFound
from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.read_agency import AgencyFile, read_agency
from marketplace.usecases.read_contracts import ContractQuery, read_contracts
from marketplace.usecases.read_demands import DemandQuery, read_demands
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_own_part import read_own_parts
from marketplace.usecases.read_work_list import Task
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.web.addresses import OWN_CREDIT, own_contract_path, part_path
from marketplace.web.pages.agency_contracts import contract_row
from marketplace.web.pages.agency_own import SOON
from marketplace.web.pages.agency_part import part_row
from marketplace.web.pages.naming import item_of
from marketplace.web.pages.rows import demand_row
from marketplace.web.views.agency_sections import (
    CreditChange,
    CreditSection,
    JoinSection,
    MatchingSection,
    OwnContractsSection,
    PartsSection,
)
from marketplace.web.views.demands import DemandRow
from marketplace.web.views.work import WorkSection

PROFILE = RULEBOOK
"""Whose clocks tell the history of a file, which is not shown here."""
SHOWN, SHOWN_ITEMS, SHOWN_CHANGES, ASKED = 5, 3, 3, 10


async def _file(database: Database, caller: Caller) -> AgencyFile | None:
    try:
        return await read_agency(database, caller.actor.id, profile=PROFILE)
    except NotFound:
        return None


async def matching(database: Database, caller: Caller) -> WorkSection | None:
    """可参加的需求; the way to file for an agency that is not on file yet."""
    if caller.actor.role != "agency":
        return None
    file = await _file(database, caller)
    if file is None:
        return JoinSection(caller.actor.id)
    items = tuple(one.item for one in file.items if one.stopped_at is None)[:SHOWN_ITEMS]
    found: dict[str, DemandRow] = {}
    for item in items or ("",):
        listed = await read_demands(database, DemandQuery(item=item, state="open"), Slice(1, ASKED))
        found |= {row.id: demand_row(row, now=listed.now) for row in listed.rows}
    rows = sorted(found.values(), key=lambda one: (one.closes_at is None, one.closes_at or one.published_at))
    return MatchingSection(tuple(item_of(one) for one in items), tuple(rows[:SHOWN]))


async def parts(database: Database, caller: Caller) -> WorkSection | None:
    """我的报名."""
    if caller.actor.role != "agency":
        return None
    rows = tuple(part_row(one) for one in await read_own_parts(database, caller))
    urgent = sorted(rows, key=lambda one: not one.is_urgent)
    return PartsSection(tuple(urgent[:SHOWN])) if rows else None


async def contracts(database: Database, caller: Caller) -> WorkSection | None:
    """合同."""
    if caller.actor.role != "agency":
        return None
    found = await read_contracts(database, ContractQuery(agency=caller.actor.id), Slice(1, ASKED), caller.actor)
    if not found.files:
        return None
    return OwnContractsSection(tuple(contract_row(one) for one in found.files[:SHOWN]), found.total)


async def own_credit(database: Database, caller: Caller) -> WorkSection | None:
    """信用."""
    if caller.actor.role != "agency":
        return None
    file = await _file(database, caller)
    if file is None:
        return None
    latest = sorted(file.credit.lines, key=lambda one: one.fact.effective_at, reverse=True)[:SHOWN_CHANGES]
    today = beijing_date(file.now)
    return CreditSection(
        value=file.credit.value,
        grade=file.credit.grade or "",
        changes=tuple(CreditChange(one.rule.words, one.points, one.fact.effective_at) for one in latest),
        restrictions=sum(one.is_in_force(at=file.now) for one in file.restrictions),
        expiring=tuple(
            f"{one.kind}{f' {one.grade}' if one.grade else ''}：{(one.valid_until - today).days} 日后到期"
            for one in file.qualifications
            if one.ended_at is None and one.valid_until is not None and today < one.valid_until <= today + SOON
        ),
    )


def own_task_path(one: Task) -> str:
    """Where an agency does a task: on its own page of the contract or of the demand."""
    kind, _, identifier = one.subject.partition("/")
    match kind:
        case "contract":
            return own_contract_path(identifier)
        case "demand":
            return part_path(identifier, "receipt")
        case "credit_fact":
            return OWN_CREDIT
        case _:
            return one.link
