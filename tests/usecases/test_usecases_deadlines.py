"""A deadline counted over a year whose holidays are not published yet: provisional, then moved, never earlier."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from bidding.selection import Selection, fold
from bidding.store import lock_selection, voids
from commons.instants import start_of_day
from commons.workdays import HolidayTable
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases import settlement, standing
from tests.usecases.market import Market, now, sealed_terms, until

THIS_YEAR = now().year


def table(*years: int, off: tuple[date, ...] = ()) -> HolidayTable:
    """Notices of these years, with these days off."""
    return HolidayTable(frozenset(years), frozenset(off), frozenset())


async def decided(database: Database) -> str:
    market = Market(database)
    for number in (1, 2, 3):
        await market.file(number)
    published = await market.publish(sealed_terms())
    for number in (1, 2, 3):
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 9_000_000 + number * 100_000)
    await until(published.published_at + timedelta(seconds=2.05))
    return published.selection


async def settle_at(database: Database, selection: str, at: datetime) -> Selection:
    async with database.transaction() as connection:
        lock = await lock_selection(connection, selection)
        assert lock is not None
        await standing.settle(connection, lock, await standing.selection_state(connection, selection), at=at)
    async with database.read() as connection:
        return fold(
            selection,
            await load(connection, [f"selection/{selection}"]),
            (await voids(connection, [selection])).get(selection, {}),
        )


async def test_a_provisional_publicity_moves_later_when_the_notice_arrives_and_is_over_only_then(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = await decided(database)
    known = table()  # no notice at all: weekdays count

    def profile(name: str) -> object:
        return dataclasses.replace(rule_profile("generic-v1"), name=name, table=known)

    monkeypatch.setattr(settlement, "rule_profile", profile)
    first = await settle_at(database, selection, now())
    (winner, announced), *_ = first.publicity.items()
    assert announced.is_provisional
    last_day = (announced.at - timedelta(hours=1)).date()
    known = table(THIS_YEAR, THIS_YEAR + 1, THIS_YEAR + 2, off=(last_day,))
    second = await settle_at(database, selection, announced.at)
    assert second.publicity[winner].at > announced.at
    assert not second.publicity[winner].is_provisional
    async with database.read() as connection:
        types = [one.event.type for one in await load(connection, [f"selection/{selection}"])]
    assert types[-2:] == ["award.proposed", "deadline.moved"]
    known = table(THIS_YEAR, THIS_YEAR + 1, THIS_YEAR + 2)  # a notice taken back does not move it forward again
    await settle_at(database, selection, second.publicity[winner].at)
    async with database.read() as connection:
        types = [one.event.type for one in await load(connection, [f"selection/{selection}"])]
        ends = await connection.fetchval("SELECT publicity_until FROM demand")
    assert types[-2:] == ["deadline.moved", "confirmation.asked"]
    assert ends == second.publicity[winner].at
    assert ends == start_of_day((ends + timedelta(hours=8)).date())
