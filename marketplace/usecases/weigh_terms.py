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

_OUT = """
WITH away AS MATERIALIZED (
  SELECT agency FROM agency_status WHERE standing <> 'active'
), bound AS MATERIALIZED (
  SELECT DISTINCT subject FROM restriction_as_it_ends WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
), filed AS MATERIALIZED (
  SELECT (SELECT count(*) FROM agency) - (SELECT count(*) FROM agency WHERE uscc IN (SELECT agency FROM away)) AS filed
), barred AS MATERIALIZED (
  SELECT uscc, uscc IN (SELECT subject FROM bound) AS is_bound FROM agency
  WHERE uscc = ANY($2::text[]) AND uscc NOT IN (SELECT agency FROM away)
)
"""
"""Who is left aside whatever is asked for; ``NOT IN`` it is a hashed look-up, however badly its size is guessed."""
_ANYBODY = """
SELECT filed, filed AS of_kind, filed AS of_grade, filed AS in_force, filed - bound_here AS free,
  filed - bound_here - (SELECT count(*) FROM barred WHERE NOT is_bound) AS unbiased
FROM filed CROSS JOIN (
  SELECT count(*) AS bound_here FROM agency
  WHERE uscc IN (SELECT subject FROM bound) AND uscc NOT IN (SELECT agency FROM away)) AS held_back
"""
_QUALIFIED = """
, need AS MATERIALIZED (
  SELECT one->>'kind' AS kind, one->>'item' AS item, 1 << (place - 1)::int AS bit,
    CASE WHEN one->'grades' <> 'null' THEN ARRAY(SELECT jsonb_array_elements_text(one->'grades')) END AS grades
  FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS given(one, place)
), held AS (
  SELECT held.agency, bit_or(bit) AS of_kind,
    bit_or(CASE WHEN is_enough THEN bit ELSE 0 END) AS of_grade,
    bit_or(CASE WHEN is_enough AND valid_from <= $4 AND (valid_until IS NULL OR $4 < valid_until) AND is_open
      THEN bit ELSE 0 END) AS in_force
  FROM (
    SELECT held.agency, need.bit, held.valid_from, held.valid_until, ends.qualification IS NULL AS is_open,
      (need.grades IS NULL OR held.grade = ANY(need.grades))
        AND (cardinality(held.items) = 0 OR need.item = ANY(held.items))
        AND (cardinality(held.regions) = 0 OR cardinality($5::text[]) = 0 OR held.regions::text[] && $5::text[])
        AS is_enough
    FROM need JOIN qualification AS held ON held.kind = need.kind
      LEFT JOIN qualification_followed AS ends ON ends.qualification = held.id AND ends.kind <> 'renewed'
    WHERE held.kind = ANY($7::text[]) AND held.agency NOT IN (SELECT agency FROM away)
  ) AS held
  GROUP BY agency
), judged AS (
  SELECT of_kind = $6 AS of_kind, of_grade = $6 AS of_grade, in_force = $6 AS in_force,
    agency NOT IN (SELECT subject FROM bound) AS is_free, agency NOT IN (SELECT uscc FROM barred) AS is_unbiased
  FROM held
)
SELECT (SELECT filed FROM filed) AS filed,
  count(*) FILTER (WHERE of_kind) AS of_kind,
  count(*) FILTER (WHERE of_grade) AS of_grade,
  count(*) FILTER (WHERE in_force) AS in_force,
  count(*) FILTER (WHERE in_force AND is_free) AS free,
  count(*) FILTER (WHERE in_force AND is_free AND is_unbiased) AS unbiased
FROM judged
"""
"""One bit for each need: an agency has all of them when its bits are all set. Only who holds something is looked at;
the kinds are named once more, so that the planner knows how few those are."""
_COUNT_ANYBODY = _OUT + _ANYBODY
_COUNT_QUALIFIED = _OUT + _QUALIFIED


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
    if asked:
        row = await connection.fetchrow(
            _COUNT_QUALIFIED, at, list(aim.barred), _needs(asked), on, chain, (1 << len(asked)) - 1,
            sorted({one.kind for one in asked}),
        )  # fmt: skip
    else:
        row = await connection.fetchrow(_COUNT_ANYBODY, at, list(aim.barred))
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
