"""A contract to play on: an award that stands at once, short clocks, and every act by its use case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from commons.events import Actor
from commons.instants import beijing_date
from commons.profiles import ProfileValue
from commons.verdicts import Refused
from credit import store as credit
from marketplace.catalogue import profiles
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.accept_result import AcceptResult, accept_result
from marketplace.usecases.act import Caller
from marketplace.usecases.answer_change import AnswerChange, answer_change
from marketplace.usecases.answer_rating import AnswerRating, answer_rating
from marketplace.usecases.arrange_visit import ArrangeVisit, arrange_visit
from marketplace.usecases.close_dispute import CloseDispute, close_dispute
from marketplace.usecases.confirm_contract import ConfirmContract, confirm_contract
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.hand_in_result import HandInResult, hand_in_result
from marketplace.usecases.note_dispute import NoteDispute, note_dispute
from marketplace.usecases.note_invoice import NoteInvoice, note_invoice
from marketplace.usecases.note_payment import NotePayment, note_payment
from marketplace.usecases.note_visit import NoteVisit, note_visit
from marketplace.usecases.open_dispute import OpenDispute, open_dispute
from marketplace.usecases.plan_milestones import PlanMilestones, Step, plan_milestones
from marketplace.usecases.propose_change import ProposeChange, propose_change
from marketplace.usecases.propose_termination import ProposeTermination, propose_termination
from marketplace.usecases.rate_contract import RateContract, rate_contract
from marketplace.usecases.reach_milestone import ReachMilestone, reach_milestone
from marketplace.usecases.record_review import RecordReview, record_review
from marketplace.usecases.return_result import ReturnResult, return_result
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from marketplace.usecases.terminate_contract import TerminateContract, terminate_contract
from marketplace.usecases.upload_contract import UploadContract, upload_contract
from tests.usecases.market import REGULATOR, Market, agency, code, instant_terms, now, owner

PRICE, DAYS = 1_000_000, 10
"""What agency 1 is awarded: ten at 1,000 yuan, in ten days."""
AGENCY, OWNER_CALLER = agency(1), owner()
Answer = ContractMoved | Refused


def today() -> date:
    """The day in Beijing."""
    return beijing_date(now())


def shorten(monkeypatch: pytest.MonkeyPatch, **lengths: tuple[int, str]) -> None:
    """Give clocks of the demonstration's profile another length: a value and its unit."""
    shipped = dict(profiles.shipped_profiles())
    demo = shipped["demo-v1"]
    values = {**demo.values, **{key: _value(demo[key], *length) for key, length in lengths.items()}}
    changed = {**shipped, "demo-v1": replace(demo, values=values)}
    monkeypatch.setattr(profiles, "shipped_profiles", lambda: changed)


def _value(one: ProfileValue, value: int, unit: Any) -> ProfileValue:
    return replace(one, value=value, unit=unit)


async def awarded(market: Market, *, file: bool = True) -> str:
    """An instant award to agency 1; returns the contract's id."""
    if file:
        await market.file(1)
        await market.shelve(1, 100_000, capacity=100)
    published = await market.publish(instant_terms())
    taken = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(taken, InstantAwarded), taken
    return taken.selection


@dataclass
class Deal:
    """Acts on one contract."""

    database: Database
    id: str

    async def upload(self, caller: Caller = AGENCY, **changes: Any) -> Answer:
        given = {"amount_fen": PRICE, "days": DAYS, "signed_on": today(), "same_terms": True, **changes}
        return await upload_contract(self.database, caller, UploadContract(contract=self.id, **given))

    async def confirm(self, caller: Caller = OWNER_CALLER, number: int = 1) -> Answer:
        return await confirm_contract(self.database, caller, ConfirmContract(contract=self.id, number=number))

    async def sign(self) -> None:
        assert isinstance(await self.upload(), ContractMoved)
        assert isinstance(await self.confirm(), ContractMoved)

    async def propose(self, caller: Caller = AGENCY, kind: Any = "change", **given: Any) -> Answer:
        command = ProposeChange(contract=self.id, kind=kind, reason="范围调整（示例）", **given)
        return await propose_change(self.database, caller, command)

    async def answer(self, caller: Caller = OWNER_CALLER, number: int = 1, *, is_agreed: bool = True) -> Answer:
        command = AnswerChange(contract=self.id, number=number, is_agreed=is_agreed, reason="同意（示例）")
        return await answer_change(self.database, caller, command)

    async def plan(self, *days: date, caller: Caller = OWNER_CALLER) -> Answer:
        steps = [Step(name=f"节点 {number}", planned_on=day) for number, day in enumerate(days, start=1)]
        return await plan_milestones(self.database, caller, PlanMilestones(contract=self.id, milestones=steps))

    async def reach(self, number: int = 1, caller: Caller = AGENCY) -> Answer:
        return await reach_milestone(
            self.database, caller, ReachMilestone(contract=self.id, number=number, note="完成（示例）")
        )

    async def visit(self, caller: Caller = OWNER_CALLER, meets_in: float = 3600) -> Answer:
        at = now() + timedelta(seconds=meets_in)
        command = ArrangeVisit(contract=self.id, meets_at=at, place="现场（示例）", contact="张三 0577-00000000")
        return await arrange_visit(self.database, caller, command)

    async def visited(self, caller: Caller = AGENCY, number: int = 1) -> Answer:
        return await note_visit(
            self.database, caller, NoteVisit(contract=self.id, number=number, note="已踏勘（示例）")
        )

    async def hand_in(self, caller: Caller = AGENCY) -> Answer:
        return await hand_in_result(self.database, caller, HandInResult(contract=self.id, note="成果（示例）"))

    async def accept(self, caller: Caller = OWNER_CALLER, revision: int = 1) -> Answer:
        return await accept_result(self.database, caller, AcceptResult(contract=self.id, revision=revision))

    async def give_back(self, caller: Caller = OWNER_CALLER, revision: int = 1) -> Answer:
        command = ReturnResult(contract=self.id, revision=revision, reasons="图幅缺失（示例）")
        return await return_result(self.database, caller, command)

    async def review(self, caller: Caller = REGULATOR, *, passed: bool = True) -> Answer:
        command = RecordReview(contract=self.id, passed_first=passed, authority="审批部门（示例）")
        return await record_review(self.database, caller, command)

    async def invoice(self, caller: Caller = AGENCY, fen: int = PRICE) -> Answer:
        command = NoteInvoice(contract=self.id, amount_fen=fen, on=today(), number="示例-0001")
        return await note_invoice(self.database, caller, command)

    async def pay(self, caller: Caller = OWNER_CALLER, fen: int = PRICE, on: date | None = None) -> Answer:
        command = NotePayment(contract=self.id, amount_fen=fen, on=on or today(), channel="转账（示例）")
        return await note_payment(self.database, caller, command)

    async def dispute(self, caller: Caller = AGENCY) -> Answer:
        return await open_dispute(self.database, caller, OpenDispute(contract=self.id, reason="范围之争（示例）"))

    async def note(self, caller: Caller = REGULATOR) -> Answer:
        return await note_dispute(self.database, caller, NoteDispute(contract=self.id, note="已约谈（示例）"))

    async def settle_dispute(self, caller: Caller = OWNER_CALLER) -> Answer:
        return await close_dispute(self.database, caller, CloseDispute(contract=self.id, outcome="和解（示例）"))

    async def ask_end(self, caller: Caller = OWNER_CALLER) -> Answer:
        command = ProposeTermination(contract=self.id, reason="项目取消（示例）")
        return await propose_termination(self.database, caller, command)

    async def end(self, caller: Caller = AGENCY) -> Answer:
        command = TerminateContract(contract=self.id, reason="同意解除（示例）")
        return await terminate_contract(self.database, caller, command)

    async def rate(self, caller: Caller = OWNER_CALLER, score: int = 5, **scores: int) -> Answer:
        given = {**dict.fromkeys(("quality", "time", "attitude", "charge", "compliance"), score), **scores}
        return await rate_contract(
            self.database, caller, RateContract(contract=self.id, words="按时完成（示例）", **given)
        )

    async def reply(self, caller: Caller = AGENCY) -> Answer:
        return await answer_rating(self.database, caller, AnswerRating(contract=self.id, words="谢谢（示例）"))

    async def types(self) -> list[str]:
        """The types of its events, without the room's name."""
        async with self.database.read() as connection:
            return [one.event.type.partition(".")[2] for one in await load(connection, [f"contract/{self.id}"])]

    async def facts(self) -> list[tuple[str, int]]:
        """The credit facts of agency 1 with their quantities."""
        async with self.database.read() as connection:
            return [(one.code, one.quantity) for one in (await credit.facts(connection, [code(1)]))[code(1)]]


def codes(answer: Any) -> tuple[str, ...]:
    """Why it was refused; nothing when it was not."""
    return answer.codes if isinstance(answer, Refused) else ()


STRANGER = Caller(Actor("agency", code(9)))
