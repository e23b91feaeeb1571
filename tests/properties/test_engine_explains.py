"""Law 9: computing the explanation's numbers again, by its own formulas in exact fractions, gives the decision."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import event, given

from bidding.case import Case, ComprehensiveCase, InstantCase, MultiRoundCase
from bidding.engine import decide
from bidding.explain import Note, explain
from bidding.reading.case import parse_case
from commons.draws import Draw
from commons.money import half_up
from tests.properties.engine_cases import Raw, any_case, lottery, nearest, rounds, sealed


def hundredths(note: Note) -> int:
    """The result of a cell from its code and the numbers beside it alone."""
    return half_up(exact_points(note))


def exact_points(note: Note) -> Fraction:
    """The same before its one rounding."""
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
    return Fraction(value)


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


def by_cell(notes: tuple[Note, ...], cell: str) -> dict[str, dict[str, Any]]:
    """Numbers of the notes of one cell, by subject."""
    return {note.subject: dict(note.params) for note in notes if note.cell == cell}


@given(nearest())
def test_a_mean_price_ranking_follows_from_the_numbers_of_its_notes(raw: Raw) -> None:
    case = parse_case(raw)
    decision, cells = decide(case).as_json(), explain(case).cells
    if decision["outcome"] != "award":
        assert not cells
        return
    base = next(note for note in cells if note.cell == "benchmark")
    numbers: dict[str, Any] = dict(base.params)
    fen = half_up(Fraction(numbers["sum_fen"] * numbers["factor_bp"], numbers["count"] * 10_000))
    assert fen == base.result == decision["benchmark_fen"]
    inputs = by_cell(cells, "draw").get("")
    for note in cells:
        if note.code == "factor_drawn":
            assert inputs is not None
            choices = [int(choice) for choice in str(note.params["choices"]).split("、")]
            index = drawing(inputs).integer("factor", 0, len(choices) - 1)
            assert (index, choices[index]) == (note.params["index"], numbers["factor_bp"])
    distances = {bidder: abs(one["price_fen"] - fen) for bidder, one in by_cell(cells, "distance").items()}
    ranked = [row["bidder"] for row in rows_of(case)]
    assert [distances[bidder] for bidder in ranked] == sorted(distances.values())
    check_places(cells, inputs, lambda bidder: distances[bidder])


def drawing(inputs: dict[str, Any]) -> Draw:
    """The draw of the inputs that an explanation shows."""
    return Draw(bytes.fromhex(inputs["salt"]), bytes.fromhex(inputs["ikm"]))


def check_places(cells: tuple[Note, ...], inputs: dict[str, Any] | None, main: Callable[[str], Any]) -> None:
    """Each place follows from the one before: by the main key, else by the named tie, else by the draw."""
    for note in cells:
        numbers: dict[str, Any] = dict(note.params)
        if note.cell != "rank" or "before" not in numbers:
            continue
        if note.code.startswith("after_by_"):
            assert main(note.subject) > main(numbers["before"])
            continue
        assert main(note.subject) == main(numbers["before"])
        if note.code == "tie_draw":
            assert inputs is not None
            ranks = [drawing(inputs).rank(bidder).hex() for bidder in (note.subject, numbers["before"])]
            assert ranks == [numbers["drawn"], numbers["drawn_before"]] == sorted(ranks, reverse=True)
        else:
            gap = numbers["own"] - numbers["other"]
            assert gap < 0 if note.code == "tie_credit" else gap > 0


@given(sealed())
def test_a_points_ranking_follows_from_totals_ties_and_the_draw(raw: Raw) -> None:
    case = parse_case(raw)
    cells = explain(case).cells
    totals = {row["bidder"]: row["total"] for row in rows_of(case)}
    check_places(cells, by_cell(cells, "draw").get(""), lambda bidder: -totals[bidder])


@given(rounds())
def test_a_rounds_ranking_follows_from_effective_prices_ties_and_the_draw(raw: Raw) -> None:
    case = parse_case(raw)
    cells = explain(case).cells
    effective = {row["bidder"]: Fraction(*row["effective"]) for row in rows_of(case)}
    check_places(cells, by_cell(cells, "draw").get(""), lambda bidder: effective[bidder])


@given(lottery())
def test_a_drawn_ranking_follows_from_the_inputs_and_the_tickets(raw: Raw) -> None:
    case = parse_case(raw)
    decision, cells = decide(case).as_json(), explain(case).cells
    places = by_cell(cells, "rank")
    if not places:
        assert decision["outcome"] in {"unsuccessful", "draw_needed"}
        return
    inputs = by_cell(cells, "draw")[""]
    for bidder, numbers in places.items():
        if "tickets" not in numbers:
            assert numbers["drawn"] == drawing(inputs).rank(bidder).hex()
            continue
        assert numbers["tickets"] == max(1, numbers["credit"] // 100)
        assert numbers["drawn"] == drawing(inputs).weighted_rank(bidder, numbers["tickets"]).hex()
    assert list(places) == sorted(places, key=lambda bidder: places[bidder]["drawn"])
    assert list(places) == [row["bidder"] for row in rows_of(case)]
    for bidder, numbers in by_cell(cells, "big_list").items():
        assert numbers["credit"] < numbers["edge"] <= min(one["credit"] for one in places.values())
        assert bidder not in places
    assert list(by_cell(cells, "small_list")) == decision.get("shortlist", [])


REFUSED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "price_not_positive": lambda n: bool(n["price_fen"] <= 0),
    "ceiling_exceeded": lambda n: bool(n["price_fen"] > n["ceiling_fen"]),
    "days_not_positive": lambda n: bool(n["days"] <= 0),
    "days_exceeded": lambda n: bool(n["days"] > n["max_days"]),
    "abnormally_low": lambda n: bool(n["price_fen"] * n["count"] * 10_000 < n["total_fen"] * n["bp"]),
    "flagged": lambda n: bool(n["price_fen"] * n["count"] * 10_000 < n["total_fen"] * n["bp"]),
    "extreme_price_dropped": lambda n: n["price_fen"] in {n["lowest_fen"], n["highest_fen"]},
    "no_capacity": lambda n: bool(n["capacity"] <= 0),
    "offer_not_valid": lambda n: not n["valid_from"] <= n["at"] < n["valid_until"],
    "step_not_met": lambda n: bool(n["price_fen"] > n["highest_fen"]),
    "not_a_step_multiple": lambda n: bool((n["reference_fen"] - n["price_fen"]) % n["step_fen"]),
    "cut": lambda n: Fraction(n["effective"]) > Fraction(n["edge"]),
}
"""What has to hold of the numbers beside a refusal; all instants of random cases are written alike."""


@given(any_case())
def test_every_refusal_follows_from_its_own_numbers(raw: Raw) -> None:
    explanation = explain(parse_case(raw))
    for note in (*explanation.refusals, *explanation.rounds, *explanation.cells):
        if note.code in REFUSED:
            event(note.code)
            assert REFUSED[note.code](dict(note.params))
