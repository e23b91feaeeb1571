"""Words are found wherever they stand, as people type them; what is counted is what there is; filters are one's own."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from commons.errors import Conflict, NotFound
from commons.events import Actor
from marketplace.database import Database
from marketplace.identity.permissions import Badge
from marketplace.usecases import list_reading, many_hits
from marketplace.usecases.act import Caller
from marketplace.usecases.change_agency import ChangeAgency, change_agency
from marketplace.usecases.read_agencies import AgencyQuery, read_agencies
from marketplace.usecases.read_awards import AwardQuery, read_awards
from marketplace.usecases.read_demands import DemandQuery, read_demands
from marketplace.usecases.read_listing import MIN_ROWS, Slice
from marketplace.usecases.read_newest import read_newest
from marketplace.usecases.read_search import read_search
from marketplace.usecases.rebuild_search import rebuild_search
from marketplace.usecases.saved_filters import (
    MOST,
    DropFilter,
    KeepFilter,
    drop_filter,
    keep_filter,
    read_saved_filters,
)
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from tests.usecases.market import Market, agency, code, instant_terms, owner, sealed_terms

TITLES = {
    "plain": "瓯海区三垟湿地 水土保持方案（示例）",
    "wide": "ＡＢ地块Ⅱ期 壹标段",
    "odd": "100%_a\\b'c 测量",
    "long": "全过程跟踪监测服务" * 13,
}
WORDS: tuple[tuple[str, set[str]], ...] = (
    ("水土", {"plain"}), ("湿地水土", {"plain"}), ("保持 三垟", {"plain"}), ("土水", set()), ("水土 不存在", set()),
    ("垟", {"plain"}), ("ab", {"wide"}), ("Ab地块ⅱ期", {"wide"}), ("一标段", {"wide"}), ("１标段", set()),
    ("ii期", {"wide"}),
    ("%", {"odd"}), ("_", {"odd"}), ("\\", {"odd"}), ("'", {"odd"}), ("0%_A\\B'C", {"odd"}), ("%%", set()),
    ("监测" * 500, set()), ("服务全过程", {"long"}), ("温州市", {"plain", "wide", "long"}), ("丽水", {"odd"}),
    (" \u3000", set(TITLES)),
)  # fmt: skip


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    await market.file(1)
    return market


async def titled(market: Market) -> dict[str, str]:
    """Four demands by what they are called here."""
    made = {
        name: await market.publish(instant_terms(), title=title, region="331102" if name == "odd" else "330304")
        for name, title in TITLES.items()
    }
    return {published.demand: name for name, published in made.items()}


async def test_each_query_finds_what_its_row_says_in_list_feed_and_search(market: Market) -> None:
    names = await titled(market)
    for words, expected in WORDS:
        found = await read_demands(market.database, DemandQuery(q=words), Slice())
        assert {names[row.id] for row in found.rows} == expected, words
        assert (found.total, found.is_more) == (len(expected), False), words
        newest = await read_newest(market.database, DemandQuery(q=words))
        assert {names[row.id] for row in newest.rows} == expected, words
        if words.strip():
            everywhere = await read_search(market.database, words)
            assert {names[row.id] for row in everywhere.demands.rows} == expected, words
    by_project = await read_demands(market.database, DemandQuery(q="２610-330304-04"), Slice())
    assert by_project.total == len(names)


async def test_everything_is_searched_at_once_and_a_winner_is_found_by_its_name_of_now(market: Market) -> None:
    await market.shelve(1, 1_000_000)
    published = await market.publish(instant_terms(), title="测绘（示例）")
    await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    found = await read_search(market.database, "测绘")
    assert (found.demands.total, found.agencies.total, found.awards.total) == (1, 1, 1)
    assert {one.code for one in found.items} >= {"SV22", "SV23"}
    by_code = await read_search(market.database, code(1).lower())
    assert (by_code.demands.total, by_code.agencies.total, by_code.awards.total) == (0, 1, 1)
    await change_agency(
        market.database, agency(1), ChangeAgency(agency=code(1), name="瓯越勘察（示例）", reason="换名（示例）")
    )
    for words, expected in (("瓯越勘察", 1), ("测绘1号", 0)):
        assert (await read_awards(market.database, AwardQuery(q=words), Slice())).total == expected, words
        assert (await read_agencies(market.database, AgencyQuery(q=words), Slice())).total == expected, words
        assert (await read_demands(market.database, DemandQuery(q=words), Slice())).total == 0, words
    nothing = await read_search(market.database, " ")
    assert (nothing.words, nothing.demands.total, nothing.items) == ((), 0, ())


async def test_more_hits_than_are_counted_say_so_and_are_walked_in_the_same_order(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(23):
        terms = instant_terms() if number % 2 else sealed_terms()
        await market.publish(terms, sign_up_s=500.0, close_s=600.0 + number % 5, title=f"同样的 测绘{number}")
    query = DemandQuery(q="同样的测绘")
    whole = [row.id for row in (await read_demands(market.database, query, Slice(1, 50))).rows]
    assert len(whole) == 23
    monkeypatch.setattr(list_reading, "_BOUND", " LIMIT 6")
    monkeypatch.setattr(list_reading, "MAX_COUNTED", 5)
    walked: list[str] = []
    after = ""
    for _ in range(4):
        found = await read_demands(market.database, replace(query, after=after), Slice(1, MIN_ROWS))
        assert (found.total, found.is_more, found.mode_counts) == (5, True, {})
        walked += [row.id for row in found.rows]
        if found.next is None:
            break
        after = found.next
    assert walked == whole


MOVED = (
    "UPDATE demand SET state = 'cancelled' WHERE id = ANY($1::text[])",
    "UPDATE demand SET words = 'other' WHERE id = ANY($1::text[])",
)


@pytest.mark.parametrize("moved", MOVED)
async def test_what_was_remembered_as_more_than_is_counted_is_counted_again_once_it_may_be_less(
    market: Market, monkeypatch: pytest.MonkeyPatch, moved: str
) -> None:
    monkeypatch.setattr(list_reading, "MAX_COUNTED", 3)
    monkeypatch.setattr(many_hits, "BY_THE_CLOCK", 0)
    demands = [(await market.publish(instant_terms(), title=f"同样的 测绘{number}")).demand for number in range(7)]
    query = DemandQuery(q="同样的测绘", state="open")
    remembered = market.database.companion(many_hits.ManyHits)
    for _ in range(2):
        found = await read_demands(market.database, query, Slice())
        assert (found.total, found.is_more, len(found.rows)) == (3, True, 7)
        assert len(remembered._kept) == 1, "what is more than is counted"
    async with market.database.transaction() as connection:
        await connection.execute(moved, demands[:5])
    found = await read_demands(market.database, query, Slice())
    assert (found.total, found.is_more, {row.id for row in found.rows}) == (2, False, set(demands[5:]))


async def test_nothing_is_remembered_while_something_is_being_written(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_reading, "MAX_COUNTED", 1)
    monkeypatch.setattr(many_hits, "BY_THE_CLOCK", 0)
    demands = [(await market.publish(instant_terms(), title=f"同样的 测绘{number}")).demand for number in range(3)]
    other = await Database.open(market.database.dsn, maximum=1)
    try:
        async with other.transaction() as connection:
            await connection.execute(MOVED[0], demands[:2])
            found = await read_demands(market.database, DemandQuery(q="同样的", state="open"), Slice())
            assert (found.total, found.is_more) == (1, True)
    finally:
        await other.close()
    found = await read_demands(market.database, DemandQuery(q="同样的", state="open"), Slice())
    assert (found.total, found.is_more) == (1, False), "what moved before it was looked at has gone"


async def tallied(database: Database) -> tuple[Counter[Any], Counter[Any]]:
    """What the tally says, and what there is."""
    async with database.borrow() as connection:
        rows = await connection.fetch(
            """SELECT place, item, state, outcome, mode, number FROM demand_tally
               UNION ALL SELECT place, item, state, outcome, mode, number FROM demand_tally_step"""
        )
        demands = await connection.fetch("SELECT * FROM demand WHERE published_at IS NOT NULL")
    said: Counter[Any] = Counter()
    for row in rows:
        said[tuple(row)[:5]] += row["number"]
    there: Counter[Any] = Counter()
    for one in demands:
        for place in {"", one["city"], one["region"]}:
            for item in ("", one["item"]):
                there[place, item, one["state"], one["outcome"] or "", one["mode"]] += 1
    return +said, there


async def test_the_tally_is_what_there_is_however_demands_move_and_whenever_it_is_folded(market: Market) -> None:
    await market.shelve(1, 1_000_000)
    await market.post(sealed_terms())
    bought = [await market.publish(instant_terms(), region=region) for region in ("330304", "330300", "331102")]
    await take_instant_award(market.database, owner(), TakeInstantAward(demand=bought[0].demand))
    dice = random.Random(20261123)
    for _ in range(30):
        async with market.database.transaction() as connection:
            await connection.execute(
                "UPDATE demand SET state = $2, outcome = $3 WHERE id = $1",
                dice.choice(bought).demand, dice.choice(("published", "awarded", "rated")),
                dice.choice((None, "award", "unsuccessful")),
            )  # fmt: skip
            if dice.random() < 0.3:
                await connection.execute("SELECT fold_demand_tally()")
        said, there = await tallied(market.database)
        assert said == there
    async with market.database.transaction() as connection:
        await connection.execute("DELETE FROM demand WHERE id = $1", bought[2].demand)
    said, there = await tallied(market.database)
    assert said == there
    assert sum(there.values()) == 2 * 6 - 2  # 330300 is city and region at once


async def test_what_is_made_anew_is_what_the_writes_had_made(market: Market) -> None:
    await market.shelve(1, 1_000_000)
    await titled(market)
    published = await market.publish(instant_terms(), title="水土（示例）")
    await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    kept = """
    SELECT id, words, winner_words, (SELECT array_agg(DISTINCT one ORDER BY one) FROM unnest(grams) AS one) AS grams
    FROM demand ORDER BY id
    """
    async with market.database.transaction() as connection:
        before = [tuple(row) for row in await connection.fetch(kept)]
        await connection.execute("UPDATE demand SET words = '', winner_words = '', grams = '{}'")
        await connection.execute("UPDATE agency SET words = '', grams = '{}'")
        await connection.execute("UPDATE demand_tally_step SET number = 7")
    assert (await read_search(market.database, "水土")).demands.total == 0
    told = {one.what: one.done async for one in rebuild_search(market.database)}
    assert told == {"agencies": 1, "demands": 5, "counted": 5}
    async with market.database.borrow() as connection:
        assert [tuple(row) for row in await connection.fetch(kept)] == before
    said, there = await tallied(market.database)
    assert said == there
    assert (await read_agencies(market.database, AgencyQuery(q="测绘1号"), Slice())).total == 1


def person(name: str) -> Caller:
    """Somebody signed in who acts for agency 1."""
    return Caller(Actor("agency", code(1)), None, Badge(name, "staff"))


async def test_a_filter_is_kept_under_its_name_once_and_only_for_oneself(market: Market) -> None:
    one, other = person("P-1"), person("P-2")
    first = await keep_filter(market.database, one, KeepFilter(listed="demands", name="测绘", query="q=a"))
    again = await keep_filter(market.database, one, KeepFilter(listed="demands", name="测绘", query="q=b"))
    assert again.filter == first.filter
    assert [line.query for line in (await read_saved_filters(market.database, one)).filters] == ["q=b"]
    assert (await read_saved_filters(market.database, one, "agencies")).filters == []
    assert (await read_saved_filters(market.database, other)).filters == []
    with pytest.raises(NotFound):
        await drop_filter(market.database, other, DropFilter(filter=first.filter))
    for number in range(1, MOST):
        await keep_filter(market.database, one, KeepFilter(listed="demands", name=str(number), query="q=c"))
    with pytest.raises(Conflict):
        await keep_filter(market.database, one, KeepFilter(listed="demands", name="再多一个", query="q=d"))
    await keep_filter(market.database, one, KeepFilter(listed="awards", name="另一个列表", query="q=d"))
    await drop_filter(market.database, one, DropFilter(filter=first.filter))
    await keep_filter(market.database, one, KeepFilter(listed="demands", name="再多一个", query="q=d"))
