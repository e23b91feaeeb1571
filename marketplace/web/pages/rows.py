"""Rows of lists: what the use cases list, as the views show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast, get_args

from bidding.rules import rule
from commons.regions import REGIONS
from commons.verdicts import Reason
from credit.restrictions import Restriction
from marketplace.usecases.read_listing import Listed
from marketplace.web.pages.naming import item_of, place_of
from marketplace.web.views.about import RestrictionRow, RestrictionState
from marketplace.web.views.awards import AwardRow
from marketplace.web.views.demands import DemandRow
from marketplace.web.views.parts import AgencyRef, DemandState, Mode, ModeCount

MODES: tuple[Mode, ...] = get_args(Mode)
"""Modes that demands of this market can have."""


def state_of(row: Listed, *, now: datetime) -> DemandState:
    """The state; one whose offers closed a moment ago and that nobody has settled is closed for offers."""
    if row.state == "published" and row.closes_at is not None and row.closes_at <= now:
        return "offers_closed"
    return cast("DemandState", row.state)


def demand_row(row: Listed, *, now: datetime) -> DemandRow:
    """A demand in a list."""
    return DemandRow(
        id=row.id,
        title=row.title,
        owner_name=row.owner_name,
        item=item_of(row.item),
        mode=row.mode,
        place=place_of(row.region, row.place),
        ceiling_fen=row.ceiling_fen,
        state=state_of(row, now=now),
        published_at=row.published_at,
        sign_up_closes_at=row.sign_up_closes_at,
        closes_at=row.closes_at,
        wanted_days=row.max_days,
        items_count=len(row.items),
        publication=row.publication,
        lot=row.lot,
        is_regional_assessment=row.is_regional_assessment,
    )


def award_row(row: Listed, bidders: Mapping[str, int]) -> AwardRow:
    """A result in a list; ``bidders`` signed up, by selection."""
    assert row.decided_at is not None, "a result has its instant"
    return AwardRow(
        id=row.id,
        title=row.title,
        mode=row.mode,
        place=place_of(row.region, row.place),
        item=item_of(row.item),
        ceiling_fen=row.ceiling_fen,
        state=cast("DemandState", row.state),
        decided_at=row.decided_at,
        winner=AgencyRef(row.winner, row.winner_name or row.winner) if row.winner else None,
        price_fen=row.winning_fen,
        bidders=bidders.get(row.selection),
        reason=failure(row.reason) if row.reason else None,
    )


def failure(code: str) -> Reason:
    """Why a selection came to nothing, by its code."""
    return Reason(code, rule("3"))


def restriction_row(
    one: Restriction, name: str, region: str, *, now: datetime, grade: str | None, is_disputed: bool
) -> RestrictionRow:
    """A restriction, in force or over, with the agency's grade (None: new)."""
    return RestrictionRow(
        id=one.id,
        agency=AgencyRef(one.subject, name),
        place=place_of(region),
        layer=one.layer,
        basis=one.basis,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        decided_in=REGIONS.full_name(one.region),
        state=_state(one, now=now),
        measures=one.measures,
        items=tuple(item_of(code).name for code in one.items),
        grade=grade or "",
        is_disputed=is_disputed,
    )


def _state(one: Restriction, *, now: datetime) -> RestrictionState:
    """Whether it holds, else how it ended."""
    if one.is_in_force(at=now):
        return "in_force"
    return "lifted" if one.lifted_at is not None and one.lifted_at == one.ends_at else "expired"


def mode_counts(counts: Mapping[str, int]) -> tuple[ModeCount, ...]:
    """Counts for the tabs, every mode of the market in a fixed order."""
    return tuple(ModeCount(mode, counts.get(mode, 0)) for mode in MODES)
