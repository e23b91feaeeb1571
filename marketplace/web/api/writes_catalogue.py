"""The writes about the rules themselves: versions of the catalogue and profiles, coverage, milestones of projects."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.new_version import VersionPublished
from marketplace.usecases.publish_catalogue_version import PublishCatalogueVersion, publish_catalogue_version
from marketplace.usecases.publish_profile_version import PublishProfileVersion, publish_profile_version
from marketplace.usecases.record_coverage import CoverageRecorded, RecordCoverage, record_coverage
from marketplace.usecases.state_milestone import MilestoneStated, StateMilestone, state_milestone
from marketplace.usecases.use_coverage import CoverageUsed, UseCoverage, use_coverage
from marketplace.usecases.withdraw_coverage import CoverageWithdrawn, WithdrawCoverage, withdraw_coverage
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import DEMANDS

CATALOGUE_WRITES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/catalogue/versions", "publishCatalogueVersion", DEMANDS,
        "发布事项目录版本 / Publish a version of the catalogue", PublishCatalogueVersion, VersionPublished,
        lambda visit, command: publish_catalogue_version(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/profiles/{profile:str}/versions", "publishProfileVersion", DEMANDS,
        "发布规则版本 / Publish a version of a rule profile", PublishProfileVersion, VersionPublished,
        lambda visit, command: publish_profile_version(visit.database, visit.caller, command), ("profile",),
    )),
    handler_of(Write(
        "/coverages", "recordCoverage", DEMANDS, "登记区域评估覆盖 / Record a regional assessment's coverage",
        RecordCoverage, CoverageRecorded,
        lambda visit, command: record_coverage(visit.database, visit.caller, command, profile=visit.profile),
    )),
    handler_of(Write(
        "/coverages/{coverage:str}/withdrawal", "withdrawCoverage", DEMANDS,
        "撤回区域评估覆盖 / Withdraw a coverage", WithdrawCoverage, CoverageWithdrawn,
        lambda visit, command: withdraw_coverage(visit.database, visit.caller, command), ("coverage",),
    )),
    handler_of(Write(
        "/demands/{demand:str}/coverage-use", "useCoverage", DEMANDS,
        "使用区域评估成果 / Use a coverage in place of a demand", UseCoverage, CoverageUsed,
        lambda visit, command: use_coverage(visit.database, visit.caller, command), ("demand",),
    )),
    handler_of(Write(
        "/projects/{project_code:str}/milestones", "stateMilestone", DEMANDS,
        "登记项目节点 / State a milestone of a project", StateMilestone, MilestoneStated,
        lambda visit, command: state_milestone(visit.database, visit.caller, command), ("project_code",),
    )),
)  # fmt: skip
"""Each needs an actor."""
