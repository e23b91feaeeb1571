"""公布新版本: a file of the catalogue or of a profile, what it would change before it binds, then published.

The file is the document that the API takes; the instant on the form comes before the file's. Source: market.md
section 3, docs/adr/0024.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.documents import read_document
from commons.errors import Fault, Malformed
from commons.regions import REGIONS
from commons.verdicts import Refused
from marketplace.catalogue.versions import Kind
from marketplace.database import Database
from marketplace.usecases.new_version import VersionPublished
from marketplace.usecases.preview_version import VersionPreview, preview_version
from marketplace.usecases.publish_catalogue_version import PublishCatalogueVersion, publish_catalogue_version
from marketplace.usecases.publish_profile_version import PublishProfileVersion, publish_profile_version
from marketplace.web import formatting
from marketplace.web.addresses import OPERATING_CATALOGUE, OPERATING_PROFILES
from marketplace.web.pages.acting import (
    CODE_FIELD,
    KEY_FIELD,
    PASSWORD_FIELD,
    Asked,
    Made,
    Sent,
    acted,
    made_page,
    new_key,
)
from marketplace.web.pages.agency_acts import EDIT_FIELD, SURE_FIELD, Doing
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import FORM, Form, form_of
from marketplace.web.pages.operating import desk_reader
from marketplace.web.pages.operating_versions import PATHS, TITLES, change_row
from marketplace.web.pages.regulating import logged
from marketplace.web.plans import Field, Plan, local_text, read_local, shown_form
from marketplace.web.receipts import Done
from marketplace.web.requests import shaped
from marketplace.web.signed_in import Visitor
from marketplace.web.views.forms import FormShown
from marketplace.web.views.operating import PublishCheckView, PublishView

MAX_BYTES = 512 * 1024
BIG_FORM: Any = {**FORM, "request_max_body_size": 4 * MAX_BYTES}
Command = PublishCatalogueVersion | PublishProfileVersion
COMMANDS: Mapping[Kind, type[Command]] = {"catalogue": PublishCatalogueVersion, "profile": PublishProfileVersion}
PLAN = Plan(
    (
        Field("file", "版本文件", "file", hint="JSON，最大 512 KB；格式与接口相同", accept=".json", is_needed=False),
        Field("document", "或者粘贴内容", "prose", hint="选了文件就不用填", limit=MAX_BYTES, is_needed=False),
        Field("in_force_from", "施行时刻", "instant", hint="不填：文件里写的；文件也没写：公布时立即施行",
              is_needed=False),
    )
)  # fmt: skip


@get([f"{OPERATING_CATALOGUE}/publish", f"{OPERATING_PROFILES}/publish"], include_in_schema=False)
async def publish_page(request: PageRequest) -> Response[str]:
    """The form."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    kind = _kind(request)
    return made_page(request, _form_page(kind, Asked(PLAN, _action(kind)).fresh()))


def _kind(request: PageRequest) -> Kind:
    return "catalogue" if request.scope["path"].startswith(OPERATING_CATALOGUE) else "profile"


def _action(kind: Kind) -> str:
    return f"{PATHS[kind]}/publish"


def _form_page(kind: Kind, form: FormShown, failure: Malformed | None = None) -> Made:
    faults = () if failure is None else tuple((one.pointer, one.code, one.detail) for one in failure.faults)
    return Made(PublishView(TITLES[kind], PATHS[kind], form, faults), datetime.now(UTC))


@post([f"{OPERATING_CATALOGUE}/publish", f"{OPERATING_PROFILES}/publish"], **BIG_FORM)
async def publish_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """请核对 with what would change; then published, or the form with every fault of the file."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    kind, form = _kind(request), await form_of(request)
    action, failure = _action(kind), None
    if form.get(EDIT_FIELD) is not None:
        return made_page(request, _form_page(kind, shown_form(PLAN, action, new_key(), sent=form.every)))
    try:
        command = command_of(kind, form)
        if not (form.get(SURE_FIELD) or form.get(PASSWORD_FIELD) or form.get(CODE_FIELD)):
            preview = await preview_version(database, visitor.caller(None), command)
            return made_page(request, _check_page(kind, form, command, preview))
    except Malformed as malformed:
        failure = malformed

    async def work(sent: Sent) -> VersionPublished | Refused:
        if failure is not None:
            raise failure
        return await _publish(Doing(request, database, sent), kind, command)

    async def again(shown: FormShown) -> Made:
        return _form_page(kind, shown, failure)

    return await acted(
        request, Asked(PLAN, action), work, again=again,
        then=lambda done: Done(PATHS[kind], "version_published", done.version),
    )  # fmt: skip


async def _publish(doing: Doing, kind: Kind, command: Command) -> VersionPublished | Refused:
    if isinstance(command, PublishCatalogueVersion):
        done = await publish_catalogue_version(doing.database, doing.caller, command)
    else:
        done = await publish_profile_version(doing.database, doing.caller, command)
    return await logged(doing, f"publish{kind.title()}Version", done)


def command_of(kind: Kind, form: Form) -> Command:
    """The command of the file, or of its text, with the form's instant; ``Malformed`` with every fault."""
    document = read_document(_bytes(form), max_bytes=MAX_BYTES)
    if not isinstance(document, dict):
        raise Malformed((Fault("/document", "not_an_object", "one JSON object"),))
    typed = form.get("in_force_from")
    if typed is not None:
        at = read_local(typed)
        if at is None:
            raise Malformed((Fault("/in_force_from", "not_instant", "Beijing time, as 2026-12-01T00:00"),))
        document = {**document, "in_force_from": at}
    return shaped(COMMANDS[kind], document)


def _bytes(form: Form) -> bytes:
    parts = form.files.get("file", ())
    body = parts[0].body if parts else (form.get("document") or "").encode()
    if not body.strip():
        raise Malformed((Fault("/document", "missing", "choose a file, or paste its text"),))
    return body


def _check_page(kind: Kind, form: Form, command: Command, preview: VersionPreview) -> Made:
    text = json.dumps(
        command.model_dump(mode="json", exclude_unset=True, exclude={"in_force_from"}), ensure_ascii=False
    )
    given = "" if command.in_force_from is None else local_text(command.in_force_from)
    begins = f"{formatting.deadline(preview.in_force_from)}（北京时间）" if given else "公布时立即"
    rows = [
        ("区域", REGIONS.full_name(preview.region)), ("施行", begins), ("理由", command.reason),
        ("依据", f"{command.source} {command.place}".strip()),
    ]  # fmt: skip
    if isinstance(command, PublishProfileVersion):
        rows.insert(0, ("规则", command.profile))
    held = (("document", text), ("in_force_from", given))
    view = PublishCheckView(
        TITLES[kind], PATHS[kind], tuple(rows), tuple(change_row(kind, one) for one in preview.changes),
        tuple((name, value) for name, value in held if value), _action(kind), form.get(KEY_FIELD) or new_key(),
    )  # fmt: skip
    return Made(view, datetime.now(UTC))


PUBLISHING_PAGES: tuple[HTTPRouteHandler, ...] = (publish_page, publish_form)
"""公布新版本."""
