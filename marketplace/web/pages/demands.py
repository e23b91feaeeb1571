"""需求公告: list and detail."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal, cast

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from bidding.reading.terms import parse_demand_terms
from bidding.room import RoundView
from commons.errors import Malformed
from commons.grams import words_of
from marketplace.database import Database
from marketplace.usecases.read_award import AwardFile
from marketplace.usecases.read_demand import DemandFile, Halt, read_demand
from marketplace.usecases.read_demands import PARTS, DemandQuery, read_demands
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.read_room import Room, RoundNow
from marketplace.usecases.rules_in_force import catalogue_of
from marketplace.web.addresses import DEMANDS
from marketplace.web.casework.terms import terms_view
from marketplace.web.filters import query_of as pairs_of
from marketplace.web.filters import read_demand_filter
from marketplace.web.pages.asking import (
    PAGE_ROWS,
    PageRequest,
    entered_of,
    identifier_of,
    page,
    query_of,
    turned_of,
)
from marketplace.web.pages.disputes import asked_here, objected_here
from marketplace.web.pages.naming import (
    agency_of,
    city_options,
    entry_of,
    item_of,
    item_options,
    place_of,
    stem,
)
from marketplace.web.pages.rows import demand_row, failure, mode_counts
from marketplace.web.pages.saved import saved_links
from marketplace.web.views.demands import (
    BestPoint,
    Choosing,
    Clocks,
    Decided,
    DemandFilter,
    DemandListView,
    DemandView,
    Failed,
    Halted,
    LotOf,
    QualificationNeed,
    Recusal,
    RoomView,
    StandingRow,
)
from marketplace.web.views.demands import RoundNow as RoundNowView
from marketplace.web.views.parts import NO_TURN, DemandState, Hits, Turning


@get(DEMANDS, include_in_schema=False)
async def demand_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The list under the filters of the address."""
    query = query_of(request)
    try:
        chosen, after, before = turned_of(query, read_demand_filter, PARTS)
        found = await read_demands(database, demand_query(chosen, after, before), Slice(1, PAGE_ROWS))
    except Malformed as malformed:
        now = datetime.now(UTC)
        entered = entered_of(query, malformed)
        blank = DemandListView(DemandFilter(), item_options(), city_options(now), (), (), NO_TURN, entered)
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    view = DemandListView(
        filter=chosen,
        items=item_options(),
        cities=city_options(found.now),
        mode_counts=mode_counts(found.mode_counts),
        rows=tuple(demand_row(row, now=found.now) for row in found.rows),
        turning=Turning(0, len(found.rows), found.total, found.previous or "", found.next or "", is_more=found.is_more),
        hits=Hits(words_of(chosen.q)),
        saved=await saved_links(request, database, "demands", pairs_of(chosen)),
        is_counted=bool(found.mode_counts) or not found.total,
    )
    return page(request, view, now=found.now, is_example=any(row.is_example for row in found.rows))


def demand_query(chosen: DemandFilter, after: str = "", before: str = "") -> DemandQuery:
    """The filter of an address as the use case takes it."""
    return DemandQuery(
        chosen.q, chosen.item, chosen.city, chosen.ceiling_min_fen, chosen.ceiling_max_fen, chosen.state,
        chosen.mode or "", chosen.regional_only, after, before,
    )  # fmt: skip


@get(DEMANDS + "/{demand:str}", include_in_schema=False)
async def demand_page(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[str]:
    """One demand; the room while its rounds run."""
    file = await read_demand(database, identifier_of("demand", demand))
    return page(request, demand_view(file), now=file.now, is_example=file.demand.is_example)


def demand_view(file: DemandFile) -> DemandView:
    """The file as its page shows it."""
    demand = file.demand
    assert demand.published_at is not None, "a draft is not shown"
    return DemandView(
        id=demand.id,
        title=demand.title,
        state=cast("DemandState", demand.state),
        owner_name=demand.owner_name,
        buyer_class=demand.buyer_class,
        project_name=demand.project_name,
        project_code=demand.project_code,
        items=tuple(item_of(one) for one in demand.items),
        place=place_of(demand.region, demand.place),
        description=demand.description,
        terms=terms_view(parse_demand_terms(dict(demand.terms)), digest=demand.terms_digest),
        clocks=Clocks(demand.published_at, demand.sign_up_closes_at, demand.closes_at, demand.decided_at),
        needs=needs_of(file),
        recusals=recusals_of(file),
        timeline=tuple(entry_of(one) for one in file.happenings),
        rule_profile=demand.profile,
        wanted_days=demand.max_days,
        quantity=demand.quantity,
        publication=file.publication,
        is_regional_assessment=demand.is_regional_assessment,
        signed_up=file.signed_up,
        offers=file.offers,
        room=room_view(file.room) if file.room is not None and file.room.current is not None else None,
        outcome=_outcome(file),
        halted=halted_of(file.halt),
        lot_of=lot_of(file),
        has_changed_terms=bool(file.life.changes),
        asked=asked_here(file),
        objected=objected_here(file),
        room_of=demand.selection if demand.mode == "multi_round" else "",
    )


def needs_of(file: DemandFile) -> tuple[QualificationNeed, ...]:
    """What the items legally ask by the catalogue that the demand keeps, each need once, in the order of the items."""
    catalogue = catalogue_of(file.demand)
    found = [catalogue.item(code) for code in file.demand.items]
    needs = [
        QualificationNeed(item.qualification_kind, item.minimum_grade or "")
        for item in found
        if item is not None and item.qualification_kind is not None
    ]
    return tuple(dict.fromkeys(needs))


def lot_of(file: DemandFile | AwardFile) -> LotOf | None:
    """Which lot of which notice."""
    demand = file.demand
    if demand.notice is None or demand.lot is None:
        return None
    return LotOf(demand.notice, demand.lot, is_waiting=demand.reason == "waits_for_lot")


def halted_of(halt: Halt | None) -> Halted | None:
    """A suspension for its note."""
    return Halted(halt.since, halt.by, halt.reason) if halt is not None else None


def recusals_of(file: DemandFile) -> tuple[Recusal, ...]:
    """The owner's published recusals by name."""
    return tuple(Recusal(file.names.get(one.agency, one.agency), one.reason) for one in file.demand.recusals)


def _outcome(file: DemandFile) -> Decided | Choosing | Failed | None:
    demand = file.demand
    if file.shortlist:
        return Choosing(demand.id, tuple(agency_of(one, file.names) for one in file.shortlist), file.choice_until)
    if demand.outcome == "award" and demand.winner is not None and demand.winning_fen is not None:
        return Decided(demand.id, agency_of(demand.winner, file.names), demand.winning_fen, file.winning_bp)
    if demand.outcome == "unsuccessful":
        return Failed(failure(demand.reason or "unsuccessful"), demand.id)
    return None


def room_view(room: Room) -> RoomView:
    """The rounds as anybody may see them."""
    return RoomView(
        rounds=tuple(_round(one) for one in room.rounds),
        standing=tuple(
            StandingRow(one.rank, stem(one.number), one.price_fen, one.effective, one.at, one.days, one.discount_bp)
            for one in room.standing
        ),
        best_points=tuple(BestPoint(one.at, one.effective) for one in room.course),
        offers_accepted=room.accepted,
        offers_refused=room.refused,
    )


def _round(one: RoundNow) -> RoundNowView:
    view: RoundView = one.view
    states: dict[str, Literal["coming", "open", "closed"]] = {"ahead": "coming", "open": "open", "closed": "closed"}
    return RoundNowView(
        view.number, view.kind, view.opens_at, view.closes_at, states[view.status], view.extensions_used, one.alive,
        one.best,
    )  # fmt: skip
