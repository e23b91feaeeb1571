"""``score-replay``: scores that are not the sum of their lines, or not what was believed. Control: forgetting when.

Random histories of facts with objections, answers, repairs and expiries; at every pair of instants (what was believed
at ``known_at`` of the score at ``at``) at which anything can change, the score is compared with a slow reference that
walks the history by itself, and with the sum of the lines shown. The control scores with everything that is known
today. Also: every value from 0 to 100.00 has a grade, and an agency without facts is new, neither bad nor perfect.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from commons.instants import beijing_date, start_of_day
from credit.facts import CreditFact, Followed, FollowedKind
from credit.rulebook import CreditRule, Rulebook, rulebook
from credit.scoring import FULL, score
from tests.faults.figures import Figure, progress

NAME = "score-replay"
DEFAULT_SIZE = 1_000
MOST_FACTS = 5
START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 900
TICK = timedelta(microseconds=1)
CONTROLS = 20
BOOK = "generic-v1"
ENDS: tuple[tuple[FollowedKind, ...], ...] = (
    (), ("objected",), ("objected", "kept"), ("objected", "corrected"), ("objected", "revoked"),
    ("objected", "corrected", "repair_applied", "repair_approved", "repaired"), ("objected", "kept", "expired"),
    ("repair_applied", "repair_approved", "repaired"), ("repair_applied",), ("expired",),
)  # fmt: skip
"""What may follow a fact, one after another."""

Believed = Callable[[Sequence[CreditFact], Rulebook, datetime, datetime], int]
"""Facts, rulebook, at, known_at → hundredths."""


def history(dice: random.Random, book: Rulebook) -> tuple[CreditFact, ...]:
    """Up to MOST_FACTS facts of one subject, each with what became of it, recorded late sometimes."""
    return tuple(fact(dice, book, f"F{number}") for number in range(dice.randint(0, MOST_FACTS)))


def fact(dice: random.Random, book: Rulebook, identifier: str) -> CreditFact:
    """One fact; a correction reads another code or quantity, and it and a revocation hold from the fact's instant."""
    codes = sorted(book.rules)
    effective_at = START + timedelta(days=dice.randrange(DAYS), seconds=dice.randrange(86_400))
    recorded_at = at = effective_at + timedelta(days=dice.choice((0, 0, 3, 40)), seconds=dice.randrange(3_600))
    followed = []
    for place, kind in enumerate(dice.choice(ENDS), start=1):
        at += timedelta(days=dice.randrange(120), seconds=dice.randrange(86_400))
        back = kind in {"corrected", "revoked"}
        followed.append(
            Followed(
                f"{identifier}-{place}", identifier, place, kind, "R1", "示例", effective_at if back else at, at,
                code=dice.choice((None, dice.choice(codes))) if kind == "corrected" else None,
                quantity=dice.choice((None, dice.randrange(40))) if kind == "corrected" else None,
            )
        )  # fmt: skip
    return CreditFact(
        identifier, "示例", dice.choice(codes), "示例", effective_at, recorded_at, quantity=dice.randrange(40),
        followed=tuple(followed),
    )  # fmt: skip


def reference(facts: Sequence[CreditFact], book: Rulebook, at: datetime, known_at: datetime) -> int:
    """The score walked by hand: fact by fact, step by step, day by day; shares nothing with the scoring."""
    spent: dict[str, int] = {}
    total = book.start
    for one in sorted(facts, key=lambda each: (each.effective_at, each.id)):
        read = as_read(one, at, known_at)
        if read is None:
            continue
        rule = book.rules[read[0]]
        if rule.valid_months and beijing_date(at) >= last_day(beijing_date(one.effective_at), rule.valid_months):
            continue
        points = by_steps(rule, read[1])
        used = spent.get(rule.code, 0)
        while rule.cap is not None and abs(used + points) > rule.cap and points:
            points += 1 if points < 0 else -1
        spent[rule.code] = used + points
        total += points
    return min(FULL, max(0, total))


def as_read(one: CreditFact, at: datetime, known_at: datetime) -> tuple[str, int] | None:
    """Code and quantity as they then read; None where the fact did not count."""
    if at < one.effective_at or known_at < one.recorded_at:
        return None
    code, quantity = one.code, one.quantity
    for later in one.followed:
        if later.recorded_at <= known_at and later.effective_at <= at:
            if later.kind in {"revoked", "repaired", "expired"}:
                return None
            if later.kind == "corrected":
                code = later.code or code
                quantity = quantity if later.quantity is None else later.quantity
    return code, quantity


def by_steps(rule: CreditRule, quantity: int) -> int:
    """Points of one fact, a started step after another."""
    points, covered = rule.points, rule.step_workdays or quantity
    while covered < quantity:
        points += rule.step_points
        covered += rule.step_workdays or quantity
    if rule.fact_cap is not None and abs(points) > rule.fact_cap:
        points = rule.fact_cap if points > 0 else -rule.fact_cap
    return points


def last_day(day: date, months: int) -> date:
    """The first day on which it counts no more: months later, the month's last day where that day is missing."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def instants(facts: Sequence[CreditFact], book: Rulebook) -> tuple[list[datetime], list[datetime]]:
    """When the score can change: by the time that counts, and by what is known; each with the instant before it."""
    effective = {START, *(one.effective_at for one in facts)}
    known = {START, *(one.recorded_at for one in facts)}
    for one in facts:
        effective |= {later.effective_at for later in one.followed}
        known |= {later.recorded_at for later in one.followed}
        codes = {one.code, *(later.code for later in one.followed if later.code)}
        months = {book.rules[code].valid_months for code in codes}
        effective |= {
            start_of_day(last_day(beijing_date(one.effective_at), each)) for each in months if each is not None
        }
    return (sorted({*times, *(at - TICK for at in times)}) for times in (effective, known))  # type: ignore[return-value]  # two of them


def as_now(facts: Sequence[CreditFact], book: Rulebook, at: datetime, _known_at: datetime) -> int:
    """The control: whoever forgets when something became known rewrites what was believed."""
    return score(facts, book, at=at, known_at=datetime.max.replace(tzinfo=UTC)).value


def by_scoring(facts: Sequence[CreditFact], book: Rulebook, at: datetime, known_at: datetime) -> int:
    """The public function; a score that is not its start and its lines, clipped, counts as no score."""
    found = score(facts, book, at=at, known_at=known_at)
    summed = min(FULL, max(0, found.start + sum(line.points for line in found.lines)))
    return found.value if found.value == summed and found.grade == (None if found.is_new else found.band) else -1


def mismatches(believed: Believed, facts: Sequence[CreditFact], book: Rulebook) -> tuple[int, int]:
    """Pairs of instants at which a score differs from the reference, and how many there were."""
    every, known = instants(facts, book)
    pairs = list(itertools.product(every, known))
    wrong = sum(believed(facts, book, at, known_at) != reference(facts, book, at, known_at) for at, known_at in pairs)
    return wrong, len(pairs)


def uncovered(book: Rulebook) -> int:
    """Values without a grade, and an agency without facts that is not new, or bad, or perfect."""
    fresh = score((), book, at=START, known_at=START)
    is_told_new = fresh.is_new and fresh.grade is None and 0 < fresh.value < FULL
    return sum(book.grade_of(value) is None for value in range(FULL + 1)) + (not is_told_new)


def replayed(size: int, seed: int) -> Figure:
    """Take the figure on ``size`` random histories."""
    began = time.monotonic()
    book, dice = rulebook(BOOK), random.Random(seed)
    found, compared = uncovered(book), 0
    for done in range(1, size + 1):
        wrong, pairs = mismatches(by_scoring, history(dice, book), book)
        found, compared = found + wrong, compared + pairs
        if done % 100 == 0:
            progress(f"{NAME}: {done} of {size} histories, {compared} pairs of instants, wrong {found}")
    broken = sum(mismatches(as_now, history(dice, book), book)[0] for _ in range(CONTROLS))
    bar = "0 differences at every (at, known_at); forgetting when something became known differs"
    ok = found == 0 and broken > 0
    return Figure(NAME, size, found, broken, bar, ok, round(time.monotonic() - began, 1))


async def run(size: int, seed: int) -> Figure:
    """Take the figure; it needs no database."""
    return await asyncio.to_thread(replayed, size, seed)
