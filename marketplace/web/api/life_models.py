"""What the API tells of the life of a demand: enquiries, changed terms, objections, complaints, what is waited for."""

from __future__ import annotations

from datetime import datetime

from commons.events import Role
from marketplace.usecases.act import Message


class EnquiryDocument(Message):
    """One question with its answer; who asked is told to nobody. ``is_late``: not answered in its time."""

    number: int
    selection: str
    question: str
    asked_at: datetime
    answer_until: datetime
    answer: str | None
    answered_at: datetime | None
    is_late: bool


class TermsChangeDocument(Message):
    """One change of the terms; offers made before it count only when they were confirmed since, or made anew."""

    at: datetime
    reason: str
    before_digest: str
    terms_digest: str
    sign_up_closes_at: datetime
    closes_at: datetime


class ComplaintDocument(Message):
    """A complaint about an objection's answer, and what the regulator made of it."""

    grounds: str
    lodged_at: datetime
    accept_until: datetime
    accepted_at: datetime | None
    refused_at: datetime | None
    accepting: str | None
    decide_until: datetime | None
    decided_at: datetime | None
    finding: str | None
    deciding: str | None


class AwardObjectionDocument(Message):
    """An objection to an award; ``is_open``: the award waits for it. Who objected is told to nobody."""

    number: int
    against: str
    grounds: str
    raised_at: datetime
    answer_until: datetime
    answer: str | None
    answered_at: datetime | None
    finding: str | None
    remedy: str | None
    complain_until: datetime | None
    withdrawn_at: datetime | None
    complaint: ComplaintDocument | None
    is_open: bool


class DutyDocument(Message):
    """One act that is waited for: its name, who has to do it, by when, and whether that is over."""

    act: str
    role: Role
    due_at: datetime
    number: int | None
    agency: str | None
    is_overdue: bool


class LifeDocument(Message):
    """Where a demand is, in one word, and what its life has brought."""

    stage: str
    enquiries: tuple[EnquiryDocument, ...]
    changes: tuple[TermsChangeDocument, ...]
    objections: tuple[AwardObjectionDocument, ...]
    duties: tuple[DutyDocument, ...]
