"""The OpenAPI document of the API, served as JSON at /api/v1/openapi.json; no page, no script from elsewhere.

The schemas are pydantic's own (JSON Schema 2020-12, as OpenAPI 3.1 takes it): they hold every bound, pattern and
description of the models, and that nothing unknown is taken, of which the web framework's own reading loses a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Literal

from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme
from litestar.routes import HTTPRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from marketplace.neighbours.signing import SIGNATURE
from marketplace.web.api.examples import EXAMPLES
from marketplace.web.api.tags import TAGS
from marketplace.web.guards import ACTOR_HEADER
from marketplace.web.signed_in import COOKIE, FORM_HEADER

VERSION = "1"
"""Of the API, as in its address; it only grows."""
PATH = "/api/v1/openapi.json"
DESCRIPTION = """\
涉批中介网上超市的接口。金额以分计，时刻为 UTC（RFC 3339），一律不用小数。
出错按 RFC 9457 回答；按规则不予办理的列出全部原因。

Amounts are integers in fen, instants are UTC (RFC 3339), there are no fractions. Errors are RFC 9457 problems; a
refusal lists every reason. A POST under an `Idempotency-Key` has one effect and one answer however often it is sent.
The address names the subject: a body does not repeat what the address says.
"""

JSON = "application/json"
ANY_FILE = {"type": "string", "format": "binary"}
ANY_OBJECT = {"type": "object"}

Direction = Literal["validation", "serialization"]


def openapi_config() -> OpenAPIConfig:
    """What Litestar makes the document of."""
    return OpenAPIConfig(
        title="涉批中介网上超市 Marketplace API",
        version=VERSION,
        description=DESCRIPTION,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=list(TAGS),
        components=Components(
            security_schemes={
                "session": SecurityScheme(
                    type="apiKey", name=COOKIE, security_scheme_in="cookie", description="登录后的会话 / A session"
                ),
                "formToken": SecurityScheme(
                    type="apiKey",
                    name=FORM_HEADER,
                    security_scheme_in="header",
                    description="随会话给出，修改类请求须附 / Given with the session, sent with every change",
                ),
                "token": SecurityScheme(
                    type="http", scheme="bearer", description="接口令牌 / A token for programs, made for named acts"
                ),
                "neighbourSignature": SecurityScheme(
                    type="apiKey",
                    name=SIGNATURE,
                    security_scheme_in="header",
                    description="外部系统的签名 / A neighbour's signature: docs/reference/neighbours.md",
                ),
                "developmentActor": SecurityScheme(
                    type="apiKey",
                    name=ACTOR_HEADER,
                    security_scheme_in="header",
                    description="role:id; 仅开发模式 / in development mode only",
                ),
            }
        ),
        path=PATH,
        render_plugins=[ExactJson(path=["/", "/openapi.json"])],
    )


class ExactJson(JsonRenderPlugin):
    """The document with the models' own schemas in place of the framework's reading of them, and examples."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON, made anew each time it is asked for: seldom, and the schema must not be shared."""
        document = deepcopy(openapi_schema)
        document["components"]["schemas"].update(exact_schemas(request.app))
        for operation in (one for path in document["paths"].values() for one in path.values()):
            if (example := EXAMPLES.get(operation["operationId"])) is not None:
                body = operation.setdefault(
                    "requestBody", {"required": True, "content": {JSON: {"schema": ANY_OBJECT}}}
                )
                body["content"][JSON]["example"] = example
        for handler in documented(request.app):
            if takes := handler.opt.get("takes"):
                operation = next(
                    one for path in document["paths"].values() for one in path.values()
                    if one["operationId"] == handler.operation_id
                )  # fmt: skip
                operation["requestBody"] = {"required": True, "content": {kind: {"schema": ANY_FILE} for kind in takes}}
        return super().render(request, document)


def exact_schemas(app: Litestar) -> dict[str, Any]:
    """Every model of the documented routes by its name, and what these models hold."""
    wanted: dict[tuple[type[BaseModel], Direction], None] = {}
    for handler in documented(app):
        wanted.update(dict.fromkeys(_models(handler)))
    _, found = models_json_schema(list(wanted), ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def documented(app: Litestar) -> Iterator[HTTPRouteHandler]:
    """The handlers that the document shows, in the order of their routes."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler, _ in route.route_handler_map.values():
                if handler.resolve_include_in_schema():
                    yield handler


def _models(handler: HTTPRouteHandler) -> Iterator[tuple[type[BaseModel], Direction]]:
    """What a handler reads, answers with and refuses with."""
    body = handler.parsed_data_field
    if body is not None and body.is_subclass_of(BaseModel):
        yield body.annotation, "validation"
    for answered in (handler.parsed_fn_signature.return_type, *handler.parsed_fn_signature.return_type.inner_types):
        if answered.is_subclass_of(BaseModel):
            yield answered.annotation, "serialization"
    for spec in (handler.responses or {}).values():
        if isinstance(spec.data_container, type) and issubclass(spec.data_container, BaseModel):
            yield spec.data_container, "serialization"
