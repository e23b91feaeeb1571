"""Steps of what follows an outcome as commands of the use cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from commons.canonical import Json
from marketplace.usecases.abandon_award import AbandonAward, abandon_award
from marketplace.usecases.act import Caller
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.cancel_selection import CancelSelection, cancel_selection
from marketplace.usecases.confirm_award import ConfirmAward, confirm_award
from marketplace.usecases.explain_low_price import ExplainLowPrice, explain_low_price
from marketplace.usecases.pick_from_shortlist import PickFromShortlist, pick_from_shortlist
from marketplace.usecases.publish_again import PublishAgain, publish_again
from marketplace.usecases.resume_selection import ResumeSelection, resume_selection
from marketplace.usecases.rule_low_price import RuleLowPrice, rule_low_price
from marketplace.usecases.suspend_selection import SuspendSelection, suspend_selection
from tests.simulation.clock import instant
from tests.simulation.messages import Sent, by_agency, by_owner, by_regulator
from tests.simulation.steps import Step
from tests.usecases.market import code, nonce


def words_of(step: Step) -> str:
    """What an agency says of its price: words that are found again wherever they are told."""
    return f"自有设备，测区相邻，第{step.number}号说明（示例）"


def abandon(step: Step, selection: str) -> Sent:
    """An agency gives its award up."""
    caller = by_agency(step)
    command = AbandonAward(selection=selection, agency=caller.actor.id, reason=f"人员不足，{step.number}（示例）")
    return Sent(step, abandon_award, caller, command)


def confirm(step: Step, selection: str) -> Sent:
    """An agency says that it takes the work."""
    caller = by_agency(step)
    return Sent(step, confirm_award, caller, ConfirmAward(selection=selection, agency=caller.actor.id))


def explain(step: Step, selection: str) -> Sent:
    """An agency explains its price."""
    caller = by_agency(step)
    command = ExplainLowPrice(selection=selection, agency=caller.actor.id, text=words_of(step))
    return Sent(step, explain_low_price, caller, command)


def rule(step: Step, selection: str) -> Sent:
    """The owner rules on an explanation."""
    assert step.agency is not None, "a ruling names whose explanation it is"
    command = RuleLowPrice(
        selection=selection, agency=code(step.agency), is_accepted=bool(step.values["accepts"]),
        reason=f"依据，{step.number}（示例）",
    )  # fmt: skip
    return Sent(step, rule_low_price, by_owner(step), command)


def cancel(step: Step, selection: str) -> Sent:
    """The owner ends the selection; what is drawn only together with a regulator."""
    approver = "R2" if step.values.get("is_approved", True) else None
    command = CancelSelection(selection=selection, reason=f"项目取消，{step.number}（示例）", approver=approver)
    return Sent(step, cancel_selection, by_owner(step), command)


def suspend(step: Step, selection: str) -> Sent:
    """Owner or regulator stops the clocks."""
    command = SuspendSelection(selection=selection, reason=f"核查，{step.number}（示例）")
    return Sent(step, suspend_selection, _by(step), command)


def resume(step: Step, selection: str) -> Sent:
    """Owner or regulator, or somebody who may not, lets the clocks run again."""
    command = ResumeSelection(selection=selection, reason=f"核查完毕，{step.number}（示例）")
    return Sent(step, resume_selection, _by(step), command)


def pick(step: Step, selection: str) -> Sent:
    """The owner picks one of the short list."""
    assert step.agency is not None, "a choice names somebody"
    command = PickFromShortlist(selection=selection, agency=code(step.agency), reason=f"择定，{step.number}（示例）")
    return Sent(step, pick_from_shortlist, by_owner(step), command)


def name(step: Step, selection: str) -> Sent:
    """The owner names an agency, its price and its days."""
    assert step.agency is not None, "a direct choice names somebody"
    command = AwardDirectly(
        selection=selection, agency=code(step.agency), price_fen=cast("int", step.values["price_fen"]), days=30,
        reason=f"直选，{step.number}（示例）",
    )  # fmt: skip
    return Sent(step, award_directly, by_owner(step), command)


def again(step: Step, demand: str) -> Sent:
    """The owner publishes the demand again."""
    terms = cast("dict[str, Any] | None", step.values.get("terms"))
    command = PublishAgain(
        demand=demand, reason=f"报价不足，{step.number}（示例）", terms=terms, nonce=nonce("again", step.number),
        sign_up_closes_at=_instant(step.values.get("sign_up_closes_at")),
        closes_at=_instant(step.values.get("closes_at")),
        first_round_opens_at=_instant(step.values.get("first_round_opens_at")),
    )  # fmt: skip
    return Sent(step, publish_again, by_owner(step), command)


def _instant(value: Json) -> datetime | None:
    return instant(value) if isinstance(value, int) else None


def _by(step: Step) -> Caller:
    match step.values["by"]:
        case "owner":
            return by_owner(step)
        case "regulator":
            return by_regulator(step)
        case _:
            return by_agency(step)
