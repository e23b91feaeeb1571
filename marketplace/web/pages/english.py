"""/en: what this place is, in English; the pages themselves are in Chinese. Source: pages.md (manners), GLOSSARY.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from marketplace.web.addresses import ENGLISH
from marketplace.web.pages.asking import PageRequest, page
from marketplace.web.views.english import EnglishView
from marketplace.web.views.parts import Mode

MODES: Mapping[Mode, tuple[str, str]] = {
    "comprehensive": (
        "Comprehensive selection",
        "Sealed offers are scored by published criteria and weights; the highest total wins. A score is rounded once.",
    ),
    "multi_round": (
        "Multi-round pricing",
        "Prices fall from round to round; the lowest effective price wins. Raw and effective price stand side by side.",
    ),
    "instant": (
        "Instant selection",
        "One of the binding shelf offers is taken at once by the published order; the notice follows immediately.",
    ),
    "mean_price": (
        "Nearest to the mean",
        "The sealed offer nearest to the benchmark wins: the mean of the valid offers times a published factor.",
    ),
    "random_draw": (
        "Random draw",
        "One of those who signed up is drawn from inputs that everybody can check, at the published amount.",
    ),
    "credit_draw": (
        "Credit draw with choice",
        "The best in credit are drawn from by their scores; the owner chooses from the short list and says why.",
    ),
    "direct": (
        "Direct choice",
        "Only where the rules of the region allow it: the owner names an agency, and the reason is published.",
    ),
}
"""By mode: its English name and its rule in a sentence; selection.md has them in full."""
TERMS: tuple[tuple[str, str], ...] = (
    ("需求公告", "demand: what an owner wants to buy, with terms that are locked at publication"),
    ("最高限价", "ceiling: the highest price that an offer may have"),
    ("有效价", "effective price: the price with time and concessions counted in, as the terms say"),
    ("中选", "award"),
    ("公示", "publicity period: objections may be raised while it lasts"),
    ("流标、未成立", "unsuccessful selection, with the reason"),
    ("服务事项", "service item, such as a geological-hazard assessment"),
    ("机构库", "directory of the agencies on file"),
    ("信用公示", "credit lists: commendation, debarment and restrictions, each with its basis"),
    ("区域评价", "regional assessment that stands for those of single projects"),
    ("工作日", "working day of the published calendar; times are those of Beijing"),
)
"""Standard terms of the field with what they mean here."""


@get(ENGLISH, include_in_schema=False)
async def english_page(request: PageRequest) -> Response[str]:
    """What this place is."""
    return page(request, english_view(), now=datetime.now(UTC), is_example=False)


def english_view() -> EnglishView:
    """Every mode in the order of its name in the engine, and the terms."""
    return EnglishView(tuple((mode, *MODES[mode]) for mode in get_args(Mode)), TERMS)


ENGLISH_PAGES: tuple[HTTPRouteHandler, ...] = (english_page,)
"""Public."""
