"""信用公示 and 规则说明."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency

from commons.errors import Malformed
from commons.profiles import RuleProfile
from credit.rulebook import Rulebook, rulebook
from marketplace.catalogue.profiles import shipped_profiles
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_restrictions import RestrictionQuery, read_restrictions
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.web.addresses import RESTRICTIONS, RULES
from marketplace.web.filters import read_restriction_filter
from marketplace.web.pages.asking import NO_ROWS, PageRequest, asked_of, entered_of, page, paging_of, query_of
from marketplace.web.pages.naming import city_options
from marketplace.web.pages.rows import restriction_row
from marketplace.web.views.about import (
    CreditRule,
    CreditRules,
    RestrictionFilter,
    RestrictionListView,
    RulesView,
    RuleValue,
)
from marketplace.web.views.about import RuleProfile as RuleProfileView

_MEANT_FOR = {"generic-v1": "通用默认", "demo-v1": "演示（以秒计）"}


@get(RESTRICTIONS, include_in_schema=False)
async def restriction_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Restrictions in force under the filters of the address."""
    query = query_of(request)
    try:
        chosen, part = asked_of(query, read_restriction_filter)
    except Malformed as malformed:
        now = datetime.now(UTC)
        entered = entered_of(query, malformed)
        blank = RestrictionListView(RestrictionFilter(), city_options(now), (), NO_ROWS, 0, 0, entered)
        return page(request, blank, now=now, is_example=False, status=HTTPStatus.BAD_REQUEST)
    found = await read_restrictions(database, RestrictionQuery(chosen.q, chosen.layer or "", chosen.city), part)
    view = RestrictionListView(
        filter=chosen,
        cities=city_options(found.now),
        rows=tuple(
            restriction_row(
                one.restriction, one.name, one.region, now=found.now, grade=one.grade, is_disputed=one.is_disputed
            )
            for one in found.rows
        ),
        paging=paging_of(found.part, found.total),
        statutory_total=found.statutory_total,
        market_total=found.market_total,
    )
    return page(request, view, now=found.now, is_example=any(row.is_example for row in found.rows))


@get(RULES, include_in_schema=False)
async def rules_page(request: PageRequest) -> Response[str]:
    """Every value of every profile with its source, the one in use first."""
    settings: Settings = request.app.state.settings
    profiles = sorted(shipped_profiles().values(), key=lambda one: (one.name != settings.profile, one.name))
    shown = tuple(profile_view(one, is_current=one.name == settings.profile) for one in profiles)
    view = RulesView(shown, credit_rules(rulebook(RULEBOOK)))
    return page(request, view, now=datetime.now(UTC), is_example=False)


def credit_rules(book: Rulebook) -> CreditRules:
    """The rulebook as the rules page lists it, in the order it is shipped."""
    rules = tuple(
        CreditRule(one.code, one.words, one.points, one.valid_months, one.cap, one.source)
        for one in book.rules.values()
    )
    return CreditRules(book.name, book.start, rules)


def profile_view(profile: RuleProfile, *, is_current: bool) -> RuleProfileView:
    """A profile as the rules page lists it."""
    values = tuple(RuleValue(one.key, one.value, one.unit, one.source) for one in profile.values.values())
    return RuleProfileView(profile.name, _MEANT_FOR.get(profile.name, ""), None, None, values, is_current=is_current)
