"""数据开放: every public list with its rows, its sheet, its place in the API."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_open_counts import OpenCounts, read_open_counts
from marketplace.web import addresses as at
from marketplace.web.locale.public_words import CREDIT_LISTS
from marketplace.web.pages.asking import PageRequest, page
from marketplace.web.views.open_data import DataSet, OpenDataView

API = "/api/v1"


@get(at.OPEN_DATA, include_in_schema=False)
async def open_data_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What there is, counted now."""
    settings: Settings = request.app.state.settings
    found = await read_open_counts(database, profile=settings.profile)
    return page(request, open_data_view(found), now=found.now, is_example=found.is_example)


def open_data_view(found: OpenCounts) -> OpenDataView:
    """The lists as the page shows them."""
    agencies = f"{found.agencies:,}" + ("+" if found.agencies_more else "")
    lists = (
        DataSet(
            words, holds, f"{found.lists[name]:,}", f"{at.RESTRICTIONS}/{name}", f"/credit-lists/{name}/entries.xlsx",
            f"{API}/credit-lists/{name}/entries",
        )
        for name, (words, holds) in CREDIT_LISTS.items()
    )  # fmt: skip
    return OpenDataView(
        (
            _set("需求公告", "项目、事项、条件、限价、起止、状态", f"{found.demands:,}", at.DEMANDS),
            _set("中选公告", "结果、中选机构、中选价、家数，未成立的原因", f"{found.awards:,}", at.AWARDS),
            _set("机构库", "名称、代码、注册地、资质、中选数", agencies, at.AGENCIES),
            _set("限制", "依据、性质、停止的行为、起止", f"{found.restrictions:,}", at.RESTRICTIONS),
            *lists,
            DataSet(
                "区域成果", "区域、免去的事项、条件、有效期、坐标", f"{found.coverages:,}", at.AREAS, "",
                f"{API}/coverages",
            ),
        )
    )  # fmt: skip


def _set(name: str, holds: str, rows: str, path: str) -> DataSet:
    return DataSet(name, holds, rows, path, f"{path}.xlsx", f"{API}{path}")


OPEN_DATA_PAGES: tuple[HTTPRouteHandler, ...] = (open_data_page,)
"""Public."""
