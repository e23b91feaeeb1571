"""From what the use cases read to what the API answers with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction

from agencies.filing_objections import FilingObjection
from agencies.offered import OfferedItem
from agencies.qualifications import Qualification
from agencies.shelf import ShelfOffer
from commons.instants import beijing_date
from commons.regions import REGIONS
from commons.sources import Source
from commons.verdicts import Reason
from credit.lists import ListEntry
from credit.restrictions import Restriction
from credit.scoring import Score
from marketplace.usecases.read_agencies import ListedAgency
from marketplace.usecases.read_happenings import Happening
from marketplace.usecases.read_listing import Listed
from marketplace.usecases.read_room import Room, RoundNow
from marketplace.usecases.read_selection import Own
from marketplace.web.api import agency_models, credit_models
from marketplace.web.api import read_models as models
from marketplace.web.api.documents import SourceDocument


def fraction(value: Fraction | None) -> models.Effective | None:
    """An exact amount as its two integers."""
    return None if value is None else (value.numerator, value.denominator)


def agency_name(uscc: str, names: Mapping[str, str]) -> models.AgencyName:
    """An agency by code; without a name on file it is shown by the code."""
    return models.AgencyName(uscc=uscc, name=names.get(uscc, uscc))


def source(one: Source) -> SourceDocument:
    """A source as a document."""
    return SourceDocument(title=one.title, place=one.place, text_seen=one.text_seen)


def reason(one: Reason) -> models.ReasonKept:
    """A reason as it was recorded."""
    return models.ReasonKept(code=one.code, params=dict(one.params), source=source(one.source))


def happened(told: Iterable[Happening]) -> tuple[models.Happened, ...]:
    """A timeline."""
    return tuple(models.Happened(at=one.at, what=one.what, params=dict(one.params), until=one.until) for one in told)


def summary(row: Listed) -> models.DemandSummary:
    """A listed demand."""
    return models.DemandSummary(
        id=row.id, selection=row.selection, title=row.title, owner_name=row.owner_name, region=row.region,
        region_name=REGIONS.full_name(row.region), place=row.place, item=row.item, items=row.items,
        publication=row.publication, mode=row.mode,
        buyer_class=row.buyer_class, ceiling_fen=row.ceiling_fen, max_days=row.max_days,
        is_regional_assessment=row.is_regional_assessment, is_example=row.is_example, state=row.state,
        published_at=row.published_at, sign_up_closes_at=row.sign_up_closes_at, closes_at=row.closes_at,
        outcome=row.outcome, reason=row.reason,
        winner=models.AgencyName(uscc=row.winner, name=row.winner_name or row.winner) if row.winner else None,
        winning_fen=row.winning_fen, decided_at=row.decided_at, publicity_until=row.publicity_until,
    )  # fmt: skip


def room(one: Room) -> models.RoomDocument:
    """The rounds as anybody may see them."""
    return models.RoomDocument(
        current_round=one.current.number if one.current else None,
        rounds=tuple(_round(each) for each in one.rounds),
        standing=tuple(
            models.StandingDocument(
                rank=each.rank, bidder=each.number, price_fen=each.price_fen,
                discount_bp=each.discount_bp, days=each.days,
                effective=(each.effective.numerator, each.effective.denominator), at=each.at,
            )
            for each in one.standing
        ),
        offers_accepted=one.accepted,
        offers_refused=one.refused,
    )  # fmt: skip


def _round(one: RoundNow) -> models.RoundDocument:
    view = one.view
    return models.RoundDocument(
        number=view.number, kind=view.kind, opens_at=view.opens_at, closes_at=view.closes_at,
        extensions=view.extensions_used, survivors=view.survivors, status=view.status, alive=one.alive,
        best=fraction(one.best),
    )  # fmt: skip


def own(one: Own) -> models.OwnDocument:
    """The asking agency's part."""
    standing, bound = one.standing, one.bound
    barrier = bound.barrier if bound is not None else None
    return models.OwnDocument(
        admitted_at=one.admitted_at, voided_at=one.voided_at, bidder=one.number,
        rank=standing.rank if standing else None, price_fen=standing.price_fen if standing else None,
        discount_bp=standing.discount_bp if standing else None,
        days=standing.days if standing else None, effective=fraction(standing.effective) if standing else None,
        max_price_fen=bound.max_price_fen if bound else None, min_discount_bp=bound.min_discount_bp if bound else None,
        barrier="days_needed" if one.is_missing_days else barrier,
    )  # fmt: skip


def qualification(one: Qualification, *, now: datetime) -> agency_models.QualificationDocument:
    """A certificate, and whether it is in force today."""
    return agency_models.QualificationDocument(
        id=one.id, kind=one.kind, grade=one.grade, number=one.number, issuer=one.issuer, valid_from=one.valid_from,
        valid_until=one.valid_until, scope=one.scope, regions=one.regions, items=one.items, follows=one.follows,
        ended_at=one.ended_at, is_valid=one.is_valid(on=beijing_date(now)),
    )  # fmt: skip


def restriction(one: Restriction, name: str, *, now: datetime, is_disputed: bool) -> agency_models.RestrictionDocument:
    """A restriction, in force or over."""
    return agency_models.RestrictionDocument(
        id=one.id, agency=models.AgencyName(uscc=one.subject, name=name), layer=one.layer, basis=one.basis or None,
        region=one.region, region_name=REGIONS.full_name(one.region), starts_at=one.starts_at, ends_at=one.ends_at,
        is_in_force=one.is_in_force(at=now), measures=one.measures, items=one.items, fact=one.fact,
        is_disputed=is_disputed,
    )  # fmt: skip


def agency(row: ListedAgency, *, now: datetime) -> agency_models.AgencySummary:
    """A listed agency."""
    return agency_models.AgencySummary(
        uscc=row.uscc, name=row.name, region=row.region, region_name=REGIONS.full_name(row.region),
        filed_at=row.filed_at, is_example=row.is_example,
        qualifications=tuple(qualification(one, now=now) for one in row.qualifications),
        is_restricted=bool(row.restrictions), restricted_until=row.restricted_until, awards=row.awards,
        shelf_offers=row.shelf_offers, standing=row.standing,
    )  # fmt: skip


def list_entry(one: ListEntry, names: Mapping[str, str]) -> credit_models.ListEntryDocument:
    """An entry of a credit list."""
    return credit_models.ListEntryDocument(
        agency=agency_name(one.subject, names), ground=one.ground, kind=one.kind, layer=one.layer, code=one.code,
        basis=one.basis, since=one.since, until=one.until, repairable_from=one.repairable_from,
        is_disputed=one.is_disputed,
    )  # fmt: skip


def shelf_offer(one: ShelfOffer) -> agency_models.ShelfOfferDocument:
    """A shelf offer without its nonce."""
    return agency_models.ShelfOfferDocument(
        id=one.id, item=one.item, unit_price_fen=one.unit_price_fen, minimum_fee_fen=one.minimum_fee_fen,
        days=one.days, remaining=one.remaining, valid_from=one.valid_from, valid_until=one.valid_until,
        renews=one.renews,
    )  # fmt: skip


def offered_item(one: OfferedItem) -> agency_models.OfferedItemDocument:
    """An item that is or was served."""
    return agency_models.OfferedItemDocument(item=one.item, offered_at=one.offered_at, stopped_at=one.stopped_at)


def filing_objection(one: FilingObjection) -> agency_models.FilingObjectionDocument:
    """An objection to a filing, its objector by role alone."""
    return agency_models.FilingObjectionDocument(
        id=one.id, objector_role=one.objector.role, reason=one.reason, evidence_sha256=one.evidence_sha256,
        objected_at=one.objected_at, answer_due_at=one.answer_due_at, answer=one.answer,
        answer_reason=one.answer_reason, answered_at=one.answered_at,
    )  # fmt: skip


def credit(one: Score) -> agency_models.CreditDocument:
    """The score with every line of its sum."""
    return agency_models.CreditDocument(
        value=one.value, start=one.start, is_new=one.is_new, grade=one.grade,
        lines=tuple(
            agency_models.CreditLine(
                fact=line.fact.id, code=line.fact.code, words=line.rule.words, basis=line.fact.basis,
                points=line.points, effective_at=line.fact.effective_at, until=line.until, is_disputed=line.is_disputed,
                source=source(line.rule.source),
            )
            for line in one.lines
        ),
    )  # fmt: skip
