"""A job (批量任务): what was asked by whom, how far it is, what came of it. Values alone.

Invariants: ``done`` counts what is committed, never what is under way; a job that has ended moves no more.
Source: pages.md (long work), docs/adr/0035.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commons.canonical import Json

Kind = Literal["import_agencies", "import_demands", "export_list", "verify_awards"]
State = Literal["queued", "running", "done", "refused", "cancelled", "failed"]
"""refused: what came in is wrong, and nothing of it was done; failed: it could not go on, what was done stays."""
ENDED: frozenset[State] = frozenset({"done", "refused", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class JobError:
    """One thing that is wrong, or differs: its row where it has one, what it is about, a stable code, words."""

    row: int | None
    about: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file that a job made."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Brought:
    """What one step adds; ``cursor`` is where the next one goes on, ``total`` is known anew where it is given."""

    done: int
    accepted: int = 0
    refused: int = 0
    errors: tuple[JobError, ...] = ()
    cursor: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands: ``owner`` is who asked, as idempotency keys name him; ``badge`` what he may act as.

    ``worker`` is whoever took it up last, ``done_before`` what was done then; ``refused`` counts rows, ``errors`` all
    that is wrong with them. ``total`` None: nobody knows yet. ``code`` says why a job failed.
    """

    id: str
    kind: Kind
    owner: str
    actor_role: str
    actor_id: str
    badge: Mapping[str, Json] | None
    asked: Mapping[str, Json]
    state: State
    queued_at: datetime
    done: int = 0
    total: int | None = None
    accepted: int = 0
    refused: int = 0
    errors: int = 0
    cursor: str = ""
    started_at: datetime | None = None
    taken_at: datetime | None = None
    done_before: int = 0
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    worker: str = ""
    takes: int = 0
    lease_until: datetime | None = None
    cancel_asked_at: datetime | None = None
    code: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it has ended in any way."""
        return self.state in ENDED

    def text(self, key: str) -> str:
        """A text among what was asked; "" where there is none."""
        found = self.asked.get(key)
        return found if isinstance(found, str) else ""
