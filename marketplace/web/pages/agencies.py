"""机构库: list and file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from agencies.filing_objections import FilingObjection
from agencies.people.holds import Hold
from commons.errors import Malformed
from commons.grams import words_of
from commons.instants import beijing_date
from commons.regions import REGIONS
from commons.verdicts import Param
from credit.rulebook import rulebook
from credit.scoring import Score
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_agencies import AgencyQuery, ListedAgency, read_agencies
from marketplace.usecases.read_agency import AgencyFile, read_agency
from marketplace.usecases.read_happenings import Happening
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.web.addresses import AGENCIES
from marketplace.web.filters import query_of as pairs_of
from marketplace.web.filters import read_agency_filter
from marketplace.web.locale.names import AGENCY_KINDS, FILING_ANSWERS, HOLD_RULINGS
from marketplace.web.locale.timeline import HAPPENINGS
from marketplace.web.pages.asking import (
    PAGE_ROWS,
    PageRequest,
    entered_of,
    identifier_of,
    page,
    query_of,
    turned_of,
)
from marketplace.web.pages.naming import (
    city_options,
    entry_of,
    grade_options,
    item_of,
    item_options,
    place_of,
    qualification_options,
)
from marketplace.web.pages.rows import award_row, restriction_row
from marketplace.web.pages.saved import saved_links
from marketplace.web.views.about import RestrictionRow
from marketplace.web.views.agencies import (
    AgencyFilter,
    AgencyListView,
    AgencyRow,
    AgencyView,
    CreditLine,
    CreditView,
    FilingObjectionRow,
    HoldRow,
    PractitionerRow,
    Qualification,
    ServedItem,
    ShelfOffer,
    TieRow,
)
from marketplace.web.views.parts import NO_TURN, Hits, TimelineEntry, Turning

SHOWN_AWARDS = 5
SHOWN_HISTORY = 20


@get(AGENCIES, include_in_schema=False)
async def agency_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The list under the filters of the address."""
    query = query_of(request)
    try:
        chosen, after, before = turned_of(query, read_agency_filter)
    except Malformed as malformed:
        now = datetime.now(UTC)
        kinds, cities, entered = qualification_options(), city_options(now), entered_of(query, malformed)
        blank = AgencyListView(
            AgencyFilter(), item_options(), kinds, cities, grade_options(""), (), NO_TURN, 0, entered
        )
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    asked = AgencyQuery(
        q=chosen.q, item=chosen.item, qualification=chosen.qualification, city=chosen.city,
        restricted_only=chosen.restricted_only, free_only=chosen.free_only, grade=chosen.grade,
        offering=chosen.offering, after=after, before=before,
    )  # fmt: skip
    found = await read_agencies(database, asked, Slice(1, PAGE_ROWS))
    view = AgencyListView(
        filter=chosen,
        items=item_options(),
        qualifications=qualification_options(),
        cities=city_options(found.now),
        grades=grade_options(chosen.qualification),
        rows=tuple(agency_row(row) for row in found.rows),
        turning=Turning(
            found.first, len(found.rows), found.total, found.previous or "", found.next or "", is_more=found.is_more
        ),
        restricted_total=found.restricted_total,
        hits=Hits(words_of(chosen.q)),
        saved=await saved_links(request, database, "agencies", pairs_of(chosen)),
    )
    return page(request, view, now=found.now, is_example=any(row.is_example for row in found.rows))


@get(AGENCIES + "/{uscc:str}", include_in_schema=False)
async def agency_page(request: PageRequest, database: NamedDependency[Database], uscc: FromPath[str]) -> Response[str]:
    """One agency's public file."""
    settings: Settings = request.app.state.settings
    file = await read_agency(database, identifier_of("agency", uscc), profile=settings.profile)
    return page(request, agency_view(file), now=file.now, is_example=file.is_example)


def agency_row(row: ListedAgency) -> AgencyRow:
    """An agency in a list."""
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
        standing=row.standing,
    )


def _entry(one: Happening) -> TimelineEntry:
    """A happening with names in place of codes: items, kinds and places of a change, answers."""
    entry = entry_of(one)
    told = {key: _word(one.what, key, value) for key, value in entry.params.items()}
    rule = rulebook(RULEBOOK).rules.get(str(told.get("code")))
    if one.what == "credit_fact_recorded" and "basis" not in told and rule is not None:
        told["basis"] = rule.words  # what is not published is told by its rule alone
    return replace(entry, params=told)


def _word(what: str, key: str, value: Param) -> Param:
    match what, key:
        case _, "item":
            return item_of(str(value)).name
        case "agency_changed", "kind" | "kind_from":
            return AGENCY_KINDS.get(str(value), value)
        case "agency_changed", "region" | "region_from":
            return REGIONS.full_name(str(value))
        case "agency_changed", "contact":
            return "已更新"
        case ("hold_ruled", "ruling") | ("filing_objection_answered", "answer"):
            return {**FILING_ANSWERS, **HOLD_RULINGS}.get(str(value), value)
        case _:
            return value


def credit_view(score: Score) -> CreditView:
    """The score as its sum is shown, the oldest fact first."""
    lines = tuple(
        CreditLine(
            one.rule.words, one.fact.basis, one.points, one.rule.points, one.fact.effective_at, one.until,
            one.is_disputed,
        )
        for one in score.lines
    )  # fmt: skip
    return CreditView(score.value, score.start, RULEBOOK, lines, score.grade or "")


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
        qualifications=_certificates(file),
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
        restrictions=_restrictions(file),
        timeline=told[:SHOWN_HISTORY],
        timeline_total=max(len(told), file.history_total - (len(file.history) - len(told))),
        participations=file.participations,
        credit=credit_view(file.credit),
        median_price_fen=file.median_price_fen,
        objection_until=file.objection_until,
        standing=file.life.standing,
        standing_since=file.life.since,
        served=tuple(ServedItem(item_of(one.item), one.offered_at) for one in file.items if one.stopped_at is None),
        objections=tuple(_objection(one) for one in reversed(file.objections)),
        ties=tuple(TieRow(one.kind, one.shown, one.share_bp) for one in file.people.ties),
        practitioners=tuple(
            PractitionerRow(one.claim.shown, one.claim.certificate_kind, one.claim.valid_until, one.is_held)
            for one in file.people.practitioners
        ),
        holds=tuple(_hold(one, now=file.now) for one in reversed(file.people.holds)),
    )


def _restrictions(file: AgencyFile) -> tuple[RestrictionRow, ...]:
    grade, now = file.credit.grade, file.now
    return tuple(
        restriction_row(one, file.name, file.region, now=now, grade=grade, is_disputed=one.fact in file.disputed)
        for one in file.restrictions
    )


def _hold(one: Hold, *, now: datetime) -> HoldRow:
    """A hold; one that ended with its restriction has no ruling."""
    ended_at = one.ruled_at if one.ruled_at is not None and one.ruled_at <= now else None
    ruling, reason = one.ruling or "", one.reason or ""
    return HoldRow(one.linked_to, one.kinds, one.opened_at, one.due_at, ruling, reason, ended_at)


def _objection(one: FilingObjection) -> FilingObjectionRow:
    answer, reason = one.answer or "", one.answer_reason or ""
    return FilingObjectionRow(one.reason, one.objected_at, one.answer_due_at, answer, reason, one.answered_at)


def _certificates(file: AgencyFile) -> tuple[Qualification, ...]:
    """What is current first, then what is over; a renewal says that it follows."""
    followed = {one.follows for one in file.qualifications if one.follows}
    rows = [
        Qualification(
            one.kind, one.grade or "", one.number, one.issuer, one.valid_from, one.valid_until, one.scope,
            tuple(REGIONS.full_name(code) for code in one.regions), tuple(item_of(code).name for code in one.items),
            one.ended_at, one.id in followed,
        )
        for one in file.qualifications
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda one: one.ended_at is not None))
