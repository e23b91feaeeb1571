"""Contracts as the API's documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marketplace.contracts.clocks import Duty
from marketplace.contracts.contract import Contract, Document
from marketplace.usecases.read_contract import ContractFile
from marketplace.web.api import contract_models as models
from marketplace.web.api import read_documents as documents


def summary(file: ContractFile) -> models.ContractSummary:
    """A contract as lists show it."""
    one, award = file.contract, file.contract.award
    return models.ContractSummary(
        id=one.id,
        demand=award.demand,
        title=file.demand.title,
        state=one.state,
        agency=documents.agency_name(award.agency, file.names),
        owner_code=award.owner_code,
        region=award.region,
        amount_fen=award.amount_fen if one.amount_fen is None else one.amount_fen,
        awarded_fen=award.amount_fen,
        days=award.days if one.days is None else one.days,
        awarded_at=award.awarded_at,
        sign_until=one.sign_until.at,
        confirmed_at=one.confirmed_at,
        due_at=one.due_at,
        accepted_at=one.accepted_at,
        is_deemed=one.is_deemed,
        is_example=file.demand.is_example,
        duties=_duties(file.duties),
        overdue=_duties(file.overdue),
        reminders=_duties(file.reminders),
    )


def document(file: ContractFile) -> models.ContractDocument:
    """A whole contract, as this reader may have it."""
    one = file.contract
    return models.ContractDocument(
        now=file.now,
        contract=summary(file),
        restrictions=tuple(documents.reason(each) for each in file.restrictions),
        paper=_paper(one),
        changes=tuple(_of(models.ContractChangeDocument, each) for each in one.changes),
        milestones=tuple(_of(models.MilestoneDocument, each) for each in one.milestones),
        visits=tuple(_of(models.VisitDocument, each) for each in one.visits),
        deliveries=tuple(
            _of(models.DeliveryDocument, each, accept_until=each.accept_until.at) for each in one.deliveries
        ),
        accepted_at_first=one.accepted_at_first,
        passed_first=None if one.review is None else one.review.passed_first,
        rating=_rating(file),
        invoiced_fen=one.total("invoice"),
        paid_fen=one.total("payment"),
        disputes=tuple(_of(models.DisputeDocument, each) for each in one.disputes),
        ending=None if one.ending is None else _of(models.EndingDocument, one.ending),
        credit_facts=dict(one.facts),
        archived_at=one.archived_at,
        archive_sha256=one.archive_sha256,
        record=_record(file),
    )


def _of(model: type[Any], one: Any, **instead: Any) -> Any:
    """A value as the model of its fields, files by name; what is named differently is given."""
    given = {"files": _files(one.documents)} if "files" in model.model_fields else {}
    given |= instead
    return model(**given, **{name: getattr(one, name) for name in model.model_fields if name not in given})


def _paper(one: Contract) -> models.PaperDocument | None:
    if one.paper is None:
        return None
    until = one.paper.confirm_until.at
    made: models.PaperDocument = _of(
        models.PaperDocument, one.paper, confirm_until=until, confirmed_at=one.confirmed_at
    )
    return made


def _rating(file: ContractFile) -> models.RatingDocument | None:
    one = file.contract.rating
    if one is None:
        return None
    return models.RatingDocument(
        scores=dict(one.scores),
        value=one.value,
        at=one.at,
        words=file.words.get("rated"),
        answered_at=one.answered_at,
        answer=file.words.get("rating_answered"),
    )


def _record(file: ContractFile) -> tuple[models.EntryDocument, ...]:
    return tuple(
        models.EntryDocument(
            at=one.event.at,
            what=one.event.type.partition(".")[2],
            by=one.event.actor.role,
            digest=one.event.digest,
            notes={name: value for name, value in file.notes.get(one.event.id, {}).items() if isinstance(value, str)},
        )
        for one in file.recorded
    )


def _duties(duties: Iterable[Duty]) -> tuple[models.ContractDuty, ...]:
    return tuple(_of(models.ContractDuty, one) for one in duties)


def _files(kept: Iterable[Document]) -> tuple[models.FileRef, ...]:
    return tuple(models.FileRef(id=one.id, sha256=one.sha256) for one in kept)
