"""办理队列: what waits for a regulator by its legal clock, each row leading to the page of its matter; his workbench.

Source: credit.md sections 4 and 6, market.md section 4.
"""

from __future__ import annotations

from collections import Counter

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.read_queues import QueueRow, Queues, read_queues
from marketplace.usecases.read_work_list import Task
from marketplace.web.addresses import PROPOSALS, WORK, complaint_path, restrict_path, subject_path
from marketplace.web.addresses import QUEUES as QUEUES_PATH
from marketplace.web.locale.regulating_words import ACTS, QUEUE_OF, QUEUES
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.regulating import region_of, regulator_reader
from marketplace.web.signed_in import Visitor
from marketplace.web.views.regulating import QueueRowShown, QueuesView, RegulatorSection


@get(QUEUES_PATH, include_in_schema=False)
async def queues_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The queue of one kind, or of all."""
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found = await read_queues(database, visitor.caller(None))
    return made_page(request, Made(queues_view(found, query_of(request).get("kind", "")), found.now))


def queues_view(found: Queues, kind: str) -> QueuesView:
    """The queues as their page shows them; a kind that is none shows all."""
    kind = kind if kind in QUEUES else ""
    rows = [one for one in found.rows if not kind or _kind(one) == kind]
    return QueuesView(
        kind=kind,
        tabs=tabs_of(found),
        total=len(found.rows),
        overdue=sum(one.is_overdue for one in rows),
        rows=tuple(
            QueueRowShown(
                ACTS.get(one.act, one.act), one.title, path_of(one), _words(one), one.since, one.due_at, one.is_overdue
            )
            for one in rows
        ),
    )  # fmt: skip


def tabs_of(found: Queues) -> tuple[tuple[str, str, int], ...]:
    """Kinds with their names and counts."""
    counts = Counter(_kind(one) for one in found.rows)
    return tuple((kind, name, counts[kind]) for kind, name in QUEUES.items())


def _kind(one: QueueRow) -> str:
    return QUEUE_OF.get(one.act, "other")


def _words(one: QueueRow) -> str:
    if one.act == "grant_repair":
        return f"{one.words}（{one.approvals} 人已同意，须 2 人）"
    if one.act == "restrict_agency":
        return f"{one.words}（{'已陈述申辩' if one.is_stated else '尚未陈述'}）"
    return one.words


def path_of(one: QueueRow) -> str:
    """The page of the matter."""
    return matter_path(one.act, one.subject, one.agency, one.number)


def matter_path(act: str, subject: str, agency: str, number: int | None) -> str:
    """The page of a matter, by the act that ends it."""
    identifier = subject.partition("/")[2]
    path = {
        "grant_repair": subject_path(agency, "repair", identifier),
        "answer_objection": subject_path(agency, "answer", identifier),
        "restrict_agency": restrict_path(agency),
        "rule_hold": subject_path(identifier),
        "answer_filing_objection": subject_path(identifier),
        "accept_complaint": complaint_path(identifier, number or 0, "accept"),
        "decide_complaint": complaint_path(identifier, number or 0, "decide"),
        "approve_proposal": PROPOSALS,
    }
    return path.get(act, WORK)


def regulator_task_path(one: Task) -> str:
    """Where a regulator does a task of the workbench."""
    return matter_path(one.act, one.subject, one.link.removeprefix("/agencies/"), one.number)


async def regulating(database: Database, caller: Caller) -> RegulatorSection | None:
    """监管: what waits by kind, and the ways to search, restrict, inspect."""
    if caller.actor.role != "regulator":
        return None
    found = await read_queues(database, caller)
    region = region_of(caller)
    is_province = region.endswith("0000")
    return RegulatorSection(tabs_of(found), REGIONS.full_name(region), "" if is_province else f"{region[:4]}00")


QUEUE_PAGES: tuple[HTTPRouteHandler, ...] = (queues_page,)
"""办理队列."""
