"""Weigh terms before they are published (条款提示): everything that is allowed and probably not meant.

What the terms say alone, beside the item's grades, and beside the agencies on file today: how many could take part and
which condition cuts most. Nothing here stops anybody. Source: market.md section 3, selection.md section 8 (试算).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from agencies.qualifications import Requirement
from bidding.terms import DemandTerms, DirectTerms
from bidding.terms_check import check_terms
from bidding.terms_check_grades import check_grades
from bidding.terms_warning import TermsWarning
from commons.canonical import Json, canonical
from commons.errors import Fault, Malformed
from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.catalogue.items import Catalogue, ServiceItem, load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Connection
from marketplace.demands.reach import Counts, Reach, check_reach, reach_of
from marketplace.demands.store import Demand
from marketplace.usecases.act import Message
from marketplace.usecases.rules_in_force import catalogue_of

_COUNTS = """
WITH need AS (
  SELECT one->>'kind' AS kind, one->'grades' AS grades, one->>'item' AS item, place
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(one, place)
), held AS (
  SELECT agency,
    count(DISTINCT place) AS of_kind,
    count(DISTINCT place) FILTER (WHERE is_enough) AS of_grade,
    count(DISTINCT place) FILTER (WHERE is_enough AND is_valid) AS in_force
  FROM (
    SELECT agency, place, (grades = 'null' OR grades ? grade)
        AND (cardinality(items) = 0 OR item = ANY(items))
        AND (cardinality(regions) = 0 OR cardinality($5::text[]) = 0 OR regions::text[] && $5::text[]) AS is_enough,
      ended_at IS NULL AND valid_from <= $2 AND (valid_until IS NULL OR $2 < valid_until) AS is_valid
    FROM qualification_as_it_ends JOIN need USING (kind)
  ) AS papers GROUP BY agency
), bound AS (
  SELECT DISTINCT subject FROM restriction_as_it_ends WHERE starts_at <= $3 AND (ends_at IS NULL OR $3 < ends_at)
), judged AS (
  SELECT coalesce(held.of_kind, 0) >= asked AS of_kind, coalesce(held.of_grade, 0) >= asked AS of_grade,
    coalesce(held.in_force, 0) >= asked AS in_force, bound.subject IS NULL AS is_free,
    uscc <> ALL($4::text[]) AS is_unbiased
  FROM agency CROSS JOIN (SELECT count(*) AS asked FROM need) AS needs
    LEFT JOIN held ON held.agency = uscc LEFT JOIN bound ON bound.subject = uscc
  WHERE uscc NOT IN (SELECT agency FROM agency_status WHERE standing <> 'active')
)
SELECT count(*) AS filed,
  count(*) FILTER (WHERE of_kind) AS of_kind,
  count(*) FILTER (WHERE of_grade) AS of_grade,
  count(*) FILTER (WHERE in_force) AS in_force,
  count(*) FILTER (WHERE in_force AND is_free) AS free,
  count(*) FILTER (WHERE in_force AND is_free AND is_unbiased) AS unbiased
FROM judged
"""


class WarningSource(Message):
    """The text and the section that a warning stands on."""

    title: str
    section: str


class WarningText(Message):
    """提示: a stable code, the place in the terms (JSON pointer; empty: all of them), its numbers, and its words."""

    code: str
    pointer: str
    params: dict[str, str | int | bool | None]
    source: WarningSource
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Aim:
    """What terms are weighed beside: the items bought, the main one first, who may not take part, the closing day.

    ``catalogue`` is the one they are bought by. ``region`` is where the work is, for certificates that count in some
    regions only; "" counts them all.
    """

    items: Sequence[ServiceItem]
    barred: Sequence[str]
    closes_at: datetime | None
    region: str = ""
    catalogue: Catalogue = field(default_factory=load_catalogue)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The warnings, and whom the demand could reach: qualified ``on`` the closing day, free of restrictions ``at``."""

    warnings: tuple[TermsWarning, ...]
    reach: Reach
    on: date
    at: datetime


def digest_of(terms: Json) -> str:
    """The hash under which terms are frozen, hex; ``Malformed`` where an unused key holds what no record could keep."""
    try:
        return sha256(canonical(terms)).hexdigest()
    except ValueError as refused:
        raise Malformed((Fault("/terms", "not_canonical", str(refused)),)) from None


def aim_of(demand: Demand) -> Aim:
    """What the terms of a demand are weighed beside; its items are in the catalogue."""
    catalogue = catalogue_of(demand)
    found = [catalogue.item(code) for code in demand.items]
    barred = (demand.owner_code, *(one.agency for one in demand.recusals))
    return Aim([item for item in found if item is not None], barred, demand.closes_at, demand.region, catalogue)


async def weigh(connection: Connection, terms: DemandTerms, aim: Aim, *, at: datetime) -> Weighed:
    """Everything to be said about terms that can be read; a closing day before today counts as today."""
    requirements = [requirement_of(item, aim.catalogue) for item in aim.items]
    asked = [one for one in requirements if one is not None]
    on = beijing_date(at if aim.closes_at is None else max(at, aim.closes_at))
    chain = [one.code for one in REGIONS.chain(aim.region)] if aim.region else []
    row = await connection.fetchrow(_COUNTS, _needs(asked), on, at, list(aim.barred), chain)
    assert row is not None, "an aggregate has one row"
    reach = reach_of(Counts(**dict(row)), asked)
    accepted = requirements[0].grades or () if requirements[0] is not None else ()
    said = () if isinstance(terms, DirectTerms) else (*check_terms(terms), *check_grades(terms, accepted))
    return Weighed((*said, *check_reach(terms, reach, asked, on=on)), reach, on, at)


def _needs(requirements: Sequence[Requirement]) -> str:
    """The requirements as the query reads them."""
    needs = [
        {"kind": one.kind, "grades": None if one.grades is None else list(one.grades), "item": one.item}
        for one in requirements
    ]
    return json.dumps(needs, ensure_ascii=False)


def warning_texts(warnings: Sequence[TermsWarning]) -> tuple[WarningText, ...]:
    """Warnings as answers carry them."""
    return tuple(
        WarningText(
            code=one.code,
            pointer=one.pointer,
            params=dict(one.params),
            source=WarningSource(title=one.source.title, section=one.source.place),
            zh=one.zh,
            en=one.en,
        )
        for one in warnings
    )
