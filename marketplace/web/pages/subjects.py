"""信用查询: agencies by name, code, place and restriction, with score and grade; exported as a sheet."""

from __future__ import annotations

from datetime import UTC, datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.sheets.listing import ListColumn, Listing
from marketplace.usecases.read_agencies import AgencyQuery
from marketplace.usecases.read_exports import Whole
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_subjects import Subject, SubjectPage, read_subjects
from marketplace.web import formatting
from marketplace.web.addresses import RESTRICT, SUBJECTS
from marketplace.web.exports.serving import answer_sheet
from marketplace.web.filters import read_agency_filter
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, query_of, turned_of
from marketplace.web.pages.naming import city_options
from marketplace.web.pages.regulating import regulator_reader
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agencies import AgencyFilter
from marketplace.web.views.parts import Turning
from marketplace.web.views.regulating import SubjectRow, SubjectsView


def _asked(chosen: AgencyFilter, after: str = "", before: str = "") -> AgencyQuery:
    return AgencyQuery(q=chosen.q, city=chosen.city, restricted_only=chosen.restricted_only, after=after, before=before)


@get([SUBJECTS, RESTRICT], include_in_schema=False)
async def subjects_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The search; on the way to 失信限制登记 the same search leads there."""
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    chosen, after, before = turned_of(query_of(request), read_agency_filter)
    found = await read_subjects(database, visitor.caller(None), _asked(chosen, after, before), Slice(1, PAGE_ROWS))
    view = subjects_view(chosen, found, to_restrict=request.scope["path"] == RESTRICT)
    return made_page(request, Made(view, found.page.now, any(one.agency.is_example for one in found.rows)))


def subjects_view(chosen: AgencyFilter, found: SubjectPage, *, to_restrict: bool) -> SubjectsView:
    """The search as its page shows it."""
    page = found.page
    pairs = (("q", chosen.q), ("city", chosen.city), ("restricted", "1" if chosen.restricted_only else ""))
    return SubjectsView(
        title="失信限制登记" if to_restrict else "信用查询",
        path=RESTRICT if to_restrict else SUBJECTS,
        q=chosen.q,
        city=chosen.city,
        restricted=chosen.restricted_only,
        cities=city_options(page.now),
        rows=tuple(_row(one) for one in found.rows),
        turning=Turning(
            page.first, len(page.rows), page.total, page.previous or "", page.next or "", is_more=page.is_more
        ),
        pairs=tuple((key, value) for key, value in pairs if value),
        to_restrict=to_restrict,
    )


def _row(one: Subject) -> SubjectRow:
    return SubjectRow(
        one.agency.uscc, one.agency.name, REGIONS.full_name(one.agency.region), one.score.value, one.score.grade or "",
        len(one.score.lines), len(one.agency.restrictions),
    )  # fmt: skip


@get(f"{SUBJECTS}.xlsx", include_in_schema=False)
async def subjects_sheet(request: PageRequest, database: NamedDependency[Database]) -> Response[str] | Response[bytes]:
    """The search as a sheet, under the filters of the address."""
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    chosen = read_agency_filter(query_of(request))
    found = await read_subjects(database, visitor.caller(None), _asked(chosen), Whole())
    return await answer_sheet(subjects_listing(chosen, found, made_at=datetime.now(UTC)))


def subjects_listing(chosen: AgencyFilter, found: SubjectPage, *, made_at: datetime) -> Listing:
    """信用查询 as a list."""
    columns = (
        ListColumn("信用代码", 20), ListColumn("机构", 34), ListColumn("注册地", 18), ListColumn("备案日", 12),
        ListColumn("信用分", 10), ListColumn("等级", 8), ListColumn("计分的事实", 12), ListColumn("生效中的限制", 14),
        ListColumn("限制至", 19), ListColumn("限制的依据", 44), ListColumn("中选（宗）", 10),
    )  # fmt: skip
    rows = (
        (
            one.agency.uscc, one.agency.name, REGIONS.full_name(one.agency.region), beijing_date(one.agency.filed_at),
            formatting.points(one.score.value), one.score.grade or "新入驻", len(one.score.lines),
            len(one.agency.restrictions),
            (one.agency.restricted_until or "修复为止") if one.agency.restrictions else None,
            "；".join(each.basis for each in one.agency.restrictions), one.agency.awards,
        )
        for one in found.rows
    )  # fmt: skip
    filters = "、".join(
        filter(None, (
            f"关键词 {chosen.q}" if chosen.q else "",
            REGIONS.full_name(chosen.city) if chosen.city else "",
            "只看受限的" if chosen.restricted_only else "",
        ))
    )  # fmt: skip
    said = (
        f"条件：{filters or '无'}",
        f"共 {found.page.total} 家{'以上' if found.page.is_more else ''}，本表 {len(found.rows)} 家",
        f"数据时间：{formatting.instant(found.page.now)}（北京时间），导出时间：{formatting.instant(made_at)}",
    )
    return Listing("信用查询", said, columns, rows, found.page.now)


SUBJECT_PAGES: tuple[HTTPRouteHandler, ...] = (subjects_page, subjects_sheet)
"""信用查询."""
