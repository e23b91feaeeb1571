"""信用公示: 失信惩戒名单, 公示信息 and 守信激励名单 beside the restrictions."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import NotFound
from credit.joint import LIST_NAMES, joint_measures
from credit.lists import ListEntry
from credit.rulebook import rulebook
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_credit_lists import CreditListPage, read_credit_list
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.web.addresses import RESTRICTIONS
from marketplace.web.filters import read_page
from marketplace.web.formatting import day
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, page, paging_of, query_of
from marketplace.web.pages.naming import agency_of
from marketplace.web.views.credit_lists import CreditListRow, CreditListView, MeasureRow


@get(RESTRICTIONS + "/{name:str}", include_in_schema=False)
async def credit_list(request: PageRequest, database: NamedDependency[Database], name: FromPath[str]) -> Response[str]:
    """One of the lists, as of now."""
    known = next((one for one in LIST_NAMES if one == name), None)
    if known is None:
        raise NotFound("credit_list", name)
    settings: Settings = request.app.state.settings
    part = Slice(read_page(query_of(request)), PAGE_ROWS)
    found = await read_credit_list(database, known, part, profile=settings.profile)
    return page(request, credit_list_view(found), now=found.now, is_example=_is_invented(found))


def credit_list_view(found: CreditListPage) -> CreditListView:
    """A list as its page shows it."""
    return CreditListView(
        name=found.list_name,
        rows=tuple(_row(one, found) for one in found.rows),
        paging=paging_of(found.part, found.total),
        measures=tuple(
            MeasureRow(one.department, one.words) for one in joint_measures() if one.list_name == found.list_name
        ),
    )


def _is_invented(found: CreditListPage) -> bool:
    """Whether somebody on it bears the mark of an invented name."""
    return any("（示例）" in name for name in found.names.values())


def _row(one: ListEntry, found: CreditListPage) -> CreditListRow:
    rule = rulebook(RULEBOOK).rules.get(one.code)
    words = "失信限制" if one.kind == "restriction" else rule.words if rule is not None else one.code
    return CreditListRow(
        agency_of(one.subject, found.names), one.layer, words, one.basis, one.since, one.until,
        _way_out(one, now=found.now), one.is_disputed,
    )  # fmt: skip


def _way_out(one: ListEntry, *, now: datetime) -> str:
    """How it ends before its day, in words."""
    if one.list_name == "commendation":
        return "到期自动移出"
    if one.kind == "restriction":
        return "履行义务后申请修复，或到期解除"
    if one.repairable_from is None:
        return "到期自动移出"
    if one.repairable_from <= now:
        return "现在可以申请修复"
    return f"自 {day(one.repairable_from)} 起可以申请修复"


CREDIT_LIST_PAGES: tuple[HTTPRouteHandler, ...] = (credit_list,)
"""Public."""
