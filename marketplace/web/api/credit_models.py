"""What the API answers with about lists, joint measures, changes, previews and inspections."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue

from marketplace.usecases.act import Message
from marketplace.usecases.draw_inspection import DrawnVisit
from marketplace.web.api.agency_models import ShelfOfferDocument
from marketplace.web.api.documents import SourceDocument
from marketplace.web.api.read_models import AgencyName


class ListEntryDocument(Message):
    """One entry: the ground is a fact or a restriction; listed on since ≤ at < until, and sooner when it is lifted."""

    agency: AgencyName
    ground: str
    kind: str
    layer: str
    code: str
    basis: str
    since: datetime
    until: datetime | None
    repairable_from: datetime | None
    is_disputed: bool


class CreditListDocument(Message):
    """One page of a list as of now, the latest entry first."""

    now: datetime
    name: str
    page: int
    limit: int
    total: int
    entries: tuple[ListEntryDocument, ...]


class PublishedFactDocument(Message):
    """A published fact as it now reads, and the list it is on until when."""

    list_name: str
    until: datetime | None
    repairable_from: datetime | None
    matter: dict[str, JsonValue]


class PublishedFactsListed(Message):
    """One page by id; go on after ``next`` until it is null. A page may show fewer than were looked at."""

    now: datetime
    facts: tuple[PublishedFactDocument, ...]
    next: str | None


class JointMeasureDocument(Message):
    """What a department does about whoever is on a list; a receiver is told of the list's changes."""

    department: str
    list_name: str
    kind: str
    measure: str
    words: str
    receiver: str
    source: SourceDocument


class JointMeasuresListed(Message):
    """The version in force."""

    version: str
    measures: tuple[JointMeasureDocument, ...]


class ChangeDocument(Message):
    """A change in order of place: the event as it is in the record, its hash, and how the matter reads now."""

    place: int
    event: dict[str, JsonValue]
    digest: str
    matter: dict[str, JsonValue]
    noted_at: datetime


class ChangesListed(Message):
    """Changes after a place; ask again after the last one's. A receiver dedupes by the event's id."""

    after: int
    changes: tuple[ChangeDocument, ...]


class ReceiptDocument(Message):
    """What a receiver got; ``delivered_at`` null: not yet."""

    receiver: str
    event: str
    type: str
    attempts: int
    status: int | None
    delivered_at: datetime | None


class ReceiptsListed(Message):
    """Who received what of a fact or restriction, in order."""

    about: str
    receipts: tuple[ReceiptDocument, ...]


class MatterDocument(Message):
    """An open selection in which the agency would be void."""

    selection: str
    demand: str
    title: str
    city: str
    city_name: str
    item: str
    further_items: tuple[str, ...]
    mode: str
    state: str
    is_proposed: bool


class ClosedDemandsDocument(Message):
    """Demands of a city and item that it could not enter any more."""

    city: str
    city_name: str
    item: str
    count: int


class RestrictionPreviewDocument(Message):
    """What a restriction decided now would make impossible, and for which open matters."""

    now: datetime
    agency: str
    impossible: tuple[str, ...]
    already_barred: tuple[str, ...]
    items: tuple[str, ...]
    matters: tuple[MatterDocument, ...]
    shelf: tuple[ShelfOfferDocument, ...]
    closed_demands: tuple[ClosedDemandsDocument, ...]


class CandidateDocument(Message):
    """Who may be drawn, with how many tickets."""

    agency: str
    tickets: int


class InspectorDocument(Message):
    """Who may be sent, by pseudonym, and the agencies that one is related to."""

    id: str
    department: str
    related: tuple[str, ...]


class FindingDocument(Message):
    """What a visit found, and the credit fact it became."""

    agency: str
    code: str
    fact: str
    basis: str
    found_at: datetime


class VoidingDocument(Message):
    """Why an announced draw was given up, and the two regulators who approved."""

    reason: str
    approvers: tuple[str, ...]
    voided_at: datetime


class InspectionDocument(Message):
    """An inspection whole: announced, drawn, found, or voided; ``is_repeatable`` was computed anew from the inputs."""

    id: str
    plan: str
    announced_at: datetime
    departments: tuple[str, ...]
    targets: int
    each: int
    candidates: tuple[CandidateDocument, ...]
    inspectors: tuple[InspectorDocument, ...]
    commitments: dict[str, str]
    preimage_sha256: str
    drawn_at: datetime | None
    salt: str | None
    ikm: str | None
    visits: tuple[DrawnVisit, ...]
    is_repeatable: bool | None
    findings: tuple[FindingDocument, ...]
    voided: VoidingDocument | None


class InspectionPlanDocument(Message):
    """A yearly plan and what has become of it; ``targets_left`` visits may still be drawn."""

    id: str
    year: int
    region: str
    region_name: str
    departments: tuple[str, ...]
    targets: int
    targets_left: int
    basis: str
    planned_at: datetime
    inspections: Annotated[tuple[str, ...], Field(description="编号 / Their ids, in the order announced")]
