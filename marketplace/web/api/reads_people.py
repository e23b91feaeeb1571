"""Readings of the people behind agencies: masked, and the queue of holds for review."""

from __future__ import annotations

from datetime import date, datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from agencies.people.holds import Hold
from marketplace.database import Database
from marketplace.usecases.act import Message
from marketplace.usecases.read_holds import read_holds
from marketplace.usecases.read_people import read_people
from marketplace.web.api.documents import problems
from marketplace.web.api.read_models import AgencyName
from marketplace.web.api.reading import NAMED, NOT_BUSY, Code, Limit, answered
from marketplace.web.api.tags import AGENCIES, CREDIT
from marketplace.web.pages.asking import identifier_of


class TieDocument(Message):
    """A tie; names of people are masked, ``share_bp`` is in basis points."""

    kind: str
    shown: str
    share_bp: int | None
    stated_at: datetime


class PractitionerDocument(Message):
    """A practitioner, masked; ``is_held`` while another agency has the person."""

    claim: str
    shown: str
    certificate_kind: str
    certificate_number: str
    valid_from: date
    valid_until: date | None
    claimed_at: datetime
    is_held: bool


class HoldDocument(Message):
    """A hold for review: because of whom, by which ties, by when it is due; open while ``ruled_at`` is null."""

    hold: str
    agency: str
    linked_to: str
    restriction: str | None
    selection: str | None
    kinds: tuple[str, ...]
    opened_at: datetime
    due_at: datetime
    ruled_at: datetime | None
    ruling: str | None
    reason: str | None


class PeopleDocument(Message):
    """Who stands behind an agency as of ``now``."""

    now: datetime
    ties: tuple[TieDocument, ...]
    practitioners: tuple[PractitionerDocument, ...]
    holds: tuple[HoldDocument, ...]


class ListedHoldDocument(Message):
    """An open hold with both names."""

    hold: HoldDocument
    agency: AgencyName
    linked_to: AgencyName
    is_overdue: bool


class HoldListed(Message):
    """A page of the open holds, the first due first; ``after`` asks for the next page, null at the end."""

    now: datetime
    holds: tuple[ListedHoldDocument, ...]
    after: str | None


@get(
    "/agencies/{agency:str}/people",
    operation_id="readPeople",
    name="readPeople",
    tags=[AGENCIES],
    summary="关联信息与执业人员 / The people behind an agency",
    responses=problems(*NAMED),
)
async def get_people(database: NamedDependency[Database], agency: FromPath[str]) -> Response[PeopleDocument]:
    """Relations, practitioners and holds; no identifier of a person."""
    found = await read_people(database, identifier_of("agency", agency))
    return answered(
        PeopleDocument(
            now=found.now,
            ties=tuple(
                TieDocument(kind=one.kind, shown=one.shown, share_bp=one.share_bp, stated_at=one.stated_at)
                for one in found.ties
            ),
            practitioners=tuple(
                PractitionerDocument(
                    claim=one.claim.id, shown=one.claim.shown, certificate_kind=one.claim.certificate_kind,
                    certificate_number=one.claim.certificate_number, valid_from=one.claim.valid_from,
                    valid_until=one.claim.valid_until, claimed_at=one.claim.claimed_at, is_held=one.is_held,
                )
                for one in found.practitioners
            ),
            holds=tuple(_hold(one) for one in found.holds),
        )
    )  # fmt: skip


@get(
    "/holds",
    operation_id="listHolds",
    name="listHolds",
    tags=[CREDIT],
    summary="待核查的关联机构 / Agencies held for review",
    responses=problems(*NOT_BUSY),
)
async def list_holds(
    database: NamedDependency[Database], *, after: Code = "", limit: Limit = 20
) -> Response[HoldListed]:
    """Open holds; one between two bidders once their selection has closed."""
    found = await read_holds(database, after=after, limit=limit)
    return answered(
        HoldListed(
            now=found.now,
            holds=tuple(
                ListedHoldDocument(
                    hold=_hold(row.hold),
                    agency=AgencyName(uscc=row.hold.agency, name=row.name),
                    linked_to=AgencyName(uscc=row.hold.linked_to, name=row.linked_name),
                    is_overdue=row.is_overdue,
                )
                for row in found.rows
            ),
            after=found.after,
        )
    )


def _hold(one: Hold) -> HoldDocument:
    return HoldDocument(
        hold=one.id, agency=one.agency, linked_to=one.linked_to, restriction=one.restriction, selection=one.selection,
        kinds=one.kinds, opened_at=one.opened_at, due_at=one.due_at, ruled_at=one.ruled_at, ruling=one.ruling,
        reason=one.reason,
    )  # fmt: skip


PEOPLE_READS: tuple[HTTPRouteHandler, ...] = (get_people, list_holds)
"""None needs an actor."""
