"""Readings of credit: lists, joint measures, changes, previews, inspections."""

from __future__ import annotations

import json
from importlib import resources
from typing import Annotated, Any, cast

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from commons.events import Actor
from commons.regions import REGIONS
from credit.joint import JOINT_TABLE, ListName, joint_measures
from credit.restrictions import Measure
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.draw_inspection import drawn_visit
from marketplace.usecases.inspections import Inspection, targets_left
from marketplace.usecases.preview_restriction import RestrictionPreview, preview_restriction
from marketplace.usecases.read_changes import MOST, read_changes, read_receipts
from marketplace.usecases.read_credit_lists import read_credit_list
from marketplace.usecases.read_inspection import read_inspection, read_inspection_plan
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_published_facts import MOST as MOST_FACTS
from marketplace.usecases.read_published_facts import read_published_facts
from marketplace.usecases.tell_changes import fact_now
from marketplace.web.api import credit_models as models
from marketplace.web.api import read_documents as documents
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
from marketplace.web.api.tags import CREDIT
from marketplace.web.pages.asking import identifier_of

Place = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="此前的最后一处 / The last place seen")]
Most = Annotated[int, QueryParameter(ge=1, le=MOST, description="最多条数 / At most so many")]
Looked = Annotated[int, QueryParameter(ge=1, le=MOST_FACTS, description="每页查看条数 / Looked at a page")]
Items = Annotated[list[str] | None, QueryParameter(max_length=50, description="限于这些事项 / Of these items only")]
Measures = Annotated[
    list[Measure] | None, QueryParameter(max_length=6, description="限于这些行为 / Of these acts only")
]


@get(
    "/credit-lists/{name:str}", operation_id="readCreditList", name="readCreditList", tags=[CREDIT],
    summary="红黑名单与公示信息 / Debarment, public record and commendation", responses=problems(*NAMED),
)  # fmt: skip
async def get_credit_list(
    request: ApiRequest, database: NamedDependency[Database], name: FromPath[ListName], *,
    page: PageNumber = 1, limit: Limit = 20,
) -> Response[models.CreditListDocument]:  # fmt: skip
    """``debarment``, ``public_record`` or ``commendation``, the latest entry first."""
    settings: Settings = request.app.state.settings
    found = await read_credit_list(database, name, Slice(page, limit), profile=settings.profile)
    return answered(
        models.CreditListDocument(
            now=found.now, name=found.list_name, page=found.part.page, limit=found.part.size, total=found.total,
            entries=tuple(documents.list_entry(one, found.names) for one in found.rows),
        )
    )  # fmt: skip


@get(
    "/credit-facts", operation_id="listPublishedFacts", name="listPublishedFacts", tags=[CREDIT],
    summary="公示中的信用信息 / Every credit fact that is published now", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def list_published_facts(
    request: ApiRequest, database: NamedDependency[Database], *, after: Code = "", limit: Looked = MOST_FACTS
) -> Response[models.PublishedFactsListed]:
    """For whoever keeps a copy; changes since are told by ``listCreditChanges``."""
    settings: Settings = request.app.state.settings
    found = await read_published_facts(database, after=after, limit=limit, profile=settings.profile)
    rows = tuple(
        models.PublishedFactDocument(
            list_name=one.entry.list_name, until=one.entry.until, repairable_from=one.entry.repairable_from,
            matter=cast("Any", fact_now(one.state)),
        )
        for one in found.rows
    )  # fmt: skip
    return answered(models.PublishedFactsListed(now=found.now, facts=rows, next=found.next))


@get(
    "/joint-measures", operation_id="listJointMeasures", name="listJointMeasures", tags=[CREDIT],
    summary="联合惩戒与激励措施 / The table of joint measures", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def list_joint_measures() -> Response[models.JointMeasuresListed]:
    """Which department does what about whom, and who is told."""
    rows = tuple(
        models.JointMeasureDocument(
            department=one.department, list_name=one.list_name, kind=one.kind, measure=one.measure, words=one.words,
            receiver=one.receiver, source=documents.source(one.source),
        )
        for one in joint_measures()
    )  # fmt: skip
    return answered(models.JointMeasuresListed(version=JOINT_TABLE, measures=rows))


@get(
    "/credit-imports/schema", operation_id="readImportSchema", name="readImportSchema", tags=[CREDIT],
    summary="行政决定数据格式 / The schema of a line of an authority's file", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def get_import_schema() -> Response[dict[str, Any]]:
    """JSON Schema 2020-12 of one line."""
    text = (resources.files("credit") / "data" / "import.schema.json").read_text("utf-8")
    return Response(cast("dict[str, Any]", json.loads(text)), headers=NOT_KEPT)


@get(
    "/credit-changes", operation_id="listCreditChanges", name="listCreditChanges", tags=[CREDIT],
    summary="信用变动 / Changes of credit, in order", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def list_changes(
    request: ApiRequest, database: NamedDependency[Database], *, after: Place = 0, limit: Most = MOST
) -> Response[models.ChangesListed]:
    """For whoever fetches by itself; of what is on no list now only what, when and how it ended."""
    settings: Settings = request.app.state.settings
    found = await read_changes(database, after=after, limit=limit, profile=settings.profile)
    changes = tuple(
        models.ChangeDocument(
            place=one.place, event=cast("Any", one.note.payload["event"]), digest=str(one.note.payload["digest"]),
            matter=cast("Any", one.note.payload["now"]), noted_at=one.noted_at,
        )
        for one in found
    )  # fmt: skip
    return answered(models.ChangesListed(after=after, changes=changes))


@get(
    "/credit-receipts/{about:str}", operation_id="listCreditReceipts", name="listCreditReceipts", tags=[CREDIT],
    summary="谁收到了什么 / Who received what of a fact or restriction",
    dependencies={"reader": Provide(provide_reader)}, responses=problems(401, 403, *NAMED),
    security=[{}, *SECURITY],
)  # fmt: skip
async def list_receipts(
    database: NamedDependency[Database], about: FromPath[str], reader: NamedDependency[Actor | None]
) -> Response[models.ReceiptsListed]:
    """For regulators, operators and auditors."""
    identifier = identifier_of("credit_matter", about)
    found = await read_receipts(database, reader, identifier)
    receipts = tuple(
        models.ReceiptDocument(
            receiver=one.receiver, event=one.event, type=one.type, attempts=one.attempts, status=one.status,
            delivered_at=one.delivered_at,
        )
        for one in found
    )  # fmt: skip
    return answered(models.ReceiptsListed(about=identifier, receipts=receipts))


@get(
    "/agencies/{agency:str}/restriction-preview", operation_id="previewRestriction", name="previewRestriction",
    tags=[CREDIT], summary="限制预览 / What a restriction would make impossible",
    dependencies={"reader": Provide(provide_reader)}, responses=problems(401, 403, *NAMED),
    security=[{}, *SECURITY],
)  # fmt: skip
async def preview(
    database: NamedDependency[Database], agency: FromPath[str], reader: NamedDependency[Actor | None], *,
    measures: Measures = None, items: Items = None,
) -> Response[models.RestrictionPreviewDocument]:  # fmt: skip
    """For regulators, before they decide; it changes nothing."""
    identifier = identifier_of("agency", agency)
    found = await preview_restriction(database, reader, identifier, measures=measures or (), items=items or ())
    return answered(_preview(found))


def _preview(found: RestrictionPreview) -> models.RestrictionPreviewDocument:
    return models.RestrictionPreviewDocument(
        now=found.now, agency=found.agency, impossible=found.impossible, already_barred=found.already_barred,
        items=found.items, shelf=tuple(documents.shelf_offer(one) for one in found.shelf),
        matters=tuple(
            models.MatterDocument(
                selection=one.selection, demand=one.demand, title=one.title, city=one.city,
                city_name=REGIONS.full_name(one.city), item=one.item, further_items=one.further_items, mode=one.mode,
                state=one.state, is_proposed=one.is_proposed,
            )
            for one in found.matters
        ),
        closed_demands=tuple(
            models.ClosedDemandsDocument(
                city=one.city, city_name=REGIONS.full_name(one.city), item=one.item, count=one.count
            )
            for one in found.closed
        ),
    )  # fmt: skip


@get(
    "/inspection-plans/{plan:str}", operation_id="readInspectionPlan", name="readInspectionPlan", tags=[CREDIT],
    summary="年度抽查计划 / A year's plan of inspections", responses=problems(*NAMED),
)  # fmt: skip
async def get_inspection_plan(
    database: NamedDependency[Database], plan: FromPath[str]
) -> Response[models.InspectionPlanDocument]:
    """What was planned, and what has been drawn of it."""
    found, opened = await read_inspection_plan(database, identifier_of("inspection_plan", plan))
    return answered(
        models.InspectionPlanDocument(
            id=found.id, year=found.year, region=found.region, region_name=REGIONS.full_name(found.region),
            departments=found.departments, targets=found.targets, basis=found.basis, planned_at=found.planned_at,
            targets_left=targets_left(found, opened),
            inspections=tuple(one.id for one in opened),
        )
    )  # fmt: skip


@get(
    "/inspections/{inspection:str}", operation_id="readInspection", name="readInspection", tags=[CREDIT],
    summary="双随机抽查 / An inspection: announced, drawn, found", responses=problems(*NAMED),
)  # fmt: skip
async def get_inspection(
    database: NamedDependency[Database], inspection: FromPath[str]
) -> Response[models.InspectionDocument]:
    """Everything that anybody needs to repeat the draw; the operator's part from the draw on."""
    return answered(_inspection(await read_inspection(database, identifier_of("inspection", inspection))))


def _inspection(one: Inspection) -> models.InspectionDocument:
    inputs = one.inputs or {}
    return models.InspectionDocument(
        id=one.id, plan=one.plan, announced_at=one.announced_at, departments=one.call.departments,
        targets=one.call.targets, each=one.call.each,
        candidates=tuple(
            models.CandidateDocument(agency=agency, tickets=tickets) for agency, tickets in one.call.candidates
        ),
        inspectors=tuple(
            models.InspectorDocument(id=each.id, department=each.department, related=each.related)
            for each in one.call.inspectors
        ),
        commitments=dict(one.commitments), preimage_sha256=one.preimage_sha256, drawn_at=one.drawn_at,
        salt=cast("str | None", inputs.get("salt")), ikm=cast("str | None", inputs.get("ikm")),
        visits=tuple(drawn_visit(each) for each in one.visits), is_repeatable=one.is_repeatable,
        findings=tuple(
            models.FindingDocument(
                agency=each.agency, code=each.code, fact=each.fact, basis=each.basis, found_at=each.found_at
            )
            for each in one.findings
        ),
        voided=None if one.voided is None else models.VoidingDocument(
            reason=one.voided.reason, approvers=one.voided.approvers, voided_at=one.voided.voided_at
        ),
    )  # fmt: skip


CREDIT_READS: tuple[HTTPRouteHandler, ...] = (
    get_credit_list,
    list_published_facts,
    list_joint_measures,
    get_import_schema,
    list_changes,
    list_receipts,
    preview,
    get_inspection_plan,
    get_inspection,
)
"""None writes."""
