"""Every reading of the API; those of accounts alone need an actor. None writes but to the access log."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.web.api.announcements import ANNOUNCEMENT_READS
from marketplace.web.api.reads_accounts import ACCOUNT_READS
from marketplace.web.api.reads_agencies import (
    count_eligible,
    get_agency,
    list_agencies,
    list_items,
    list_profiles,
    list_restrictions,
)
from marketplace.web.api.reads_awards import get_award, get_case, list_awards
from marketplace.web.api.reads_catalogue import CATALOGUE_READS
from marketplace.web.api.reads_contracts import CONTRACT_READS
from marketplace.web.api.reads_coverage import COVERAGE_READS
from marketplace.web.api.reads_credit import CREDIT_READS
from marketplace.web.api.reads_demands import get_demand, get_selection, list_demands
from marketplace.web.api.reads_jobs import JOB_READS
from marketplace.web.api.reads_neighbours import NEIGHBOUR_READS
from marketplace.web.api.reads_notices import get_notice
from marketplace.web.api.reads_outcomes import list_explanations
from marketplace.web.api.reads_people import PEOPLE_READS
from marketplace.web.api.reads_search import SEARCH_READS
from marketplace.web.api.reads_statistics import STATISTICS_READS
from marketplace.web.api.writes_files import get_attachment
from marketplace.web.api.writes_satisfaction import SATISFACTION_READS
from marketplace.web.exports.serving import EXPORT_READS
from marketplace.web.papers.serving import PAPER_READS

READ_ROUTES: tuple[HTTPRouteHandler, ...] = (
    *ANNOUNCEMENT_READS,
    *ACCOUNT_READS,
    list_demands,
    get_demand,
    get_notice,
    get_selection,
    list_explanations,
    list_awards,
    get_award,
    get_case,
    list_agencies,
    get_agency,
    count_eligible,
    list_restrictions,
    list_items,
    list_profiles,
    *CONTRACT_READS,
    *CREDIT_READS,
    *PEOPLE_READS,
    *NEIGHBOUR_READS,
    *CATALOGUE_READS,
    *COVERAGE_READS,
    *STATISTICS_READS,
    *SATISFACTION_READS,
    *SEARCH_READS,
    get_attachment,
    *PAPER_READS,
    *EXPORT_READS,
    *JOB_READS,
)
"""Addresses relative to the API's."""
