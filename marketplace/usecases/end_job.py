"""A job ends: whoever asked for it is told on the site, in the transaction in which it ends.

Invariants: a job ends once, so he is told once, whoever dies when; he is told as what he acted when he asked, as he
alone sees the job; no message goes out by another channel. Source: pages.md (long work), docs/adr/0035.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from commons.canonical import Json
from marketplace.database import Connection
from marketplace.inbox.store import insert_notification
from marketplace.inbox.telling import JOB_TELLINGS, Outcome, job_type
from marketplace.longwork import store
from marketplace.longwork.job import Job, State
from marketplace.usecases.inbox_of import alone

_ENDS = UUID("5f1f3a9e-0f0c-5b0e-9d4f-3b1f6b8c7a21")
"""The namespace of the ends of jobs, which are no events of the record."""


async def end_job(connection: Connection, identifier: str, state: State, *, code: str = "") -> None:
    """The job is over and its owner told; nothing happens where it was over before."""
    job = await store.end(connection, identifier, state, code=code)
    if job is None:
        return
    assert job.ended_at is not None, "it has just ended"
    type = job_type(_work(job), _outcome(job))
    title: dict[str, Json] = {"title": _title(job)}
    told = await insert_notification(
        connection, uuid5(_ENDS, job.id), alone(job.owner), type=type, kind=JOB_TELLINGS[type].kind, params=title,
        link=f"/workbench/jobs/{job.id}", at=job.ended_at,
    )  # fmt: skip
    assert told, "a job ends once"


def _work(job: Job) -> str:
    return f"export_{job.text('listed')}" if job.kind == "export_list" else job.kind


def _outcome(job: Job) -> Outcome:
    match job.state:
        case "done":
            return "partly" if job.refused else "done"
        case "refused" | "cancelled" | "failed":
            return job.state
        case "queued" | "running":
            raise AssertionError(job.state)


def _title(job: Job) -> str:
    """The sheet's name, or the days; "" for a list."""
    if job.kind != "verify_awards":
        return job.text("name")
    first, last = (date.fromisoformat(job.text(key)) for key in ("since", "until"))
    return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
