"""批量任务: what each is, how far it is, what was wrong, what came of it; and the forms that ask for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from marketplace.web.views.forms import FormShown


@dataclass(frozen=True, slots=True)
class JobErrorRow:
    """One thing that is wrong; ``award`` is the code of the award that it is about, "" for none."""

    row: int | None
    about: str
    words: str
    award: str = ""


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job: ``unit`` counts what is ``done`` of ``total`` (None: not known yet); speed and rest "" where unknown."""

    id: str
    kind: str
    title: str
    asked: str
    state: str
    done: int
    total: int | None
    unit: str
    accepted: int
    accepted_words: str
    refused: int
    refused_words: str
    speed: str
    remaining_s: int | None
    queued_at: datetime
    started_at: datetime | None
    moved_at: datetime | None
    ended_at: datetime | None
    is_cancel_asked: bool
    why: str
    errors_total: int
    errors: tuple[JobErrorRow, ...] = ()
    file_name: str = ""
    file_size: int = 0
    file_until: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it moves no more."""
        return self.state not in {"queued", "running"}

    @property
    def percent(self) -> int | None:
        """How much of it is done; None where nobody knows of how much."""
        return None if self.total is None else self.done * 100 // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class JobsView:
    """One's own jobs, latest first (``before`` goes on), and the forms that ask for one."""

    template: ClassVar[str] = "jobs/list.html"

    rows: tuple[JobShown, ...]
    before: str | None
    verifying: FormShown
    exporting: FormShown
    exported: str
    imports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class JobView:
    """One job; ``cancelling`` None once it is over."""

    template: ClassVar[str] = "jobs/job.html"

    job: JobShown
    cancelling: FormShown | None


@dataclass(frozen=True, slots=True)
class JobsSection:
    """批量任务 on the workbench: the latest of one's own."""

    template: ClassVar[str] = "jobs/work.html"
    column: ClassVar[Literal["main", "side"]] = "side"

    rows: tuple[JobShown, ...]
