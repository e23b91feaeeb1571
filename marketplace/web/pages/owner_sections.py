"""The owner's sections of the workbench: what to begin, and where a task is done."""

from __future__ import annotations

from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.read_bound_contracts import read_bound_contracts
from marketplace.usecases.read_own_demands import read_own_demands
from marketplace.usecases.read_work_list import Task
from marketplace.web.addresses import my_contract_path, my_demand_path
from marketplace.web.locale.reasons import reason_text
from marketplace.web.pages.owner_reader import OWNERS
from marketplace.web.views.owner import BoundRow, BoundSection, StartSection
from marketplace.web.views.work import WorkSection


async def start(database: Database, caller: Caller) -> WorkSection | None:
    """开始办理, for owners and who acts for them."""
    if caller.actor.role not in OWNERS:
        return None
    own = await read_own_demands(database, caller, limit=1)
    return StartSection(own.drafts)


async def bound(database: Database, caller: Caller) -> WorkSection | None:
    """请留意: signed contracts whose agency is restricted now; nothing where there is none."""
    if caller.actor.role not in OWNERS:
        return None
    found = await read_bound_contracts(database, caller)
    rows = tuple(
        BoundRow(one.contract, one.title, one.name, tuple(reason_text(each) for each in one.reasons))
        for one in found.rows
    )
    return BoundSection(rows) if rows else None


def owner_task_path(one: Task) -> str:
    """Where an owner does a task: on its own page of the contract or of the demand."""
    kind, _, identifier = one.subject.partition("/")
    match kind:
        case "contract":
            return my_contract_path(identifier)
        case "demand":
            return my_demand_path(identifier)
        case _:
            return one.link
