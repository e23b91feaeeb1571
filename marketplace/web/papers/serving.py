"""The addresses of papers, on the site and in the API alike: PDF, by name, with the hash of its bytes as its tag."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from marketplace.database import Database
from marketplace.papers.document import Paper
from marketplace.papers.setting import pdf_of
from marketplace.settings import Settings
from marketplace.usecases.read_agency import read_agency
from marketplace.usecases.read_archive import read_archive
from marketplace.usecases.read_award import read_award
from marketplace.usecases.read_demand import read_demand
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED
from marketplace.web.api.tags import FILES
from marketplace.web.pages.agencies import agency_view
from marketplace.web.pages.asking import identifier_of
from marketplace.web.pages.awards import award_view
from marketplace.web.pages.demands import demand_view
from marketplace.web.papers.archive_index import archive_index
from marketplace.web.papers.award_notice import award_notice
from marketplace.web.papers.common import public_url
from marketplace.web.papers.contract_template import contract_template
from marketplace.web.papers.credit_report import credit_report
from marketplace.web.papers.demand_notice import demand_notice

PDF = "application/pdf"
AnyRequest = Request[Any, Any, Any]


def _base(request: AnyRequest) -> str:
    settings: Settings = request.app.state.settings
    return public_url(settings)


async def _demand_notice(
    request: AnyRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[bytes]:
    """The notice of a demand as it was published."""
    file = await read_demand(database, identifier_of("demand", demand))
    paper = demand_notice(demand_view(file), base=_base(request), is_example=file.demand.is_example)
    return await _answer(request, paper, f"需求公告-{demand}")


async def _award_notice(
    request: AnyRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[bytes]:
    """The notice of a result."""
    file = await read_award(database, identifier_of("award", demand))
    paper = award_notice(award_view(file), base=_base(request), is_example=file.demand.is_example)
    return await _answer(request, paper, f"中选公告-{demand}")


async def _contract_template(
    request: AnyRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[bytes]:
    """A contract for the award, our own words, its blanks filled as far as the selection decided."""
    file = await read_award(database, identifier_of("award", demand))
    paper = contract_template(
        award_view(file), owner_code=file.demand.owner_code, base=_base(request), is_example=file.demand.is_example
    )
    return await _answer(request, paper, f"合同示范文本-{demand}")


async def _archive_index(
    request: AnyRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[bytes]:
    """The index of what is to be filed."""
    file = await read_award(database, identifier_of("award", demand))
    archive = await read_archive(database, demand)
    paper = archive_index(archive, award_view(file), base=_base(request), is_example=file.demand.is_example)
    return await _answer(request, paper, f"归档目录-{demand}")


async def _credit_report(
    request: AnyRequest, database: NamedDependency[Database], agency: FromPath[str]
) -> Response[bytes]:
    """The credit of an agency, as of this minute."""
    settings: Settings = request.app.state.settings
    file = await read_agency(database, identifier_of("agency", agency), profile=settings.profile)
    paper = credit_report(agency_view(file), base=_base(request), at=file.now, is_example=file.is_example)
    return await _answer(request, paper, f"信用报告-{agency}")


async def _answer(request: AnyRequest, paper: Paper, name: str) -> Response[bytes]:
    """The paper; 304 to whoever has these very bytes."""
    made = await pdf_of(paper)
    tag = f'"{sha256(made).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}.pdf",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers, media_type=PDF)
    return Response(made, media_type=PDF, headers=headers)


_PAPERS = (
    ("/demands/{demand:str}/notice.pdf", "readDemandNotice", "需求公告（PDF） / A demand's notice", _demand_notice),
    ("/awards/{demand:str}/notice.pdf", "readAwardNotice", "中选公告（PDF） / A result's notice", _award_notice),
    (
        "/awards/{demand:str}/contract-template.pdf",
        "readContractTemplate",
        "合同示范文本（PDF） / A contract's template",
        _contract_template,
    ),
    (
        "/awards/{demand:str}/archive-index.pdf",
        "readArchiveIndex",
        "归档目录（PDF） / Index of files",
        _archive_index,
    ),
    (
        "/agencies/{agency:str}/credit-report.pdf",
        "readCreditReport",
        "信用报告（PDF） / An agency's credit report",
        _credit_report,
    ),
)

PAPER_PAGES: tuple[HTTPRouteHandler, ...] = tuple(
    get(path, include_in_schema=False, name=f"page-{operation}")(read) for path, operation, _, read in _PAPERS
)
"""On the site."""
PAPER_READS: tuple[HTTPRouteHandler, ...] = tuple(
    get(
        path,
        operation_id=operation,
        name=operation,
        tags=[FILES],
        summary=summary,
        responses={
            200: ResponseSpec(bytes, generate_examples=False, description="PDF", media_type=PDF),
            **problems(*NAMED),
        },
    )(read)
    for path, operation, summary, read in _PAPERS
)
"""In the API, at the same places below its own."""
