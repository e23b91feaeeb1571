"""The addresses of exported lists: ``….xlsx`` beside each list, under the same filters, on the site and in the API."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Literal
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, QueryParameter

from commons.instants import beijing_date
from credit.joint import ListName
from marketplace.attachments.attachment import MEDIA_TYPES
from marketplace.database import Database
from marketplace.demands.demand import Mode
from marketplace.settings import Settings
from marketplace.sheets.listing import Listing, write_listing
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_awards import AwardQuery, read_awards
from marketplace.usecases.read_credit_lists import read_credit_list
from marketplace.usecases.read_demands import DemandQuery, StateGroup, read_demands
from marketplace.usecases.read_exports import Whole
from marketplace.usecases.read_restrictions import RestrictionQuery, read_restrictions
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, NOT_BUSY, Code, Fen, Words
from marketplace.web.api.reads_agencies import Grade, Kind
from marketplace.web.api.tags import FILES
from marketplace.web.exports.lists import (
    agencies_listing,
    awards_listing,
    credit_listing,
    demands_listing,
    list_title,
    restrictions_listing,
)
from marketplace.web.filters import (
    read_agency_filter,
    read_award_filter,
    read_demand_filter,
    read_restriction_filter,
)
from marketplace.web.pages.asking import PageRequest, query_of

XLSX = MEDIA_TYPES["xlsx"]
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="exports")
"""Files that are written at the same time."""
Layer = Literal["statutory", "market"]


async def answer_sheet(listing: Listing) -> Response[bytes]:
    """The list as a download."""
    made = await asyncio.get_running_loop().run_in_executor(_THREADS, write_listing, listing)
    return as_download(made, f"{listing.title}-{beijing_date(listing.at):%Y%m%d}.xlsx", XLSX)


def as_download(made: bytes, name: str, kind: str) -> Response[bytes]:
    """A file that is saved under its name and kept by no cache."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(made, media_type=kind, headers=headers)


def _given(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The filters of the address, as the head says them."""
    return {key: value for key, value in query_of(request).items() if value}


@get("/demands.xlsx", include_in_schema=False)
async def demands_page(request: PageRequest, database: NamedDependency[Database]) -> Response[bytes]:
    """The list of demands under the filters of the address."""
    chosen = read_demand_filter(query_of(request))
    query = DemandQuery(
        chosen.q, chosen.item, chosen.city, chosen.ceiling_min_fen, chosen.ceiling_max_fen, chosen.state,
        chosen.mode or "", chosen.regional_only,
    )  # fmt: skip
    return await answer_sheet(demands_listing(await read_demands(database, query, Whole()), _given(request)))


@get("/awards.xlsx", include_in_schema=False)
async def awards_page(request: PageRequest, database: NamedDependency[Database]) -> Response[bytes]:
    """The list of results."""
    chosen = read_award_filter(query_of(request))
    query = AwardQuery(chosen.q, chosen.item, chosen.city, chosen.outcome, chosen.mode or "")
    return await answer_sheet(awards_listing(await read_awards(database, query, Whole()), _given(request)))


@get("/agencies.xlsx", include_in_schema=False)
async def agencies_page(request: PageRequest, database: NamedDependency[Database]) -> Response[bytes]:
    """The list of agencies."""
    chosen = read_agency_filter(query_of(request))
    query = AgencyQuery(
        q=chosen.q, item=chosen.item, qualification=chosen.qualification, city=chosen.city,
        restricted_only=chosen.restricted_only, free_only=chosen.free_only, grade=chosen.grade,
        offering=chosen.offering,
    )  # fmt: skip
    return await answer_sheet(agencies_listing(await read_agencies(database, query, Whole()), _given(request)))


@get("/restrictions.xlsx", include_in_schema=False)
async def restrictions_page(request: PageRequest, database: NamedDependency[Database]) -> Response[bytes]:
    """The list of restrictions in force."""
    chosen = read_restriction_filter(query_of(request))
    query = RestrictionQuery(chosen.q, chosen.layer or "", chosen.city)
    return await answer_sheet(restrictions_listing(await read_restrictions(database, query, Whole()), _given(request)))


@get("/credit-lists/{name:str}/entries.xlsx", include_in_schema=False)
async def credit_list_page(
    request: PageRequest, database: NamedDependency[Database], name: FromPath[str]
) -> Response[bytes]:
    """One of the lists of credit."""
    return await _credit_list(request, database, name)


async def _credit_list(request: PageRequest, database: Database, name: str) -> Response[bytes]:
    list_title(name)
    settings: Settings = request.app.state.settings
    known: Any = name
    found = await read_credit_list(database, known, Whole(), profile=settings.profile)
    return await answer_sheet(credit_listing(found, _given(request)))


def _told(*statuses: int) -> dict[int, ResponseSpec]:
    file = ResponseSpec(bytes, generate_examples=False, description="Excel", media_type=XLSX)
    return {200: file, **problems(*statuses)}


@get(
    "/demands.xlsx", operation_id="exportDemands", name="exportDemands", tags=[FILES],
    summary="导出需求（Excel） / Demands as a sheet", responses=_told(*NOT_BUSY),
)  # fmt: skip
async def export_demands(
    request: PageRequest,
    database: NamedDependency[Database],
    *,
    q: Words = "",
    item: Code = "",
    city: Code = "",
    ceiling_min_fen: Fen = None,
    ceiling_max_fen: Fen = None,
    group: Annotated[StateGroup, QueryParameter(name="state", description="状态 / State group")] = "all",
    mode: FromQuery[Mode | None] = None,
    regional_only: FromQuery[bool] = False,
) -> Response[bytes]:
    """Under the filters of ``listDemands``; at most 5,000 rows, and the file says when there are more."""
    query = DemandQuery(q.strip(), item, city, ceiling_min_fen, ceiling_max_fen, group, mode or "", regional_only)
    return await answer_sheet(demands_listing(await read_demands(database, query, Whole()), _given(request)))


@get(
    "/awards.xlsx", operation_id="exportAwards", name="exportAwards", tags=[FILES],
    summary="导出选取结果（Excel） / Results as a sheet", responses=_told(*NOT_BUSY),
)  # fmt: skip
async def export_awards(
    request: PageRequest,
    database: NamedDependency[Database],
    *,
    q: Words = "",
    item: Code = "",
    city: Code = "",
    outcome: FromQuery[Literal["all", "award", "unsuccessful"]] = "all",
    mode: FromQuery[Mode | None] = None,
    winner: Code = "",
) -> Response[bytes]:
    """Under the filters of ``listAwards``."""
    query = AwardQuery(q.strip(), item, city, outcome, mode or "", winner)
    return await answer_sheet(awards_listing(await read_awards(database, query, Whole()), _given(request)))


@get(
    "/agencies.xlsx", operation_id="exportAgencies", name="exportAgencies", tags=[FILES],
    summary="导出机构（Excel） / Agencies as a sheet", responses=_told(*NOT_BUSY),
)  # fmt: skip
async def export_agencies(
    request: PageRequest,
    database: NamedDependency[Database],
    *,
    q: Words = "",
    item: Code = "",
    offering: Code = "",
    qualification: Kind = "",
    grade: Grade = "",
    city: Code = "",
    restricted_only: FromQuery[bool] = False,
    free_only: FromQuery[bool] = False,
) -> Response[bytes]:
    """Under the filters of ``listAgencies``."""
    query = AgencyQuery(
        q=q.strip(), item=item, qualification=qualification, city=city, restricted_only=restricted_only,
        free_only=free_only, grade=grade, offering=offering,
    )  # fmt: skip
    return await answer_sheet(agencies_listing(await read_agencies(database, query, Whole()), _given(request)))


@get(
    "/restrictions.xlsx", operation_id="exportRestrictions", name="exportRestrictions", tags=[FILES],
    summary="导出信用限制（Excel） / Restrictions as a sheet", responses=_told(*NOT_BUSY),
)  # fmt: skip
async def export_restrictions(
    request: PageRequest,
    database: NamedDependency[Database],
    *,
    q: Words = "",
    layer: FromQuery[Layer | None] = None,
    city: Code = "",
) -> Response[bytes]:
    """Under the filters of ``listRestrictions``."""
    query = RestrictionQuery(q.strip(), layer or "", city)
    return await answer_sheet(restrictions_listing(await read_restrictions(database, query, Whole()), _given(request)))


@get(
    "/credit-lists/{name:str}/entries.xlsx", operation_id="exportCreditList", name="exportCreditList", tags=[FILES],
    summary="导出红黑名单（Excel） / A list of credit as a sheet", responses=_told(*NAMED),
)  # fmt: skip
async def export_credit_list(
    request: PageRequest, database: NamedDependency[Database], name: FromPath[ListName]
) -> Response[bytes]:
    """``debarment``, ``public_record`` or ``commendation``."""
    return await _credit_list(request, database, name)


EXPORT_PAGES: tuple[HTTPRouteHandler, ...] = (
    demands_page,
    awards_page,
    agencies_page,
    restrictions_page,
    credit_list_page,
)
"""On the site."""
EXPORT_READS: tuple[HTTPRouteHandler, ...] = (
    export_demands,
    export_awards,
    export_agencies,
    export_restrictions,
    export_credit_list,
)
"""In the API."""
