"""Readings of results: the list, everything a result was made of, and the case alone."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery

from marketplace.database import Database
from marketplace.demands.demand import Mode
from marketplace.usecases.read_award import AwardFile, explanation, read_award, read_case
from marketplace.usecases.read_awards import AwardQuery, read_awards
from marketplace.usecases.read_listing import Slice
from marketplace.web.api import read_documents as documents
from marketplace.web.api import read_models as models
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, NOT_BUSY, Code, From, Limit, Words, answered
from marketplace.web.api.tags import SELECTIONS
from marketplace.web.pages.asking import identifier_of


@get(
    "/awards",
    operation_id="listAwards",
    name="listAwards",
    tags=[SELECTIONS],
    summary="选取结果列表 / Results, newest first",
    responses=problems(*NOT_BUSY),
)
async def list_awards(
    database: NamedDependency[Database],
    *,
    q: Words = "",
    item: Code = "",
    city: Code = "",
    outcome: FromQuery[Literal["all", "award", "unsuccessful"]] = "all",
    mode: FromQuery[Mode | None] = None,
    winner: Code = "",
    after: From = "",
    before: From = "",
    limit: Limit = 20,
) -> Response[models.AwardListed]:
    """Awards and selections without success."""
    query = AwardQuery(q.strip(), item, city, outcome, mode or "", winner, after, before)
    found = await read_awards(database, query, Slice(1, limit))
    return answered(
        models.AwardListed(
            now=found.now,
            limit=found.part.size,
            total=found.total,
            total_is_more=found.is_more,
            mode_counts=dict(found.mode_counts),
            next=found.next,
            previous=found.previous,
            awards=tuple(documents.summary(row) for row in found.rows),
        )
    )


@get(
    "/awards/{demand:str}",
    operation_id="readAward",
    name="readAward",
    tags=[SELECTIONS],
    summary="一个选取结果 / One result",
    responses=problems(*NAMED),
)
async def get_award(database: NamedDependency[Database], demand: FromPath[str]) -> Response[models.AwardDocument]:
    """The case, the decision, how every cell was computed, who was refused before and why."""
    file = await read_award(database, identifier_of("award", demand))
    ruling = file.ruling
    return answered(
        models.AwardDocument(
            now=file.now,
            demand=documents.summary(file.row),
            as_of=ruling.as_of,
            case_digest=file.case_digest,
            case=dict(ruling.case),
            decision=dict(ruling.decision),
            explanation=explanation(ruling),
            draw=_draw(dict(ruling.case)),
            picked=_picked(file),
            splits=tuple(
                models.SplitDocument(
                    agency=documents.agency_name(bidder, file.names),
                    parts=tuple(models.SplitPartDocument(item=part.item, fen=part.fen) for part in parts),
                )
                for bidder, parts in file.splits.items()
            ),
            participants=tuple(documents.agency_name(uscc, file.names) for uscc in sorted(file.names)),
            turned=tuple(
                models.TurnedDocument(
                    agency=documents.agency_name(one.agency, file.names),
                    reasons=tuple(documents.reason(each) for each in one.reasons),
                )
                for one in file.turned
            ),
            silent=file.silent,
            happened=documents.happened(file.happenings),
            events=file.events,
        )
    )


def _picked(file: AwardFile) -> models.PickedDocument | None:
    one = file.picked
    if one is None:
        return None
    agency = documents.agency_name(one.bidder, file.names)
    return models.PickedDocument(agency=agency, at=one.at, ground=one.ground, reason=one.reason)


def _draw(case: dict[str, Any]) -> models.DrawDocument | None:
    drawn = case.get("draw")
    return models.DrawDocument(salt=drawn["salt"], ikm=drawn["ikm"]) if drawn else None


@get(
    "/awards/{demand:str}/case",
    operation_id="readCase",
    name="readCase",
    tags=[SELECTIONS],
    summary="案卷 / The case file",
    description="`python -m marketplace decide` 可直接读取 / What the decide command reads",
    responses={
        200: ResponseSpec(models.CaseDocument, generate_examples=False, description="案卷 / The case file"),
        **problems(*NAMED),
    },
)
async def get_case(database: NamedDependency[Database], demand: FromPath[str]) -> Response[bytes]:
    """The same bytes as the page's case file."""
    found = await read_case(database, identifier_of("award", demand))
    headers = {"ETag": f'"{found.digest}"', "Cache-Control": "no-cache"}
    return Response(found.body, media_type="application/json", headers=headers)
