"""首页."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.usecases.read_home import Figures as MarketFigures
from marketplace.usecases.read_home import Home, Running, read_home
from marketplace.web.addresses import HOME
from marketplace.web.pages.asking import PageRequest, page
from marketplace.web.pages.naming import item_of, place_of
from marketplace.web.pages.rows import award_row, demand_row, restriction_row
from marketplace.web.views.home import Figures, HomeView, Median, RunningCard
from marketplace.web.views.parts import CityCount

SHOWN_RESTRICTIONS = 3


@get(HOME, include_in_schema=False)
async def home_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The market today."""
    home = await read_home(database)
    rows = (*home.newest, *home.awards)
    return page(
        request,
        home_view(home),
        now=home.now,
        is_example=home.figures.is_example or any(row.is_example for row in rows),
    )


def home_view(home: Home) -> HomeView:
    """The home page."""
    return HomeView(
        figures=_figures(home.figures),
        common_items=tuple(item_of(code) for code in home.common_items),
        running=tuple(card_of(one) for one in home.running),
        running_total=home.open_total,
        newest_demands=tuple(demand_row(row, now=home.now) for row in home.newest),
        newest_awards=tuple(award_row(row, home.bidders) for row in home.awards),
        restrictions=tuple(
            restriction_row(
                one.restriction, one.name, one.region, now=home.now, grade=one.grade, is_disputed=one.is_disputed
            )
            for one in home.restrictions[:SHOWN_RESTRICTIONS]
        ),
        awards_by_city=tuple(
            CityCount(city.code, city.name, home.awards_by_city.get(city.code, 0))
            for city in REGIONS.cities(beijing_date(home.now))
        ),
    )


def _figures(figures: MarketFigures) -> Figures:
    spent = figures.published_to_award
    return Figures(
        first=figures.first,
        last=figures.last,
        awarded=figures.awarded,
        unsuccessful=figures.unsuccessful,
        saving_bp=None if figures.saving_permille is None else figures.saving_permille * 10,
        saving_sample=figures.saving_sample,
        unpriced_excluded=figures.unpriced,
        published_to_award=Median(None if spent.value is None else spent.value * 10, spent.unit, spent.sample),
        agencies=figures.agencies,
        agencies_outside_province=figures.agencies_outside_province,
        outside_city_bp=figures.outside_city_bp,
        restricted_agencies=figures.restricted_agencies,
    )


def card_of(one: Running) -> RunningCard:
    """A running selection; nothing of a sealed round before its close."""
    demand, room = one.demand, one.room
    closes_at = demand.closes_at or demand.published_at
    card = RunningCard(demand.id, demand.title, demand.mode, place_of(demand.region), demand.ceiling_fen, closes_at)
    if room is None or room.current is None:
        return card
    now = room.current
    is_open = now.status == "open"
    best = room.rounds[now.number - 1].best if is_open else None
    return RunningCard(
        id=demand.id,
        title=demand.title,
        mode=demand.mode,
        place=card.place,
        ceiling_fen=demand.ceiling_fen,
        next_at=now.closes_at if is_open else now.opens_at,
        is_round_open=is_open,
        round_number=now.number,
        rounds=room.planned,
        is_round_sealed=now.kind == "sealed",
        best=best,
        signed_up=room.bidders,
        room_of=demand.selection,
    )
