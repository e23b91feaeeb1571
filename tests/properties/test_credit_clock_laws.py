"""Laws of accumulating points and of repair, each against a definition that is slow and plainly right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from commons.instants import beijing_date, start_of_day
from credit.accumulation import accumulate
from credit.clocks import CreditClocks, credit_clocks
from credit.facts import CreditFact, Severity
from credit.repair import repair_window
from credit.restrictions import Measure, Restriction, restricted
from credit.rulebook import rulebook

SCHEME = rulebook("eia-2019")
OPENED = date(2024, 2, 29)
START = datetime(2024, 2, 29, tzinfo=UTC)
TURNS = [(date(2024 + years, 2, 28) - OPENED).days * 24 for years in range(1, 5)]
NEAR = st.builds(lambda turn, off: turn + off, st.sampled_from(TURNS), st.integers(-30, 60))
"""Hours around the anniversaries of a leap day: where cycles turn."""
HOURS = st.integers(0, 24 * 1_500) | NEAR
CODES = st.sampled_from(["own_report_faulty", "own_report_faulty", "unit_banned"])
POINTS = {"own_report_faulty": 10, "unit_banned": 20}
SEVERITIES: tuple[Severity, ...] = ("minor", "general", "severe")
MEASURES: tuple[Measure, ...] = ("sign_up", "offer", "shelf", "award", "contract", "new_item")
ITEMS = ("SV22", "SV23")


def add_months(day: date, months: int) -> date:
    """Walk month by month to the same day, or the last one there is."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return min(last, date(year, month, min(day.day, 28)) + timedelta(days=max(0, day.day - 28)))


def day_by_day(facts: list[CreditFact], until: date) -> tuple[int, date | None]:
    """The definition: walk through the days, count what falls on each, begin anew when a year is over or 20 reached."""
    cycle, years, points, day = OPENED, 0, 0, OPENED
    free_on: date | None = None
    while day <= until:
        if day >= add_months(cycle, 12 * (years + 1)):
            years, points = years + 1, 0
        for fact in sorted(facts, key=lambda one: (one.effective_at, one.id)):
            if beijing_date(fact.effective_at) == day:
                points += POINTS[fact.code]
                if points >= 20:
                    free_on = add_months(max(day, free_on or day), 6)
                    cycle, years, points = day, 0, 0
        day += timedelta(days=1)
    return points * 100, free_on


@given(st.lists(st.tuples(CODES, HOURS), max_size=7), HOURS)
def test_accumulated_points_are_those_of_the_definition(given_facts: list[tuple[str, int]], asked: int) -> None:
    at = START + timedelta(hours=asked)
    facts = [
        CreditFact(f"f{number}", "A", code, "示例", START + timedelta(hours=hours), START + timedelta(hours=hours))
        for number, (code, hours) in enumerate(given_facts)
    ]
    known = [one for one in facts if one.effective_at <= at]
    made = accumulate(facts, SCHEME, opened_on=OPENED, at=at, known_at=at)
    points, free_on = day_by_day(known, beijing_date(at))
    assert made.points == points == sum(line.points for line in made.lines)
    assert made.restricted_until == (None if free_on is None else start_of_day(free_on))
    assert made.is_warned == (points >= 1_000)
    assert made.points < 2_000
    assert beijing_date(at) < made.cycle_until


@given(st.sampled_from(["generic-v1", "demo-v1"]), HOURS)
def test_a_worse_class_is_never_repaired_earlier_nor_published_shorter(profile: str, hours: int) -> None:
    clocks: CreditClocks = credit_clocks(profile)
    decided = START + timedelta(hours=hours)
    windows = [repair_window(severity, clocks, decided_at=decided) for severity in SEVERITIES]
    for milder, worse in pairwise(windows):
        assert milder.repairable_from < worse.repairable_from
        assert milder.public_until < worse.public_until
    for window in windows:
        assert decided <= window.repairable_from <= window.kept_until
        assert decided <= window.public_until <= window.kept_until


@st.composite
def bounds(draw: st.DrawFn) -> Restriction:
    """Any restriction of one agency."""
    starts = draw(st.integers(0, 50))
    lasts = draw(st.none() | st.integers(0, 50))
    lifted = draw(st.none() | st.integers(0, 50))
    return Restriction(
        id=f"r{draw(st.integers(0, 99))}", subject="A", layer="market", basis="示例", region="330302",
        starts_at=START + timedelta(hours=starts),
        ends_at=None if lasts is None else START + timedelta(hours=starts + lasts),
        measures=tuple(draw(st.lists(st.sampled_from(MEASURES), unique=True, max_size=3))),
        items=tuple(draw(st.lists(st.sampled_from(ITEMS), unique=True, max_size=2))),
        lifted_at=None if lifted is None else START + timedelta(hours=starts + lifted),
    )  # fmt: skip


@given(st.lists(bounds(), max_size=5), st.integers(0, 120), st.sampled_from(MEASURES), st.sampled_from(ITEMS))
def test_asking_more_narrowly_never_bars_more_and_every_bar_is_found_by_some_question(
    held: list[Restriction], hour: int, measure: Measure, item: str
) -> None:
    at = START + timedelta(hours=hour)
    whole = {one.params["restriction"] for one in restricted(held, at=at)}
    narrow = {one.params["restriction"] for one in restricted(held, at=at, measure=measure, items=[item])}
    found = {
        one.params["restriction"]
        for each in MEASURES
        for thing in ITEMS
        for one in restricted(held, at=at, measure=each, items=[thing])
    }
    assert narrow <= found == whole
    ended = [one for one in held if one.lifted_at is not None and one.lifted_at <= at]
    assert not {one.id for one in ended} & whole - {one.id for one in held if one not in ended}
