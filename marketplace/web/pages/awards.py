"""中选公告: list, detail and the case file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import cast

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from bidding.reading.case import parse_case
from bidding.reading.terms import parse_demand_terms
from commons.canonical import Json
from commons.errors import Malformed
from commons.grams import words_of
from marketplace.database import Database
from marketplace.demands.duties import Duty
from marketplace.usecases.read_award import AwardFile, read_case
from marketplace.usecases.read_awards import LIST, AwardQuery, read_awards
from marketplace.usecases.read_contract import read_result
from marketplace.usecases.read_listing import Slice
from marketplace.web.addresses import AWARDS, demand_act_path, object_path
from marketplace.web.casework.explained import explain
from marketplace.web.casework.made import Explained
from marketplace.web.casework.placed import direct_explained
from marketplace.web.casework.terms import terms_view
from marketplace.web.filters import query_of as pairs_of
from marketplace.web.filters import read_award_filter
from marketplace.web.locale.life_words import ACTIONS
from marketplace.web.locale.names import ROLES
from marketplace.web.pages.asking import (
    PAGE_ROWS,
    PageRequest,
    entered_of,
    identifier_of,
    page,
    query_of,
    turned_of,
)
from marketplace.web.pages.contracts import panel_of
from marketplace.web.pages.demands import halted_of, lot_of
from marketplace.web.pages.naming import agency_of, city_options, entry_of, item_of, item_options, place_of
from marketplace.web.pages.rows import award_row, mode_counts
from marketplace.web.pages.satisfaction import may_still_tell
from marketplace.web.pages.saved import saved_links
from marketplace.web.signed_in import reader_of
from marketplace.web.views.awards import (
    AwardFilter,
    AwardListView,
    AwardView,
    Left,
    Picked,
    Split,
    Verification,
)
from marketplace.web.views.contracts import Owed
from marketplace.web.views.demands import Recusal
from marketplace.web.views.parts import NO_TURN, AgencyRef, DemandState, Hits, Publicity, Turning

MOST_EXPLAINED = 256
"""Results whose explanation is kept: everybody looks at a new one, and nothing of it changes."""


@get(AWARDS, include_in_schema=False)
async def award_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The list under the filters of the address."""
    query = query_of(request)
    try:
        chosen, after, before = turned_of(query, read_award_filter, LIST.letters)
        asked = AwardQuery(chosen.q, chosen.item, chosen.city, chosen.outcome, chosen.mode or "", "", after, before)
        found = await read_awards(database, asked, Slice(1, PAGE_ROWS))
    except Malformed as malformed:
        now = datetime.now(UTC)
        entered = entered_of(query, malformed)
        blank = AwardListView(AwardFilter(), item_options(), city_options(now), (), (), NO_TURN, entered)
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    view = AwardListView(
        filter=chosen,
        items=item_options(),
        cities=city_options(found.now),
        mode_counts=mode_counts(found.mode_counts),
        rows=tuple(award_row(row, found.bidders) for row in found.rows),
        turning=Turning(0, len(found.rows), found.total, found.previous or "", found.next or "", is_more=found.is_more),
        hits=Hits(words_of(chosen.q)),
        saved=await saved_links(request, database, "awards", pairs_of(chosen)),
        is_counted=bool(found.mode_counts) or not found.total,
    )
    return page(request, view, now=found.now, is_example=any(row.is_example for row in found.rows))


@get(AWARDS + "/{demand:str}", include_in_schema=False)
async def award_page(request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]) -> Response[str]:
    """One result, computed again from its case."""
    file, contract = await read_result(database, identifier_of("award", demand))
    selection = file.demand.selection
    tell_of = selection if await may_still_tell(request, database, "selection", selection) else ""
    view = replace(
        award_view(file), contract=None if contract is None else panel_of(contract), tell_of=tell_of,
        objection=_objection(request, file),
    )  # fmt: skip
    return page(request, view, now=file.now, is_example=file.demand.is_example)


def _objection(request: PageRequest, file: AwardFile) -> str:
    """Where this reader objects to the award, as long as it may; "" else."""
    visitor, demand = reader_of(request), file.demand.id
    if visitor is not None and visitor.bearer.actor_role == "agency":
        who = visitor.bearer.acting or ""
        return demand_act_path(demand, "object") if file.may_be_objected_to("agency", who) else ""
    return f"{object_path('award')}?demand={demand}" if file.may_be_objected_to("public") else ""


@get(AWARDS + "/{demand:str}/case.json", include_in_schema=False)
async def case_file(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[bytes]:
    """The case file: the same bytes as long as the decision stands."""
    found = await read_case(database, identifier_of("award", demand))
    tag = f'"{found.digest}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="case-{demand}.json"'
    return Response(found.body, media_type="application/json", headers=headers)


def award_view(file: AwardFile) -> AwardView:
    """The file as its page shows it."""
    demand, explained = file.demand, explained_result(file)
    return AwardView(
        id=demand.id,
        demand_id=demand.id,
        title=demand.title,
        state=cast("DemandState", demand.state),
        outcome=explained.outcome,
        owner_name=demand.owner_name,
        project_name=demand.project_name,
        project_code=demand.project_code,
        items=tuple(item_of(one) for one in demand.items),
        place=place_of(demand.region, demand.place),
        terms=terms_view(parse_demand_terms(dict(demand.terms)), digest=demand.terms_digest),
        decided_at=file.ruling.as_of,
        result=explained.result,
        left=(*explained.left, *_without_offers(file)),
        recusals=tuple(Recusal(file.names.get(one.agency, one.agency), one.reason) for one in demand.recusals),
        timeline=tuple(entry_of(one) for one in file.happenings),
        verification=Verification(demand.terms_digest, file.case_digest, file.events),
        valid_offers=explained.valid_offers,
        winner=explained.winner,
        price_fen=explained.price_fen,
        discount_bp=explained.discount_bp,
        offered_days=explained.offered_days,
        total=explained.total,
        effective=explained.effective,
        publicity=_publicity(file),
        objection_answer_workdays=file.objection_workdays,
        owed=tuple(_owed(one, at=file.now) for one in file.waiting),
        draw=explained.draw,
        reason=explained.reason,
        explained_by=explained.explained_by,
        picked=_picked(file),
        choice_until=file.choice_until,
        splits=_splits(file),
        halted=halted_of(file.halt),
        lot=lot_of(file),
        rule_profile=demand.profile,
    )


def explained_result(file: AwardFile) -> Explained:
    """The decision explained; where everybody in the ranking gave way later, there is no winner any more."""
    picked = file.picked.bidder if file.picked is not None else None
    had_award = file.ruling.decision["outcome"] == "award" or picked is not None
    nobody_left = file.demand.outcome == "unsuccessful" and had_award
    if file.case_digest is None:
        return direct_explained(file.ruling.decision, _agencies(file.names), nobody_left=nobody_left)
    names, barred = tuple(sorted(file.names.items())), tuple(sorted(file.passed_over.items()))
    kept = _Kept(file.case_digest, names, file.demand.winner, picked, barred, nobody_left, file.ruling.case)
    return _explained(kept)


def _agencies(names: Mapping[str, str]) -> dict[str, AgencyRef]:
    return {uscc: agency_of(uscc, names) for uscc in names}


@dataclass(frozen=True, slots=True)
class _Kept:
    """All that an explanation follows from: the case by its SHA-256, everybody's name, what came of it since."""

    digest: str
    names: tuple[tuple[str, str], ...]
    winner: str | None
    picked: str | None
    passed_over: tuple[tuple[str, str], ...]
    nobody_left: bool
    case: Mapping[str, Json] = field(compare=False)


@lru_cache(maxsize=MOST_EXPLAINED)
def _explained(kept: _Kept) -> Explained:
    """The explanation, worked out once however many ask for the page."""
    return explain(
        parse_case(dict(kept.case)), _agencies(dict(kept.names)), winner=kept.winner, nobody_left=kept.nobody_left,
        picked=kept.picked, passed_over=dict(kept.passed_over),
    )  # fmt: skip


def _owed(one: Duty, *, at: datetime) -> Owed:
    """What is to be done about one objection."""
    return Owed(ROLES[one.role], f"{ACTIONS[one.act]}（异议 {one.number}）", one.due_at, one.is_overdue(at=at))


def _picked(file: AwardFile) -> Picked | None:
    one = file.picked
    if one is None:
        return None
    return Picked(agency_of(one.bidder, file.names), one.at, one.reason, is_silent=one.ground == "silence")


def _splits(file: AwardFile) -> tuple[Split, ...]:
    """Parts by item in the order of the items, by bidder as the record has them; the winner first."""
    rows = [
        Split(
            agency_of(bidder, file.names),
            tuple(sum(part.fen for part in parts if part.item == item) for item in file.demand.items),
            sum(part.fen for part in parts),
            is_winner=bidder == file.demand.winner,
        )
        for bidder, parts in file.splits.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.is_winner, row.price_fen, row.bidder.uscc)))


def _without_offers(file: AwardFile) -> tuple[Left, ...]:
    """Who was refused before any offer, and who stayed silent."""
    return (
        *(Left(agency_of(one, file.names), is_silent=True) for one in file.silent),
        *(Left(agency_of(one.agency, file.names), reasons=one.reasons, is_before_offers=True) for one in file.turned),
    )


def _publicity(file: AwardFile) -> Publicity | None:
    if file.publicity_starts_at is None or file.demand.publicity_until is None:
        return None
    return Publicity(file.publicity_starts_at, file.demand.publicity_until, file.publicity_workdays)
