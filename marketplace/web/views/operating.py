"""Pages of operators and auditors: offices, versions, working days, neighbours, health, access log, backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import NOTHING_ENTERED, Entered, Option

Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """Who holds an office, by pseudonym; ``end`` is where it is ended, "" where nobody here may."""

    office: str
    acting: str
    place: str
    line: str
    since: datetime
    end: str


@dataclass(frozen=True, slots=True)
class AccountsView:
    """岗位与账号; ``chosen`` is the office that is looked at ("": all)."""

    template: ClassVar[str] = "operating/accounts.html"

    chosen: str
    q: str
    offices: tuple[Option, ...]
    rows: tuple[OfficerRow, ...]
    total: int
    may_act: bool


@dataclass(frozen=True, slots=True)
class QueueShown:
    """A receiver of letters: how many wait, how many are dead, when the last one arrived."""

    receiver: str
    waiting: int
    dead: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeadShown:
    """A letter that is tried no more, with what the last try came to; ``again`` is where it is sent again."""

    letter: str
    receiver: str
    type: str
    about: str
    attempts: int
    status: int | None
    reason: str
    dead_at: datetime
    again: str


@dataclass(frozen=True, slots=True)
class HookShown:
    """A subscription without its secret."""

    webhook: str
    address: str
    types: tuple[str, ...]
    made_at: datetime
    end: str


@dataclass(frozen=True, slots=True)
class NeighboursView:
    """对接与外发; ``hooks`` None: not for this reader."""

    template: ClassVar[str] = "operating/neighbours.html"

    queues: tuple[QueueShown, ...]
    dead: tuple[DeadShown, ...]
    hooks: tuple[HookShown, ...] | None


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One thing that was looked at; ``words`` "" where only the program's own, ``found``, tell what was seen."""

    name: str
    is_ok: bool
    words: str
    found: str


@dataclass(frozen=True, slots=True)
class HealthView:
    """运行状况."""

    template: ClassVar[str] = "operating/health.html"

    checks: tuple[CheckShown, ...]
    wrong: int


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One line of the access log: ``words`` for the act's code ("": it has none)."""

    at: datetime
    person: str
    actor: str
    what: str
    words: str
    about: str
    outcome: str
    tone: str


@dataclass(frozen=True, slots=True)
class AccessLogView:
    """访问日志; ``pairs`` are the filter as it was typed, ``before`` goes on from the last line."""

    template: ClassVar[str] = "operating/access_log.html"

    typed: dict[str, str]
    pairs: Links
    roles: tuple[Option, ...]
    rows: tuple[AccessRow, ...]
    before: int | None
    is_first: bool
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class BackupsView:
    """备份: when one was begun by the machine's command line, and the commands."""

    template: ClassVar[str] = "operating/backups.html"

    rows: tuple[datetime, ...]
    is_late: bool
    is_more: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """A run of days off, or a weekend day that is worked; ``last`` is included."""

    kind: Literal["off", "work"]
    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class CalendarView:
    """工作日历 of one year; ``is_known`` False: its notice is not there yet, Monday to Friday count provisionally."""

    template: ClassVar[str] = "operating/calendar.html"

    year: int
    years: tuple[int, ...]
    is_known: bool
    rows: tuple[DayRow, ...]
    workdays: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version: where it holds, from when on, why and by which text; ``state``: announced, in force or over."""

    id: str
    place: str
    in_force_from: datetime
    published_at: datetime
    reason: str
    source: str
    rows: int
    state: str
    tone: str
    older: str


@dataclass(frozen=True, slots=True)
class CellRow:
    """One field of a row, before and after; "" for nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What became of one row of a content."""

    code: str
    name: str
    what: str
    tone: str
    cells: tuple[CellRow, ...]


@dataclass(frozen=True, slots=True)
class VersionsView:
    """版本: of the catalogue or of a profile; ``changes`` None: no two are compared."""

    template: ClassVar[str] = "operating/versions.html"

    title: str
    path: str
    name: str
    names: tuple[Option, ...]
    rows: tuple[VersionRow, ...]
    choices: tuple[Option, ...]
    old: str
    new: str
    changes: tuple[ChangeRow, ...] | None
    fault: str = ""
    publish: str = ""


@dataclass(frozen=True, slots=True)
class PublishView:
    """公布新版本: a file or its text, and from when on; ``faults`` are where, of which kind, and what."""

    template: ClassVar[str] = "operating/publish.html"

    title: str
    path: str
    form: FormShown
    faults: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PublishCheckView:
    """请核对: what the version would change where and from when on; ``held`` for the form."""

    template: ClassVar[str] = "operating/publish_check.html"

    title: str
    path: str
    rows: Links
    changes: tuple[ChangeRow, ...]
    held: Links
    action: str
    key: str


@dataclass(frozen=True, slots=True)
class OperatorSection:
    """工作台 of operators and auditors: what is dead or waits, and the ways to everything else."""

    template: ClassVar[str] = "operating/section.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    waiting: int
    dead: int
    officers: int
    may_act: bool
