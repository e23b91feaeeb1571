"""What statistics look at of one selection, saving, answer or filing; kept as plain JSON beside what was counted of it.

Invariants: nothing here is computed but by the functions of this room; an instant is kept whole, a sum in fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

from commons.instants import format_instant, parse_instant

COMPETITIVE = ("comprehensive", "multi_round", "mean_price", "random_draw", "credit_draw")
"""Modes in which agencies come forward and may be too few; the others are picked at once."""
PRICED = ("comprehensive", "multi_round", "mean_price", "instant")
"""Modes in which prices compete; what is drawn or chosen directly says nothing about savings."""
DRAWN = ("random_draw", "credit_draw")
"""Modes in which signing up is the offer."""

Step = Literal["filing", "publication", "selection", "contract", "acceptance"]
"""A finished step that people are asked about."""


@dataclass(frozen=True, slots=True)
class Case:
    """One selection that came to an end, with its contract as far as that went.

    ``is_timed``: its rules count in seconds (a demonstration's). ``bids`` are offers at the close, or sign-ups in a
    draw, None where the record says nothing. ``quantity`` is what the price is for. ``scores`` by dimension only where
    the owner rated.
    """

    id: str
    city: str
    county: str
    item: str
    is_joint: bool
    is_example: bool
    is_timed: bool
    mode: str
    ceiling_fen: int
    quantity: int
    published_at: datetime
    ended_at: datetime
    outcome: str
    winner: str | None = None
    winner_city: str | None = None
    price_fen: int | None = None
    bids: int | None = None
    given_up: int = 0
    due_at: datetime | None = None
    delivered_at: datetime | None = None
    accepted_at: datetime | None = None
    is_deemed: bool = False
    accepted_first: bool | None = None
    passed_first: bool | None = None
    rating: int | None = None
    scores: Mapping[str, int] | None = None

    @property
    def is_award(self) -> bool:
        """Whether an award stands."""
        return self.outcome == "award" and self.price_fen is not None


@dataclass(frozen=True, slots=True)
class Saving:
    """A demand that a regional assessment spared, with the medians that it spared; None where nothing was similar."""

    id: str
    city: str
    item: str
    is_example: bool
    saved_at: datetime
    fee_fen: int | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Satisfied:
    """One answer about one finished step."""

    id: str
    step: Step
    city: str
    item: str
    is_example: bool
    stars: int
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """An agency on file, from its city; ``is_outside``: from another province."""

    id: str
    city: str
    is_outside: bool
    is_example: bool
    filed_at: datetime


Facts = Case | Saving | Satisfied | Filed
KINDS: Mapping[str, type[Facts]] = {"selection": Case, "saving": Saving, "satisfaction": Satisfied, "agency": Filed}
"""What a subject is, by the kind in its key."""


def key_of(facts: Facts) -> str:
    """``selection/S261123-…``: kind and id."""
    kind = next(kind for kind, one in KINDS.items() if isinstance(facts, one))
    return f"{kind}/{facts.id}"


def facts_json(facts: Facts) -> dict[str, Any]:
    """Facts as JSON."""
    return {
        name: format_instant(value) if isinstance(value, datetime) else value for name, value in asdict(facts).items()
    }


def facts_of(kind: str, written: Mapping[str, Any]) -> Facts:
    """The same facts again."""
    one: Any = KINDS[kind]
    instants = {each.name for each in fields(one) if each.name.endswith("_at")}
    values = {
        name: parse_instant(value) if name in instants and value is not None else value
        for name, value in written.items()
    }
    made: Facts = one(**values)
    return made
