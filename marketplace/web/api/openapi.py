"""The OpenAPI document of the API, served as JSON at /api/v1/openapi.json; no page, no script from elsewhere."""

from __future__ import annotations

from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme

from marketplace.web.api.tags import TAGS
from marketplace.web.guards import ACTOR_HEADER

VERSION = "0.1.0"
PATH = "/api/v1/openapi.json"
DESCRIPTION = """\
涉批中介网上超市的接口。金额以分计，时刻为 UTC（RFC 3339），一律不用小数。
出错按 RFC 9457 回答；按规则不予办理的列出全部原因。

Amounts are integers in fen, instants are UTC (RFC 3339), there are no fractions. Errors are RFC 9457 problems; a
refusal lists every reason. A POST under an `Idempotency-Key` has one effect and one answer however often it is sent.
"""


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
                "developmentActor": SecurityScheme(
                    type="apiKey",
                    name=ACTOR_HEADER,
                    security_scheme_in="header",
                    description="role:id; 仅开发模式 / in development mode only",
                )
            }
        ),
        path=PATH,
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
    )
