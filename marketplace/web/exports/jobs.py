"""All that is wrong in a job as a sheet: row, what it is about, the reason."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.longwork.job import JobError
from marketplace.sheets.listing import ListColumn, Listing, write_listing
from marketplace.usecases.read_jobs import JobDocument
from marketplace.web import formatting
from marketplace.web.locale import job_words as words


def errors_sheet(job: JobDocument, errors: Sequence[JobError]) -> tuple[str, bytes]:
    """The name of the file, and its bytes."""
    unit, _, refused = words.COUNTED[job.kind]
    title = f"{words.KINDS[job.kind]}问题清单"
    said = [
        f"任务 {job.job}：{words.STATES[job.state][0]}，{formatting.number(job.done)} {unit}",
        f"{refused} {formatting.number(job.refused)} {unit}，问题 {formatting.number(job.errors_total)} 处",
    ]
    columns = (ListColumn("行", 8), ListColumn("关于", 40), ListColumn("代码", 24), ListColumn("原因", 60))
    rows = ((one.row, one.about, one.code, one.words) for one in errors)
    at = job.ended_at or job.queued_at
    return f"{job.job}-{title}.xlsx", write_listing(Listing(title, said, columns, rows, at))
