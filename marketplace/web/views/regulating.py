"""Pages of regulators: the search, a case file, 失信限制登记 with its preview, the queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from marketplace.web.views.agencies import CreditView
from marketplace.web.views.agency_acts import Pairs, Trail
from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import Option, Turning

Links = tuple[tuple[str, str], ...]
Ways = tuple[tuple[str, str, Links], ...]
"""Addresses, what they lead to in words, and the query that fills in what is known."""


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One agency in the search: its score in hundredths ("" grade: new), how many restrictions are in force."""

    uscc: str
    name: str
    place: str
    value: int
    grade: str
    counting: int
    restrictions: int


@dataclass(frozen=True, slots=True)
class SubjectsView:
    """信用查询; ``path`` is where the form leads, ``to_restrict`` whether rows lead to 失信限制登记."""

    template: ClassVar[str] = "regulating/subjects.html"

    title: str
    path: str
    q: str
    city: str
    restricted: bool
    cities: tuple[Option, ...]
    rows: tuple[SubjectRow, ...]
    turning: Turning
    pairs: Links
    to_restrict: bool = False


@dataclass(frozen=True, slots=True)
class CaseFactRow:
    """A fact: what it counts now (hundredths; None: it does not), until when, how it stands, what may be done."""

    id: str
    rule: str
    basis: str
    effective_at: datetime
    points: int | None
    until: date | None
    state: str
    tone: str
    evidence: str
    acts: Ways


@dataclass(frozen=True, slots=True)
class CaseBoundRow:
    """A restriction, in words; ``act`` is where it is lifted, "" where nothing may lift it."""

    id: str
    basis: str
    measures: tuple[str, ...]
    items: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None
    is_in_force: bool
    act: str


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A notice, hold or objection of the agency: words under it, how it stands, by when, what ends it."""

    title: str
    words: str
    at: datetime
    until: datetime | None
    state: str
    tone: str
    acts: Ways


@dataclass(frozen=True, slots=True)
class CaseFileView:
    """案卷 of one agency."""

    template: ClassVar[str] = "regulating/case_file.html"

    uscc: str
    name: str
    place: str
    credit: CreditView
    facts: tuple[CaseFactRow, ...]
    bound: tuple[CaseBoundRow, ...]
    notices: tuple[MatterRow, ...]
    holds: tuple[MatterRow, ...]
    objections: tuple[MatterRow, ...]
    linked: Links
    restrict: str
    notice: str
    record: str
    city: str


@dataclass(frozen=True, slots=True)
class HitRow:
    """One open matter that a restriction would touch."""

    title: str
    demand: str
    where: str
    what: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class CityRow:
    """How many matters of each kind it would touch in one city."""

    city: str
    offers: int
    proposed: int
    contracts: int
    closed: int


@dataclass(frozen=True, slots=True)
class PreviewShown:
    """批准后会发生什么: counts, where, one by one; ``already`` are acts that are barred before."""

    at: datetime
    impossible: tuple[str, ...]
    already: tuple[str, ...]
    offers: int
    proposed: int
    shelf: int
    contracts: int
    cities: tuple[CityRow, ...]
    rest: int
    hits: tuple[HitRow, ...]
    linked: tuple[str, ...]
    score: int
    grade: str


@dataclass(frozen=True, slots=True)
class RestrictView:
    """失信限制登记: the form, or (``rows``) its answers once more with what they bring."""

    template: ClassVar[str] = "regulating/restrict.html"

    uscc: str
    name: str
    place: str
    trail: Trail
    action: str
    at: int
    stages: Pairs
    preview: PreviewShown
    back: str
    form: FormShown | None = None
    rows: Pairs = ()
    held: Pairs = ()
    key: str = ""
    notes: tuple[str, ...] = ()
    evidence: Pairs = ()


@dataclass(frozen=True, slots=True)
class QueueRowShown:
    """One matter: what is to be done, whom it is about, by when or since when."""

    act: str
    title: str
    path: str
    words: str
    since: datetime | None
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class QueuesView:
    """办理队列: of one kind ("": of all), with the counts of each."""

    template: ClassVar[str] = "regulating/queues.html"

    kind: str
    tabs: tuple[tuple[str, str, int], ...]
    total: int
    overdue: int
    rows: tuple[QueueRowShown, ...]


@dataclass(frozen=True, slots=True)
class RegulatorSection:
    """工作台 of a regulator: what waits by kind, and the ways to search, restrict, inspect, look at the region."""

    template: ClassVar[str] = "regulating/section.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    tabs: tuple[tuple[str, str, int], ...]
    region: str
    city: str
