"""Acts in the life of a demand for tests, with a clock that is moved on by settling at a later instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bidding.selection import Selection
from bidding.store import lock_selection, note
from commons.events import Actor
from commons.verdicts import Refused
from credit import store as credit
from marketplace.record.store import load
from marketplace.usecases import standing
from marketplace.usecases.accept_complaint import AcceptComplaint, accept_complaint
from marketplace.usecases.act import Caller
from marketplace.usecases.answer_award_objection import AnswerAwardObjection, answer_award_objection
from marketplace.usecases.decide_complaint import DecideComplaint, decide_complaint
from marketplace.usecases.lodge_complaint import LodgeComplaint, lodge_complaint
from marketplace.usecases.object_to_award import ObjectToAward, object_to_award
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.withdraw_award_objection import WithdrawAwardObjection, withdraw_award_objection
from tests.usecases.market import REGULATOR, Market, code, owner, sealed_terms

PUBLICITY, CONFIRMING, ANSWERING, COMPLAINING = (timedelta(seconds=one) for one in (5, 4, 4, 4))
SOMEBODY = Caller(Actor("public", "P1"))
CLOSE_S = 300.0


async def settle_at(market: Market, selection: str, at: datetime) -> Selection:
    """Settle as if it were that instant; acts that follow happen no earlier."""
    async with market.database.transaction() as connection:
        lock = await lock_selection(connection, selection)
        assert lock is not None
        await note(connection, selection, at=at)
        return await standing.settle(connection, lock, await standing.selection_state(connection, selection), at=at)


async def open_demand(market: Market, numbers: tuple[int, ...] = (1, 2, 3), **terms: Any) -> DemandPublished:
    """A sealed selection with offers; lower numbers are cheaper."""
    published = await market.publish(sealed_terms(**terms), sign_up_s=CLOSE_S - 1, close_s=CLOSE_S)
    for number in numbers:
        await market.sign_up(published.selection, number)
        await market.offer(published.selection, number, 10_000_000 + number * 500_000)
    return published


async def proposed(market: Market, numbers: tuple[int, ...] = (1, 2, 3)) -> tuple[DemandPublished, datetime]:
    """A selection whose award is proposed, and since when."""
    published = await open_demand(market, numbers)
    state = await state_of(market, published.selection)
    assert state.closes_at is not None
    await settle_at(market, published.selection, state.closes_at)
    return published, state.closes_at


async def state_of(market: Market, selection: str) -> Selection:
    async with market.database.read() as connection:
        return await standing.selection_state(connection, selection)


async def types(market: Market, subject: str) -> list[str]:
    async with market.database.read() as connection:
        return [one.event.type for one in await load(connection, [subject])]


async def facts(market: Market, number: int) -> list[str]:
    async with market.database.read() as connection:
        return [one.code for one in (await credit.facts(connection, [code(number)]))[code(number)]]


async def object_(market: Market, selection: str, caller: Caller = SOMEBODY) -> Any:
    return await object_to_award(
        market.database, caller, ObjectToAward(selection=selection, grounds="资质存疑（示例）")
    )


async def answer(market: Market, selection: str, number: int = 1, *, remedy: Any = None, caller: Caller | None = None,
                 **changes: Any) -> Any:  # fmt: skip
    """Answer an objection: dismissed without a remedy, else upheld, and a regulator agrees."""
    if remedy is not None:
        changes.setdefault("approver", "R2")
    command = AnswerAwardObjection(
        selection=selection, objection=number, finding="dismissed" if remedy is None else "upheld",
        answer="已核实（示例）", remedy=remedy, **changes,
    )  # fmt: skip
    return await answer_award_objection(market.database, caller or owner(), command)


async def take_back(market: Market, selection: str, number: int = 1, caller: Caller = SOMEBODY) -> Any:
    command = WithdrawAwardObjection(selection=selection, objection=number)
    return await withdraw_award_objection(market.database, caller, command)


async def complain(market: Market, selection: str, number: int = 1, caller: Caller = SOMEBODY) -> Any:
    command = LodgeComplaint(selection=selection, objection=number, grounds="答复不实（示例）")
    return await lodge_complaint(market.database, caller, command)


async def accept(market: Market, selection: str, number: int = 1, *, accepted: bool = True,
                 caller: Caller = REGULATOR) -> Any:  # fmt: skip
    command = AcceptComplaint(selection=selection, objection=number, is_accepted=accepted, reason="属受理范围（示例）")
    return await accept_complaint(market.database, caller, command)


async def decide(market: Market, selection: str, number: int = 1, *, remedy: Any = None,
                 caller: Caller = REGULATOR, **changes: Any) -> Any:  # fmt: skip
    command = DecideComplaint(
        selection=selection, objection=number, finding="dismissed" if remedy is None else "upheld",
        reason="经调查（示例）", remedy=remedy, **changes,
    )  # fmt: skip
    return await decide_complaint(market.database, caller, command)


def codes(given: Any) -> tuple[str, ...]:
    """The codes of a refusal."""
    assert isinstance(given, Refused), given
    return given.codes
