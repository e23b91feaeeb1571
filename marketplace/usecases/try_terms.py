"""Try terms (试算): what other terms would have made of a past selection's facts, or make of invented offers.

Invariants: nothing is kept; a past selection can be tried once its case is public and not before (its result's own
rule: until then there is nothing of it here, not even a number); offers count as they were made, although somebody
might have offered otherwise under other terms. Terms are whole, never a patch: weights sum to 100 together, lists have
no keys to patch by, and what was tried is exactly what could be published, under the same digest. They are of the past
selection's own mode: no other facts are on record. Source: selection.md section 8, trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from bidding.asking import lacking
from bidding.engine import decide
from bidding.inventing import Crowd, invented_case
from bidding.reading.case import parse_case
from bidding.reading.terms import parse_terms
from bidding.sensitivity import WeightRange, sensitivity
from bidding.terms import Terms
from bidding.terms_check import check_terms
from bidding.terms_check_facts import check_facts
from bidding.terms_warning import TermsWarning
from commons.canonical import Json
from commons.errors import Conflict, Fault, Malformed, NotFound
from marketplace.database import Database
from marketplace.usecases.read_demand import names_said, published
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import Ruling
from marketplace.usecases.weigh_terms import digest_of

_DEMAND = "SELECT demand FROM selection WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Past:
    """A past selection: its last ruling (case, decision, as of when) and the names of everybody in it."""

    selection: str
    demand: str
    ruling: Ruling
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A case with the terms tried, what the engine makes of it, how far its weights could move, and the warnings.

    ``terms_digest`` is the hash that these terms would be published under.
    """

    terms_digest: str
    case: dict[str, Json]
    decision: dict[str, Json]
    sensitivity: tuple[WeightRange, ...]
    warnings: tuple[TermsWarning, ...]


async def read_past(database: Database, identifier: str) -> Past:
    """The public facts of that selection; ``NotFound`` while there is no result, as for an unknown one.

    One that was followed by another selection of its demand is not there either: whoever offers anew must not be read.
    """
    async with reading(database) as snapshot:
        of = await snapshot.connection.fetchval(_DEMAND, identifier)
        if of is None:
            raise NotFound("award", identifier)
        demand, standing = await published(snapshot, of)
        ruling = standing.ruling
        if ruling is None or demand.selection != identifier:
            raise NotFound("award", identifier)
        return Past(identifier, demand.id, ruling, await names_said(snapshot, demand, standing))


def try_on(past: Past, raw: Json) -> Trial:
    """Whole terms on the past facts; ``Malformed`` with every fault of the terms, and every fact they lack, at them.

    A direct choice left no facts to decide from: ``Conflict``.
    """
    terms = parse_terms(raw)
    then = cast("Mapping[str, Json]", past.ruling.case.get("terms") or {})
    if not then:
        raise Conflict("nothing_to_try", "the owner named an agency itself; there is nothing to compute again")
    mode = then["mode"]
    if terms.mode != mode:
        detail = f"the facts on record are those of {mode}; terms of another mode ask for others"
        raise Malformed((Fault("/terms/mode", "other_mode", detail),))
    case: dict[str, Json] = {**past.ruling.case, "terms": raw}
    return _tried(case, terms, admitted=_count(case))


def try_invented(raw: Json, crowd: Crowd) -> Trial:
    """Whole terms on invented offers; ``Malformed`` with every fault of the terms."""
    terms = parse_terms(raw)
    assert isinstance(raw, dict), "terms that can be read are an object"
    return _tried(invented_case(raw, terms, crowd), terms, admitted=crowd.bidders)


def _tried(case: dict[str, Json], terms: Terms, *, admitted: int) -> Trial:
    digest = digest_of(case["terms"])
    try:
        read = parse_case(case)
        decision = decide(read).as_json()
        warnings = (*check_terms(terms, admitted=admitted), *check_facts(read))
        return Trial(digest, case, decision, sensitivity(read), warnings)
    except Malformed as malformed:
        raise Malformed(lacking(terms, malformed.faults)) from None


def _count(case: Mapping[str, Json]) -> int:
    """Everybody who takes part in a case."""
    key = next(key for key in ("bidders", "bids", "offers") if key in case)
    return len(cast("list[Json]", case[key]))
