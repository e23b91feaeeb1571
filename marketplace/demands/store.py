"""Demands in the database: the row the public lists show, written in the same transaction as the events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString

import asyncpg

from agencies.own_work import EarlierAward
from commons.canonical import Json
from commons.grams import grams_of, lines_of
from commons.regions import REGIONS
from marketplace.database import Connection
from marketplace.demands.demand import BuyerClass, Mode, Recusal


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand as kept; instants are None until published, the outcome until decided. Money in fen.

    ``notice`` and ``lot`` (from 1) where it is a lot of a notice. ``rules`` are what versions in force changed of the
    shipped rules (``catalogue.in_force``), ``declared`` what the owner states beside the terms (``declared.py``).
    """

    id: str
    selection: str
    state: str
    title: str
    owner_code: str
    owner_name: str
    buyer_class: BuyerClass
    project_code: str
    project_name: str
    region: str
    city: str
    place: str
    item: str
    description: str
    quantity: int
    ceiling_fen: int
    max_days: int | None
    mode: Mode
    terms: Mapping[str, Json]
    terms_digest: str
    recusals: tuple[Recusal, ...]
    profile: str
    is_regional_assessment: bool
    is_example: bool
    posted_at: datetime
    published_at: datetime | None = None
    sign_up_closes_at: datetime | None = None
    closes_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    winner: str | None = None
    winning_fen: int | None = None
    decided_at: datetime | None = None
    publicity_until: datetime | None = None
    further_items: tuple[str, ...] = ()
    notice: str | None = None
    lot: int | None = None
    rules: Mapping[str, Json] = field(default_factory=dict)
    declared: Mapping[str, Json] = field(default_factory=dict)

    @property
    def items(self) -> tuple[str, ...]:
        """All items under the one price, the main one first."""
        return (self.item, *self.further_items)


_COLUMNS = """
SELECT id, selection, state, title, owner_code, owner_name, buyer_class, project_code, project_name, region, city,
  place, item, description, quantity, ceiling_fen, max_days, mode, terms::text AS terms, terms_digest,
  recusals::text AS recusals, profile, is_regional_assessment, is_example, posted_at, published_at, sign_up_closes_at,
  closes_at, outcome, reason, winner, winning_fen, decided_at, publicity_until, further_items, notice, lot,
  rules::text AS rules, declared::text AS declared
FROM demand
"""


def demand_query(conditions: LiteralString) -> LiteralString:
    """A query of whole demands; ``conditions`` is SQL of the product's own, never anybody's input."""
    return _COLUMNS + conditions


_ONE = demand_query("WHERE id = $1")
_LOCK_ONE = demand_query("WHERE id = $1 FOR UPDATE")
_INSERT = """
INSERT INTO demand (id, selection, state, title, owner_code, owner_name, buyer_class, project_code, project_name,
  region, city, place, item, description, quantity, ceiling_fen, max_days, mode, terms, terms_digest, recusals, profile,
  is_regional_assessment, is_example, posted_at, sign_up_closes_at, closes_at, further_items, notice, lot,
  rules, declared, words, grams)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19::text::jsonb, $20,
  $21::text::jsonb, $22, $23, $24, $25, $26, $27, $28, $29, $30,
  $31::text::jsonb, $32::text::jsonb, $33, $34)
"""


async def insert_demand(connection: Connection, one: Demand) -> None:
    """Keep a posted demand."""
    words = _words_of(one)
    await connection.execute(
        _INSERT, one.id, one.selection, one.state, one.title, one.owner_code, one.owner_name, one.buyer_class,
        one.project_code, one.project_name, one.region, one.city, one.place, one.item, one.description, one.quantity,
        one.ceiling_fen, one.max_days, one.mode, json.dumps(one.terms, ensure_ascii=False), one.terms_digest,
        _recusals_of(one), one.profile, one.is_regional_assessment, one.is_example, one.posted_at,
        one.sign_up_closes_at, one.closes_at,
        list(one.further_items), one.notice, one.lot, json.dumps(one.rules, ensure_ascii=False),
        json.dumps(one.declared, ensure_ascii=False), words, grams_of(words),
    )  # fmt: skip


def _recusals_of(one: Demand) -> str:
    return json.dumps([{"agency": each.agency, "reason": each.reason} for each in one.recusals], ensure_ascii=False)


def _words_of(one: Demand) -> str:
    return demand_words(one.title, one.project_name, one.owner_name, one.project_code, one.place, region=one.region)


def demand_words(*texts: str, region: str) -> str:
    """What a demand is searched by: these texts of it, and the names of the region it lies in, folded."""
    return lines_of(*texts, REGIONS.full_name(region))


async def demand_by_id(connection: Connection, identifier: str, *, for_update: bool = False) -> Demand | None:
    """The demand of that id, its row locked when asked; None when there is none."""
    row = await connection.fetchrow(_LOCK_ONE if for_update else _ONE, identifier)
    return demand_from(row) if row else None


def demand_from(row: asyncpg.Record) -> Demand:
    """One row with all columns → value."""
    values = dict(row)
    values["terms"] = json.loads(values["terms"])
    values["recusals"] = tuple(Recusal(one["agency"], one["reason"]) for one in json.loads(values["recusals"]))
    values["rules"], values["declared"] = json.loads(values["rules"]), json.loads(values["declared"])
    values["further_items"] = tuple(values["further_items"])
    return Demand(**values)


async def mark_published(
    connection: Connection, identifier: str, rules: Mapping[str, Json], declared: Mapping[str, Json], *, at: datetime
) -> None:
    """The demand is public from now on, under these rules."""
    await connection.execute(
        """UPDATE demand SET state = 'published', published_at = $2, rules = $3::text::jsonb,
             declared = $4::text::jsonb WHERE id = $1""",
        identifier, at, json.dumps(rules, ensure_ascii=False), json.dumps(declared, ensure_ascii=False),
    )  # fmt: skip


_REWRITE = """
UPDATE demand SET title = $2, owner_name = $3, buyer_class = $4, project_code = $5, project_name = $6, region = $7,
  city = $8, place = $9, item = $10, description = $11, quantity = $12, ceiling_fen = $13, max_days = $14, mode = $15,
  terms = $16::text::jsonb, terms_digest = $17, recusals = $18::text::jsonb, profile = $19,
  is_regional_assessment = $20, is_example = $21, sign_up_closes_at = $22, closes_at = $23, further_items = $24,
  rules = $25::text::jsonb, declared = $26::text::jsonb, words = $27, grams = $28
WHERE id = $1
"""


async def rewrite_draft(connection: Connection, one: Demand) -> None:
    """The draft as it is stated now; its owner, its notice and when it was posted stay."""
    words = _words_of(one)
    await connection.execute(
        _REWRITE, one.id, one.title, one.owner_name, one.buyer_class, one.project_code, one.project_name, one.region,
        one.city, one.place, one.item, one.description, one.quantity, one.ceiling_fen, one.max_days, one.mode,
        json.dumps(one.terms, ensure_ascii=False), one.terms_digest, _recusals_of(one), one.profile,
        one.is_regional_assessment, one.is_example, one.sign_up_closes_at, one.closes_at, list(one.further_items),
        json.dumps(one.rules, ensure_ascii=False), json.dumps(one.declared, ensure_ascii=False), words, grams_of(words),
    )  # fmt: skip


async def mark_covered(connection: Connection, identifier: str) -> None:
    """The draft is given up: a regional assessment stands for it."""
    await connection.execute("UPDATE demand SET state = 'covered' WHERE id = $1", identifier)


async def mark_moved(connection: Connection, identifier: str, *, closes_at: datetime) -> None:
    """Extensions moved the last close."""
    await connection.execute("UPDATE demand SET closes_at = $2 WHERE id = $1", identifier, closes_at)


async def mark_published_again(connection: Connection, one: Demand, *, at: datetime) -> None:
    """The demand is public anew: with its next selection, its terms and clocks, and no outcome."""
    await connection.execute(
        """UPDATE demand SET selection = $2, state = 'published', mode = $3, terms = $4::text::jsonb, terms_digest = $5,
             max_days = $6, sign_up_closes_at = $7, closes_at = $8, published_at = $9, outcome = NULL, reason = NULL,
             winner = NULL, winning_fen = NULL, decided_at = NULL, publicity_until = NULL, winner_words = '',
             rules = $10::text::jsonb WHERE id = $1""",
        one.id, one.selection, one.mode, json.dumps(one.terms, ensure_ascii=False), one.terms_digest, one.max_days,
        one.sign_up_closes_at, one.closes_at, at, json.dumps(one.rules, ensure_ascii=False),
    )  # fmt: skip


async def mark_changed(connection: Connection, one: Demand) -> None:
    """The demand has other terms and clocks, the selection is the same."""
    await connection.execute(
        """UPDATE demand SET terms = $2::text::jsonb, terms_digest = $3, ceiling_fen = $4, max_days = $5,
             sign_up_closes_at = $6, closes_at = $7 WHERE id = $1""",
        one.id, json.dumps(one.terms, ensure_ascii=False), one.terms_digest, one.ceiling_fen, one.max_days,
        one.sign_up_closes_at, one.closes_at,
    )  # fmt: skip


async def mark_stage(connection: Connection, identifier: str, stage: str) -> None:
    """The demand is shown in that state; everything else of it stays."""
    await connection.execute("UPDATE demand SET state = $2 WHERE id = $1", identifier, stage)


async def mark_suspended(connection: Connection, identifier: str) -> None:
    """The demand is shown as suspended; everything else of it stays."""
    await connection.execute("UPDATE demand SET state = 'suspended' WHERE id = $1", identifier)


async def mark_resumed(
    connection: Connection, identifier: str, *, state: str, sign_up_closes_at: datetime | None,
    closes_at: datetime | None, publicity_until: datetime | None,
) -> None:  # fmt: skip
    """The demand goes on in that state, with the ends of its clocks as they moved."""
    await connection.execute(
        """UPDATE demand SET state = $2, sign_up_closes_at = $3, closes_at = $4, publicity_until = $5 WHERE id = $1""",
        identifier, state, sign_up_closes_at, closes_at, publicity_until,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What the list shows of a decision; the winner and its price in fen only with an award, cancelled has none."""

    state: str
    outcome: str | None
    reason: str | None
    winner: str | None
    winning_fen: int | None
    decided_at: datetime
    publicity_until: datetime | None


_RESULT = """
UPDATE demand SET state = $2, outcome = $3, reason = $4, winner = $5, winning_fen = $6, decided_at = $7,
  publicity_until = $8, winner_words = coalesce(won.words, ''),
  grams = CASE WHEN coalesce(won.words, '') IN ('', winner_words) THEN demand.grams ELSE demand.grams || won.grams END
FROM (SELECT) AS one LEFT JOIN agency AS won ON won.uscc = $5 WHERE id = $1
"""
_RENAMED = """
UPDATE demand SET winner_words = won.words, grams = demand.grams || won.grams
FROM agency AS won WHERE won.uscc = $1 AND winner = won.uscc AND winner_words <> won.words
"""


async def mark_renamed(connection: Connection, agency: str) -> None:
    """What the agency won is found by its name of now."""
    await connection.execute(_RENAMED, agency)


async def mark_result(connection: Connection, identifier: str, result: Result) -> None:
    """Note the outcome for the lists, and the winner's name and code for who searches."""
    await connection.execute(
        _RESULT,
        identifier, result.state, result.outcome, result.reason, result.winner, result.winning_fen, result.decided_at,
        result.publicity_until,
    )  # fmt: skip


_WON_BEFORE = """
SELECT winner, id, title, item, further_items FROM demand
WHERE winner = ANY($1::text[]) AND outcome = 'award' AND id <> $2
  AND (project_code = $3 OR owner_code = $4 AND project_name = $5)
ORDER BY winner, decided_at, id
"""


async def won_before(
    connection: Connection, agencies: Sequence[str], demand: Demand
) -> dict[str, tuple[EarlierAward, ...]]:
    """What each agency won for the demand's project before, oldest first: same code, or same owner and name."""
    rows = await connection.fetch(
        _WON_BEFORE, list(agencies), demand.id, demand.project_code, demand.owner_code, demand.project_name
    )
    found: dict[str, tuple[EarlierAward, ...]] = dict.fromkeys(agencies, ())
    for row in rows:
        found[row["winner"]] += (EarlierAward(row["id"], row["title"], (row["item"], *row["further_items"])),)
    return found


_NOTICE = "SELECT id, title, owner_code, lot_cap, is_example, posted_at, published_at FROM notice WHERE id = $1"
_LOTS = demand_query("WHERE notice = $1 ORDER BY lot")
_LOCK_LOTS = demand_query("WHERE notice = $1 ORDER BY lot FOR UPDATE")


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: ``lot_cap`` is how many of its lots one bidder may win, None for no cap; unpublished while None."""

    id: str
    title: str
    owner_code: str
    lot_cap: int | None
    is_example: bool
    posted_at: datetime
    published_at: datetime | None = None


async def insert_notice(connection: Connection, one: Notice) -> None:
    """Keep a posted notice; its lots are demands of their own."""
    await connection.execute(
        "INSERT INTO notice (id, title, owner_code, lot_cap, is_example, posted_at) VALUES ($1, $2, $3, $4, $5, $6)",
        one.id, one.title, one.owner_code, one.lot_cap, one.is_example, one.posted_at,
    )  # fmt: skip


async def notice_by_id(connection: Connection, identifier: str) -> Notice | None:
    """The notice of that id; None when there is none."""
    row = await connection.fetchrow(_NOTICE, identifier)
    return Notice(**row) if row else None


async def lots_of(connection: Connection, identifier: str, *, for_update: bool = False) -> tuple[Demand, ...]:
    """The lots of a notice in declared order, their rows locked when asked."""
    rows = await connection.fetch(_LOCK_LOTS if for_update else _LOTS, identifier)
    return tuple(demand_from(row) for row in rows)


async def mark_notice_published(connection: Connection, identifier: str, *, at: datetime) -> None:
    """The notice is public from now on, with all its lots."""
    await connection.execute("UPDATE notice SET published_at = $2 WHERE id = $1", identifier, at)
