"""Every public page of the site, for the application to mount."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.web.exports.serving import EXPORT_PAGES
from marketplace.web.feeds import FEED_PAGES
from marketplace.web.imports.pages import IMPORT_PAGES
from marketplace.web.pages.about import restriction_list, rules_page
from marketplace.web.pages.agencies import agency_list, agency_page
from marketplace.web.pages.agency_contracts import CONTRACT_PAGES
from marketplace.web.pages.agency_credit import CREDIT_PAGES
from marketplace.web.pages.agency_joining import JOIN_PAGES
from marketplace.web.pages.agency_own import OWN_AGENCY_PAGES
from marketplace.web.pages.agency_part import PART_PAGES
from marketplace.web.pages.alerts import ALERT_PAGES
from marketplace.web.pages.announcements import ANNOUNCEMENT_PAGES
from marketplace.web.pages.api_docs import API_DOCS_PAGES
from marketplace.web.pages.areas import AREA_PAGES
from marketplace.web.pages.awards import award_list, award_page, case_file
from marketplace.web.pages.case_files import CASE_PAGES
from marketplace.web.pages.complaints import OBJECTING_PAGES
from marketplace.web.pages.complaints_here import COMPLAINT_PAGES
from marketplace.web.pages.credit_lists import CREDIT_LIST_PAGES
from marketplace.web.pages.demands import demand_list, demand_page
from marketplace.web.pages.elsewhere import PROVIDER_PAGES
from marketplace.web.pages.english import ENGLISH_PAGES
from marketplace.web.pages.fairness import fairness_page
from marketplace.web.pages.guides import GUIDE_PAGES
from marketplace.web.pages.home import home_page
from marketplace.web.pages.inspecting import INSPECTION_PAGES
from marketplace.web.pages.items import ITEM_PAGES
from marketplace.web.pages.jobs import JOB_PAGES
from marketplace.web.pages.notices import notice_page
from marketplace.web.pages.open_data import OPEN_DATA_PAGES
from marketplace.web.pages.operating_accounts import OPERATING_ACCOUNT_PAGES
from marketplace.web.pages.operating_announcements import OPERATING_ANNOUNCEMENT_PAGES
from marketplace.web.pages.operating_neighbours import NEIGHBOUR_PAGES
from marketplace.web.pages.operating_publishing import PUBLISHING_PAGES
from marketplace.web.pages.operating_records import RECORD_PAGES
from marketplace.web.pages.operating_versions import VERSION_PAGES
from marketplace.web.pages.own_account import ACCOUNT_PAGES
from marketplace.web.pages.own_organisation import ORGANISATION_PAGES
from marketplace.web.pages.owner_contracts import OWNER_CONTRACT_PAGES
from marketplace.web.pages.owner_demands import DEMAND_DESK_PAGES
from marketplace.web.pages.owner_instant import INSTANT_PAGES
from marketplace.web.pages.owner_posting import POSTING_PAGES
from marketplace.web.pages.proposals import PROPOSAL_PAGES
from marketplace.web.pages.queues import QUEUE_PAGES
from marketplace.web.pages.reference import REFERENCE_PAGES
from marketplace.web.pages.restricting import RESTRICT_PAGES
from marketplace.web.pages.room import ROOM_PAGES
from marketplace.web.pages.satisfaction import SATISFACTION_PAGES
from marketplace.web.pages.saved import SAVED_PAGES
from marketplace.web.pages.search import SEARCH_PAGES
from marketplace.web.pages.signing import SIGNING_PAGES
from marketplace.web.pages.statistics import STATISTICS_PAGES
from marketplace.web.pages.subjects import SUBJECT_PAGES
from marketplace.web.pages.trial import trial_page
from marketplace.web.pages.verify import VERIFY_PAGES
from marketplace.web.pages.work import WORK_PAGES
from marketplace.web.papers.serving import PAPER_PAGES

PAGE_ROUTES: tuple[HTTPRouteHandler, ...] = (
    home_page,
    demand_list,
    demand_page,
    notice_page,
    award_list,
    award_page,
    case_file,
    agency_list,
    agency_page,
    restriction_list,
    rules_page,
    *VERIFY_PAGES,
    trial_page,
    fairness_page,
    *ANNOUNCEMENT_PAGES,
    *ITEM_PAGES,
    *AREA_PAGES,
    *CREDIT_LIST_PAGES,
    *OBJECTING_PAGES,
    *OPEN_DATA_PAGES,
    *GUIDE_PAGES,
    *ENGLISH_PAGES,
    *ROOM_PAGES,
    *PAPER_PAGES,
    *EXPORT_PAGES,
    *IMPORT_PAGES,
    *FEED_PAGES,
    *SEARCH_PAGES,
    *SAVED_PAGES,
    *SIGNING_PAGES,
    *STATISTICS_PAGES,
    *SATISFACTION_PAGES,
    *PROVIDER_PAGES,
    *ACCOUNT_PAGES,
    *ORGANISATION_PAGES,
    *PROPOSAL_PAGES,
    *WORK_PAGES,
    *SUBJECT_PAGES,
    *CASE_PAGES,
    *RESTRICT_PAGES,
    *QUEUE_PAGES,
    *COMPLAINT_PAGES,
    *INSPECTION_PAGES,
    *JOB_PAGES,
    *ALERT_PAGES,
    *OPERATING_ACCOUNT_PAGES,
    *OPERATING_ANNOUNCEMENT_PAGES,
    *REFERENCE_PAGES,
    *NEIGHBOUR_PAGES,
    *RECORD_PAGES,
    *VERSION_PAGES,
    *PUBLISHING_PAGES,
    *API_DOCS_PAGES,
    *JOIN_PAGES,
    *OWN_AGENCY_PAGES,
    *PART_PAGES,
    *CONTRACT_PAGES,
    *CREDIT_PAGES,
    *POSTING_PAGES,
    *INSTANT_PAGES,
    *DEMAND_DESK_PAGES,
    *OWNER_CONTRACT_PAGES,
)
"""The public ones need nobody and answer GET only; forms are read by ``forms.form_of`` alone."""
