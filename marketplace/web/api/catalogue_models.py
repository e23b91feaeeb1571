"""What readings of versions, coverage and projects answer with; money in fen, coordinates in whole micro-degrees."""

from __future__ import annotations

from datetime import date, datetime

from marketplace.usecases.act import Message
from marketplace.web.api.agency_models import AbolishedItemDocument, ItemDocument, ProfileValueDocument
from marketplace.web.api.documents import SourceDocument


class VersionDocument(Message):
    """A version: ``rows`` are what its region has of its own from ``in_force_from`` on; by code or key."""

    version: str
    name: str
    region: str
    region_name: str
    in_force_from: datetime
    published_at: datetime
    digest: str
    reason: str
    source: SourceDocument
    rows: dict[str, dict[str, str | int]]


class VersionListed(Message):
    """Every version, in the order in which they were published; beneath all of them lie the shipped data."""

    now: datetime
    versions: tuple[VersionDocument, ...]


class CellChange(Message):
    """One field, old and new; null where there was or is none."""

    field: str
    old: str | int | None
    new: str | int | None


class RowChange(Message):
    """What became of a row: ``added``, ``removed``, ``changed``."""

    code: str
    what: str
    cells: tuple[CellChange, ...]


class DifferenceDocument(Message):
    """How what holds with the new version differs from what holds with the old one."""

    old: str
    new: str
    changes: tuple[RowChange, ...]


class ProfileInForce(Message):
    """The profile as it holds in that region at that instant, and the versions that made it of the shipped one."""

    name: str
    region: str
    at: datetime
    versions: tuple[str, ...]
    digest: str
    values: tuple[ProfileValueDocument, ...]


class CatalogueInForce(Message):
    """The catalogue as it holds in that region at that instant; what is abolished is so from its ``valid_to`` on."""

    region: str
    at: datetime
    versions: tuple[str, ...]
    digest: str
    items: tuple[ItemDocument, ...]
    abolished: tuple[AbolishedItemDocument, ...]


class ModeDocument(Message):
    """Whether buyers of this class may buy items of that class in this mode; clocks as value and unit, null: none."""

    buyer_class: str
    item_class: str
    mode: str
    allowed: bool
    minimum_bidders: int | None
    sign_up: str | None
    publicity: str
    source: SourceDocument


class ModeListed(Message):
    """Every buyer class, item class and mode."""

    modes: tuple[ModeDocument, ...]


class CoverageDocument(Message):
    """A regional assessment and its area: ``rings`` are a polygon's, longitude and latitude; none without a map.

    ``valid_to`` is the first day on which it does not stand; ``end`` says how it ended before.
    """

    coverage: str
    region: str
    region_name: str
    zone: str
    items: tuple[str, ...]
    result: str
    access_standard: str
    negative_list: tuple[str, ...]
    document: SourceDocument
    valid_from: date
    valid_to: date
    is_valid: bool
    is_example: bool
    rings: tuple[tuple[tuple[int, int], ...], ...]
    supersedes: str | None
    end: str | None
    end_reason: str | None
    ended_at: datetime | None
    successor: str | None


class CoverageListed(Message):
    """A page; ``after`` asks for the next one, null at the end."""

    now: datetime
    coverages: tuple[CoverageDocument, ...]
    after: str | None


class SavingsDocument(Message):
    """What coverages saved in a half-open period of Beijing days: sums, each with the demands that had a baseline."""

    now: datetime
    first: date
    until: date
    demands: int
    fee_fen: int
    with_fee: int
    days: int
    with_days: int
    definition_zh: str
    definition_en: str


class BoughtDocument(Message):
    """A demand of the project; ``is_joint``: several items under one price."""

    demand: str
    title: str
    items: tuple[str, ...]
    is_joint: bool
    state: str
    posted_on: date
    published_on: date | None
    decided_on: date | None


class StageDocument(Message):
    """From one milestone to the next one that was reached; null before it begins."""

    begins: str
    ends: str
    began_on: date | None
    ended_on: date | None
    days_used: int | None
    demands: tuple[str, ...]


class TimelineDocument(Message):
    """A project on its clock, in calendar days; ``days_left`` below zero: it is over; null without a first day."""

    now: datetime
    on: date
    project_code: str
    project_name: str
    region: str
    is_standard_land: bool
    is_pledged: bool
    clock: ProfileValueDocument
    days_used: int | None
    days_left: int | None
    due_on: date | None
    is_over: bool
    stages: tuple[StageDocument, ...]
    demands: tuple[BoughtDocument, ...]
