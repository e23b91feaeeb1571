"""What a fact costs, which grade a score is, when points that accumulate bring something: one row each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from credit.accumulation import accumulate
from credit.facts import CreditFact, FactStatus, Followed, FollowedKind, fact_state
from credit.rulebook import rulebook
from credit.scoring import FULL, score

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
BOOK = rulebook("generic-v1")
SCHEME = rulebook("eia-2019")


def fact(code: str, effective: datetime = AT, *, name: str = "f", **changes: Any) -> CreditFact:
    """A fact about one agency, recorded when it took effect unless said otherwise."""
    fields = {"effective_at": effective, "recorded_at": effective, **changes}
    return CreditFact(id=name, subject="A", code=code, basis="依据（示例）", **fields)


def then(kind: FollowedKind, recorded: datetime, effective: datetime | None = None, **changes: Any) -> Followed:
    """What became of a fact, in effect when it was recorded unless said otherwise."""
    fields = {"id": "n", "fact": "f", "place": 1, "by": "R1", "reason": "示例", **changes}
    return Followed(kind=kind, effective_at=effective or recorded, recorded_at=recorded, **fields)


# working days late → hundredths
LATE = [
    (0, -300), (1, -300), (5, -300), (6, -400), (10, -400), (11, -500), (15, -500), (16, -600), (21, -700), (25, -700),
    (26, -800), (30, -800), (31, -800), (2_500, -800),
]  # fmt: skip


@pytest.mark.parametrize(("workdays", "points"), LATE)
def test_a_late_result_costs_one_point_more_for_each_further_five_working_days_begun(
    workdays: int, points: int
) -> None:
    made = score([fact("result_late", quantity=workdays)], BOOK, at=AT, known_at=AT)
    assert [line.points for line in made.lines] == [points]


def test_two_late_results_are_capped_each_for_itself() -> None:
    late = [fact("result_late", name=name, quantity=100) for name in ("a", "b")]
    assert [line.points for line in score(late, BOOK, at=AT, known_at=AT).lines] == [-800, -800]


def test_the_cap_of_a_cycle_is_used_up_by_the_oldest_facts() -> None:
    passed = [fact("inspection_passed", AT - number * DAY, name=f"f{number}") for number in range(4)]
    lines = score(passed, BOOK, at=AT, known_at=AT).lines
    assert [(line.fact.id, line.points) for line in lines] == [("f3", 100), ("f2", 100), ("f1", 100), ("f0", 0)]


def test_a_rule_without_steps_costs_the_same_whatever_the_quantity() -> None:
    assert BOOK.rules["contract_late"].points_of(100) == -200


# hundredths → grade
GRADES = [
    (10_000, "A"), (9_000, "A"), (8_999, "B"), (7_500, "B"), (7_499, "C"), (6_000, "C"), (5_999, "D"), (0, "D"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "grade"), GRADES)
def test_a_score_on_the_edge_of_two_grades_has_the_better_one(value: int, grade: str) -> None:
    assert BOOK.grade_of(value) == grade


def test_every_hundredth_has_one_grade_and_better_scores_no_worse_grades() -> None:
    edges = [one.value for one in BOOK.grades]
    assert edges[-1] == 0
    assert edges == sorted(set(edges), reverse=True)
    order = [one.code for one in BOOK.grades]
    ranks = [order.index(str(BOOK.grade_of(value))) for value in range(FULL + 1)]
    assert ranks == sorted(ranks, reverse=True)
    assert set(ranks) == set(range(len(order)))


@pytest.mark.parametrize(
    ("jobs", "facts", "is_new", "grade"),
    [
        (0, [], True, None),
        (2, [], True, None),
        (2, [fact("collusion")], True, None),
        (2, [fact("commendation")], True, None),
        (3, [], False, "B"),
        (3, [fact("collusion")], False, "D"),
        (None, [], True, None),
        (None, [fact("contract_late")], False, "B"),
    ],
)
def test_an_agency_is_new_until_three_jobs_were_accepted_and_has_no_grade_till_then(
    jobs: int | None, facts: list[CreditFact], is_new: bool, grade: str | None
) -> None:
    made = score(facts, BOOK, at=AT, known_at=AT, accepted_jobs=jobs)
    assert (made.is_new, made.grade) == (is_new, grade)


def test_what_the_bounds_take_off_is_a_number_of_its_own() -> None:
    merits = ("rating_high", "milestones_early", "commendation", "inspection_passed")
    praised = [fact(code, name=code) for code in merits]
    worst = [fact(code, name=code) for code in ("collusion", "material_false")]
    high, low = (score(facts, BOOK, at=AT, known_at=AT) for facts in ([*praised, *[fact("commendation")]], worst))
    assert (high.value, high.clipped, low.value, low.clipped) == (10_000, -300, 0, 2_000)


LATER = AT + DAY
# what followed → status, disputed, code at the fact's own instant as known then, as known later, and later
FOLLOWED: list[tuple[list[Followed], tuple[FactStatus, bool, str], tuple[FactStatus, bool, str]]] = [
    ([], ("counts", False, "collusion"), ("counts", False, "collusion")),
    ([then("objected", LATER)], ("counts", False, "collusion"), ("counts", True, "collusion")),
    (
        [then("objected", LATER), then("kept", LATER, place=2)],
        ("counts", False, "collusion"), ("counts", False, "collusion"),
    ),
    (
        [then("objected", LATER), then("corrected", LATER, AT, place=2, code="result_late", quantity=6)],
        ("counts", False, "result_late"), ("counts", False, "result_late"),
    ),
    ([then("corrected", LATER, AT, quantity=6)], ("counts", False, "collusion"), ("counts", False, "collusion")),
    ([then("revoked", LATER, AT)], ("revoked", False, "collusion"), ("revoked", False, "collusion")),
    ([then("repair_applied", LATER)], ("counts", False, "collusion"), ("counts", False, "collusion")),
    (
        [then("repair_approved", LATER), then("repaired", LATER, place=2)],
        ("counts", False, "collusion"), ("repaired", False, "collusion"),
    ),
    ([then("expired", LATER)], ("counts", False, "collusion"), ("expired", False, "collusion")),
    (
        [then("repaired", LATER), then("objected", LATER, place=2)],
        ("counts", False, "collusion"), ("repaired", False, "collusion"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("followed", "looking_back", "now"), FOLLOWED)
def test_what_becomes_of_a_fact_is_believed_from_its_recording_on_and_not_before(
    followed: list[Followed], looking_back: tuple[FactStatus, bool, str], now: tuple[FactStatus, bool, str]
) -> None:
    one = fact("collusion", followed=tuple(followed))
    seen = []
    for at, known_at in ((AT, LATER - TICK), (AT, LATER), (LATER, LATER)):
        state = fact_state(one, at=at, known_at=known_at)
        assert state is not None
        seen.append((state.status, state.is_disputed, state.fact.code))
    assert seen == [("counts", False, "collusion"), looking_back, now]


def test_a_fact_is_nothing_before_it_took_effect_and_before_it_was_recorded() -> None:
    one = fact("collusion", AT, recorded_at=LATER)
    assert fact_state(one, at=AT - TICK, known_at=LATER) is None
    assert fact_state(one, at=AT, known_at=LATER - TICK) is None
    assert fact_state(one, at=AT, known_at=LATER) is not None


def test_a_corrected_fact_counts_as_it_now_reads_and_a_disputed_one_says_so() -> None:
    corrected = fact("collusion", followed=(then("corrected", LATER, AT, code="result_late", quantity=6),))
    disputed = fact("contract_late", name="g", followed=(then("objected", LATER),))
    made = score([corrected, disputed], BOOK, at=LATER, known_at=LATER)
    assert [(line.fact.code, line.points, line.is_disputed) for line in made.lines] == [
        ("result_late", -400, False), ("contract_late", -200, True),
    ]  # fmt: skip


def test_a_decision_of_an_authority_weighs_in_the_score_only_where_the_rulebook_has_a_row() -> None:
    decisions = [fact("penalty", layer="statutory"), fact("commendation", name="g", layer="statutory")]
    assert [line.fact.code for line in score(decisions, BOOK, at=AT, known_at=AT).lines] == ["commendation"]


OPENED = date(2026, 1, 10)


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Noon in Beijing."""
    return datetime(year, month, day, 4, tzinfo=UTC)


# when 10-point facts took effect, asked on → points in hundredths, warned, restricted until
SCHEME_ROWS: list[tuple[list[datetime], datetime, int, bool, date | None]] = [
    ([], on(2, 1), 0, False, None),
    ([on(2, 1)], on(1, 31), 0, False, None),
    ([on(2, 1)], on(2, 1), 1_000, True, None),
    ([on(2, 1)], on(1, 9, 2027), 1_000, True, None),
    ([on(2, 1)], on(1, 10, 2027), 0, False, None),  # the next cycle begins from nothing
    ([on(2, 1), on(1, 10, 2027)], on(1, 10, 2027), 1_000, True, None),  # never 20 within one cycle
    ([on(2, 1), on(3, 1)], on(3, 1), 0, False, date(2026, 9, 1)),
    ([on(2, 1), on(3, 1), on(4, 1)], on(4, 1), 1_000, True, date(2026, 9, 1)),
    ([on(2, 1), on(3, 1), on(4, 1), on(5, 1)], on(5, 1), 0, False, date(2027, 3, 1)),  # six more
    ([on(2, 1), on(3, 1), on(10, 1), on(11, 1)], on(11, 1), 0, False, date(2027, 5, 1)),  # the first had run out
    ([on(2, 1), on(3, 1), on(2, 28, 2027)], on(2, 28, 2027), 1_000, True, date(2026, 9, 1)),
    ([on(2, 1), on(3, 1), on(2, 28, 2027)], on(3, 1, 2027), 0, False, date(2026, 9, 1)),  # counted from the limit's day
    ([on(1, 9)], on(2, 1), 0, False, None),  # before the file was opened
]


@pytest.mark.parametrize(("facts", "asked", "points", "warned", "until"), SCHEME_ROWS)
def test_ten_points_in_a_cycle_warn_twenty_restrict_six_months_and_twenty_again_six_more(
    facts: list[datetime], asked: datetime, points: int, warned: bool, until: date | None
) -> None:
    held = [fact("own_report_faulty", at, name=str(number)) for number, at in enumerate(facts)]
    made = accumulate(held, SCHEME, opened_on=OPENED, at=asked, known_at=asked)
    assert (made.points, made.is_warned) == (points, warned)
    assert sum(line.points for line in made.lines) == points
    if until is None:
        assert (made.restricted_from, made.restricted_until) == (None, None)
        assert not made.is_restricted(at=asked)
        return
    midnight = datetime(until.year, until.month, until.day, tzinfo=UTC) - timedelta(hours=8)
    assert made.restricted_until == midnight
    assert made.is_restricted(at=midnight - TICK)
    assert not made.is_restricted(at=midnight)


def test_twenty_points_at_once_restrict_and_a_revoked_fact_never_did() -> None:
    banned = fact("unit_banned", on(2, 1))
    assert accumulate([banned], SCHEME, opened_on=OPENED, at=on(2, 1), known_at=on(2, 1)).is_restricted(at=on(2, 1))
    revoked = fact("unit_banned", on(2, 1), followed=(then("revoked", on(2, 2), on(2, 1)),))
    made = accumulate([revoked], SCHEME, opened_on=OPENED, at=on(3, 1), known_at=on(3, 1))
    assert (made.points, made.restricted_until) == (0, None)
    known_before = accumulate([revoked], SCHEME, opened_on=OPENED, at=on(3, 1), known_at=on(2, 1))
    assert known_before.is_restricted(at=on(3, 1))


def test_the_two_shapes_of_rulebook_are_not_taken_for_each_other() -> None:
    with pytest.raises(AssertionError, match="no score"):
        score([], SCHEME, at=AT, known_at=AT)
    with pytest.raises(AssertionError, match="does not accumulate"):
        accumulate([], BOOK, opened_on=OPENED, at=AT, known_at=AT)


@pytest.mark.parametrize("name", ["generic-v1", "eia-2019"])
def test_every_row_of_a_shipped_rulebook_says_where_it_is_from_and_claims_no_text_it_was_not_taken_from(
    name: str,
) -> None:
    book = rulebook(name)
    sources = [*(one.source for one in book.rules.values()), *(one.source for one in book.thresholds)]
    assert all(one.title and one.place for one in sources)
    assert {one.text_seen for one in sources} <= {"no", "partial"}
