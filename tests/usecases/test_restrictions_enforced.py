"""Which restriction refuses which act, for which item: by the rule, and by the trigger alone when the rule is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from agencies import store as agencies
from bidding import store as bidding
from commons.verdicts import Refused
from credit import store as credit
from credit.restrictions import Measure, Restriction
from marketplace.database import Database
from marketplace.demands import admission
from marketplace.usecases import explain_low_price, offer_batch
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.offer_item import OfferItem, offer_item
from marketplace.usecases.put_shelf_offer import ShelfOfferPut, put_shelf_offer
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from tests.faults.ground import file_many, without_triggers
from tests.faults.race_scenes import shelf_offer
from tests.faults.restriction_race import DIRECT
from tests.usecases.market import (
    ITEM,
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    now,
    owner,
    sealed_terms,
    until,
)

MEASURES: tuple[Measure | None, ...] = (None, "sign_up", "offer", "shelf", "award", "contract", "new_item")
OTHER = "SV23"
ITEMS: tuple[tuple[str, ...], ...] = ((), (ITEM,), (OTHER,))
BARRED: dict[str, set[Measure | None]] = {
    "sign_up": {None, "sign_up", "award"},
    "draw": {None, "sign_up", "offer", "award"},
    "offer": {None, "offer", "award"},
    "shelf": {None, "shelf"},
    "instant": {None, "award"},
    "direct": {None, "award"},
    "new_item": {None, "new_item"},
}
"""What each act is refused by: the table of docs, held against the rule and against the trigger."""
DRAW: dict[str, Any] = {"mode": "random_draw", "ceiling_fen": 20_000_000, "min_bidders": 3, "ties": ["draw"]}
ROWS = [(number, measure, items) for number, (measure, items) in
        enumerate(((measure, items) for measure in MEASURES for items in ITEMS), start=10)]  # fmt: skip


class Ground:
    """One market with everything an act needs, and what came of each act."""

    def __init__(self, database: Database) -> None:
        self.market = Market(database)
        self.database = database

    async def prepare(self) -> None:
        await file_many(self.database, [number for number, _, _ in ROWS])
        self.open = (await self.market.publish(sealed_terms(), sign_up_s=600, close_s=900)).selection
        self.later = (await self.market.publish(sealed_terms(), sign_up_s=600, close_s=900)).selection
        drawn = await self.market.publish(DRAW, sign_up_s=600, buyer_class="voluntary")
        self.draw = drawn.selection
        for number, _, _ in ROWS:
            assert isinstance(await self.market.sign_up(self.open, number), SignedUp)

    async def strike(self, number: int, measure: Measure | None, items: tuple[str, ...]) -> None:
        """Restrict one agency; its offer is the only one on the shelf before."""
        await self.clear()
        put = await put_shelf_offer(self.database, agency(number), shelf_offer(number, ITEM, capacity=1))
        assert isinstance(put, ShelfOfferPut), put
        command = RestrictAgency(
            agency=code(number), basis="示例", region="330302", approvers=["R1", "R2"], items=list(items),
            measures=[measure] if measure is not None else [],
        )  # fmt: skip
        done = await restrict_agency(self.database, REGULATOR, command)
        assert isinstance(done, AgencyRestricted), done

    def acts(self, number: int) -> dict[str, Callable[[], Awaitable[Any]]]:
        market = self.market

        async def instant() -> Any:
            demand = (await market.publish(instant_terms())).demand
            return await take_instant_award(self.database, owner(), TakeInstantAward(demand=demand))

        async def direct() -> Any:
            named = (await market.publish(DIRECT, buyer_class="voluntary", sign_up_closes_at=None)).selection
            command = AwardDirectly(
                selection=named, agency=code(number), price_fen=9_000_000, days=30, reason="延续（示例）"
            )
            return await award_directly(self.database, owner(), command)

        async def shelf() -> Any:
            await self.clear()
            return await put_shelf_offer(self.database, agency(number), shelf_offer(number, ITEM, capacity=1))

        return {
            "sign_up": lambda: market.sign_up(self.later, number),
            "draw": lambda: market.sign_up(self.draw, number, nonce=nonce("draw", number)),
            "offer": lambda: market.offer(self.open, number, 9_000_000),
            "instant": instant,
            "shelf": shelf,
            "direct": direct,
            "new_item": lambda: self.new_item(number),
        }

    async def clear(self) -> None:
        withdraw = "UPDATE shelf_offer SET withdrawn_at = clock_timestamp() WHERE withdrawn_at IS NULL"
        async with self.database.transaction() as connection:
            await connection.execute(withdraw)

    async def new_item(self, number: int) -> Any:
        return await offer_item(self.database, agency(number), OfferItem(agency=code(number), item=ITEM))


@pytest.fixture
async def ground(database: Database) -> Ground:
    made = Ground(database)
    await made.prepare()
    return made


def expected(act: str, measure: Measure | None, items: tuple[str, ...]) -> bool:
    return measure in BARRED[act] and items != (OTHER,)


async def told(act: Callable[[], Awaitable[Any]]) -> str:
    try:
        answer = await act()
    except asyncpg.RestrictViolationError:
        return "trigger"
    if not isinstance(answer, Refused):
        return "done"
    return "restricted" if "restricted" in answer.codes else "+".join(answer.codes)


def hold_against_table(came: dict[tuple[str, Measure | None, tuple[str, ...]], str], word: str) -> None:
    wrong = {row: what for row, what in came.items() if (what == word) != expected(*row)}
    assert not wrong


async def test_each_act_is_refused_by_the_measures_that_bar_it_and_by_no_other(ground: Ground) -> None:
    came = {}
    for number, measure, items in ROWS:
        await ground.strike(number, measure, items)
        for name, act in ground.acts(number).items():
            came[name, measure, items] = await told(act)
    instant = {row: came.pop(row) for row in list(came) if row[0] == "instant"}
    for (_, measure, items), what in instant.items():  # off the shelf or not to be awarded: nobody is left
        gone = expected("instant", measure, items) or expected("shelf", measure, items)
        assert what == ("too_few_bidders" if gone else "done"), (measure, items)
    hold_against_table(came, "restricted")
    assert {what for row, what in came.items() if not expected(*row)} == {"done"}


@pytest.fixture
def without_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The use cases believe that nobody is ever restricted, and undo nothing."""

    async def nothing(*_: Any, **__: Any) -> int:
        return 0

    for module in (admission, explain_low_price, offer_batch):
        monkeypatch.setattr(module, "restricted", lambda *_, **__: ())
    monkeypatch.setattr(credit, "restrictions", free)
    monkeypatch.setattr(bidding, "insert_voids", nothing)
    monkeypatch.setattr(agencies, "withdraw_shelf_offers", nothing)


async def free(_: Any, subjects: list[str]) -> dict[str, tuple[Restriction, ...]]:
    return dict.fromkeys(subjects, ())


@pytest.mark.usefixtures("without_the_check")
async def test_with_the_check_gone_the_trigger_alone_refuses_the_same(ground: Ground) -> None:
    came = {}
    for number, measure, items in ROWS:
        await ground.strike(number, measure, items)
        for name, act in ground.acts(number).items():
            came[name, measure, items] = await told(act)
    hold_against_table(came, "trigger")
    assert set(came.values()) == {"trigger", "done"}


@pytest.mark.usefixtures("without_the_check")
async def test_with_the_check_gone_no_award_is_proposed_to_whoever_was_restricted_before_the_close(
    database: Database,
) -> None:
    market = Market(database)
    for number in (1, 2, 3):
        await market.file(number)
    closes_at = now() + timedelta(seconds=2.5)
    selection = (await market.publish(sealed_terms(), sign_up_s=2.4, closes_at=closes_at)).selection
    for number in (1, 2, 3):
        await market.sign_up(selection, number)
        await market.offer(selection, number, 9_000_000 + number)
    await market.restrict(1)
    await until(closes_at)
    with pytest.raises(asyncpg.RestrictViolationError):
        await settle_selection(database, selection)
    async with without_triggers(database):
        bare = await Database.open(database.dsn)
        try:
            assert (await settle_selection(bare, selection)).proposed == code(1)
        finally:
            await bare.close()


async def test_without_trigger_and_check_everything_passes(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    number, measure, items = ROWS[0]
    await ground.strike(number, measure, items)
    monkeypatch.setattr(admission, "restricted", lambda *_, **__: ())
    async with without_triggers(ground.database):
        bare = Market(await Database.open(ground.database.dsn))
        try:
            assert isinstance(await bare.sign_up(ground.later, number), SignedUp)
        finally:
            await bare.database.close()
