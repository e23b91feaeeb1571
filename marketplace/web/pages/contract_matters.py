"""What an act in a contract is about, for both sides alike: what is answered, what its form begins with and offers."""

from __future__ import annotations

from marketplace.contracts.contract import Contract
from marketplace.usecases.read_contract import ContractFile
from marketplace.web import formatting
from marketplace.web.pages.agency_own import yuan_typed
from marketplace.web.plans import local_text, proposed
from marketplace.web.views.forms import Choice


def told(file: ContractFile, name: str) -> tuple[tuple[str, str], ...]:
    """What is confirmed or answered, in words."""
    paper, change = file.contract.paper, file.contract.open_change
    if name == "confirm-contract" and paper is not None:
        return (
            ("上传的合同", f"第 {paper.number} 次上传"), ("金额", formatting.yuan(paper.amount_fen)),
            ("期限", formatting.days(paper.days, "workday")), ("签订日期", paper.signed_on.isoformat()),
        )  # fmt: skip
    if name == "answer-change" and change is not None:
        amount = "不变" if change.amount_fen is None else formatting.yuan(change.amount_fen)
        days = "不变" if change.days is None else formatting.days(change.days, "workday")
        return (("对方的理由", change.reason), ("变更后金额", amount), ("变更后期限", days))
    return ()


def begun_with(file: ContractFile, name: str) -> dict[str, tuple[str, ...]]:
    """What the form of an act begins with."""
    one = file.contract
    match name:
        case "upload-contract":
            days = one.award.days or one.award.max_days
            return proposed(amount_fen=yuan_typed(one.award.amount_fen), days=days)
        case "confirm-contract":
            return proposed(number=None if one.paper is None else one.paper.number)
        case "answer-change":
            return proposed(number=None if one.open_change is None else one.open_change.number)
        case "arrange-visit":
            return proposed(meets_at=local_text(file.now))
        case _:
            return {}


def chosen_from(one: Contract, name: str) -> dict[str, tuple[Choice, ...]]:
    """What there is to choose from, by the fields' names."""
    if name == "reach-milestone":
        steps = tuple(
            Choice(str(each.number), f"{each.name}（计划 {each.planned_on}）")
            for each in one.milestones
            if each.reached_at is None
        )
        return {"number": steps}
    if name == "note-visit":
        visits = tuple(
            Choice(str(each.number), f"{formatting.deadline(each.meets_at)} {each.place}")
            for each in one.visits
            if each.held_at is None
        )
        return {"number": visits}
    return {}
