"""Readings of demands and of selections that run."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter

from commons.events import Actor
from marketplace.database import Database
from marketplace.demands.demand import Mode
from marketplace.usecases.read_demand import DemandFile, read_demand
from marketplace.usecases.read_demands import DemandQuery, StateGroup, read_demands
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_selection import read_selection
from marketplace.web.api import read_documents as documents
from marketplace.web.api import read_models as models
from marketplace.web.api.documents import problems
from marketplace.web.api.life_documents import life
from marketplace.web.api.reading import NAMED, NOT_BUSY, Code, Fen, From, Limit, Words, answered, provide_reader
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import DEMANDS, SELECTIONS
from marketplace.web.pages.asking import identifier_of
from marketplace.web.pages.demands import needs_of

MAX_DAYS = 36_500
Days = Annotated[int | None, QueryParameter(ge=1, le=MAX_DAYS, description="拟承诺工作日 / Days to be promised")]


@get(
    "/demands",
    operation_id="listDemands",
    name="listDemands",
    tags=[DEMANDS],
    summary="需求公告列表 / Published demands",
    responses=problems(*NOT_BUSY),
)
async def list_demands(
    database: NamedDependency[Database],
    *,
    q: Words = "",
    item: Code = "",
    city: Code = "",
    ceiling_min_fen: Fen = None,
    ceiling_max_fen: Fen = None,
    group: Annotated[StateGroup, QueryParameter(name="state", description="状态 / State group")] = "all",
    mode: FromQuery[Mode | None] = None,
    after: From = "",
    before: From = "",
    limit: Limit = 20,
    regional_only: FromQuery[bool] = False,
) -> Response[models.DemandListed]:
    """Collecting demands first by close, then the others, newest first."""
    query = DemandQuery(
        q.strip(), item, city, ceiling_min_fen, ceiling_max_fen, group, mode or "", regional_only, after, before
    )
    found = await read_demands(database, query, Slice(1, limit))
    return answered(
        models.DemandListed(
            now=found.now,
            limit=found.part.size,
            total=found.total,
            total_is_more=found.is_more,
            mode_counts=dict(found.mode_counts),
            next=found.next,
            previous=found.previous,
            demands=tuple(documents.summary(row) for row in found.rows),
        )
    )


@get(
    "/demands/{demand:str}",
    operation_id="readDemand",
    name="readDemand",
    tags=[DEMANDS],
    summary="一个需求 / One demand",
    responses=problems(*NAMED),
)
async def get_demand(database: NamedDependency[Database], demand: FromPath[str]) -> Response[models.DemandDocument]:
    """The demand with its frozen terms and its rounds as anybody may see them."""
    return answered(_document(await read_demand(database, identifier_of("demand", demand))))


def _document(file: DemandFile) -> models.DemandDocument:
    demand = file.demand
    halt, until = file.halt, file.choice_until
    shortlist = tuple(documents.agency_name(one, file.names) for one in file.shortlist)
    return models.DemandDocument(
        **dict(documents.summary(file.row)),
        now=file.now,
        project_code=demand.project_code,
        project_name=demand.project_name,
        description=demand.description,
        quantity=demand.quantity,
        profile=demand.profile,
        terms=dict(demand.terms),
        terms_digest=demand.terms_digest,
        needs=tuple(
            models.NeedDocument(kind=one.kind, minimum_grade=one.minimum_grade or None) for one in needs_of(file)
        ),
        recusals=tuple(
            models.RecusalDocument(agency=documents.agency_name(one.agency, file.names), reason=one.reason)
            for one in demand.recusals
        ),
        signed_up=file.signed_up,
        offers=file.offers,
        room=documents.room(file.room) if file.room else None,
        suspension=models.SuspensionDocument(since=halt.since, by=halt.by, reason=halt.reason) if halt else None,
        choice=models.ChoiceDocument(shortlist=shortlist, until=until) if shortlist else None,
        life=life(file.life, now=file.now),
        happened=documents.happened(file.happenings),
    )


@get(
    "/selections/{selection:str}",
    operation_id="readSelection",
    name="readSelection",
    tags=[SELECTIONS],
    summary="选取的当前状态 / Where a selection stands",
    description="给出操作者且其为已准入机构时，附其自己的名次、有效报价与最高可报价。/ "
    "With an admitted agency as the actor, its own rank, visible offer and bound are added.",
    dependencies={"reader": Provide(provide_reader)},
    responses=problems(401, 403, *NAMED),
    security=[{}, *SECURITY],
)
async def get_selection(
    database: NamedDependency[Database],
    selection: FromPath[str],
    reader: NamedDependency[Actor | None],
    days: Days = None,
) -> Response[models.SelectionDocument]:
    """Nothing of a sealed offer before its close, to nobody."""
    found = await read_selection(database, identifier_of("selection", selection), reader, days=days)
    demand, room = found.demand, found.room
    current = room.current if room else None
    return answered(
        models.SelectionDocument(
            now=found.now,
            id=found.id,
            demand=demand.id,
            mode=demand.mode,
            terms_digest=demand.terms_digest,
            state=demand.state,
            sign_up_closes_at=demand.sign_up_closes_at,
            closes_at=demand.closes_at,
            round_closes_at=current.closes_at if current else None,
            signed_up=found.signed_up,
            outcome=demand.outcome,
            winner=demand.winner,
            room=documents.room(room) if room else None,
            own=documents.own(found.own) if found.own else None,
        )
    )
