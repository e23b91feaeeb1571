"""Writes about long work: exporting the whole of a list, verifying a period, cancelling; imports become jobs too."""

from __future__ import annotations

from marketplace.usecases.cancel_job import CancelJob, JobCancelled, cancel_job
from marketplace.usecases.start_job import (
    JobStarted,
    StartExport,
    StartVerification,
    start_export,
    start_verification,
)
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import FILES
from marketplace.web.kept_filters import readable

JOB_WRITES = (
    handler_of(Write(
        "/jobs/exports", "startExport", FILES, "导出全部（批量任务） / Export the whole of a list, as a job",
        StartExport, JobStarted,
        lambda visit, command: start_export(visit.database, visit.caller, readable(command)), (), 202,
    )),
    handler_of(Write(
        "/jobs/verifications", "startVerification", FILES,
        "批量核验（批量任务） / Verify every award of a period, as a job", StartVerification, JobStarted,
        lambda visit, command: start_verification(visit.database, visit.caller, command), (), 202,
    )),
    handler_of(Write(
        "/jobs/{job:str}/cancel", "cancelJob", FILES, "取消批量任务 / Cancel a job", CancelJob, JobCancelled,
        lambda visit, command: cancel_job(visit.database, visit.caller, command), ("job",), 200,
    )),
)  # fmt: skip
"""Each needs an actor, and is about his own jobs."""
