"""Readings of coverage, of what it saved, and of projects on their clocks."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from commons.regions import REGIONS
from marketplace.catalogue.coverage import Coverage
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_coverage import read_coverage, read_coverages, read_savings
from marketplace.usecases.read_timeline import read_timeline
from marketplace.web.api import catalogue_models as models
from marketplace.web.api import read_documents as documents
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, NOT_BUSY, ApiRequest, Code, Limit, answered
from marketplace.web.api.reads_catalogue import value_document
from marketplace.web.api.tags import DEMANDS
from marketplace.web.pages.asking import identifier_of

Day = Annotated[date | None, QueryParameter(description="北京日期 / A Beijing day")]
SAVED_ZH = "业主放弃编制、改用区域评估的需求：同类中选价中位数之和；发布至中选天数与服务期限中位数之和；无同类的不计"
SAVED_EN = (
    "Demands given up for a regional assessment: the sum of the median prices of similar awards, and of the median "
    "days from publication to award with the median service days; where nothing is similar nothing is counted"
)


@get(
    "/coverages", operation_id="listCoverages", name="listCoverages", tags=[DEMANDS],
    summary="区域评估成果 / Coverage of regional assessments", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def list_coverages(
    database: NamedDependency[Database], *, region: Code = "", item: Code = "", after: Code = "", limit: Limit = 20,
    all_of_them: FromQuery[bool] = False,
) -> Response[models.CoverageListed]:  # fmt: skip
    """Those valid today; ``region`` takes what lies in it."""
    found = await read_coverages(
        database, region=region, item=item, only_valid=not all_of_them, after=after, limit=limit
    )  # fmt: skip
    return answered(
        models.CoverageListed(
            now=found.now, coverages=tuple(_coverage(one, on=found.on) for one in found.rows), after=found.next
        )
    )


@get(
    "/coverages/{coverage:str}", operation_id="readCoverage", name="readCoverage", tags=[DEMANDS],
    summary="一项区域评估成果 / One regional assessment", responses=problems(*NAMED),
)  # fmt: skip
async def get_coverage(
    database: NamedDependency[Database], coverage: FromPath[str]
) -> Response[models.CoverageDocument]:
    """With its area, its access standard and its negative list."""
    found, on = await read_coverage(database, identifier_of("coverage", coverage))
    return answered(_coverage(found, on=on))


@get(
    "/coverage-savings", operation_id="readCoverageSavings", name="readCoverageSavings", tags=[DEMANDS],
    summary="区域评估节省的费用与时间 / What regional assessments saved", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def get_savings(
    database: NamedDependency[Database], *, first: Day = None, until: Day = None, region: Code = ""
) -> Response[models.SavingsDocument]:
    """From ``first`` (a year before) to before ``until`` (tomorrow), with sample and definition."""
    found = await read_savings(database, first=first, until=until, region=region)
    saved = found.savings
    return answered(
        models.SavingsDocument(
            now=found.now, first=found.first, until=found.until, demands=saved.demands, fee_fen=saved.fee_fen,
            with_fee=saved.with_fee, days=saved.days, with_days=saved.with_days, definition_zh=SAVED_ZH,
            definition_en=SAVED_EN,
        )
    )  # fmt: skip


@get(
    "/projects/{project_code:str}/timeline", operation_id="readTimeline", name="readTimeline", tags=[DEMANDS],
    summary="项目时间轴 / A project on its clock", responses=problems(*NAMED),
)  # fmt: skip
async def get_timeline(
    request: ApiRequest, database: NamedDependency[Database], project_code: FromPath[str]
) -> Response[models.TimelineDocument]:
    """The clock, the stages with their days, and every demand that was published for the project."""
    settings: Settings = request.app.state.settings
    found = await read_timeline(database, project_code, profile=settings.profile)
    line = found.timeline
    return answered(
        models.TimelineDocument(
            now=found.now, on=found.on, project_code=found.project_code, project_name=found.project_name,
            region=found.region, is_standard_land=line.is_standard_land, is_pledged=line.is_pledged,
            clock=value_document(line.clock), days_used=line.days_used, days_left=line.days_left, due_on=line.due_on,
            is_over=line.is_over,
            stages=tuple(
                models.StageDocument(
                    begins=one.begins, ends=one.ends, began_on=one.began_on, ended_on=one.ended_on,
                    days_used=one.days_used, demands=tuple(each.demand for each in one.demands),
                )
                for one in line.stages
            ),
            demands=tuple(
                models.BoughtDocument(
                    demand=one.demand, title=one.title, items=one.items, is_joint=one.is_joint, state=one.state,
                    posted_on=one.posted_on, published_on=one.published_on, decided_on=one.decided_on,
                )
                for one in found.demands
            ),
        )
    )  # fmt: skip


def _coverage(one: Coverage, *, on: date) -> models.CoverageDocument:
    ended = one.ended
    return models.CoverageDocument(
        coverage=one.id, region=one.region, region_name=REGIONS.full_name(one.region), zone=one.zone, items=one.items,
        result=one.result, access_standard=one.access_standard, negative_list=one.negative_list,
        document=documents.source(one.document), valid_from=one.valid_from, valid_to=one.valid_to,
        is_valid=one.is_valid(on), is_example=one.is_example, rings=() if one.area is None else one.area.rings,
        supersedes=one.supersedes, end=None if ended is None else ended.kind,
        end_reason=None if ended is None else ended.reason, ended_at=None if ended is None else ended.at,
        successor=None if ended is None else ended.successor,
    )  # fmt: skip


COVERAGE_READS: tuple[HTTPRouteHandler, ...] = (list_coverages, get_coverage, get_savings, get_timeline)
"""None needs an actor."""
