"""The contract of an award as the panel of its page."""

from __future__ import annotations

from marketplace.usecases.read_contract import ContractFile
from marketplace.web.locale.contract_words import DUTIES, EVENTS, SIDES, STATES
from marketplace.web.views.contracts import ContractPanel, Owed, Step


def panel_of(file: ContractFile) -> ContractPanel:
    """A contract as anybody may see it."""
    one, overdue = file.contract, set(file.overdue)
    held = [each.code == "held_for_review" for each in file.restrictions]
    return ContractPanel(
        id=one.id,
        state=STATES[one.state].zh,
        amount_fen=one.award.amount_fen if one.amount_fen is None else one.amount_fen,
        days=one.award.days if one.days is None else one.days,
        due_at=one.due_at,
        owed=tuple(Owed(SIDES[each.who].zh, DUTIES[each.what].zh, each.until, each in overdue) for each in file.duties),
        steps=tuple(Step(each.event.at, EVENTS[each.event.type].zh) for each in file.recorded),
        accepted_at=one.accepted_at,
        is_deemed=one.is_deemed,
        rating=None if one.rating is None else one.rating.value,
        planned=len(one.milestones),
        reached=sum(each.reached_at is not None for each in one.milestones),
        paid_fen=one.total("payment"),
        is_restricted=not all(held),
        is_held=any(held),
    )
