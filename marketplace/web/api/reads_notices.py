"""Readings of notices of several lots."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from marketplace.database import Database
from marketplace.usecases.act import Message
from marketplace.usecases.read_notice import read_notice
from marketplace.web.api import read_documents as documents
from marketplace.web.api.documents import problems
from marketplace.web.api.read_models import DemandSummary
from marketplace.web.api.reading import NAMED, answered
from marketplace.web.api.tags import DEMANDS
from marketplace.web.pages.asking import identifier_of


class LotDocument(Message):
    """One lot (标段), its number from 1; ``waits_for`` is the earlier lot that has to be decided first.

    ``terms_digest``: of the terms in force, which offers name.
    """

    number: int
    waits_for: int | None
    terms_digest: str
    demand: DemandSummary


class NoticeDocument(Message):
    """A notice: ``lot_cap`` is how many of its lots one bidder may win, null for no cap; ``held`` by credit code."""

    now: datetime
    id: str
    title: str
    owner_code: str
    lot_cap: int | None
    published_at: datetime | None
    is_example: bool
    held: dict[str, int]
    lots: tuple[LotDocument, ...]


@get(
    "/notices/{notice:str}",
    operation_id="readNotice",
    name="readNotice",
    tags=[DEMANDS],
    summary="一个标段公告 / One notice of lots",
    responses=problems(*NAMED),
)
async def get_notice(database: NamedDependency[Database], notice: FromPath[str]) -> Response[NoticeDocument]:
    """The lots in the order in which they are decided, each where it stands."""
    file = await read_notice(database, identifier_of("notice", notice))
    return answered(
        NoticeDocument(
            now=file.now,
            id=file.notice.id,
            title=file.notice.title,
            owner_code=file.notice.owner_code,
            lot_cap=file.notice.lot_cap,
            published_at=file.notice.published_at,
            is_example=file.notice.is_example,
            held=file.held,
            lots=tuple(
                LotDocument(
                    number=one.number,
                    waits_for=one.waits_for,
                    terms_digest=one.terms_digest,
                    demand=documents.summary(one.row),
                )
                for one in file.lots
            ),
        )
    )
