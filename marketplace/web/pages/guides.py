"""办事指南: the list, and the guide of each role."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import NotFound
from marketplace.web.addresses import GUIDES as ADDRESS
from marketplace.web.addresses import is_known
from marketplace.web.assets import assets
from marketplace.web.guides.texts import GUIDES
from marketplace.web.pages.asking import PageRequest, page
from marketplace.web.views.guides import Guide, GuideListView, GuideStep, GuideView


@get(ADDRESS, include_in_schema=False)
async def guide_list(request: PageRequest) -> Response[str]:
    """Every guide."""
    return page(request, GuideListView(GUIDES), now=datetime.now(UTC), is_example=False)


@get(ADDRESS + "/{role:str}", include_in_schema=False)
async def guide_page(request: PageRequest, role: FromPath[str]) -> Response[str]:
    """The guide of a role."""
    return page(request, guide_view(role), now=datetime.now(UTC), is_example=False)


def guide_view(role: str) -> GuideView:
    """The guide with the links whose pages are there; ``NotFound`` for a role without one."""
    found = next((one for one in GUIDES if one.role == role), None)
    if found is None:
        raise NotFound("guide", role)
    return GuideView(_linked(found), tuple(one for one in GUIDES if one is not found))


def _linked(guide: Guide) -> Guide:
    return replace(guide, steps=tuple(_shown(one) for one in guide.steps))


def _shown(step: GuideStep) -> GuideStep:
    """The step with the links and the picture that are there."""
    links = tuple(one for one in step.links if is_known(one.path))
    return replace(step, links=links, shot=step.shot if f"guides/{step.shot}.webp" in assets() else "")


GUIDE_PAGES: tuple[HTTPRouteHandler, ...] = (guide_list, guide_page)
"""Public."""
