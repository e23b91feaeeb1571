"""What was published beside the shipped data: versions, coverage of assessments, milestones; rows are only added."""

from __future__ import annotations

from piccolo.columns import JSONB, Array, BigInt, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class RuleVersionRow(Table, tablename="rule_version"):
    """A version (版本) of the catalogue or of a rule profile in one region; ``rows`` are the whole overlay after it."""

    id = Varchar(length=16, primary_key=True)
    kind = Varchar(length=16)
    name = Varchar(length=32)
    region = Varchar(length=6, index=True)
    in_force_from = Timestamptz(default=None, index=True)
    rows = JSONB()
    digest = Varchar(length=64)
    reason = Text()
    source_title = Text()
    source_place = Text()
    text_seen = Varchar(length=8)
    published_by = Varchar(length=64)
    published_at = Timestamptz(default=None)


class CoverageRow(Table, tablename="coverage"):
    """A regional assessment (区域评估) that stands for the projects inside its area while it is valid."""

    id = Varchar(length=16, primary_key=True)
    region = Varchar(length=6, index=True)
    zone = Varchar(length=120)
    items = Array(base_column=Varchar(length=16), default=list)
    result = Text()
    access_standard = Text()
    negative_list = Array(base_column=Text(), default=list)
    document = Text()
    place = Text()
    text_seen = Varchar(length=8)
    rings = JSONB()
    valid_from = Date(default=None)
    valid_to = Date(default=None)
    supersedes = Varchar(length=16, null=True, default=None)
    is_example = Boolean(default=False)
    recorded_by = Varchar(length=64)
    recorded_at = Timestamptz(default=None)


class CoverageEndRow(Table, tablename="coverage_end"):
    """How a coverage ended before its day: ``withdrawn`` or ``superseded``; it ends once."""

    coverage = Varchar(length=16, primary_key=True)
    kind = Varchar(length=16)
    reason = Text()
    successor = Varchar(length=16, null=True, default=None)
    ended_at = Timestamptz(default=None)


class CoverageSavingRow(Table, tablename="coverage_saving"):
    """A demand that was not published because a coverage stands for it, with the baseline that it spared."""

    demand = Varchar(length=16, primary_key=True)
    coverages = Array(base_column=Varchar(length=16), default=list)
    items = Array(base_column=Varchar(length=16), default=list)
    region = Varchar(length=6, index=True)
    city = Varchar(length=6)
    owner_code = Varchar(length=18)
    project_code = Varchar(length=32)
    fee_fen = BigInt(null=True, default=None)
    days = Integer(null=True, default=None)
    baseline = JSONB()
    is_example = Boolean(default=False)
    saved_at = Timestamptz(default=None, index=True)


class MilestoneRow(Table, tablename="project_milestone"):
    """A day in the life of a project (项目节点), as stated by its owner or an authority; the last statement counts."""

    id = Varchar(length=16, primary_key=True)
    project_code = Varchar(length=32, index=True)
    milestone = Varchar(length=24)
    reached_on = Date(null=True, default=None)
    is_standard_land = Boolean(null=True, default=None)
    is_pledged = Boolean(null=True, default=None)
    stated_by = Varchar(length=64)
    stated_at = Timestamptz(default=None)
