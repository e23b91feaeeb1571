"""Conditions of the lists of demands and results, as SQL of their own: what is not asked for is not in the statement.

A filter left out must neither cost nor keep an index from giving the order; so a statement is put together out of the
constant conditions that are asked for, each with parameters at fixed numbers. Source: docs/adr/0032.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from commons.grams import query_grams, words_of
from marketplace.usecases.list_places import Place

AT_ONCE = 51
"""Rows that a page's statement reads: those of the largest page, and one that says whether there are more."""

OPEN: LiteralString = "state IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended')"
"""What still collects, word for word as the partial indexes have it."""
CLOSED: LiteralString = (
    "state NOT IN ('published', 'offers_closed', 'evaluating', 'choosing', 'suspended') AND published_at IS NOT NULL"
)
DECIDED: LiteralString = "outcome IN ('award', 'unsuccessful') AND published_at IS NOT NULL"

PARAMETERS: LiteralString = """
WITH asked AS (SELECT $1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
  $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::text, $13::text, $14::text, $15::bigint,
  $16::bigint, $17::text[], $18::text, $19::text[], $20::text, $21::timestamptz, $22::text, $23::bigint)
"""
"""Says what every parameter is, whether a condition uses it or not."""

STORED: LiteralString = " FROM demand"
AHEAD: LiteralString = """
 FROM (
  SELECT demand.id, demand.published_at, coalesce(ahead.closes_at, demand.closes_at) AS closes_at,
    coalesce(ahead.state, demand.state) AS state, coalesce(ahead.outcome, demand.outcome) AS outcome,
    CASE WHEN ahead.state IS NULL THEN demand.winner ELSE ahead.winner END AS winner,
    coalesce(ahead.decided_at, demand.decided_at) AS decided_at, mode, item, demand.city, demand.region, ceiling_fen,
    is_regional_assessment, demand.words, coalesce(won.words, demand.winner_words) AS winner_words,
    demand.grams || coalesce(won.grams, '{}') AS grams
  FROM demand JOIN unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::timestamptz[], $9::timestamptz[])
    AS ahead(id, closes_at, state, outcome, reason, winner, winning_fen, decided_at, publicity_until)
    ON ahead.id = demand.id AND demand.published_at IS NOT NULL
  LEFT JOIN agency AS won ON won.uscc = ahead.winner
) AS demand
"""
"""Demands ahead of settling, as they will be settled."""

NOT_AHEAD: LiteralString = "id <> ALL($1)"
_GRAMS: LiteralString = "grams @> $10"
_EACH: tuple[LiteralString, ...] = (
    "strpos(words, ($11)[1]) <> 0", "strpos(words, ($11)[2]) <> 0", "strpos(words, ($11)[3]) <> 0",
    "strpos(words, ($11)[4]) <> 0", "strpos(words, ($11)[5]) <> 0", "strpos(words, ($11)[6]) <> 0",
    "strpos(words, ($11)[7]) <> 0", "strpos(words, ($11)[8]) <> 0",
)  # fmt: skip
_EACH_OR_WINNER: tuple[LiteralString, ...] = (
    "strpos(words || chr(10) || winner_words, ($11)[1]) <> 0",
    "strpos(words || chr(10) || winner_words, ($11)[2]) <> 0",
    "strpos(words || chr(10) || winner_words, ($11)[3]) <> 0",
    "strpos(words || chr(10) || winner_words, ($11)[4]) <> 0",
    "strpos(words || chr(10) || winner_words, ($11)[5]) <> 0",
    "strpos(words || chr(10) || winner_words, ($11)[6]) <> 0",
    "strpos(words || chr(10) || winner_words, ($11)[7]) <> 0",
    "strpos(words || chr(10) || winner_words, ($11)[8]) <> 0",
)
"""One for each word. Of LIKE the planner would think that it leaves nothing, on top of the grams, and plan for that."""
_ITEM: LiteralString = "item = $12"
_CITY: LiteralString = "city = $13"
_REGION: LiteralString = "region = $14"
_LEAST: LiteralString = "ceiling_fen >= $15"
_MOST: LiteralString = "ceiling_fen <= $16"
_STATES: LiteralString = "state = ANY($17)"
MODE: LiteralString = "mode = $18"
_OUTCOMES: LiteralString = "outcome = ANY($19)"
_WINNER: LiteralString = "winner = $20"
_REGIONAL: LiteralString = "is_regional_assessment"
AND: LiteralString = " AND "


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to; "", None and () mean no narrowing. ``city`` is a city with its counties, or a county.

    ``winners``: the words may be found in the winner's name too.
    """

    q: str = ""
    item: str = ""
    city: str = ""
    least_fen: int | None = None
    most_fen: int | None = None
    states: Sequence[str] = ()
    mode: str = ""
    outcomes: Sequence[str] = ()
    winner: str = ""
    regional_only: bool = False
    winners: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words that all have to be found."""
        return words_of(self.q)

    @property
    def is_nothing(self) -> bool:
        """Whether something was typed in which there is no word: it finds nothing."""
        return bool(self.q.strip()) and not self.words

    @property
    def is_tallied(self) -> bool:
        """Whether the tally knows how many there are."""
        return not (self.q or self.winner or self.regional_only) and self.least_fen is None and self.most_fen is None

    def conditions(self) -> tuple[LiteralString, ...]:
        """What is asked for, but for the mode."""
        is_city = self.city.endswith("00")
        asked: tuple[tuple[bool, LiteralString], ...] = (
            (bool(self.item), _ITEM),
            (bool(self.city) and is_city, _CITY),
            (bool(self.city) and not is_city, _REGION),
            (self.least_fen is not None, _LEAST),
            (self.most_fen is not None, _MOST),
            (bool(self.states), _STATES),
            (bool(self.outcomes), _OUTCOMES),
            (bool(self.winner), _WINNER),
            (self.regional_only, _REGIONAL),
        )
        each = (_EACH_OR_WINNER if self.winners else _EACH)[: len(self.words)]
        grams = (_GRAMS,) if each else ()  # behind the words: where no index is used, these are sooner looked at
        return (*(condition for is_asked, condition in asked if is_asked), *each, *grams)

    def values(self, ahead: tuple[list[object], ...], start: Place | None, limit: int) -> tuple[object, ...]:
        """The parameters of every statement, in their order; ``ahead`` as ``columns_of`` gives it."""
        at: datetime | None = start.at if start else None
        return (
            *ahead, list(query_grams(self.words)), list(self.words), self.item, self.city, self.city,
            self.least_fen, self.most_fen, list(self.states), self.mode, list(self.outcomes), self.winner,
            at, start.id if start else None, limit,
        )  # fmt: skip


def where(*conditions: LiteralString) -> LiteralString:
    """All of them."""
    return " WHERE " + AND.join(conditions)
