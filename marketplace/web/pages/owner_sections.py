"""The owner's sections of the workbench: what to begin, and where a task is done."""

from __future__ import annotations

from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.read_own_demands import read_own_demands
from marketplace.usecases.read_work_list import Task
from marketplace.web.addresses import my_contract_path, my_demand_path
from marketplace.web.pages.owner_reader import OWNERS
from marketplace.web.views.owner import StartSection
from marketplace.web.views.work import WorkSection


async def start(database: Database, caller: Caller) -> WorkSection | None:
    """开始办理, for owners and who acts for them."""
    if caller.actor.role not in OWNERS:
        return None
    own = await read_own_demands(database, caller, limit=1)
    return StartSection(own.drafts)


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
