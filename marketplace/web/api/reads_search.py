"""Readings of what is searched: over everything at once, and the filters that somebody keeps."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, QueryParameter

from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_search import read_search
from marketplace.usecases.saved_filters import FilteredList, SavedFilters, read_saved_filters
from marketplace.web.api import read_documents as documents
from marketplace.web.api import search_models as models
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NOT_BUSY, ApiRequest, Limit, answered
from marketplace.web.api.reads_agencies import item_document
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import DEMANDS, NEIGHBOURS
from marketplace.web.filters import MAX_TEXT
from marketplace.web.guards import provide_caller, require_actor

Asked = Annotated[str, QueryParameter(min_length=1, max_length=MAX_TEXT, description="关键词 / Words")]


@get(
    "/search", operation_id="search", name="search", tags=[DEMANDS],
    summary="全站检索 / Search everything that is public", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def search(
    database: NamedDependency[Database], *, q: Asked, limit: Limit = 10
) -> Response[models.SearchDocument]:
    """Demands, agencies, results and items that hold every word; width, case and capital numerals do not matter."""
    found = await read_search(database, q, Slice(1, limit))
    return answered(
        models.SearchDocument(
            now=found.now,
            words=found.words,
            demands=models.FoundDemands(
                total=found.demands.total,
                total_is_more=found.demands.is_more,
                first=tuple(documents.summary(row) for row in found.demands.rows),
            ),
            agencies=models.FoundAgencies(
                total=found.agencies.total,
                total_is_more=found.agencies.is_more,
                first=tuple(documents.agency(row, now=found.now) for row in found.agencies.rows),
            ),
            awards=models.FoundDemands(
                total=found.awards.total,
                total_is_more=found.awards.is_more,
                first=tuple(documents.summary(row) for row in found.awards.rows),
            ),
            items=models.FoundItems(total=len(found.items), items=tuple(item_document(one) for one in found.items)),
        )
    )


@get(
    "/saved-filters", operation_id="readSavedFilters", name="readSavedFilters", tags=[NEIGHBOURS],
    summary="常用条件 / Filters that one keeps", responses=problems(401, *NOT_BUSY), security=SECURITY,
    guards=[require_actor], dependencies={"caller": Provide(provide_caller)},
)  # fmt: skip
async def saved_filters(
    request: ApiRequest, caller: NamedDependency[Caller], *, listed: FromQuery[FilteredList | None] = None
) -> Response[SavedFilters]:
    """One's own, by list and name."""
    return answered(await read_saved_filters(request.app.state.database, caller, listed))


SEARCH_READS: tuple[HTTPRouteHandler, ...] = (search, saved_filters)
"""Filters that are kept need an actor."""
