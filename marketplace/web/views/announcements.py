"""Pages of announcements (公告): the list, one of them, and the operator's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from marketplace.web.views.parts import Option, Paging


@dataclass(frozen=True, slots=True)
class AnnouncementShown:
    """One announcement in words: ``state`` and its tone, the paragraphs, ``hours`` of a maintenance.

    ``end`` says how it ended before its time ("": it did not); ``successor`` and ``follows`` are addresses, "" for
    none.
    """

    id: str
    path: str
    kind: str
    title: str
    paragraphs: tuple[str, ...]
    state: str
    tone: str
    published_at: datetime
    from_at: datetime
    until: datetime
    hours: tuple[datetime, datetime] | None = None
    end: str = ""
    ended_at: datetime | None = None
    successor: str = ""
    follows: str = ""
    correct: str = ""
    take_down: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncementsView:
    """公告, latest first; ``chosen`` is the kind that is looked at ("": any)."""

    template: ClassVar[str] = "announcements.html"

    chosen: str
    kinds: tuple[Option, ...]
    rows: tuple[AnnouncementShown, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """One announcement."""

    template: ClassVar[str] = "announcement.html"

    one: AnnouncementShown


@dataclass(frozen=True, slots=True)
class OperatingAnnouncementsView:
    """The operator's page: all there are, what can be done about each."""

    template: ClassVar[str] = "operating/announcements.html"

    rows: tuple[AnnouncementShown, ...]
    paging: Paging
    may_act: bool
