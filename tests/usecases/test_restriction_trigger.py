"""The trigger by itself: what it looks at, as of when, and that a batch costs one check."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from agencies import store as agencies
from commons.instants import format_instant
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, tip
from marketplace.usecases.act import clock
from tests.usecases.market import Market, agency, code, sealed_terms

OFFER = {"price_fen": 1, "days": 1, "nonce": None}


@pytest.fixture
async def market(database: Database) -> Market:
    made = Market(database)
    for number in (1, 2):
        await made.file(number)
    return made


async def write(connection: Connection, selection: str, *acts: Act, room: str = "selection") -> None:
    """Append to a selection's record, or its contract's, what no use case would."""
    subject = f"{room}/{selection}"
    last = (await tip(connection, subject)).at
    at = await clock(connection, *([last] if last else []))
    await append(connection, subject, acts, actor=agency(1).actor, at=at)


def offered(number: int, reason: str | None = None) -> Act:
    return Act("offer.placed", {"bidder": "b"}, private={"bidder": code(number), "reason": reason, **OFFER})


def proposed(number: int, since: datetime, until: datetime, name: str = "award.proposed") -> Act:
    spans: Any = {"as_of": format_instant(since), "publicity_until": format_instant(until)}
    return Act(name, {"bidder": code(number), "rank": 1, "price_fen": 1, "is_provisional": False, **spans})


async def refused(market: Market, selection: str, *acts: Act, room: str = "selection") -> bool:
    """Whether the trigger refuses them; what it lets pass stays, and nobody reads it."""
    try:
        async with market.database.transaction() as connection:
            await write(connection, selection, *acts, room=room)
    except asyncpg.RestrictViolationError:
        return True
    return False


async def test_offers_that_were_refused_anyway_are_kept_and_one_that_was_not_brings_the_whole_batch_down(
    market: Market,
) -> None:
    selection = (await market.publish(sealed_terms(), sign_up_s=60, close_s=90)).selection
    await market.restrict(1)
    assert not await refused(market, selection, offered(1, "restricted"), offered(2))
    assert await refused(market, selection, offered(1))
    assert await refused(market, selection, offered(2), offered(2), offered(1))
    assert await refused(market, selection, Act("explanation.given", {"bidder": code(1)}, private={"text": "x"}))
    assert not await refused(market, selection, Act("explanation.given", {"bidder": code(2)}, private={"text": "x"}))


async def test_an_award_counts_from_its_instant_to_the_end_of_publicity_however_late_it_is_written(
    market: Market,
) -> None:
    selection = (await market.publish(sealed_terms(), sign_up_s=60, close_s=90)).selection
    at = (await market.restrict(1)).starts_at
    hour, tick = timedelta(hours=1), timedelta(microseconds=1)
    for name in ("award.proposed", "award.confirmed"):
        assert await refused(market, selection, proposed(1, at - hour, at + tick, name)), "restricted during publicity"
        assert await refused(market, selection, proposed(1, at, at + hour, name)), "restricted at the close"
        assert not await refused(market, selection, proposed(1, at - hour, at, name)), "the publicity was over"
        assert not await refused(market, selection, proposed(2, at, at + hour, name)), "another one"


async def test_a_batch_of_offers_costs_one_check_and_nothing_else_any(market: Market) -> None:
    selection = (await market.publish(sealed_terms(), sign_up_s=60, close_s=90)).selection
    async with market.database.transaction() as connection:
        await connection.execute("SET LOCAL track_functions = 'all'")
        calls = "SELECT coalesce(pg_stat_get_xact_function_calls($1::regproc), 0)"
        await write(connection, selection, *(offered(2) for _ in range(64)))
        assert await connection.fetchval(calls, "refuse_restricted") == 1
        await write(connection, selection, *(offered(2, "step_not_met") for _ in range(64)), Act("deadline.moved", {}))
        assert await connection.fetchval(calls, "refuse_restricted") == 1


async def test_the_trigger_waits_for_a_restriction_under_way(market: Market) -> None:
    selection = (await market.publish(sealed_terms(), sign_up_s=60, close_s=90)).selection
    other = await Database.open(market.database.dsn)
    try:
        async with other.transaction() as restricting:
            assert await agencies.lock_alone(restricting, code(1))
            async with market.database.transaction() as connection:
                await connection.execute("SET LOCAL lock_timeout = '200ms'")
                with pytest.raises(asyncpg.LockNotAvailableError):
                    async with market.database.savepoint():
                        await write(connection, selection, offered(1))
    finally:
        await other.close()


def bound(number: int, name: str, kind: str = "change") -> Act:
    return Act(name, {"agency": code(number), "kind": kind})


async def test_what_signs_a_contract_is_refused_and_what_only_keeps_it_is_not(market: Market) -> None:
    selection = (await market.publish(sealed_terms(), sign_up_s=60, close_s=90)).selection
    await market.restrict(1)
    for name in ("contract.uploaded", "contract.confirmed", "contract.change_agreed"):
        assert await refused(market, selection, bound(1, name), room="contract")
        assert not await refused(market, selection, bound(2, name), room="contract")
    assert not await refused(market, selection, bound(1, "contract.change_agreed", "extension"), room="contract")
    assert not await refused(market, selection, bound(1, "contract.delivered"), room="contract")
