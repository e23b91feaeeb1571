"""Laws of the score over any history: its sum, what was known when, and what following facts can do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from credit.facts import CreditFact, Followed, FollowedKind, fact_state
from credit.rulebook import rulebook
from credit.scoring import FULL, score

BOOK = rulebook("generic-v1")
START = datetime(2025, 1, 1, tzinfo=UTC)
HOURS = st.integers(0, 24 * 700)
CODES = st.sampled_from(sorted(BOOK.rules))
KINDS: tuple[FollowedKind, ...] = (
    "objected", "kept", "corrected", "revoked", "repair_applied", "repair_approved", "repair_refused", "repaired",
    "expired",
)  # fmt: skip


def at_hour(hours: int) -> datetime:
    """An instant of the two years in which histories play."""
    return START + timedelta(hours=hours)


@st.composite
def histories(draw: st.DrawFn) -> list[CreditFact]:
    """Facts of one agency, each followed by anything, in any order of effect; recording never runs backwards."""
    facts = []
    for number in range(draw(st.integers(0, 8))):
        effective = draw(HOURS)
        recorded = effective + draw(st.integers(0, 2_000))
        followed = []
        last = recorded
        for place in range(1, draw(st.integers(0, 4)) + 1):
            last += draw(st.integers(0, 2_000))
            kind = draw(st.sampled_from(KINDS))
            since = effective if kind in {"kept", "corrected", "revoked"} else last
            correcting = kind == "corrected"
            followed.append(
                Followed(
                    f"n{number}.{place}", f"f{number}", place, kind, "R1", "示例", at_hour(since), at_hour(last),
                    draw(CODES) if correcting else None, draw(st.integers(0, 60)) if correcting else None,
                )
            )  # fmt: skip
        facts.append(
            CreditFact(
                f"f{number}", "A", draw(CODES), "示例", at_hour(effective), at_hour(recorded),
                quantity=draw(st.integers(0, 60)), followed=tuple(draw(st.permutations(followed))),
            )
        )  # fmt: skip
    return facts


@given(histories(), HOURS, HOURS)
def test_the_score_is_the_sum_of_what_is_shown_at_every_instant_as_known_at_every_other(
    facts: list[CreditFact], at: int, known_at: int
) -> None:
    made = score(facts, BOOK, at=at_hour(at), known_at=at_hour(known_at))
    assert made.value == made.start + sum(line.points for line in made.lines) + made.clipped
    assert 0 <= made.value <= FULL
    assert made.clipped == 0 or made.value in {0, FULL}
    assert made.band == BOOK.grade_of(made.value)
    for line in made.lines:
        assert line.rule is BOOK.rules[line.fact.code]
        assert line.until is None or (at_hour(at) + timedelta(hours=8)).date() < line.until
        assert abs(line.points) <= abs(line.rule.points_of(line.fact.quantity))


@given(histories(), HOURS, HOURS)
def test_what_was_recorded_later_never_changes_what_was_believed(
    facts: list[CreditFact], at: int, known_at: int
) -> None:
    known = at_hour(known_at)
    recorded = [
        replace(one, followed=tuple(each for each in one.followed if each.recorded_at <= known))
        for one in facts
        if one.recorded_at <= known
    ]
    believed = score(facts, BOOK, at=at_hour(at), known_at=known)
    again = score(recorded, BOOK, at=at_hour(at), known_at=at_hour(24 * 10_000))
    assert [(line.fact.id, line.points) for line in believed.lines] == [
        (line.fact.id, line.points) for line in again.lines
    ]
    assert believed.value == again.value


@given(histories(), HOURS)
def test_each_fact_that_counts_has_one_line_and_no_other_has_any(facts: list[CreditFact], hour: int) -> None:
    at = at_hour(hour)
    made = score(facts, BOOK, at=at, known_at=at)
    shown = [line.fact.id for line in made.lines]
    assert len(set(shown)) == len(shown)
    states = {one.id: fact_state(one, at=at, known_at=at) for one in facts}
    for identifier, state in states.items():
        if state is None or state.status != "counts":
            assert identifier not in shown
    assert all(line.is_disputed == bool((one := states[line.fact.id]) and one.is_disputed) for line in made.lines)


@given(histories(), HOURS)
def test_the_order_in_which_facts_are_handed_over_decides_nothing(facts: list[CreditFact], hour: int) -> None:
    at = at_hour(hour)
    turned = [replace(one, followed=one.followed[::-1]) for one in reversed(facts)]
    assert score(facts, BOOK, at=at, known_at=at).value == score(turned, BOOK, at=at, known_at=at).value


@given(histories(), HOURS, st.integers(0, 2))
def test_a_new_agency_is_new_whatever_is_known_of_it(facts: list[CreditFact], hour: int, jobs: int) -> None:
    made = score(facts, BOOK, at=at_hour(hour), known_at=at_hour(hour), accepted_jobs=jobs)
    assert made.is_new
    assert made.grade is None


@given(st.integers(0, FULL))
def test_every_hundredth_lies_in_one_band(value: int) -> None:
    edges = [one.value for one in BOOK.grades]
    tops = [FULL + 1, *edges[:-1]]
    inside = [one.code for one, top in zip(BOOK.grades, tops, strict=True) if one.value <= value < top]
    assert inside == [BOOK.grade_of(value)]
