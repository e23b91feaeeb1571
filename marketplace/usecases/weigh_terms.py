"""Weigh terms before they are published (条款提示): everything that is allowed and probably not meant.

What the terms say alone, beside the item's grades, and beside the agencies on file today: how many could take part and
which condition cuts most. Nothing here stops anybody. Source: market.md section 3, selection.md section 8 (试算).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
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
from marketplace.catalogue.items import ServiceItem, load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Connection
from marketplace.demands.reach import Counts, Reach, check_reach, reach_of
from marketplace.demands.store import Demand
from marketplace.usecases.act import Message

_COUNTS = """
SELECT count(*) AS filed,
  count(*) FILTER (WHERE of_kind) AS of_kind,
  count(*) FILTER (WHERE of_grade) AS of_grade,
  count(*) FILTER (WHERE in_force) AS in_force,
  count(*) FILTER (WHERE in_force AND is_free) AS free,
  count(*) FILTER (WHERE in_force AND is_free AND is_unbiased) AS unbiased
FROM (
  SELECT
    NOT EXISTS (SELECT FROM jsonb_array_elements($1::jsonb) AS need WHERE NOT EXISTS (
      SELECT FROM qualification WHERE agency = uscc AND kind = need->>'kind'
    )) AS of_kind,
    NOT EXISTS (SELECT FROM jsonb_array_elements($1::jsonb) AS need WHERE NOT EXISTS (
      SELECT FROM qualification WHERE agency = uscc AND kind = need->>'kind'
        AND (need->'grades' = 'null' OR need->'grades' ? grade)
    )) AS of_grade,
    NOT EXISTS (SELECT FROM jsonb_array_elements($1::jsonb) AS need WHERE NOT EXISTS (
      SELECT FROM qualification WHERE agency = uscc AND kind = need->>'kind'
        AND (need->'grades' = 'null' OR need->'grades' ? grade)
        AND valid_from <= $2 AND (valid_until IS NULL OR $2 < valid_until)
    )) AS in_force,
    NOT EXISTS (
      SELECT FROM restriction WHERE subject = uscc AND starts_at <= $3 AND (ends_at IS NULL OR $3 < ends_at)
    ) AS is_free,
    uscc <> ALL($4::text[]) AS is_unbiased
  FROM agency
) AS judged
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
    """What terms are weighed beside: the items bought, the main one first, who may not take part, the closing day."""

    items: Sequence[ServiceItem]
    barred: Sequence[str]
    closes_at: datetime | None


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
    found = [load_catalogue().item(code) for code in demand.items]
    barred = (demand.owner_code, *(one.agency for one in demand.recusals))
    return Aim([item for item in found if item is not None], barred, demand.closes_at)


async def weigh(connection: Connection, terms: DemandTerms, aim: Aim, *, at: datetime) -> Weighed:
    """Everything to be said about terms that can be read; a closing day before today counts as today."""
    catalogue = load_catalogue()
    requirements = [requirement_of(item, catalogue) for item in aim.items]
    asked = [one for one in requirements if one is not None]
    on = beijing_date(at if aim.closes_at is None else max(at, aim.closes_at))
    row = await connection.fetchrow(_COUNTS, _needs(asked), on, at, list(aim.barred))
    assert row is not None, "an aggregate has one row"
    reach = reach_of(Counts(**dict(row)), asked)
    accepted = requirements[0].grades or () if requirements[0] is not None else ()
    said = () if isinstance(terms, DirectTerms) else (*check_terms(terms), *check_grades(terms, accepted))
    return Weighed((*said, *check_reach(terms, reach, asked, on=on)), reach, on, at)


def _needs(requirements: Sequence[Requirement]) -> str:
    """The requirements as the query reads them."""
    needs = [{"kind": one.kind, "grades": None if one.grades is None else list(one.grades)} for one in requirements]
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
