"""事项目录版本 and 规则版本: every version with where and when it holds, and how two of them differ.

Source: market.md section 3, docs/adr/0024.
"""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.canonical import Json
from commons.errors import Malformed, NotFound
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.profiles import shipped_profiles
from marketplace.catalogue.versions import Change, Kind, Version, in_force
from marketplace.database import Database
from marketplace.usecases.read_versions import SHIPPED, Versions, read_difference, read_versions
from marketplace.web import formatting
from marketplace.web.addresses import OPERATING_CATALOGUE, OPERATING_PROFILES
from marketplace.web.locale.operating_words import CHANGES, FIELDS
from marketplace.web.locale.rules import rule_key_name
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.operating import desk_reader, is_operator
from marketplace.web.pages.regulating import profile_of
from marketplace.web.signed_in import Visitor
from marketplace.web.views.operating import CellRow, ChangeRow, VersionRow, VersionsView
from marketplace.web.views.parts import Option

TITLES: dict[Kind, str] = {"catalogue": "事项目录版本", "profile": "规则版本"}
PATHS: dict[Kind, str] = {"catalogue": OPERATING_CATALOGUE, "profile": OPERATING_PROFILES}


@get(OPERATING_CATALOGUE, include_in_schema=False)
async def catalogue_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The catalogue's versions."""
    return await _page(request, database, "catalogue", "")


@get(OPERATING_PROFILES, include_in_schema=False)
async def profiles_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The versions of a rule profile, the site's own unless another is asked for."""
    return await _page(request, database, "profile", query_of(request).get("profile", "") or profile_of(request))


async def _page(request: PageRequest, database: Database, kind: Kind, name: str) -> Response[str]:
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found, query = await read_versions(database, kind, name), query_of(request)
    old, new = query.get("old", ""), query.get("new", "")
    changes, fault = None, ""
    if old and new:
        try:
            difference = await read_difference(database, kind, name, old, new)
            changes = tuple(change_row(kind, one) for one in difference.changes)
        except Malformed:
            fault = "没有这个版本，请从列表中选择"
    names = tuple(Option(one, one) for one in sorted(shipped_profiles())) if kind == "profile" else ()
    choices = (Option(SHIPPED, "随程序发布的内容"), *(Option(one.id, _label(one)) for one in reversed(found.rows)))
    publish = f"{PATHS[kind]}/publish" if is_operator(visitor) else ""
    view = VersionsView(
        TITLES[kind], PATHS[kind], name, names, version_rows(found), choices, old, new, changes, fault, publish
    )
    return made_page(request, Made(view, found.now))


def _label(one: Version) -> str:
    return f"{one.id}　{REGIONS.get(one.region).name}　{formatting.deadline(one.in_force_from)} 起"


def version_rows(found: Versions) -> tuple[VersionRow, ...]:
    """Versions, latest first; each is compared with the one before it in its region."""
    rows: list[VersionRow] = []
    last: dict[str, str] = {}
    for one in found.rows:
        state, tone = _state(found, one, now=found.now)
        rows.append(
            VersionRow(
                one.id, REGIONS.full_name(one.region), one.in_force_from, one.published_at, one.reason,
                one.source.title, len(one.rows), state, tone, last.get(one.region, SHIPPED),
            )
        )  # fmt: skip
        last[one.region] = one.id
    return tuple(reversed(rows))


def _state(found: Versions, one: Version, *, now: datetime) -> tuple[str, str]:
    if one.in_force_from > now:
        return "未到施行日", "warn"
    held = in_force(found.rows, region=one.region, at=now)
    return ("施行中", "ok") if held is not None and held.id == one.id else ("已被取代", "")


def change_row(kind: Kind, one: Change) -> ChangeRow:
    """A change in words."""
    what, tone = CHANGES[one.what]
    cells = tuple(CellRow(FIELDS.get(cell.field, cell.field), _text(cell.old), _text(cell.new)) for cell in one.cells)
    return ChangeRow(one.code, _name(kind, one), what, tone, cells)


def _name(kind: Kind, one: Change) -> str:
    if kind == "profile":
        try:
            return rule_key_name(one.code)
        except (KeyError, NotFound):
            return one.code
    item = load_catalogue().item(one.code)
    named = next((_text(cell.new) or _text(cell.old) for cell in one.cells if cell.field == "name"), "")
    return named or (item.name if item is not None else one.code)


def _text(value: Json) -> str:
    return "" if value is None else str(value)


VERSION_PAGES: tuple[HTTPRouteHandler, ...] = (catalogue_page, profiles_page)
"""版本."""
