"""The table of permissions: every act with its row, joined from the tables of the rooms.

A new act adds its row to the table of its room; a test holds the table complete over all use cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.identity.permissions import Permission
from marketplace.identity.rights_accounts import ACCOUNT_RIGHTS
from marketplace.identity.rights_agencies import AGENCY_RIGHTS
from marketplace.identity.rights_announcements import ANNOUNCEMENT_RIGHTS
from marketplace.identity.rights_catalogue import CATALOGUE_RIGHTS
from marketplace.identity.rights_contracts import CONTRACT_RIGHTS
from marketplace.identity.rights_credit import CREDIT_RIGHTS
from marketplace.identity.rights_jobs import JOB_RIGHTS
from marketplace.identity.rights_life import LIFE_RIGHTS
from marketplace.identity.rights_market import MARKET_RIGHTS
from marketplace.identity.rights_neighbours import NEIGHBOUR_RIGHTS
from marketplace.identity.rights_operating import OPERATING_RIGHTS
from marketplace.identity.rights_papers import PAPER_RIGHTS
from marketplace.identity.rights_reference import REFERENCE_RIGHTS
from marketplace.identity.rights_search import SEARCH_RIGHTS
from marketplace.identity.rights_statistics import STATISTICS_RIGHTS

_ALL = (
    *ACCOUNT_RIGHTS, *AGENCY_RIGHTS, *CATALOGUE_RIGHTS, *CONTRACT_RIGHTS, *CREDIT_RIGHTS, *JOB_RIGHTS, *LIFE_RIGHTS,
    *MARKET_RIGHTS, *NEIGHBOUR_RIGHTS, *OPERATING_RIGHTS, *PAPER_RIGHTS, *STATISTICS_RIGHTS, *SEARCH_RIGHTS,
    *ANNOUNCEMENT_RIGHTS, *REFERENCE_RIGHTS,
)  # fmt: skip

RIGHTS: Mapping[str, Permission] = MappingProxyType({row.act: row for row in _ALL})
"""By the name of the act, which is the name of its use case."""
assert len(RIGHTS) == len(_ALL), "an act has one row"
