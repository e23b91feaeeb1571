"""Readings of contracts: the list with what is owed, one contract, and its archive package."""

from __future__ import annotations

from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery

from commons.events import Actor
from marketplace.contracts.cycle import State
from marketplace.database import Database
from marketplace.publication.packing import pack
from marketplace.usecases.act import Caller
from marketplace.usecases.read_contract import read_contract
from marketplace.usecases.read_contract_archive import read_contract_archive
from marketplace.usecases.read_contracts import ContractQuery, read_contracts
from marketplace.usecases.read_listing import Slice
from marketplace.web.api import contract_models as models
from marketplace.web.api.contract_documents import document, summary
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import (
    NAMED,
    NOT_BUSY,
    NOT_KEPT,
    ApiRequest,
    Code,
    Limit,
    PageNumber,
    answered,
    provide_reader,
)
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import CONTRACTS
from marketplace.web.guards import provide_caller, require_actor
from marketplace.web.pages.asking import identifier_of

ZIP = "application/zip"
READERS: list[dict[str, list[str]]] = [{}, {"developmentActor": []}]


@get(
    "/contracts",
    operation_id="listContracts",
    name="listContracts",
    tags=[CONTRACTS],
    summary="合同列表 / Contracts, latest award first",
    description="`ended=true` 只列有时限已到的 / Only those in which a clock has ended",
    dependencies={"reader": Provide(provide_reader)},
    responses=problems(401, *NOT_BUSY),
    security=READERS,
)
async def list_contracts(
    database: NamedDependency[Database],
    reader: NamedDependency[Actor | None],
    *,
    agency: Code = "",
    owner: Code = "",
    stage: FromQuery[State | Literal[""]] = "",
    ended: FromQuery[bool] = False,
    page: PageNumber = 1,
    limit: Limit = 20,
) -> Response[models.ContractsListed]:
    """Awards that stand and what became of them; each with what is owed, overdue and reminded of."""
    query = ContractQuery(agency, owner, stage, ended)
    found = await read_contracts(database, query, Slice(page, limit), reader)
    return answered(
        models.ContractsListed(
            now=found.now,
            page=found.part.page,
            limit=found.part.size,
            total=found.total,
            contracts=tuple(summary(one) for one in found.files),
        )
    )


@get(
    "/contracts/{contract:str}",
    operation_id="readContract",
    name="readContract",
    tags=[CONTRACTS],
    summary="一份合同 / One contract",
    dependencies={"reader": Provide(provide_reader)},
    responses=problems(401, *NAMED),
    security=READERS,
)
async def get_contract(
    database: NamedDependency[Database], contract: FromPath[str], reader: NamedDependency[Actor | None]
) -> Response[models.ContractDocument]:
    """What was signed, how it is kept, who owes what, what came of it; notes for whoever may have them."""
    return answered(document(await read_contract(database, identifier_of("contract", contract), reader)))


@get(
    "/contracts/{contract:str}/archive",
    operation_id="readContractArchive",
    name="readContractArchive",
    tags=[CONTRACTS],
    summary="归档包 / The archive package",
    description="`python -m marketplace check-archive` 可核验 / What the check-archive command verifies",
    guards=[require_actor],
    dependencies={"caller": Provide(provide_caller)},
    security=SECURITY,
    responses={
        200: ResponseSpec(bytes, generate_examples=False, description="归档包 / The package", media_type=ZIP),
        **problems(401, *NAMED),
    },
)
async def get_archive(
    request: ApiRequest, database: NamedDependency[Database], caller: NamedDependency[Caller], contract: FromPath[str]
) -> Response[bytes]:
    """Everything of an archived contract as one file, for its two sides, regulators of its region, and auditors."""
    found = await read_contract_archive(database, request.app.state.files, caller, identifier_of("contract", contract))
    headers = {**NOT_KEPT, "Content-Disposition": f'attachment; filename="{found.contract}.zip"'}
    return Response(pack(found.members), media_type=ZIP, headers=headers)


CONTRACT_READS: tuple[HTTPRouteHandler, ...] = (list_contracts, get_contract, get_archive)
"""All of them."""
