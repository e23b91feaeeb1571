"""Steps of a script as commands of the use cases, each with the one who sends it and its idempotency key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, cast

from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.add_qualification import AddQualification, add_qualification
from marketplace.usecases.file_agency import FileAgency, file_agency
from marketplace.usecases.place_offer import PlaceOffer, place_offer
from marketplace.usecases.post_demand import PostDemand, RecusalText, post_demand
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.put_shelf_offer import PutShelfOffer, put_shelf_offer
from marketplace.usecases.record_credit_fact import RecordCreditFact, record_credit_fact
from marketplace.usecases.restrict_agency import RestrictAgency, restrict_agency
from marketplace.usecases.sign_up import SignUp, sign_up
from marketplace.usecases.take_instant_award import TakeInstantAward, take_instant_award
from tests.simulation.clock import instant
from tests.simulation.plans import DRAWS, SEALED, UNQUALIFIED, SelectionPlan
from tests.simulation.steps import Step
from tests.usecases.market import ITEM, OWNER, PROFILE, code, nonce

DAY = 86_400_000
OTHER_OWNER = code(2, "11990000MA")
OTHERWISE = {"price_fen": 10_000_001, "discount_bp": 1_111, "reason": "另一理由（示例）", "text": "另一说明（示例）"}
Answer = Message | Refused
Send = Callable[[Database, Caller, Any], Awaitable[Answer]]


@dataclass
class Sent:
    """A message under its key: how often it is sent does not matter, what was answered does."""

    step: Step
    send: Send
    caller: Caller
    command: Message
    answers: list[Answer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_unknown: bool = False

    @property
    def answer(self) -> Answer | None:
        """What was answered first."""
        return self.answers[0] if self.answers else None

    def by(self, actor: Actor, key: str) -> Sent:
        """The same message from somebody else."""
        return Sent(self.step, self.send, Caller(actor, key), self.command)

    def altered(self) -> Sent:
        """Another message under the same key."""
        told = self.command.model_dump()
        changes = {key: value for key, value in OTHERWISE.items() if told.get(key) is not None}
        return Sent(self.step, self.send, self.caller, self.command.model_copy(update=changes))


def filings(number: int) -> tuple[Sent, ...]:
    """What puts an agency on file; two of the twelve hold no certificate."""
    step = Step(-2 * number, 0, "shelve", agency=number)
    caller = Caller(Actor("agency", code(number)), f"file-{number}")
    filing = FileAgency(
        uscc=code(number), name=f"测绘{number}号（示例）", kind="company", region="330302", legal_representative="示例",
        commitment_signed=True, is_example=True,
    )  # fmt: skip
    filed = Sent(step, partial(file_agency, profile=PROFILE), caller, filing)
    if number in UNQUALIFIED:
        return (filed,)
    held = AddQualification(
        agency=code(number), kind="测绘资质", grade="甲级" if number % 2 else "乙级", number=f"ZJ{number:06d}",
        issuer="示例", valid_from=date(2020, 1, 1), valid_until=date(2035, 1, 1),
    )  # fmt: skip
    step = Step(-2 * number - 1, 0, "shelve", agency=number)
    return filed, Sent(step, add_qualification, Caller(caller.actor, f"hold-{number}"), held)


def post(step: Step, plan: SelectionPlan) -> Sent:
    """The owner's demand."""
    clocks = {} if plan.mode in {"instant", "direct"} else {"sign_up_closes_at": instant(plan.sign_up_closes_at)}
    if plan.mode in SEALED:
        clocks["closes_at"] = instant(plan.closes_at)
    recusals = [] if plan.recused is None else [RecusalText(agency=code(plan.recused), reason="示例")]
    command = PostDemand(
        owner_code=OWNER, owner_name="业主（示例）", buyer_class=plan.buyer_class, item=ITEM,
        project_code="2610-330304-04-01-104270", project_name="项目（示例）", region="330304", title="需求（示例）",
        terms=plan.terms, is_example=True, recusals=recusals, nonce=nonce("owner", plan.index), **clocks,
    )  # fmt: skip
    return Sent(step, partial(post_demand, profile=PROFILE), by_owner(step), command)


def publish(step: Step, demand: str) -> Sent:
    """The draft goes public."""
    return Sent(step, publish_demand, by_owner(step), PublishDemand(demand=demand))


def take(step: Step, demand: str) -> Sent:
    """The owner's click on an instant award."""
    return Sent(step, take_instant_award, by_owner(step), TakeInstantAward(demand=demand))


def join(step: Step, selection: str, plan: SelectionPlan) -> Sent:
    """An agency asks in; for a draw with its part of it."""
    signed = bool(step.values["commitment_signed"])
    command = SignUp(
        selection=selection, agency=by_agency(step).actor.id, commitment_signed=signed,
        nonce=nonce(step.number) if plan.mode in DRAWS else None,
    )  # fmt: skip
    return Sent(step, sign_up, by_agency(step), command)


def offer(step: Step, selection: str) -> Sent:
    """An offer."""
    values = step.values
    command = PlaceOffer(
        selection=selection, agency=by_agency(step).actor.id, price_fen=cast("int | None", values.get("price_fen")),
        discount_bp=cast("int | None", values.get("discount_bp")),
        days=cast("int | None", values["days"]), nonce=nonce(step.number),
    )  # fmt: skip
    return Sent(step, place_offer, by_agency(step), command)


def shelve(step: Step) -> Sent:
    """A binding price on the shelf."""
    command = PutShelfOffer(
        agency=by_agency(step).actor.id, item=ITEM, unit_price_fen=cast("int", step.values["unit_price_fen"]),
        minimum_fee_fen=0, days=10, capacity=cast("int", step.values["capacity"]), valid_from=instant(0),
        valid_until=instant(DAY), nonce=nonce("shelf", step.number),
    )  # fmt: skip
    return Sent(step, put_shelf_offer, by_agency(step), command)


def restrict(step: Step) -> Sent:
    """Two regulators bar an agency; one alone is refused."""
    ends_at = step.values["ends_at"]
    command = RestrictAgency(
        agency=by_agency(step).actor.id, basis="出具虚假报告（示例）", region="330302",
        approvers=cast("list[str]", step.values["approvers"]),
        ends_at=instant(ends_at) if isinstance(ends_at, int) else None,
    )  # fmt: skip
    return Sent(step, restrict_agency, by_regulator(step), command)


def credit_fact(step: Step) -> Sent:
    """A regulator's entry in an agency's credit."""
    command = RecordCreditFact(agency=by_agency(step).actor.id, code=cast("str", step.values["code"]), basis="示例")
    return Sent(step, record_credit_fact, by_regulator(step), command)


def stranger(original: Sent) -> Actor:
    """Somebody to whom the message does not belong; in a regulator's place, an agency."""
    role = original.caller.actor.role
    return Actor("owner", OTHER_OWNER) if role == "owner" else Actor("agency", code(99))


def _key(step: Step) -> str:
    return f"step-{step.number}"


def by_owner(step: Step) -> Caller:
    """The owner of every demand, with the key of the step."""
    return Caller(Actor("owner", OWNER), _key(step))


def by_agency(step: Step) -> Caller:
    """The agency of the step."""
    assert step.agency is not None, "an agency's message names it"
    return Caller(Actor("agency", code(step.agency)), _key(step))


def by_regulator(step: Step) -> Caller:
    """A regulator."""
    return Caller(Actor("regulator", "R1"), _key(step))
