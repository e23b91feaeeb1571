"""Notes of an explanation: code, numbers, result, source, and the sentences made of them.

Invariant: each number put in is one that the rule used, so that anybody can compute the results again (law 9).
Source: selection.md sections 8 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from bidding.benchmark import Benchmark
from bidding.decision import Decision, RankedDecision, Rejection
from bidding.low_price import Trigger
from bidding.offers import Bid
from bidding.ranking import Order
from bidding.rules import rule
from bidding.terms import Tie
from bidding.wording import WORDS, render, yuan_of
from commons.canonical import Json
from commons.draws import Draw
from commons.sources import Source
from commons.verdicts import Param, Reason

_NOTHING: Mapping[str, Param] = MappingProxyType({})

_TRIGGERS: Mapping[Trigger, tuple[str, str]] = {
    "below_mean": ("平均价", "mean price"),
    "below_second": ("次低价", "second lowest price"),
    "below_ceiling": ("最高限价", "ceiling"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing explained: about whom, which cell, by which formula, from which numbers, to which result.

    ``result`` is in the unit of its cell: hundredths of points, or fen (a fraction as text). ``shown`` holds forms of
    the numbers that only the sentences use.
    """

    subject: str
    cell: str
    code: str
    source: Source
    params: Mapping[str, Param] = field(default_factory=lambda: _NOTHING)
    result: int | str | None = None
    shown: Mapping[str, Param] = field(default_factory=lambda: _NOTHING)

    @property
    def formula(self) -> str:
        """The formula in symbols, empty where there is none."""
        return WORDS[self.code].formula

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return render(WORDS[self.code].zh, {**self.params, **self.shown, "result": self.result})

    @property
    def en(self) -> str:
        """The sentence in English."""
        return render(WORDS[self.code].en, {**self.params, **self.shown, "result": self.result})

    def as_json(self) -> dict[str, Json]:
        """Everything, sentences included."""
        return {
            "subject": self.subject,
            "cell": self.cell,
            "code": self.code,
            "formula": self.formula,
            "params": dict(self.params),
            "result": self.result,
            "source": {"title": self.source.title, "section": self.source.place},
            "zh": self.zh,
            "en": self.en,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """Notes by what they speak of: ranked cells, refusals, the course of the rounds, and the outcome."""

    cells: tuple[Note, ...]
    refusals: tuple[Note, ...]
    rounds: tuple[Note, ...]
    outcome: Note

    def as_json(self) -> dict[str, Json]:
        """All notes, in order."""
        return {
            "outcome": self.outcome.as_json(),
            "cells": [note.as_json() for note in self.cells],
            "refusals": [note.as_json() for note in self.refusals],
            "rounds": [note.as_json() for note in self.rounds],
        }


def place_notes(ids: Sequence[str], order: Order, main: str, ties: Sequence[Tie], draw: Draw | None) -> Iterator[Note]:
    """Why each ranked bidder stands behind the one before: the first key that differs, or the draw."""
    for rank, position in enumerate(order.positions, 1):
        if rank == 1:
            yield Note(ids[position], "rank", "first", rule("7"), {"rank": rank})
            continue
        before = order.positions[rank - 2]
        numbers: dict[str, Param] = {"rank": rank, "before": ids[before]}
        pairs = enumerate(zip(order.keys[before], order.keys[position], strict=True))
        differs = next((index for index, (one, other) in pairs if one != other), None)
        if differs is None:
            assert draw is not None, "equals are told apart by a draw only"
            numbers |= {"drawn": draw.rank(ids[position]).hex(), "drawn_before": draw.rank(ids[before]).hex()}
            code = "tie_draw"
        elif differs == 0:
            code = f"after_by_{main}"
        else:
            code = f"tie_{ties[differs - 1]}"
            numbers |= {"own": abs(order.keys[position][differs]), "other": abs(order.keys[before][differs])}
        yield Note(ids[position], "rank", code, rule("7"), numbers)


def benchmark_notes(mean: Benchmark, choices: Sequence[int], draw: Draw | None) -> Iterator[Note]:
    """How a benchmark came about: the mean, and the factor where one was drawn among several."""
    numbers: dict[str, Param] = {
        "sum_fen": mean.sum_fen,
        "count": mean.count,
        "dropped": len(mean.dropped),
        "factor_bp": mean.factor_bp,
    }
    shown: dict[str, Param] = {"dropped_zh": "", "dropped_en": ""}
    if mean.dropped:
        lowest, highest = mean.dropped
        ends: dict[str, Param] = {"lowest_dropped_fen": lowest, "highest_dropped_fen": highest}
        numbers |= ends
        shown = {
            "dropped_zh": render("，已去掉最低 {lowest_dropped_fen:yuan} 元、最高 {highest_dropped_fen:yuan} 元", ends),
            "dropped_en": render(
                ", without the lowest {lowest_dropped_fen:yuan} and the highest {highest_dropped_fen:yuan} yuan", ends
            ),
        }
    yield Note("", "benchmark", "benchmark", rule("3"), numbers, mean.fen, shown)
    if len(choices) > 1:
        assert draw is not None, "one of several factors is drawn"
        listed = sorted(choices)
        drawn: dict[str, Param] = {
            "choices": "、".join(map(str, listed)),
            "count": len(listed),
            "index": listed.index(mean.factor_bp),
        }
        yield Note("", "factor_bp", "factor_drawn", rule("7"), drawn, mean.factor_bp)


def discount_note(bid: Bid, ceiling_fen: int) -> Iterator[Note]:
    """What a discount rate means in fen; nothing for an offer that named its price."""
    if bid.discount_bp is not None:
        numbers: dict[str, Param] = {"ceiling_fen": ceiling_fen, "discount_bp": bid.discount_bp}
        yield Note(bid.bidder, "price_fen", "discounted", rule("2"), numbers, bid.price_fen)


def draw_note(draw: Draw) -> Note:
    """The inputs of the draw, in hex: whoever has them draws the same."""
    return Note("", "draw", "draw_inputs", rule("7"), {"salt": draw.salt.hex(), "ikm": draw.ikm.hex()})


def rejection_notes(rows: Sequence[Rejection]) -> Iterator[Note]:
    """One note for each reason of each rejected bidder."""
    for row in rows:
        for reason in row.reasons:
            yield refusal_note(row.bidder, "rejected", reason)


def refusal_note(subject: str, cell: str, reason: Reason) -> Note:
    """A refusal as a note: its code, numbers and source are the reason's own."""
    shown = line_words(reason.params) if "trigger" in reason.params else _NOTHING
    return Note(subject, cell, reason.code, reason.source, reason.params, shown=shown)


def line_words(line: Mapping[str, Param]) -> dict[str, Param]:
    """The numbers of a low-price line in the words of both languages, its base in yuan."""
    zh, en = _TRIGGERS[cast("Trigger", line["trigger"])]
    base = yuan_of((cast("int", line["total_fen"]), cast("int", line["count"])))
    return {"trigger_zh": zh, "trigger_en": en, "base_yuan": base}


def fraction(value: tuple[int, int]) -> str:
    """Numerator and denominator as text, the numerator alone when it is whole."""
    return str(value[0]) if value[1] == 1 else f"{value[0]}/{value[1]}"


def outcome_note(decision: Decision, valid: int, needed: int) -> Note:
    """What came out, from so many valid bidders where so many were needed."""
    numbers: dict[str, Param] = {"valid": valid, "needed": needed}
    if decision.winner is not None:
        numbers["winner"] = decision.winner
    if isinstance(decision, RankedDecision):
        if decision.flagged is not None:
            numbers["flagged"] = decision.flagged
    elif decision.shortlist is not None:
        numbers["shortlist"] = "、".join(decision.shortlist)
    return Note("", "outcome", decision.outcome, rule("8"), numbers)
