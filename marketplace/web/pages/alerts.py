"""预警线索: patterns over what is decided, each with the selections and figures it rests on. Source: market.md 5."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from bidding.alarms import Alarm, AlarmKind
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.usecases.read_alarms import Alarms, Matter, read_alarms
from marketplace.usecases.read_queues import regions_of
from marketplace.web import formatting
from marketplace.web.addresses import ALERTS
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.naming import item_options
from marketplace.web.pages.regulating import regulator_reader
from marketplace.web.signed_in import Visitor
from marketplace.web.views.alerts import AlertRow, AlertsView, EvidenceRow
from marketplace.web.views.parts import Option

KINDS: Mapping[AlarmKind, tuple[str, str]] = {
    "regular_prices": ("报价等差", "全部报价从低到高两两相差同一金额：{step}"),
    "cover_bids": ("疑似陪标", "后一家 {times} 次报价都高于前一家并落选，从未胜过"),
    "rotation": ("轮流中选", "同样几家相遇 {times} 次，{winners} 家依次中选"),
    "owner_winner": ("业主与中选机构集中", "该业主 {of} 宗中选，{won} 宗归同一家（{share}）"),
    "single_bidder": ("多次仅一家", "该业主 {times} 宗选取都只有一家参加"),
    "shared_tie": ("参加机构之间有关联", "两家有 {shared} 项共同的人员、地址或联系方式，在 {times} 宗选取中相遇"),
}
SHOWN = 8
"""Selections of an alarm that are shown one by one."""


@get(ALERTS, include_in_schema=False)
async def alerts_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What is to be looked at in the region, by place and item."""
    visitor = regulator_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    caller, asked = visitor.caller(None), query_of(request)
    inside = regions_of(caller)
    region = asked.get("region", "") if asked.get("region", "") in inside else ""
    items = item_options()
    item = asked.get("item", "") if asked.get("item", "") in {one.value for one in items} else ""
    found = await read_alarms(database, caller, region=region, item=item)
    places = tuple(Option(one, REGIONS.full_name(one)) for one in inside)
    return made_page(request, Made(alerts_view(found, region, item, places, items), found.now))


def alerts_view(
    found: Alarms, region: str, item: str, places: tuple[Option, ...], items: tuple[Option, ...]
) -> AlertsView:
    """The alarms as their page shows them."""
    return AlertsView(
        tuple(_row(one, found) for one in found.rows), found.looked_at, region, item, places, items
    )  # fmt: skip


def _row(one: Alarm, found: Alarms) -> AlertRow:
    name, words = KINDS[one.kind]
    figures = {key: str(value) for key, value in one.figures.items()}
    told = words.format(
        step=formatting.yuan(one.figures.get("step_fen", 0)),
        share=formatting.percent(one.figures.get("share_bp", 0)),
        **{"times": "", "winners": "", "of": "", "won": "", "shared": "", **figures},
    )
    return AlertRow(
        name, told, tuple((who, found.names.get(who, who)) for who in one.agencies),
        found.owners.get(one.owner, one.owner),
        tuple(_evidence(found.matters[each], found) for each in one.selections[:SHOWN]),
        len(one.selections),
    )  # fmt: skip


def _evidence(one: Matter, found: Alarms) -> EvidenceRow:
    prices = sorted(one.prices.items(), key=lambda each: each[1])
    words = "；".join(f"{found.names.get(who, who)} {formatting.yuan(price)}" for who, price in prices)
    winner = "" if one.winner is None else found.names.get(one.winner, one.winner)
    return EvidenceRow(one.demand, one.title, words, winner)


ALERT_PAGES: tuple[HTTPRouteHandler, ...] = (alerts_page,)
"""预警线索."""
