from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from marketplace.database import Connection, Database
from marketplace.statistics.concentration import largest
from marketplace.statistics.counting import Baseline, counted
from marketplace.statistics.facts import Case, Facts
from marketplace.statistics.measures import BASELINE_MONTHS
from marketplace.statistics.numbers import baseline_of
from marketplace.statistics.period import Months, moved
from marketplace.usecases.count_statistics import count_all, count_statistics, load, member_of, place_of, won_of
from marketplace.usecases.read_statistics import Report, StatisticsQuery, read_statistics
from tests.usecases.counting_market import AGENCIES, DECIDED, DEMAND, History

TALLIES = "SELECT is_example, span, item, city, measure, value, times FROM statistics_tally WHERE times <> 0"
SHARES = """
SELECT is_example, year, county, item, awards, agencies, fen, top_fen FROM statistics_share WHERE awards <> 0
"""
SUBJECTS = """
SELECT 'selection' AS kind, array_agg(selection) AS ids FROM
  (SELECT selection FROM demand UNION SELECT selection FROM statistics_past) AS every
UNION ALL SELECT 'agency', array_agg(uscc) FROM agency
"""


async def sums(connection: Connection) -> tuple[Counter[Any], set[Any]]:
    tallies = {tuple(row)[:-1]: row["times"] for row in await connection.fetch(TALLIES)}
    return Counter(tallies), {tuple(row) for row in await connection.fetch(SHARES)}


def by_hand(every: list[Facts]) -> tuple[Counter[Any], set[Any]]:
    """The obviously right way: everything from all facts at once, no difference, no list, no lock."""
    tallies: Counter[Any] = Counter()
    won: dict[tuple[Any, ...], Counter[str]] = {}
    awards: Counter[Any] = Counter()
    for one in every:
        for row in counted(one, _line(one, every)):
            for span in (row.month, row.month[:4]):
                for item in {row.item, ""}:
                    for city in {row.city, ""} if item == "" or span == row.month[:4] else {""}:
                        tallies[one.is_example, span, item, city, row.measure, row.value] += row.count
        if (award := won_of(one)) is not None:
            cell = (one.is_example, award.year, award.county, award.item)
            won.setdefault(cell, Counter())[award.agency] += award.fen
            awards[cell] += 1
    shares = {
        (*cell, awards[cell], len(each), sum(each.values()), largest(each.values())) for cell, each in won.items()
    }
    return Counter({key: times for key, times in tallies.items() if times}), shares


def _line(one: Facts, every: list[Facts]) -> Baseline:
    place = place_of(one)
    if place is None:
        return Baseline()
    first = moved(place.month, -BASELINE_MONTHS)
    like = [member_of(each) for each in every if isinstance(each, Case) and not each.is_joint
            and (each.item, each.is_example) == (place.item, place.is_example)]  # fmt: skip
    awards = [each for each in like if each.awarded_in is not None and first <= each.awarded_in < place.month]
    results = [each for each in like if each.accepted_in is not None and first <= each.accepted_in < place.month]
    return Baseline(
        baseline_of(each.unit_fen for each in awards if each.unit_fen is not None),
        baseline_of(each.award_days for each in awards if each.award_days is not None),
        baseline_of(each.result_days for each in results if each.result_days is not None),
    )


async def test_counting_as_it_comes_equals_counting_anew_and_by_hand(database: Database, seed: int, sized: Any) -> None:
    chance = random.Random(seed)
    async with database.borrow() as connection:
        history = History(connection, chance)
        await history.begin()
        for _ in range(sized(500)):
            await history.go_on()
            if chance.random() < 0.2:
                assert await count_statistics(database, transactions=20)
    while not await count_statistics(database):
        pass
    async with database.borrow() as connection:
        as_it_came = await sums(connection)
        every: list[Facts] = []
        for row in await connection.fetch(SUBJECTS):
            every.extend(await load(connection, row["kind"], row["ids"]))
        assert await count_all(database, anew=True) > 0
        anew = await sums(connection)
    hand = by_hand(every)
    for one in (as_it_came, anew):
        assert {key: times for key, times in hand[0].items() if one[0][key] != times} == {}
        assert one == hand
    assert {key[4] for key in hand[0]} >= {"saving_baseline", "award_against", "result_workdays", "outside_city"}


async def award(connection: Connection, number: int, **changes: Any) -> None:
    at = changes.get("at", datetime(2026, 5, 6, 2, tzinfo=UTC))
    values: list[Any] = [f"D{number}", f"S{number}", "awarded", "330302", "330300", "SV22", 1, 10_000_000]
    values += ["comprehensive", "generic-v1", changes.get("example", False), at, "award", AGENCIES[0]]
    values += [changes.get("fen", 8_000_000), at + timedelta(days=7), []]
    await connection.execute(DEMAND, *values)


async def read(database: Database, **changes: Any) -> Report:
    return await read_statistics(database, StatisticsQuery(Months("2026-01", "2026-12"), **changes))


async def test_real_and_invented_awards_are_never_in_one_number(database: Database) -> None:
    async with database.borrow() as connection:
        await award(connection, 1, example=True)
        only_examples = await read(database)
        assert (only_examples.is_example, only_examples.has_other) == (True, False)
        await award(connection, 2, fen=9_000_000)
    real, invented = await read(database), await read(database, data="example")
    assert (real.is_example, real.has_other, real.whole.of("saving_ceiling").counts) == (False, True, ((100, 1),))
    assert (invented.is_example, invented.whole.of("saving_ceiling").counts) == (True, ((200, 1),))


async def test_a_report_is_computed_anew_as_soon_as_something_was_counted(database: Database) -> None:
    async with database.borrow() as connection:
        await award(connection, 1)
        assert (await read(database)).whole.of("awarded").sample == 1
        await award(connection, 2)
        assert (await read(database)).whole.of("awarded").sample == 2
        await connection.execute(DECIDED, "D1", "unsuccessful", "unsuccessful", None, None, datetime.now(UTC))
    after = await read(database)
    assert after.whole.of("awarded").sample == 1
    assert after.whole.of("failed").counts == ((0, 1), (1, 1))


async def test_what_is_due_beyond_what_a_reader_counts_is_said(database: Database) -> None:
    async with database.borrow() as connection:
        await award(connection, 1)
        await connection.execute(
            "INSERT INTO statistics_due (kind, subject) SELECT 'selection', 'S1' FROM generate_series(1, 6000)"
        )
        report = await read(database)
        assert report.due > 0
        await count_all(database)
    assert (await read(database)).due == 0


async def test_a_city_an_item_and_months_cut_the_same_numbers(database: Database) -> None:
    async with database.borrow() as connection:
        for number in range(1, 4):
            await award(connection, number, at=datetime(2026, number, 6, 2, tzinfo=UTC))
    whole = await read(database)
    part = await read_statistics(database, StatisticsQuery(Months("2026-02", "2026-03"), city="330300", item="SV22"))
    assert (whole.whole.of("awarded").sample, part.whole.of("awarded").sample) == (3, 2)
    assert {month: one.of("awarded").sample for month, one in whole.by_month.items()} == {
        "2026-01": 1, "2026-02": 1, "2026-03": 1,
    }  # fmt: skip
    assert whole.by_city["330300"] == whole.by_item["SV22"] == whole.whole
    assert [(one.awards, one.share_bp, one.is_few) for one in whole.concentration] == [(3, 10_000, True)]
    assert part.by_city["330300"] == part.by_item["SV22"] == part.whole
    assert list(part.by_month) == ["2026-02", "2026-03"]
    elsewhere = await read(database, city="330100")
    assert (elsewhere.whole.of("awarded").sample, elsewhere.concentration) == (0, ())
