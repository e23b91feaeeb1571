"""Reads a page of the lists of demands and results, and counts it: part by part of the list, each along its index.

Invariants: a page shows what settling will persist: rows ahead of it are left out where they lie and put in where they
belong; a number is exact, or says that there are more. Source: performance.md; docs/adr/0032.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import LiteralString

import asyncpg

from marketplace.usecases.list_narrowing import (
    AHEAD,
    AT_ONCE,
    MODE,
    NOT_AHEAD,
    PARAMETERS,
    STORED,
    Narrowing,
    where,
)
from marketplace.usecases.list_places import FIRST, MAX_COUNTED, Around, Asked, Counted, Place, counted, cut, exact
from marketplace.usecases.read_listing import COLUMNS, SHOWN, WINNER, Listed, listed
from marketplace.usecases.read_snapshot import FOR_IT, Reading

_ROWS = COLUMNS + " FROM " + SHOWN + WINNER + " WHERE shown.id = ANY($10::text[])"
_UNION: LiteralString = " UNION ALL "
_KEY: LiteralString = " AS part, id, "
_FEW: LiteralString = " LIMIT 51"
_MANY: LiteralString = " LIMIT $23"
_HITS: LiteralString = ", hits AS MATERIALIZED ((SELECT id, mode, state, outcome, closes_at, published_at, decided_at"
_HITS_AHEAD: LiteralString = " UNION ALL SELECT id, mode, state, outcome, closes_at, published_at, decided_at"
_HIT: LiteralString = " FROM hits"
_PAGE_OF_HITS: LiteralString = ") SELECT part, id, at, '' AS mode, 0::bigint AS number FROM ("
_MODES_OF_HITS: LiteralString = ") AS page UNION ALL SELECT '', '', NULL, mode, count(*) FROM hits GROUP BY mode"
_MODES: LiteralString = " SELECT mode, count(*) AS count FROM (SELECT mode"
_BY_MODE: LiteralString = ") AS found GROUP BY mode"
_BOUND: LiteralString = " LIMIT 2001"
_BOUND_OF_HITS: LiteralString = " LIMIT 2201)"
"""``MAX_COUNTED`` and what is to spare (``ManyHits``), and one."""
_PLANNED_ONCE = """
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off;
SET LOCAL enable_incremental_sort = off;
"""
"""Rows are found along the list, whatever else there is: for lists without words, and for words that many rows hold.

An index in half of the order is none: that of the instant alone begins with all rows that have none. Where nothing is
left to choose a statement is planned once: to plan it takes longer than to run it.
"""
_AS_BEFORE = """
SET LOCAL enable_bitmapscan = on; SET LOCAL enable_seqscan = on;
SET LOCAL enable_sort = on; SET LOCAL enable_incremental_sort = on;
"""
_TALLIED: LiteralString = """
 SELECT mode, sum(number)::bigint AS count FROM (
  SELECT mode, state, outcome, number FROM demand_tally WHERE place = $13 AND item = $12
  UNION ALL SELECT mode, state, outcome, number FROM demand_tally_step WHERE place = $13 AND item = $12
) AS tally
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list: its letter, the SQL of what lies in it, and how it is ordered."""

    letter: LiteralString
    condition: LiteralString
    instant: LiteralString
    is_rising: bool

    def keys(self, source: LiteralString, more: Sequence[LiteralString], asked: Asked, end: LiteralString) -> str:
        """The statement of its first rows in the direction asked for, from the place when it lies here."""
        rising = self.is_rising != asked.is_backward
        direction: LiteralString = "" if rising else " DESC"
        beyond: LiteralString = " > ($21, $22)" if rising else " < ($21, $22)"
        conditions = [self.condition, *more]
        if asked.start is not None and asked.start.part == self.letter:
            conditions.append("(" + self.instant + ", id)" + beyond)
        order = " ORDER BY " + self.instant + direction + ", id" + direction
        key = "(SELECT '" + self.letter + "'" + _KEY + self.instant + " AS at"
        return key + source + where(*conditions) + order + end + ")"


@dataclass(frozen=True, slots=True)
class List:
    """A list: its parts in their order, and what of the tally is in it."""

    parts: tuple[Part, ...]
    whole: LiteralString
    """What lies in any of its parts."""
    tallied: LiteralString
    """Conditions on the tally's states and outcomes."""
    is_short: bool = False
    """Whether it can be looked through whole."""
    is_steady: bool = False
    """Whether no clock moves anything in or out of it."""

    @property
    def letters(self) -> str:
        """Of its parts."""
        return "".join(part.letter for part in self.parts)

    def asked(self, start: Asked) -> tuple[Part, ...]:
        """The parts to look through, in the direction asked for."""
        parts = tuple(reversed(self.parts)) if start.is_backward else self.parts
        if start.start is None:
            return parts
        letters = [part.letter for part in parts]
        return parts[letters.index(start.start.part) :]


@dataclass(frozen=True, slots=True)
class Found:
    """A page, what is around it, how many there are (``is_more``: more), and how many by mode where that is known."""

    rows: tuple[Listed, ...]
    around: Around
    total: int
    is_more: bool
    by_mode: dict[str, int]


NOTHING_FOUND = Found((), Around(), 0, is_more=False, by_mode={})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a list in one snapshot; ``ahead`` as ``columns_of`` gives it."""

    snapshot: Reading
    ahead: tuple[list[object], ...]
    of: List
    narrowing: Narrowing
    is_last: bool = False
    """Nothing else is asked in the snapshot: how statements are planned need not be set back."""

    async def read(self, start: Asked, size: int) -> Found:
        """So many rows on from the place, and how many there are."""
        if self.narrowing.is_nothing:
            return NOTHING_FOUND
        await self.plan(size)
        found = await self._among(start, size) if self.narrowing.words else None
        if found is None:
            found = await self._along(start, size)
        return found

    async def _among(self, start: Asked, size: int) -> Found | None:
        """The page out of all there are; None for more than are counted."""
        if self.snapshot.many.holds(self._asked_before, self.snapshot.moved):
            return None
        by_mode, keys = await self._hits(start, size)
        if sum(by_mode.values()) > MAX_COUNTED:
            if self.snapshot.is_still:
                self.snapshot.many.note(self._asked_before, self.snapshot.moved, sum(by_mode.values()) - MAX_COUNTED)
            return None
        keys, around = cut(keys, size, start, lambda key: key)
        if start.is_backward and around.previous is None:
            _, keys = await self._hits(FIRST, size)
            keys, around = cut(keys, size, FIRST, lambda key: key)
        mode = self.narrowing.mode
        total = by_mode.get(mode, 0) if mode else sum(by_mode.values())
        return Found(await self._rows(keys), around, total, is_more=False, by_mode=by_mode)

    async def _along(self, start: Asked, size: int) -> Found:
        """The page found along the list, and the count asked for by itself."""
        if self.narrowing.words:
            await self._set(_PLANNED_ONCE)
            rows, around = await self.page(start, size)
            if not self.narrowing.mode:
                if not self.is_last:
                    await self.as_before()
                return Found(rows, around, MAX_COUNTED, is_more=True, by_mode={})
            await self._set(_AS_BEFORE + FOR_IT)
            counted = await self._bounded(self._conditions, self.narrowing.values(self.ahead, None, 0))
            return Found(rows, around, counted.total, counted.is_more, {})
        counted = await self.count()
        total, is_more = await self.total(counted)
        rows, around = await self.page(start, size)
        if not self.is_last:
            await self.as_before()
        return Found(rows, around, total, is_more, counted.by_mode)

    async def _hits(self, start: Asked, size: int) -> tuple[dict[str, int], Sequence[Place]]:
        """By mode, how many rows hold the words; and the places of a page of those of the mode asked for."""
        conditions = self.narrowing.conditions()
        stored = (*conditions, NOT_AHEAD) if self.ahead[0] else conditions
        hits = PARAMETERS + _HITS + STORED + where(self.of.whole, *stored) + _BOUND_OF_HITS
        if self.ahead[0]:
            hits = hits + _HITS_AHEAD + AHEAD + where(self.of.whole, *conditions)
        chosen = (MODE,) if self.narrowing.mode else ()
        arms = [part.keys(_HIT, chosen, start, _MANY) for part in self.of.asked(start)]
        statement = hits + _PAGE_OF_HITS + _UNION.join(arms) + _MODES_OF_HITS
        rows = await self._fetch(statement, *self.narrowing.values(self.ahead, start.start, size + 1))
        by_mode = exact((row["mode"], row["number"]) for row in rows if row["mode"])
        places = [Place(row["part"], row["at"], row["id"]) for row in rows if not row["mode"]]
        return by_mode.by_mode, self._in_order(places, start)[: size + 1]

    def _in_order(self, places: Sequence[Place], start: Asked) -> list[Place]:
        """Places in the direction asked for."""
        found: list[Place] = []
        for part in self.of.asked(start):
            here = [one for one in places if one.part == part.letter]
            falling = part.is_rising == start.is_backward
            found += sorted(here, key=lambda one: (one.at, one.id), reverse=falling)
        return found

    @property
    def _asked_before(self) -> Hashable:
        """By what it is remembered that more rows hold the words than are counted; None where that cannot be."""
        asked = self.narrowing
        if asked.winner or asked.regional_only or asked.least_fen is not None or asked.most_fen is not None:
            return None  # these may change without the tally being moved
        return (self.of, asked.words, asked.item, asked.city, tuple(asked.states), tuple(asked.outcomes))

    async def first(self, size: int) -> list[str]:
        """The ids of the first rows, planned as lists are; ``as_before`` sets that back."""
        await self.plan(size)
        return [key.id for key in (await self._keys(FIRST, size))[:size]]

    async def as_before(self) -> None:
        """Plan what comes next as the reading does, again."""
        await self._set(_AS_BEFORE + self.snapshot.plan)

    async def rows(self, ids: Sequence[str]) -> dict[str, Listed]:
        """Rows of any list by their ids, as they are shown; unknown ids are left out."""
        rows = await self._fetch(_ROWS, *self.ahead, list(ids)) if ids else []
        return {row["id"]: listed(row) for row in rows}

    async def newest(self, size: int) -> tuple[Listed, ...]:
        """The first rows, uncounted."""
        return () if self.narrowing.is_nothing else (await self.page(FIRST, size))[0]

    async def plan(self, size: int) -> None:
        """Say how the statements of such a page are to be planned, for the rest of the transaction."""
        narrowing = self.narrowing
        is_ranged = narrowing.least_fen is not None or narrowing.most_fen is not None
        if not narrowing.words and (not is_ranged or self.of.is_short) and size < AT_ONCE:
            await self._set(_PLANNED_ONCE)
        elif self.snapshot.plan != FOR_IT:
            await self._set(FOR_IT)

    async def _set(self, statements: str) -> None:
        await self.snapshot.connection.execute(statements)

    async def page(self, start: Asked, size: int) -> tuple[tuple[Listed, ...], Around]:
        """So many rows on from the place; back from a place near the beginning it is the first page."""
        keys, around = cut(await self._keys(start, size), size, start, lambda key: key)
        if start.is_backward and around.previous is None:
            start = FIRST
            keys, around = cut(await self._keys(start, size), size, start, lambda key: key)
        return await self._rows(keys), around

    async def _rows(self, keys: Sequence[Place]) -> tuple[Listed, ...]:
        shown = await self.rows([key.id for key in keys])
        return tuple(shown[key.id] for key in keys)

    async def _keys(self, start: Asked, size: int) -> Sequence[Place]:
        """The places of the rows, one more than asked for where there is one."""
        conditions = self._conditions
        end = _FEW if size < AT_ONCE and not self.narrowing.words else _MANY
        stored = [*conditions, NOT_AHEAD] if self.ahead[0] else conditions
        values = self.narrowing.values(self.ahead, start.start, size + 1)
        found: list[Place] = []
        for part in self.of.asked(start):
            here = await self._fetch(PARAMETERS + part.keys(STORED, stored, start, end), *values)
            if self.ahead[0]:
                here += await self._fetch(PARAMETERS + part.keys(AHEAD, conditions, start, end), *values)
            places = [Place(row["part"], row["at"], row["id"]) for row in here]
            falling = part.is_rising == start.is_backward
            found += sorted(places, key=lambda one: (one.at, one.id), reverse=falling)
            if len(found) > size:
                break
        return found[: size + 1]

    @property
    def _conditions(self) -> list[LiteralString]:
        return [*self.narrowing.conditions(), *([MODE] if self.narrowing.mode else [])]

    async def count(self) -> Counted:
        """By mode without the mode asked for; exact by the tally, else counted up to a bound."""
        values = self.narrowing.values(self.ahead, None, 0)
        if self.narrowing.is_tallied:
            return await self._tallied(values)
        return await self._bounded(list(self.narrowing.conditions()), values)

    async def total(self, found: Counted) -> tuple[int, bool]:
        """Of the mode asked for, and whether there are more."""
        mode = self.narrowing.mode
        if not mode:
            return found.total, found.is_more
        if found.is_more:
            found = await self._bounded(self._conditions, self.narrowing.values(self.ahead, None, 0))
            return found.total, found.is_more
        return found.by_mode.get(mode, 0), False

    async def _tallied(self, values: tuple[object, ...]) -> Counted:
        rows = await self._fetch(PARAMETERS + _TALLIED + where(*self._of_tally) + " GROUP BY mode", *values)
        numbers = [(row["mode"], row["count"]) for row in rows]
        if self.ahead[0] and not self._is_steady:
            moved = await self._counted(STORED, [*self.narrowing.conditions(), "id = ANY($1)"], values)
            numbers += [(mode, -number) for mode, number in moved]
            numbers += await self._counted(AHEAD, list(self.narrowing.conditions()), values)
        return exact(numbers)

    @property
    def _is_steady(self) -> bool:
        """Whether what the clocks have brought meanwhile moves nothing in or out: in any state, what is published."""
        return self.of.is_steady and not self.narrowing.states and not self.narrowing.outcomes

    @property
    def _of_tally(self) -> list[LiteralString]:
        conditions: list[LiteralString] = [self.of.tallied]
        if self.narrowing.states:
            conditions.append("state = ANY($17)")
        if self.narrowing.outcomes:
            conditions.append("outcome = ANY($19)")
        return conditions

    async def _bounded(self, conditions: list[LiteralString], values: tuple[object, ...]) -> Counted:
        stored = [*conditions, NOT_AHEAD] if self.ahead[0] else conditions
        numbers = await self._counted(STORED, stored, values)
        if self.ahead[0]:
            numbers += await self._counted(AHEAD, conditions, values)
        return counted(numbers)

    async def _counted(
        self, source: LiteralString, conditions: list[LiteralString], values: tuple[object, ...]
    ) -> list[tuple[str, int]]:
        """By mode, part by part, each up to the bound."""
        arms = [
            "(" + _MODES + source + where(part.condition, *conditions) + _BOUND + _BY_MODE + ")"
            for part in self.of.parts
        ]
        rows = await self._fetch(PARAMETERS + _UNION.join(arms), *values)
        return [(row["mode"], row["count"]) for row in rows]

    async def _fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        return await self.snapshot.connection.fetch(statement, *values)
