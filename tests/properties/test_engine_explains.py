"""Law 9: computing the explanation's numbers again, by its own formulas in exact fractions, gives the decision."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import event, given

from bidding.case import Case, ComprehensiveCase, InstantCase, MultiRoundCase
from bidding.engine import decide
from bidding.explain import Note, explain
from bidding.reading.case import parse_case
from commons.money import half_up
from tests.properties.engine_cases import Raw, any_case, rounds, sealed


def hundredths(note: Note) -> int:
    """The result of a cell from its code and the numbers beside it alone."""
    numbers: dict[str, Any] = dict(note.params)
    pts = numbers["pts"]
    value: Fraction | int
    match note.code:
        case "price_lowest":
            value = Fraction(pts * numbers["lowest_fen"], numbers["price_fen"])
        case "price_mean":
            value = by_the_mean(numbers)
        case "days":
            value = Fraction(pts * numbers["fewest_days"], numbers["days"])
        case "credit":
            value = Fraction(pts * numbers["credit"], 10_000)
        case "experience":
            value = min(pts, numbers["count"] * numbers["each"])
        case "plan":
            value = Fraction(numbers["sum"], numbers["count"])
        case code:
            assert code == "grade"
            value = int(note.result or 0) if numbers["listed"] else 0
    return half_up(Fraction(value))


def by_the_mean(numbers: dict[str, Any]) -> Fraction:
    """Hundredths before rounding, by the mean formula."""
    benchmark = half_up(Fraction(numbers["sum_fen"] * numbers["factor_bp"], numbers["count"] * 10_000))
    assert benchmark == numbers["benchmark_fen"]
    off = Fraction(abs(numbers["price_fen"] - benchmark) * 100, benchmark)
    off = Fraction(-(-off.numerator // off.denominator)) if numbers["whole_up"] else off
    assert str(off) == numbers["deviation_percent"]
    loss = off * numbers["each_percent"]
    return max(Fraction(0), numbers["pts"] - (loss if numbers["most"] is None else min(loss, numbers["most"])))


def rows_of(case: Case) -> list[Any]:
    """The ranking as JSON rows."""
    ranking = decide(case).as_json()["ranking"]
    assert isinstance(ranking, list)
    return ranking


@given(sealed())
def test_every_cell_of_a_points_ranking_follows_from_its_own_numbers(raw: Raw) -> None:
    case = parse_case(raw)
    assert isinstance(case, ComprehensiveCase)
    explanation = explain(case)
    for row in rows_of(case):
        notes = [note for note in explanation.cells if note.subject == row["bidder"]]
        cells = [note for note in notes if note.cell.startswith("points/")]
        assert [hundredths(note) for note in cells] == [note.result for note in cells] == row["points"]
        assert [note.result for note in notes if note.cell == "total"] == [row["total"]]


@given(rounds())
def test_every_effective_price_follows_from_its_own_numbers(raw: Raw) -> None:
    case = parse_case(raw)
    assert isinstance(case, MultiRoundCase)
    rows = {row["bidder"]: row["effective"] for row in rows_of(case)}
    for note in explain(case).cells:
        if note.cell == "effective":
            numbers: dict[str, Any] = dict(note.params)
            value = numbers["price_fen"] / Fraction(numbers["coefficient"]) + numbers["days"] * numbers["day_value_fen"]
            assert Fraction(*rows[note.subject]) == value == Fraction(str(note.result))


@given(any_case())
def test_every_place_is_explained_and_every_sentence_can_be_said(raw: Raw) -> None:
    case = parse_case(raw)
    decision, explanation = decide(case), explain(case)
    places = [note for note in explanation.cells if note.cell == "rank"]
    assert [note.subject for note in places] == [row.bidder for row in decision.ranking]
    for note in (*explanation.cells, *explanation.refusals, *explanation.rounds, explanation.outcome):
        event(note.code)
        assert note.zh
        assert note.en
        assert "{" not in note.zh + note.en
        assert "None" not in note.zh + note.en
    if isinstance(case, InstantCase):
        prices = {note.subject: note.result for note in explanation.cells if note.code == "shelf_price"}
        assert prices == {row["bidder"]: row["price_fen"] for row in rows_of(case)}
