"""Who of the planned agencies could take an item: only to choose players for a demonstration.

The ruling on a sign-up is the admission's (agencies, credit); this reads plans and decides nothing.
"""

from __future__ import annotations

from datetime import date

from agencies.qualifications import missing
from marketplace.catalogue.items import Catalogue, ServiceItem
from marketplace.catalogue.requirements import requirement_of
from marketplace.seed.plans import AgencyPlan


def candidates(
    agencies: tuple[AgencyPlan, ...], item: ServiceItem, catalogue: Catalogue, *, on: date
) -> tuple[AgencyPlan, ...]:
    """Agencies that qualify on the day and, for items without a legal qualification, have done the item; as ordered."""
    return tuple(agency for agency in agencies if _is_candidate(agency, item, catalogue, on=on))


def _is_candidate(agency: AgencyPlan, item: ServiceItem, catalogue: Catalogue, *, on: date) -> bool:
    requirement = requirement_of(item, catalogue)
    if requirement is None:
        return agency.experience_of(item.code) > 0
    return not missing(agency.qualifications, requirement, on=on)
