"""The public addresses of the site, in one place; templates make every link through these.

``PATTERNS`` is what the router serves; a test holds every link of every page against it.
"""

from __future__ import annotations

import re
from urllib.parse import quote

HOME = "/"
DEMANDS = "/demands"
AWARDS = "/awards"
NOTICES = "/notices"
AGENCIES = "/agencies"
RESTRICTIONS = "/restrictions"
RULES = "/rules"
STATIC = "/static"

PATTERNS = (
    r"/",
    r"/demands",
    r"/demands/[^/]+",
    r"/awards",
    r"/awards/[^/]+",
    r"/awards/[^/]+/case\.json",
    r"/notices/[^/]+",
    r"/agencies",
    r"/agencies/[^/]+",
    r"/restrictions",
    r"/rules",
    r"/static/.+",
)
"""Every address a page may link to, as full-match regular expressions over the path."""


def demand_path(identifier: str) -> str:
    """The page of a demand."""
    return f"{DEMANDS}/{quote(identifier, safe='')}"


def award_path(identifier: str) -> str:
    """The page of a result."""
    return f"{AWARDS}/{quote(identifier, safe='')}"


def notice_path(identifier: str) -> str:
    """The page of a notice of several lots."""
    return f"{NOTICES}/{quote(identifier, safe='')}"


def case_path(identifier: str) -> str:
    """The case file of a result: what ``decide`` reads."""
    return f"{award_path(identifier)}/case.json"


def agency_path(uscc: str) -> str:
    """The public file of an agency."""
    return f"{AGENCIES}/{quote(uscc, safe='')}"


def static_path(name: str) -> str:
    """One of our own static files."""
    return f"{STATIC}/{name}"


def is_known(path: str) -> bool:
    """Whether the router serves this path."""
    return any(re.fullmatch(pattern, path) for pattern in PATTERNS)
