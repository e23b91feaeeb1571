"""Why a decision is what it is: every cell, refusal, round and place, as code and numbers, and in words.

The explanation is read from the same evaluation that decided, and each number put in is one that the rule used, so
that anybody can compute the results again (law 9). Source: selection.md sections 8 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import assert_never

from bidding.case import Case, ComprehensiveCase, InstantCase, MultiRoundCase
from bidding.criteria import MeanScale
from bidding.decision import Decision, Rejection
from bidding.low_price import Line, Sifted, Trigger
from bidding.modes import comprehensive, instant, multi_round
from bidding.offers import Bid
from bidding.ranking import Order
from bidding.rounds import State
from bidding.rules import rule
from bidding.scoring import Scoring
from bidding.terms import Tie
from bidding.wording import WORDS, equals, render, yuan_of
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

_EXPLANATIONS: Mapping[str, str] = {"missing": "尚未提交", "accepted": "已接受", "rejected": "未接受"}


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


def explain(case: Case) -> Explanation:
    """The explanation of a case's decision; refuses what ``decide`` refuses."""
    match case:
        case ComprehensiveCase():
            return _comprehensive(case)
        case MultiRoundCase():
            return _multi_round(case)
        case InstantCase():
            return _instant(case)
        case _:
            assert_never(case)


def _comprehensive(case: ComprehensiveCase) -> Explanation:
    work = comprehensive.evaluate(case)
    bids, cells = work.sifted.kept, list[Note]()
    if work.order is not None and work.scoring is not None:
        for position in work.order.positions:
            cells.extend(_points(bids[position], work.scoring, position))
        cells.extend(_places([bid.bidder for bid in bids], work.order, "total", case.terms.ties, case.draw))
    cells.extend(_flags(work.sifted))
    outcome = _outcome(work.decision, len(bids), case.terms.min_bidders)
    return Explanation(tuple(cells), tuple(_rejected(work.rejected)), (), outcome)


def _instant(case: InstantCase) -> Explanation:
    work = instant.evaluate(case)
    offers, cells = {offer.bidder: offer for offer in case.offers}, list[Note]()
    if work.order is not None:
        for position in work.order.positions:
            bid = work.bids[position]
            offer = offers[bid.bidder]
            numbers: dict[str, Param] = {
                "unit_price_fen": offer.unit_price_fen,
                "minimum_fee_fen": offer.minimum_fee_fen,
                "quantity": case.terms.quantity,
            }
            cells.append(Note(bid.bidder, "price_fen", "shelf_price", rule("6"), numbers, bid.price_fen))
            if work.scoring is not None:
                cells.extend(_points(bid, work.scoring, position))
        main = "total" if work.scoring is not None else "price"
        cells.extend(_places([bid.bidder for bid in work.bids], work.order, main, case.terms.ties, case.draw))
    outcome = _outcome(work.decision, len(work.bids), 1)
    return Explanation(tuple(cells), tuple(_rejected(work.rejected)), (), outcome)


def _multi_round(case: MultiRoundCase) -> Explanation:
    work = multi_round.evaluate(case)
    state, record, cells = work.state, work.decision.record, list[Note]()
    assert record is not None, "a multi-round decision has its record"
    bids = work.sifted.kept if work.sifted is not None else ()
    if work.order is not None:
        for position in work.order.positions:
            cells.append(_effective(state, bids[position]))
        cells.extend(_places([bid.bidder for bid in bids], work.order, "effective", case.terms.ties, case.draw))
    if work.sifted is not None:
        cells.extend(_flags(work.sifted))
    told = [
        _refusal(offer.bidder, f"offers/{ruling.seq}", ruling.reason)
        for offer, ruling in zip(case.offers, record.rulings, strict=True)
        if ruling.reason is not None
    ]
    too_few = state.too_few
    valid = len(state.closed[0].alive) if too_few else len(bids)
    outcome = _outcome(work.decision, valid, case.terms.min_bidders if too_few else 1)
    return Explanation(tuple(cells), (*_rejected(work.decision.rejected), *told), tuple(_course(state)), outcome)


def _points(bid: Bid, scoring: Scoring, position: int) -> Iterator[Note]:
    """One note for each criterion of a ranked bid, and one for the total."""
    points = scoring.points[position]
    for index, scale in enumerate(scoring.scales):
        shown: dict[str, Param] = {}
        numbers = scale.numbers(bid)
        if isinstance(scale, MeanScale):
            most = numbers["most"]
            shown = {
                "most_zh": "" if most is None else render("，最多扣 {most:points} 分", numbers),
                "most_en": "" if most is None else render(", {most:points} at most", numbers),
            }
        yield Note(bid.bidder, f"points/{index}", scale.code, rule("3"), numbers, points[index], shown)
    parts = " + ".join(render("{part:points}", {"part": part}) for part in points)
    yield Note(bid.bidder, "total", "total", rule("3"), {}, scoring.totals[position], {"parts": parts})


def _effective(state: State, bid: Bid) -> Note:
    """How the effective price of a ranked bid came about."""
    effective = state.pricing.fraction(state.standing[bid.bidder].effective)
    day_value = state.terms.day_value_fen
    numbers: dict[str, Param] = {
        "price_fen": bid.price_fen,
        "coefficient": _fraction(state.pricing.coefficient(bid.bidder)),
        "days": bid.days,
        "day_value_fen": day_value,
    }
    shown: dict[str, Param] = {
        "equals": equals(effective),
        "effective_yuan": yuan_of(effective),
        "days_zh": render(" + {days} 天 × 每天 {day_value_fen:yuan} 元", numbers) if day_value else "",
        "days_en": render(" + {days} days × {day_value_fen:yuan} yuan", numbers) if day_value else "",
    }
    return Note(bid.bidder, "effective", "effective", rule("5"), numbers, _fraction(effective), shown)


def _places(ids: Sequence[str], order: Order, main: str, ties: Sequence[Tie], draw: Draw | None) -> Iterator[Note]:
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
        else:
            code = f"after_by_{main}" if differs == 0 else f"tie_{ties[differs - 1]}"
        yield Note(ids[position], "rank", code, rule("7"), numbers)


def _flags(sifted: Sifted) -> Iterator[Note]:
    """Who stays although flagged as abnormally low, and by which lines."""
    for bid in sifted.kept:
        for line in sifted.flags.get(bid.bidder, ()):
            yield Note(
                bid.bidder,
                "low_price",
                "flagged",
                rule("4"),
                {"price_fen": bid.price_fen, "explanation": bid.explanation, **line.params},
                shown={"explanation_zh": _EXPLANATIONS[bid.explanation], **_line_words(line)},
            )


def _line_words(line: Line) -> dict[str, Param]:
    zh, en = _TRIGGERS[line.trigger]
    return {"trigger_zh": zh, "trigger_en": en, "base_yuan": yuan_of((line.total_fen, line.count))}


def _rejected(rows: Sequence[Rejection]) -> Iterator[Note]:
    for row in rows:
        for reason in row.reasons:
            yield _refusal(row.bidder, "rejected", reason)


def _refusal(subject: str, cell: str, reason: Reason) -> Note:
    return Note(subject, cell, reason.code, reason.source, reason.params)


def _course(state: State) -> Iterator[Note]:
    """What each round did: its close, who went on, who was out and why."""
    for closed in state.closed:
        cell = f"rounds/{closed.number}"
        numbers: dict[str, Param] = {
            "round": closed.number,
            "extensions": closed.extensions,
            "alive": len(closed.alive),
        }
        numbers["closes_at"] = closed.as_json()["closes_at"]  # type: ignore[assignment]  # always a text
        yield Note("", cell, "round_closed", rule("5"), numbers)
        for bidder in closed.silent:
            yield Note(bidder, cell, "silent", rule("5"))
        for out in closed.eliminated:
            assert closed.edge is not None, "who is cut is cut by an edge"
            cut: dict[str, Param] = {
                "survivors": state.terms.rounds[closed.number - 1].survivors,
                "price_fen": out.price_fen,
                "effective": _fraction(out.effective),
                "edge": _fraction(closed.edge),
            }
            yield Note(out.bidder, cell, "cut", rule("5"), cut)


def _fraction(value: tuple[int, int]) -> str:
    """Numerator and denominator as text, the numerator alone when it is whole."""
    return str(value[0]) if value[1] == 1 else f"{value[0]}/{value[1]}"


def _outcome(decision: Decision, valid: int, needed: int) -> Note:
    numbers: dict[str, Param] = {"valid": valid, "needed": needed}
    if decision.winner is not None:
        numbers["winner"] = decision.winner
    if decision.flagged is not None:
        numbers["flagged"] = decision.flagged
    return Note("", "outcome", decision.outcome, rule("8"), numbers)
