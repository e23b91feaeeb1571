"""机构库: list and file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from commons.errors import Malformed
from commons.instants import beijing_date
from credit.scoring import Score
from marketplace.database import Database
from marketplace.usecases.read_agencies import AgencyQuery, ListedAgency, read_agencies
from marketplace.usecases.read_agency import AgencyFile, read_agency
from marketplace.usecases.read_happenings import Happening
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.web.addresses import AGENCIES
from marketplace.web.filters import read_agency_filter
from marketplace.web.locale.timeline import HAPPENINGS
from marketplace.web.pages.asking import (
    NO_ROWS,
    PageRequest,
    asked_of,
    entered_of,
    identifier_of,
    page,
    paging_of,
    query_of,
)
from marketplace.web.pages.naming import (
    city_options,
    entry_of,
    item_of,
    item_options,
    place_of,
    qualification_options,
)
from marketplace.web.pages.rows import award_row, restriction_row
from marketplace.web.views.agencies import (
    AgencyFilter,
    AgencyListView,
    AgencyRow,
    AgencyView,
    CreditLine,
    CreditView,
    Qualification,
    ShelfOffer,
)
from marketplace.web.views.parts import TimelineEntry

SHOWN_AWARDS = 5
SHOWN_HISTORY = 20


@get(AGENCIES, include_in_schema=False)
async def agency_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The list under the filters of the address."""
    query = query_of(request)
    try:
        chosen, part = asked_of(query, read_agency_filter)
    except Malformed as malformed:
        now = datetime.now(UTC)
        kinds, cities, entered = qualification_options(), city_options(now), entered_of(query, malformed)
        blank = AgencyListView(AgencyFilter(), item_options(), kinds, cities, (), NO_ROWS, 0, entered)
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    asked = AgencyQuery(chosen.q, chosen.item, chosen.qualification, chosen.city, chosen.restricted_only)
    found = await read_agencies(database, asked, part)
    view = AgencyListView(
        filter=chosen,
        items=item_options(),
        qualifications=qualification_options(),
        cities=city_options(found.now),
        rows=tuple(_row(row) for row in found.rows),
        paging=paging_of(found.part, found.total),
        restricted_total=found.restricted_total,
    )
    return page(request, view, now=found.now, is_example=any(row.is_example for row in found.rows))


@get(AGENCIES + "/{uscc:str}", include_in_schema=False)
async def agency_page(request: PageRequest, database: NamedDependency[Database], uscc: FromPath[str]) -> Response[str]:
    """One agency's public file."""
    file = await read_agency(database, identifier_of("agency", uscc))
    return page(request, agency_view(file), now=file.now, is_example=file.is_example)


def _row(row: ListedAgency) -> AgencyRow:
    return AgencyRow(
        uscc=row.uscc,
        name=row.name,
        place=place_of(row.region),
        filed_on=beijing_date(row.filed_at),
        qualifications=tuple(" ".join(filter(None, (one.kind, one.grade))) for one in row.qualifications),
        awards=row.awards,
        shelf_offers=row.shelf_offers,
        is_restricted=bool(row.restrictions),
        restricted_until=row.restricted_until,
    )


def _entry(one: Happening) -> TimelineEntry:
    """A happening with the item's name in place of its code."""
    entry = entry_of(one)
    item = entry.params.get("item")
    return replace(entry, params={**entry.params, "item": item_of(str(item)).name}) if item else entry


def credit_view(score: Score) -> CreditView:
    """The score as its sum is shown, the oldest fact first."""
    lines = tuple(
        CreditLine(
            one.rule.words, one.fact.basis, one.points, one.rule.points, one.fact.effective_at, one.until
        )
        for one in score.lines
    )  # fmt: skip
    return CreditView(score.value, score.start, RULEBOOK, lines)


def agency_view(file: AgencyFile) -> AgencyView:
    """The file as its page shows it; persons stay private."""
    told = tuple(_entry(one) for one in file.history if one.what in HAPPENINGS)
    return AgencyView(
        uscc=file.uscc,
        name=file.name,
        kind=file.kind,
        place=place_of(file.region),
        filed_at=file.filed_at,
        legal_representative="",
        commitment_signed_at=file.filed_at,
        qualifications=tuple(
            Qualification(one.kind, one.grade or "", one.number, one.issuer, one.valid_from, one.valid_until)
            for one in file.qualifications
        ),
        shelf=tuple(
            ShelfOffer(
                item=item_of(one.item),
                unit_price_fen=one.unit_price_fen,
                minimum_fee_fen=one.minimum_fee_fen,
                unit_name="",
                capacity=one.remaining,
                valid_from=one.valid_from,
                valid_until=one.valid_until,
                days=one.days,
            )
            for one in file.shelf
            if one.valid_until > file.now
        ),
        awards=tuple(award_row(row, file.awards.bidders) for row in file.awards.rows[:SHOWN_AWARDS]),
        awards_total=file.awards.total,
        award_cities=file.award_cities,
        restrictions=tuple(restriction_row(one, file.name, file.region, now=file.now) for one in file.restrictions),
        timeline=told[:SHOWN_HISTORY],
        timeline_total=max(len(told), file.history_total - (len(file.history) - len(told))),
        participations=file.participations,
        credit=credit_view(file.credit),
        median_price_fen=file.median_price_fen,
        objection_until=file.objection_until,
    )
