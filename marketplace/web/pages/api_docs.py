"""``/api/docs``: the API's document in Swagger UI, from our own files, under the policy of every page."""

from __future__ import annotations

from datetime import UTC, datetime

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from marketplace.web.addresses import API_DOCS
from marketplace.web.api.openapi import PATH
from marketplace.web.assets import assets
from marketplace.web.pages.asking import PageRequest, page
from marketplace.web.views.api_docs import ApiDocsView


@get(API_DOCS, include_in_schema=False)
async def api_docs(request: PageRequest) -> Response[str]:
    """The reader of the document; without the third-party files, the way to the document itself."""
    view = ApiDocsView(PATH, "api/swagger-ui.js" in assets())
    return page(request, view, now=datetime.now(UTC), is_example=False)


API_DOCS_PAGES: tuple[HTTPRouteHandler, ...] = (api_docs,)
"""One page."""
