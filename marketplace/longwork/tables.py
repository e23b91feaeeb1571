"""Jobs, what is wrong in them row by row, and files that they made. Working data, no evidence (docs/adr/0035)."""

from __future__ import annotations

from piccolo.columns import JSONB, BigSerial, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class LongJobRow(Table, tablename="long_job"):
    """A job (批量任务): who asked for what, how far it is, who works on it until when, how it ended."""

    id = Varchar(length=16, primary_key=True)
    kind = Varchar(length=24)
    owner = Varchar(length=120)
    actor_role = Varchar(length=16)
    actor_id = Varchar(length=64)
    badge = JSONB(null=True, default=None)
    asked = JSONB()
    state = Varchar(length=12)
    queued_at = Timestamptz(default=None)
    done = Integer(default=0)
    total = Integer(null=True, default=None)
    accepted = Integer(default=0)
    refused = Integer(default=0)
    errors = Integer(default=0)
    cursor = Varchar(length=64, default="")
    started_at = Timestamptz(null=True, default=None)
    taken_at = Timestamptz(null=True, default=None)
    done_before = Integer(default=0)
    moved_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    worker = Varchar(length=40, default="")
    takes = Integer(default=0)
    lease_until = Timestamptz(null=True, default=None)
    cancel_asked_at = Timestamptz(null=True, default=None)
    code = Varchar(length=48, default="")


class LongJobErrorRow(Table, tablename="long_job_error"):
    """One thing that is wrong in a job, by its number from 1: the row, what it is about, a stable code, words."""

    id = BigSerial(primary_key=True)
    job = Varchar(length=16)
    number = Integer()
    row = Integer(null=True, default=None)
    about = Varchar(length=300, default="")
    code = Varchar(length=64)
    words = Text(default="")

    long_job_error_once = Unique([job, number])


class LongJobFileRow(Table, tablename="long_job_file"):
    """The file that a job made; after ``kept_until`` nobody gets it, and it is removed when a job is asked for."""

    job = Varchar(length=16, primary_key=True)
    name = Varchar(length=300)
    size = Integer()
    body = Bytea()
    kept_until = Timestamptz(default=None)
