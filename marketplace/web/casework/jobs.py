"""A job as its page shows it: what was asked in words, its counts by their names, its speed."""

from __future__ import annotations

from datetime import date
from typing import cast

from marketplace.usecases.read_jobs import JobDocument
from marketplace.usecases.saved_filters import FilteredList
from marketplace.web import formatting
from marketplace.web.kept_filters import pairs_of
from marketplace.web.locale import job_words as words
from marketplace.web.locale.search_words import filter_words
from marketplace.web.verifying import code_in
from marketplace.web.views.jobs import JobErrorRow, JobShown

_MINUTE = 60


def shown_job(job: JobDocument) -> JobShown:
    """The job with everything in words."""
    unit, accepted, refused = words.COUNTED[job.kind]
    return JobShown(
        id=job.job,
        kind=job.kind,
        title=words.KINDS[job.kind],
        asked=_asked(job),
        state=job.state,
        done=job.done,
        total=job.total,
        unit=unit,
        accepted=job.accepted,
        accepted_words=accepted,
        refused=job.refused,
        refused_words=refused,
        speed=speed_words(job.rows_per_minute, unit),
        remaining_s=job.remaining_seconds,
        queued_at=job.queued_at,
        started_at=job.started_at,
        moved_at=job.moved_at,
        ended_at=job.ended_at,
        is_cancel_asked=job.is_cancel_asked,
        why=words.why(job.code) if job.code else "",
        errors_total=job.errors_total,
        errors=tuple(
            JobErrorRow(
                one.row, one.about, one.words, (code_in(one.about) or "") if job.kind == "verify_awards" else ""
            )
            for one in job.errors
        ),
        file_name="" if job.file is None else job.file.name,
        file_size=0 if job.file is None else job.file.size,
        file_until=None if job.file is None else job.file.kept_until,
    )  # fmt: skip


def speed_words(per_minute: int | None, unit: str) -> str:
    """``526 行/秒``, a slow one by the minute; "" where nobody knows."""
    if per_minute is None:
        return ""
    if per_minute >= 10 * _MINUTE:
        return f"{formatting.number(per_minute // _MINUTE)} {unit}/秒"
    return f"{formatting.number(per_minute)} {unit}/分钟"


def export_words(listed: str, query: str) -> str:
    """A list and its filter in words; "" for no list, ``Malformed`` for a query that it cannot read."""
    if listed not in words.LISTS:
        return ""
    return f"{words.LISTS[listed]}：{filter_words(pairs_of(cast('FilteredList', listed), query))}"


def _asked(job: JobDocument) -> str:
    asked = job.asked
    match job.kind:
        case "verify_awards":
            first, last = (date.fromisoformat(asked[key]) for key in ("since", "until"))
            return f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d} 作出的中选"
        case "export_list":
            return export_words(asked["listed"], asked["query"])
        case _:
            return asked["name"] or "表格"
