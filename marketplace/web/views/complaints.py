"""投诉与异议: how and by when, where a matter stands, and the forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import NOTHING_ENTERED, Entered


@dataclass(frozen=True, slots=True)
class MatterStep:
    """One step of an objection: what happened when, in words; ``until`` where it is still waited for."""

    words: str
    at: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """An objection with its steps; nobody is told who raised it. ``may_complain``: its answer may be complained of."""

    number: str
    grounds: str
    state: str
    tone: str
    steps: tuple[MatterStep, ...]
    complain_of: int | None = None


@dataclass(frozen=True, slots=True)
class MattersFound:
    """What was looked up by a number: its title and page, and every objection to it, the latest first."""

    code: str
    title: str
    path: str
    kind: str
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class ComplaintsView:
    """投诉与异议: the clocks by their keys in words, what was looked up."""

    template: ClassVar[str] = "complaints.html"

    clocks: dict[str, str]
    code: str = ""
    found: MattersFound | None = None
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class ComplaintFormView:
    """One form; ``consequences`` say what follows, before anything is sent."""

    template: ClassVar[str] = "complaint_form.html"

    title: str
    button: str
    consequences: tuple[str, ...]
    form: FormShown
