"""The public addresses of the site, in one place; templates make every link through these.

``PATTERNS`` is what the router serves; a test holds every link of every page against it.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from marketplace.web.assets import address_of

HOME = "/"
DEMANDS = "/demands"
AWARDS = "/awards"
NOTICES = "/notices"
AGENCIES = "/agencies"
RESTRICTIONS = "/restrictions"
RULES = "/rules"
TRIAL = "/rules/trial"
FAIRNESS = "/fairness"
ROOMS = "/rooms"
STATIC = "/static"
IMPORTS = "/imports"
SIGN_IN = "/sign-in"
SIGN_UP = "/sign-up"
SIGN_OUT = "/sign-out"
RECOVER = "/recover"
ACCOUNT = "/account"
CONFIRM = "/account/confirm"
PASSWORD = "/account/password"  # noqa: S105 - an address
SECOND_FACTOR = "/account/second-factor"
TOKENS = "/account/tokens"
ORGANISATION = "/account/organisation"
MEMBERS = "/account/members"
PROPOSALS = "/proposals"
WORK = "/workbench"
NOTIFICATIONS = f"{WORK}/notifications"
ITEMS = "/items"
AREAS = "/areas"
STATISTICS = "/statistics"
SEARCH = "/search"
SAVED_FILTERS = "/account/filters"
OPEN_DATA = "/open-data"
GUIDES = "/guides"
ENGLISH = "/en"
VERIFY = "/verify"
COMPLAINTS = "/complaints"
API_DOCS = "/api/docs"
JOIN = "/join"
OWN_AGENCY = f"{WORK}/agency"
OWN_CREDIT = f"{WORK}/credit"
OWN_SHELF = f"{OWN_AGENCY}/shelf"
OWN_CONTRACTS = f"{OWN_AGENCY}/contracts"
OWN_DEMANDS = f"{OWN_AGENCY}/demands"
POST_DEMAND = f"{WORK}/post"
INSTANT = f"{WORK}/instant"
INSTANT_CONFIRM = f"{INSTANT}/confirm"
MY_DEMANDS = f"{WORK}/demands"
MY_CONTRACTS = f"{WORK}/contracts"
RESTRICT = f"{WORK}/restrict"
SUBJECTS = f"{WORK}/subjects"
QUEUES = f"{WORK}/queues"
COMPLAINTS_HERE = f"{WORK}/complaints"
INSPECTIONS = f"{WORK}/inspections"
ALERTS = f"{WORK}/alerts"
OPERATING_ACCOUNTS = f"{WORK}/accounts"
OPERATING_CATALOGUE = f"{WORK}/catalogue"
OPERATING_PROFILES = f"{WORK}/profiles"
OPERATING_CALENDAR = f"{WORK}/calendar"
OPERATING_NEIGHBOURS = f"{WORK}/neighbours"
OPERATING_HEALTH = f"{WORK}/health"
OPERATING_LOG = f"{WORK}/access-log"
OPERATING_BACKUPS = f"{WORK}/backups"
ANNOUNCEMENTS = "/announcements"
OPERATING_ANNOUNCEMENTS = f"{WORK}/announcements"
HELP_DESKS = "/help-desks"
OPERATING_REFERENCE = f"{WORK}/reference"
JOBS = f"{WORK}/jobs"
JOB_EXPORTS, JOB_VERIFICATIONS = f"{JOBS}/exports", f"{JOBS}/verifications"
WHOLE_LISTS = frozenset({"demands", "awards", "agencies"})
"""Lists that a job exports whole."""

PATTERNS = (
    r"/",
    r"/demands",
    r"/demands/[^/]+",
    r"/awards",
    r"/awards/[^/]+",
    r"/awards/[^/]+/case\.json",
    r"/awards/[^/]+/verify",
    r"/verify",
    r"/fairness",
    r"/rules/trial",
    r"/demands/[^/]+/notice\.pdf",
    r"/awards/[^/]+/(notice|contract-template|archive-index)\.pdf",
    r"/agencies/[^/]+/credit-report\.pdf",
    r"/(demands|awards|agencies|restrictions)\.xlsx",
    r"/demands\.atom",
    r"/search",
    r"/account/filters(/drop)?",
    r"/imports/(agencies|demands)(/check|/template\.xlsx)?",
    r"/notices/[^/]+",
    r"/rooms/[^/]+(/offers|/suspension)?",
    r"/agencies",
    r"/agencies/[^/]+",
    r"/restrictions(/[a-z_]+)?",
    r"/credit-lists/[a-z_]+/entries\.xlsx",
    r"/statistics(/[a-z_]+\.xlsx)?",
    r"/satisfaction/[a-z]+/[^/]+",
    r"/rules",
    r"/sign-in",
    r"/sign-in/(with|return)/[a-z0-9-]+",
    r"/sign-up",
    r"/sign-out",
    r"/recover",
    r"/account",
    r"/account/(confirm|password|second-factor|tokens|organisation|members(/[^/]+/end)?)",
    r"/proposals",
    r"/workbench(/notifications(/preferences)?)?",
    r"/join(/code)?",
    r"/demands/[^/]+/(sign-up|offer|receipt)",
    rf"{OWN_AGENCY}(/(shelf|contracts|demands))?",
    rf"{OWN_AGENCY}/(acts/[a-z-]+(/[^/]+)?|contracts/[^/]+(/[a-z-]+)?|demands/[^/]+/[a-z-]+)",
    rf"{OWN_CREDIT}(/[a-z-]+/[^/]+)?",
    r"/api/v1/contracts/[^/]+/archive",
    r"/workbench(/post|/instant(/confirm)?|/(demands|contracts)(/[^/]+(/[a-z-]+)?)?)",
    rf"{WORK}/restrict(/[^/]+)?",
    rf"{WORK}/subjects(\.xlsx|/[^/]+(/[a-z]+(/[^/]+)?)?)?",
    rf"{WORK}/(queues|alerts)",
    rf"{WORK}/((catalogue|profiles)(/publish)?|calendar|health|access-log|backups)",
    rf"{WORK}/(accounts|neighbours)(/[a-z]+(/[^/]+)?)?",
    rf"{WORK}/complaints/[^/]+/[0-9]+/(accept|decide)",
    rf"{WORK}/inspections(/[^/]+(/[^/]+(/[^/]+)?)?)?",
    r"/announcements(/[^/]+|\.atom)?",
    rf"{WORK}/(announcements|reference)(/[a-z-]+(/[^/]+)?)?",
    r"/help-desks",
    rf"{JOBS}(/(exports|verifications)|/[^/]+(/(progress|cancel|errors\.xlsx|file))?)?",
    r"/items(/[^/]+)?",
    r"/areas(/[^/]+)?",
    r"/complaints(/[a-z-]+)?",
    r"/open-data",
    r"/guides(/[a-z]+)?",
    ENGLISH,
    r"/api/(docs|v1/openapi\.json|v1/attachments/[^/]+)",
    r"/static/.+",
)
"""Every address a page may link to, as full-match regular expressions over the path; one line a page, as it comes."""


def demand_path(identifier: str) -> str:
    """The page of a demand."""
    return f"{DEMANDS}/{quote(identifier, safe='')}"


def award_path(identifier: str) -> str:
    """The page of a result."""
    return f"{AWARDS}/{quote(identifier, safe='')}"


def notice_path(identifier: str) -> str:
    """The page of a notice of several lots."""
    return f"{NOTICES}/{quote(identifier, safe='')}"


def room_path(selection: str) -> str:
    """The live room of a selection."""
    return f"{ROOMS}/{quote(selection, safe='')}"


def case_path(identifier: str) -> str:
    """The case file of a result: what ``decide`` reads."""
    return f"{award_path(identifier)}/case.json"


def verify_path(identifier: str) -> str:
    """Where a result is computed anew, step by step."""
    return f"{award_path(identifier)}/verify"


def demand_notice_path(identifier: str) -> str:
    """The notice of a demand as PDF."""
    return f"{demand_path(identifier)}/notice.pdf"


def award_paper_path(identifier: str, paper: str) -> str:
    """A paper of a result as PDF: ``notice``, ``contract-template`` or ``archive-index``."""
    return f"{award_path(identifier)}/{paper}.pdf"


def credit_report_path(uscc: str) -> str:
    """The credit report of an agency as PDF."""
    return f"{agency_path(uscc)}/credit-report.pdf"


def satisfaction_path(step: str, subject: str) -> str:
    """Where people say how a finished step went."""
    return f"/satisfaction/{step}/{quote(subject, safe='')}"


def provider_path(name: str) -> str:
    """Where signing in at an identity provider begins."""
    return f"{SIGN_IN}/with/{quote(name, safe='')}"


def item_path(code: str) -> str:
    """The card of a service item."""
    return f"{ITEMS}/{quote(code, safe='')}"


def area_path(identifier: str) -> str:
    """A regional assessment and its area."""
    return f"{AREAS}/{quote(identifier, safe='')}"


def guide_path(role: str) -> str:
    """The guide of a role."""
    return f"{GUIDES}/{role}"


def object_path(act: str) -> str:
    """A form about a result or a filing: ``award``, ``filing``, ``complain``."""
    return f"{COMPLAINTS}/{act}"


def agency_path(uscc: str) -> str:
    """The public file of an agency."""
    return f"{AGENCIES}/{quote(uscc, safe='')}"


def part_path(demand: str, page: str) -> str:
    """An agency's own page in a demand: ``sign-up``, ``offer`` or ``receipt``."""
    return f"{demand_path(demand)}/{page}"


def agency_act_path(act: str, of: str = "") -> str:
    """An act of an agency about its own file, of one thing in it where it has several."""
    return f"{OWN_AGENCY}/acts/{act}" + (f"/{quote(of, safe='')}" if of else "")


def demand_act_path(demand: str, act: str) -> str:
    """An act of an agency about a demand."""
    return f"{OWN_DEMANDS}/{quote(demand, safe='')}/{act}"


def own_contract_path(identifier: str, act: str = "") -> str:
    """A contract of an agency's own, or one of its acts."""
    return f"{OWN_CONTRACTS}/{quote(identifier, safe='')}" + (f"/{act}" if act else "")


def my_demand_path(identifier: str, act: str = "") -> str:
    """An owner's own desk for a demand, or one of its acts."""
    return f"{MY_DEMANDS}/{quote(identifier, safe='')}" + (f"/{act}" if act else "")


def my_contract_path(identifier: str, act: str = "") -> str:
    """A contract on its owner's side, or one of its acts."""
    return f"{MY_CONTRACTS}/{quote(identifier, safe='')}" + (f"/{act}" if act else "")


def credit_act_path(act: str, of: str) -> str:
    """An act of an agency about a credit fact or a notice of its own."""
    return f"{OWN_CREDIT}/{act}/{quote(of, safe='')}"


def restrict_path(uscc: str) -> str:
    """Where a regulator registers a restriction of an agency."""
    return f"{RESTRICT}/{quote(uscc, safe='')}"


def subject_path(uscc: str, act: str = "", of: str = "") -> str:
    """A regulator's case file of an agency, or one of its acts, about one thing in it."""
    return f"{SUBJECTS}/{quote(uscc, safe='')}" + (f"/{act}" if act else "") + (f"/{quote(of, safe='')}" if of else "")


def complaint_path(demand: str, number: int, act: str) -> str:
    """Where a regulator accepts or decides the complaint that followed an objection."""
    return f"{COMPLAINTS_HERE}/{quote(demand, safe='')}/{number}/{act}"


def inspection_path(identifier: str, act: str = "", of: str = "") -> str:
    """An inspection, or one of its acts; a plan under ``plans/``."""
    return f"{INSPECTIONS}/{quote(identifier)}" + (f"/{act}" if act else "") + (f"/{quote(of, safe='')}" if of else "")


def operating_path(area: str, act: str, of: str = "") -> str:
    """An act of an operator: of ``accounts`` or ``neighbours``, about one thing there."""
    return f"{WORK}/{area}/{act}" + (f"/{quote(of, safe='')}" if of else "")


def announcement_path(identifier: str) -> str:
    """An announcement."""
    return f"{ANNOUNCEMENTS}/{quote(identifier, safe='')}"


def job_path(identifier: str, part: str = "") -> str:
    """A job of one's own, or ``progress``, ``cancel``, ``errors.xlsx``, ``file`` of it."""
    return f"{JOBS}/{quote(identifier, safe='')}" + (f"/{part}" if part else "")


def static_path(name: str) -> str:
    """A static file under the name that holds its hash: ``css/site.css``, ``js/site.js``, ``mark.svg``."""
    return f"{STATIC}/{address_of(name)}"


def is_known(path: str) -> bool:
    """Whether the router serves this path."""
    return any(re.fullmatch(pattern, path) for pattern in PATTERNS)
