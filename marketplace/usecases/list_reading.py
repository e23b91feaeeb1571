"""Reads a page of the lists of demands and results, and counts it: part by part of the list, each along its index.

Invariants: a page shows what settling will persist: rows ahead of it are left out where they lie and put in where they
belong; a number is exact, or says that there are more. Source: performance.md; docs/adr/0032.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from marketplace.usecases.list_places import NOTHING, Around, Asked, Counted, Place, counted, cut, exact
from marketplace.usecases.read_listing import COLUMNS, SHOWN, WINNER, Listed, listed
from marketplace.usecases.read_snapshot import Reading

_ROWS = COLUMNS + " FROM " + SHOWN + WINNER + " WHERE shown.id = ANY($10::text[])"
_UNION: LiteralString = " UNION ALL "
_KEY: LiteralString = " AS part, id, "
_FEW: LiteralString = " LIMIT 51"
_MANY: LiteralString = " LIMIT $23"
_MODES: LiteralString = " SELECT mode, count(*) AS count FROM (SELECT mode"
_BY_MODE: LiteralString = ") AS found GROUP BY mode"
_BOUND: LiteralString = " LIMIT 10001"
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
    tallied: LiteralString
    """Conditions on the tally's states and outcomes."""

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
class Question:
    """What is asked of a list in one snapshot; ``ahead`` as ``columns_of`` gives it."""

    snapshot: Reading
    ahead: tuple[list[object], ...]
    of: List
    narrowing: Narrowing

    async def page(self, start: Asked, size: int) -> tuple[tuple[Listed, ...], Around]:
        """So many rows on from the place; back from a place near the beginning it is the first page."""
        if self.narrowing.is_nothing:
            return (), Around()
        keys, around = cut(await self._keys(start, size), size, start, lambda key: key)
        if start.is_backward and around.previous is None:
            start = Asked()
            keys, around = cut(await self._keys(start, size), size, start, lambda key: key)
        rows = await self._fetch(_ROWS, *self.ahead, [key.id for key in keys]) if keys else []
        shown = {row["id"]: listed(row) for row in rows}
        return tuple(shown[key.id] for key in keys), around

    async def _keys(self, start: Asked, size: int) -> Sequence[Place]:
        """The places of the rows, one more than asked for where there is one."""
        parts = self.of.asked(start)
        conditions = self._conditions
        end = _FEW if size < AT_ONCE else _MANY
        stored = [*conditions, NOT_AHEAD] if self.ahead[0] else conditions
        values = self.narrowing.values(self.ahead, start.start, size + 1)
        found = await self._fetch(_together(parts, STORED, stored, start, end), *values)
        if self.ahead[0]:
            found += await self._fetch(_together(parts, AHEAD, conditions, start, end), *values)
        rank = {part.letter: number for number, part in enumerate(parts)}
        rising = {part.letter: part.is_rising != start.is_backward for part in parts}
        places = sorted((Place(row["part"], row["at"], row["id"]) for row in found), key=lambda one: (one.at, one.id))
        ordered = [
            one for letter in rank for one in (places if rising[letter] else reversed(places)) if one.part == letter
        ]
        return ordered[: size + 1]

    @property
    def _conditions(self) -> list[LiteralString]:
        return [*self.narrowing.conditions(), *([MODE] if self.narrowing.mode else [])]

    async def count(self) -> Counted:
        """By mode without the mode asked for; exact by the tally, else counted up to a bound."""
        if self.narrowing.is_nothing:
            return NOTHING
        values = self.narrowing.values(self.ahead, None, 0)
        if self.narrowing.is_tallied:
            return await self._tallied(values)
        return await self._bounded(list(self.narrowing.conditions()), values)

    async def total(self, found: Counted) -> tuple[int, bool]:
        """Of the mode asked for, and whether there are more."""
        mode = self.narrowing.mode
        if not mode or self.narrowing.is_nothing:
            return found.total, found.is_more
        if found.is_more:
            found = await self._bounded(self._conditions, self.narrowing.values(self.ahead, None, 0))
            return found.total, found.is_more
        return found.by_mode.get(mode, 0), False

    async def _tallied(self, values: tuple[object, ...]) -> Counted:
        rows = await self._fetch(PARAMETERS + _TALLIED + where(*self._of_tally) + " GROUP BY mode", *values)
        numbers = [(row["mode"], row["count"]) for row in rows]
        if self.ahead[0]:
            moved = await self._counted(STORED, [*self.narrowing.conditions(), "id = ANY($1)"], values)
            numbers += [(mode, -number) for mode, number in moved]
            numbers += await self._counted(AHEAD, list(self.narrowing.conditions()), values)
        return exact(numbers)

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


def _together(
    parts: Sequence[Part], source: LiteralString, conditions: list[LiteralString], start: Asked, end: LiteralString
) -> str:
    return PARAMETERS + _UNION.join([part.keys(source, conditions, start, end) for part in parts])
