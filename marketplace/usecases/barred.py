"""Why a demand may not be published as it is: abolished items, modes, conditions, barriers, tenders, coverage.

Everything is judged by the rules in force where and when the demand is published. What is refused names its source;
only a coverage yields to a published reason of the owner. Source: market.md sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bidding.terms import ComprehensiveTerms, DemandTerms, Grade, InstantTerms, MultiRoundTerms
from commons.instants import beijing_date
from commons.verdicts import Reason
from marketplace.catalogue.cleaning import abolished
from marketplace.catalogue.conditions import judge_conditions, judge_tender, judge_wording, tender_items
from marketplace.catalogue.coverage import Covered, covering, judge_coverage
from marketplace.catalogue.in_force import Rules
from marketplace.catalogue.modes import judge_mode
from marketplace.catalogue.requirements import requirements_of
from marketplace.catalogue.store import coverages_for
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.store import Demand
from marketplace.usecases.stated import asked_of, site_of


async def barred(
    connection: Connection, demand: Demand, terms: DemandTerms, rules: Rules, *, at: datetime
) -> tuple[Reason, ...]:
    """Every reason against the publication of this demand under these rules at that instant."""
    lots = () if demand.notice is None else await demands.lots_of(connection, demand.notice)
    found = () if demand.declared.get("despite_coverage") else await covered_now(connection, demand, at=at)
    return (
        *abolished(demand.items, on=beijing_date(at), known=rules.abolished),
        *beyond_rules(demand, terms, rules, whole_fen=whole_of(demand, lots)),
        *judge_coverage(found),
    )


def beyond_rules(demand: Demand, terms: DemandTerms, rules: Rules, *, whole_fen: int) -> tuple[Reason, ...]:
    """What the rules alone say against it: mode, conditions, wording, tender."""
    items = [item for item in map(rules.catalogue.item, demand.items) if item is not None]
    kinds = {kind.kind: kind.grades_best_first for kind in rules.catalogue.kinds}
    asked = asked_of(demand.declared)
    return (
        *judge_mode(rules.profile, demand.buyer_class, (item.item_class for item in items), demand.mode),
        *judge_conditions(asked, requirements_of(demand.items, rules.catalogue), kinds),
        *judge_wording(_conditions_in(demand, terms)),
        *judge_tender(
            rules.profile, demand.buyer_class, demand.items, whole_fen=whole_fen,
            declared=bool(demand.declared.get("public_tender")),
        ),
    )  # fmt: skip


def _conditions_in(demand: Demand, terms: DemandTerms) -> Iterator[tuple[str, str]]:
    """Texts that are a condition wherever they stand: recusals' reasons, lines of a score's table, preferences."""
    for one in demand.recusals:
        yield "recusal", one.reason
    for criterion in terms.criteria if isinstance(terms, ComprehensiveTerms | InstantTerms) else ():
        if isinstance(criterion, Grade):
            yield from (("criterion", line) for line in criterion.table)
    for preference in terms.preferences if isinstance(terms, MultiRoundTerms) else ():
        yield "criterion", preference.code


def whole_of(demand: Demand, lots: tuple[Demand, ...]) -> int:
    """The most that the services which the law counts together may cost: over all such lots of the notice."""
    known = tender_items()
    counted = [one.ceiling_fen for one in lots if any(code in known for code in one.items)]
    return sum(counted) if counted else demand.ceiling_fen


async def covered_now(connection: Connection, demand: Demand, *, at: datetime) -> tuple[Covered, ...]:
    """The demand's items for which a regional assessment stands at its place."""
    on = beijing_date(at)
    return covering(demand.items, site_of(demand), await coverages_for(connection, demand.items, on=on), on=on)
