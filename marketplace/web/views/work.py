"""工作台 and 通知: what is to be done, by deadline; what was told; what each role has besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import DemandState, Mode


class WorkSection(Protocol):
    """A part of the workbench that a role has besides: its part below ``templates``, and in which column it stands."""

    template: ClassVar[str]
    column: ClassVar[Literal["main", "side"]]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing to do: its act, the matter, where it is done, by when; ``number`` says which of several.

    ``is_waiting``: somebody else does it, and is waited for.
    """

    act: str
    title: str
    path: str
    due_at: datetime
    is_overdue: bool
    number: int | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class WorkView:
    """工作台: tasks soonest first, what is late marked; then the sections of the role."""

    template: ClassVar[str] = "work.html"

    name: str
    tasks: tuple[TaskRow, ...]
    overdue: int
    sections: tuple[WorkSection, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectBar:
    """A demand of one's own in five stages: ``at`` counts from 0 to 5 (all done); a remark under each."""

    id: str
    title: str
    mode: Mode
    amount_fen: int
    is_awarded: bool
    state: DemandState
    at: int
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectsSection:
    """我的项目."""

    template: ClassVar[str] = "parts/work_projects.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    rows: tuple[ProjectBar, ...]
    total: int
    drafts: int


@dataclass(frozen=True, slots=True)
class InboxSection:
    """The latest notifications."""

    template: ClassVar[str] = "parts/work_inbox.html"
    column: ClassVar[Literal["main", "side"]] = "side"

    rows: tuple[NotificationRow, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One notification: what happened, where it leads, by when something is due (None: nothing)."""

    place: int
    kind: str
    words: str
    path: str
    at: datetime
    until: datetime | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class NotificationsView:
    """通知: latest first; ``before`` goes on from the last one, ``only_unread`` hides what was read."""

    template: ClassVar[str] = "notifications.html"

    rows: tuple[NotificationRow, ...]
    unread: int
    before: int | None
    only_unread: bool
    reading: FormShown
    preferences: FormShown
    kinds: tuple[str, ...]
    channels: tuple[str, ...]
