"""Readings of agencies, restrictions, the catalogue and the rule profiles."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from commons.regions import REGIONS
from marketplace.catalogue.cleaning import abolished_items
from marketplace.catalogue.items import ServiceItem, load_catalogue
from marketplace.catalogue.profiles import shipped_profiles
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_agency import AgencyFile, read_agency
from marketplace.usecases.read_eligible import read_eligible
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_restrictions import RestrictionQuery, read_restrictions
from marketplace.web.api import agency_models as models
from marketplace.web.api import read_documents as documents
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import (
    NAMED,
    NOT_BUSY,
    NOT_KEPT,
    ApiRequest,
    Code,
    From,
    Limit,
    PageNumber,
    Words,
    answered,
)
from marketplace.web.api.tags import AGENCIES, CREDIT, DEMANDS
from marketplace.web.pages.asking import identifier_of

Kind = Annotated[str, QueryParameter(max_length=60, description="资质种类 / Kind of qualification")]
Grade = Annotated[str, QueryParameter(max_length=32, description="资质等级（含更高） / A grade, or a better one")]


@get(
    "/agencies",
    operation_id="listAgencies",
    name="listAgencies",
    tags=[AGENCIES],
    summary="机构库 / Agencies on file",
    responses=problems(*NOT_BUSY),
)
async def list_agencies(
    database: NamedDependency[Database],
    *,
    q: Words = "",
    item: Code = "",
    offering: Code = "",
    qualification: Kind = "",
    grade: Grade = "",
    city: Code = "",
    after: From = "",
    before: From = "",
    limit: Limit = 20,
    restricted_only: FromQuery[bool] = False,
    free_only: FromQuery[bool] = False,
) -> Response[models.AgencyListed]:
    """By credit code; ``item`` finds who holds today what the item legally asks, ``offering`` who says it serves it."""
    query = AgencyQuery(
        q=q.strip(), item=item, qualification=qualification, city=city, restricted_only=restricted_only,
        free_only=free_only, grade=grade, offering=offering, after=after, before=before,
    )  # fmt: skip
    found = await read_agencies(database, query, Slice(1, limit))
    return answered(
        models.AgencyListed(
            now=found.now,
            limit=found.part.size,
            total=found.total,
            total_is_more=found.is_more,
            restricted_total=found.restricted_total,
            first=found.first,
            next=found.next,
            previous=found.previous,
            agencies=tuple(documents.agency(row, now=found.now) for row in found.rows),
        )
    )


@get(
    "/agencies/{agency:str}",
    operation_id="readAgency",
    name="readAgency",
    tags=[AGENCIES],
    summary="机构档案 / An agency's public file",
    responses=problems(*NAMED),
)
async def get_agency(
    request: ApiRequest, database: NamedDependency[Database], agency: FromPath[str]
) -> Response[models.AgencyDocument]:
    """Certificates, shelf, awards, restrictions, the credit score line by line, history; no persons."""
    settings: Settings = request.app.state.settings
    return answered(_document(await read_agency(database, identifier_of("agency", agency), profile=settings.profile)))


def _document(file: AgencyFile) -> models.AgencyDocument:
    return models.AgencyDocument(
        now=file.now, uscc=file.uscc, name=file.name, kind=file.kind, region=file.region,
        region_name=REGIONS.full_name(file.region), filed_at=file.filed_at, objection_until=file.objection_until,
        is_example=file.is_example, standing=file.life.standing, standing_since=file.life.since,
        items=tuple(documents.offered_item(one) for one in file.items),
        objections=tuple(documents.filing_objection(one) for one in file.objections),
        qualifications=tuple(documents.qualification(one, now=file.now) for one in file.qualifications),
        shelf=tuple(documents.shelf_offer(one) for one in file.shelf),
        restrictions=tuple(
            documents.restriction(one, file.name, now=file.now, is_disputed=one.fact in file.disputed)
            for one in file.restrictions
        ),
        credit=documents.credit(file.credit), awards_total=file.awards.total,
        awards=tuple(documents.summary(row) for row in file.awards.rows), median_price_fen=file.median_price_fen,
        participations=file.participations, history_total=file.history_total,
        history=documents.happened(file.history),
    )  # fmt: skip


@get(
    "/demands/{demand:str}/eligible-agencies",
    operation_id="countEligibleAgencies",
    name="countEligibleAgencies",
    tags=[AGENCIES],
    summary="可参加的机构数 / How many could take part in a demand",
    responses=problems(*NAMED),
)
async def count_eligible(
    database: NamedDependency[Database], demand: FromPath[str]
) -> Response[models.EligibleCounted]:
    """By the rules of a sign-up, as of now; counted and not named, since bidders of a running selection are among."""
    found = await read_eligible(database, identifier_of("demand", demand), size=1)
    return answered(models.EligibleCounted(now=found.now, on=found.on, total=found.total))


@get(
    "/restrictions",
    operation_id="listRestrictions",
    name="listRestrictions",
    tags=[CREDIT],
    summary="生效中的限制 / Restrictions in force",
    responses=problems(*NOT_BUSY),
)
async def list_restrictions(
    database: NamedDependency[Database],
    *,
    q: Words = "",
    layer: FromQuery[Literal["statutory", "market"] | None] = None,
    city: Code = "",
    page: PageNumber = 1,
    limit: Limit = 20,
) -> Response[models.RestrictionListed]:
    """The latest first."""
    found = await read_restrictions(database, RestrictionQuery(q.strip(), layer or "", city), Slice(page, limit))
    return answered(
        models.RestrictionListed(
            now=found.now,
            page=found.part.page,
            limit=found.part.size,
            total=found.total,
            statutory_total=found.statutory_total,
            market_total=found.market_total,
            restrictions=tuple(
                documents.restriction(one.restriction, one.name, now=found.now, is_disputed=one.is_disputed)
                for one in found.rows
            ),
        )
    )


@get(
    "/items",
    operation_id="listItems",
    name="listItems",
    tags=[DEMANDS],
    summary="中介服务事项 / The catalogue of service items",
    responses=problems(*NOT_BUSY),
)
async def list_items() -> Response[models.ItemListed]:
    """All of them, by code."""
    gone = tuple(
        models.AbolishedItemDocument(
            code=one.code, name=one.name, valid_to=one.valid_to, document=documents.source(one.document)
        )
        for one in abolished_items().values()
    )
    return answered(
        models.ItemListed(items=tuple(item_document(one) for one in load_catalogue().items), abolished=gone)
    )


def item_document(one: ServiceItem) -> models.ItemDocument:
    """An item of the catalogue as it is told."""
    return models.ItemDocument(
        code=one.code, name=one.name, item_class=one.item_class, approval_item=one.approval_item,
        department=one.department, legal_basis=one.legal_basis, qualification_kind=one.qualification_kind,
        minimum_grade=one.minimum_grade, applicant_may_do_it=one.applicant_may_do_it,
        regional_assessment=one.regional_assessment, fee_mode=one.fee_mode, source=documents.source(one.source),
    )  # fmt: skip


@get(
    "/profiles",
    operation_id="listProfiles",
    name="listProfiles",
    tags=[DEMANDS],
    summary="规则数值 / Rule profiles",
    responses=problems(*NOT_BUSY),
)
async def list_profiles(request: ApiRequest) -> Response[models.ProfileListed]:
    """Every number of every profile, with its source and whether its text was read."""
    settings: Settings = request.app.state.settings
    profiles = tuple(
        models.ProfileDocument(
            name=one.name,
            is_current=one.name == settings.profile,
            values=tuple(
                models.ProfileValueDocument(
                    key=value.key, value=value.value, unit=value.unit, source=documents.source(value.source)
                )
                for value in one.values.values()
            ),
        )
        for one in shipped_profiles().values()
    )
    return Response(models.ProfileListed(profiles=profiles), headers=NOT_KEPT)
