"""The life of a demand as documents of the API."""

from __future__ import annotations

from datetime import datetime

from marketplace.demands.enquiries import Enquiry
from marketplace.usecases.read_life import Life, ObjectionTold
from marketplace.web.api import life_models as models


def life(one: Life, *, now: datetime) -> models.LifeDocument:
    """The life as it is told at that instant."""
    return models.LifeDocument(
        stage=one.stage,
        enquiries=tuple(_enquiry(each, now=now) for each in one.enquiries),
        changes=tuple(
            models.TermsChangeDocument(
                at=each.at, reason=each.reason, before_digest=each.before_digest, terms_digest=each.terms_digest,
                sign_up_closes_at=each.sign_up_closes_at, closes_at=each.closes_at,
            )
            for each in one.changes
        ),
        objections=tuple(_objection(each, now=now) for each in one.objections),
        duties=tuple(
            models.DutyDocument(
                act=each.act, role=each.role, due_at=each.due_at, number=each.number, agency=each.agency,
                is_overdue=each.is_overdue(at=now),
            )
            for each in one.duties
        ),
    )  # fmt: skip


def _enquiry(one: Enquiry, *, now: datetime) -> models.EnquiryDocument:
    return models.EnquiryDocument(
        number=one.number, selection=one.selection, question=one.question, asked_at=one.asked_at,
        answer_until=one.answer_until.at, answer=one.answer, answered_at=one.answered_at, is_late=one.is_late(at=now),
    )  # fmt: skip


def _objection(told: ObjectionTold, *, now: datetime) -> models.AwardObjectionDocument:
    one = told.objection
    return models.AwardObjectionDocument(
        number=one.number, against=one.against, grounds=told.grounds, raised_at=one.raised_at,
        answer_until=one.answer_until.at, answer=told.answer, answered_at=one.answered_at, finding=one.finding,
        remedy=told.remedy, complain_until=one.complain_until.at if one.complain_until else None,
        withdrawn_at=one.withdrawn_at, complaint=_complaint(told), is_open=one.is_open(at=now),
    )  # fmt: skip


def _complaint(told: ObjectionTold) -> models.ComplaintDocument | None:
    one = told.objection.complaint
    if one is None:
        return None
    return models.ComplaintDocument(
        grounds=told.complaint or "", lodged_at=one.lodged_at, accept_until=one.accept_until.at,
        accepted_at=one.accepted_at, refused_at=one.refused_at, accepting=told.accepting,
        decide_until=one.decide_until.at if one.decide_until else None, decided_at=one.decided_at,
        finding=one.finding, deciding=told.deciding,
    )  # fmt: skip
