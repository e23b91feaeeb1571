"""办事指南: one guide for each role, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class GuideLink:
    """Where a step is done: an address on this site and its name."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class GuideStep:
    """A step: what to do, how, by when (""): no clock; ``shot`` is the picture of its page, "" for none."""

    title: str
    words: tuple[str, ...]
    clock: str = ""
    links: tuple[GuideLink, ...] = ()
    shot: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide of a role: for whom, in a sentence what one can do, what to have at hand, the steps, what to know."""

    role: str
    name: str
    lead: str
    ready: tuple[str, ...]
    steps: tuple[GuideStep, ...]
    know: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuideListView:
    """办事指南: every guide."""

    template: ClassVar[str] = "guide_list.html"

    guides: tuple[Guide, ...]


@dataclass(frozen=True, slots=True)
class GuideView:
    """One guide, and the others beside it."""

    template: ClassVar[str] = "guide.html"

    guide: Guide
    others: tuple[Guide, ...]
