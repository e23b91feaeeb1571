"""Readings of the rules: versions of the catalogue and profiles, what holds where and when, how versions differ."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from commons.errors import Fault, Malformed
from commons.instants import parse_instant
from commons.profiles import ProfileValue
from commons.regions import REGIONS
from marketplace.catalogue.versions import Version, digest_of
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_versions import (
    Difference,
    Versions,
    read_difference,
    read_modes,
    read_rules,
    read_versions,
)
from marketplace.usecases.rules_in_force import PROVINCE
from marketplace.web.api import catalogue_models as models
from marketplace.web.api import read_documents as documents
from marketplace.web.api.agency_models import AbolishedItemDocument, ProfileValueDocument
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, NOT_BUSY, ApiRequest, Code, answered
from marketplace.web.api.reads_agencies import item_document
from marketplace.web.api.tags import DEMANDS

At = Annotated[str, QueryParameter(max_length=40, description="时刻，默认为现在 / An instant; now without it")]
Old = Annotated[str, QueryParameter(pattern=r"^[0-9A-Za-z-]{1,16}$", description="旧版本 / The old version")]
New = Annotated[str, QueryParameter(pattern=r"^[0-9A-Za-z-]{1,16}$", description="新版本 / The new version")]


def instant_of(text: str) -> datetime | None:
    """The instant that is asked for, None for now; ``Malformed`` for what is none."""
    try:
        return parse_instant(text) if text else None
    except ValueError as refused:
        raise Malformed((Fault("/at", "not_an_instant", str(refused)),)) from None


@get(
    "/catalogue/versions", operation_id="listCatalogueVersions", name="listCatalogueVersions", tags=[DEMANDS],
    summary="事项目录的版本 / Versions of the catalogue", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def list_catalogue_versions(database: NamedDependency[Database]) -> Response[models.VersionListed]:
    """In the order in which they were published."""
    return answered(_listed(await read_versions(database, "catalogue")))


@get(
    "/profiles/{profile:str}/versions", operation_id="listProfileVersions", name="listProfileVersions", tags=[DEMANDS],
    summary="规则的版本 / Versions of a rule profile", responses=problems(*NAMED),
)  # fmt: skip
async def list_profile_versions(
    database: NamedDependency[Database], profile: FromPath[str]
) -> Response[models.VersionListed]:
    """In the order in which they were published."""
    return answered(_listed(await read_versions(database, "profile", profile)))


@get(
    "/catalogue/diff", operation_id="diffCatalogue", name="diffCatalogue", tags=[DEMANDS],
    summary="事项目录两个版本的差别 / How two versions of the catalogue differ", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def diff_catalogue(
    database: NamedDependency[Database], *, old: Old = "shipped", new: New = "shipped"
) -> Response[models.DifferenceDocument]:
    """Of all that holds with each in its region; ``shipped`` is what comes with the product."""
    return answered(_difference(await read_difference(database, "catalogue", "", old, new)))


@get(
    "/profiles/{profile:str}/diff", operation_id="diffProfile", name="diffProfile", tags=[DEMANDS],
    summary="规则两个版本的差别 / How two versions of a profile differ", responses=problems(*NAMED),
)  # fmt: skip
async def diff_profile(
    database: NamedDependency[Database], profile: FromPath[str], *, old: Old = "shipped", new: New = "shipped"
) -> Response[models.DifferenceDocument]:
    """Of all that holds with each in its region; ``shipped`` is what comes with the product."""
    return answered(_difference(await read_difference(database, "profile", profile, old, new)))


@get(
    "/profiles/{profile:str}", operation_id="readProfile", name="readProfile", tags=[DEMANDS],
    summary="某地某时有效的规则 / A profile as it holds somewhere at an instant", responses=problems(*NAMED),
)  # fmt: skip
async def get_profile(
    database: NamedDependency[Database], profile: FromPath[str], *, region: Code = "", at: At = ""
) -> Response[models.ProfileInForce]:
    """The nearest region's own value, else the next wider one's, else the shipped one."""
    rules, when = await read_rules(database, profile, region, instant_of(at))
    return answered(
        models.ProfileInForce(
            name=profile, region=region or PROVINCE, at=when, versions=rules.versions, digest=rules.profile_digest,
            values=tuple(value_document(one) for _, one in sorted(rules.profile.values.items())),
        )
    )  # fmt: skip


@get(
    "/profiles/{profile:str}/modes", operation_id="listModes", name="listModes", tags=[DEMANDS],
    summary="各类业主可用的选取方式 / Which buyers may use which modes", responses=problems(*NAMED),
)  # fmt: skip
async def list_modes(
    database: NamedDependency[Database], profile: FromPath[str], *, region: Code = "", at: At = ""
) -> Response[models.ModeListed]:
    """Buyer class × item class × mode, with the minimum of bidders and the clocks."""
    rows = await read_modes(database, profile, region, instant_of(at))
    return answered(
        models.ModeListed(
            modes=tuple(
                models.ModeDocument(
                    buyer_class=one.buyer, item_class=one.item_class, mode=one.mode, allowed=one.allowed,
                    minimum_bidders=None if one.minimum is None else one.minimum.value,
                    sign_up=None if one.sign_up is None else f"{one.sign_up.value} {one.sign_up.unit}",
                    publicity=f"{one.publicity.value} {one.publicity.unit}", source=documents.source(one.source),
                )
                for one in rows
            )
        )
    )  # fmt: skip


@get(
    "/catalogue", operation_id="readCatalogue", name="readCatalogue", tags=[DEMANDS],
    summary="某地某时有效的事项目录 / The catalogue as it holds somewhere", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def get_catalogue(
    request: ApiRequest, database: NamedDependency[Database], *, region: Code = "", at: At = ""
) -> Response[models.CatalogueInForce]:
    """Items by code, with what is abolished and by which document."""
    settings: Settings = request.app.state.settings
    rules, when = await read_rules(database, settings.profile, region, instant_of(at))
    return answered(
        models.CatalogueInForce(
            region=region or PROVINCE, at=when, versions=rules.versions, digest=rules.catalogue_digest,
            items=tuple(item_document(one) for one in rules.catalogue.items),
            abolished=tuple(
                AbolishedItemDocument(
                    code=one.code, name=one.name, valid_to=one.valid_to, document=documents.source(one.document)
                )
                for one in rules.abolished.values()
            ),
        )
    )  # fmt: skip


def value_document(one: ProfileValue) -> ProfileValueDocument:
    """A value with its source."""
    return ProfileValueDocument(key=one.key, value=one.value, unit=one.unit, source=documents.source(one.source))


def _listed(found: Versions) -> models.VersionListed:
    return models.VersionListed(now=found.now, versions=tuple(_version(one) for one in found.rows))


def _version(one: Version) -> models.VersionDocument:
    return models.VersionDocument(
        version=one.id, name=one.name, region=one.region, region_name=REGIONS.full_name(one.region),
        in_force_from=one.in_force_from, published_at=one.published_at, digest=digest_of(one.rows), reason=one.reason,
        source=documents.source(one.source),
        rows={code: cast("dict[str, str | int]", dict(row)) for code, row in sorted(one.rows.items())},
    )  # fmt: skip


def _difference(found: Difference) -> models.DifferenceDocument:
    return models.DifferenceDocument(
        old=found.old,
        new=found.new,
        changes=tuple(
            models.RowChange(
                code=one.code,
                what=one.what,
                cells=tuple(
                    models.CellChange(
                        field=cell.field, old=cast("str | int | None", cell.old), new=cast("str | int | None", cell.new)
                    )
                    for cell in one.cells
                ),
            )
            for one in found.changes
        ),
    )


CATALOGUE_READS: tuple[HTTPRouteHandler, ...] = (
    list_catalogue_versions, list_profile_versions, diff_catalogue, diff_profile, get_profile, list_modes,
    get_catalogue,
)  # fmt: skip
"""None needs an actor."""
