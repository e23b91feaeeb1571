"""A direct choice: refused to an owner with public money, open to a voluntary one, within the terms and with reason."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from commons.verdicts import Reason, Refused
from marketplace.demo.callers import granted, owner
from marketplace.demo.stage import Played, Stage, TurnedAway, offered
from marketplace.seed.plans import DemandDraft
from marketplace.usecases.award_directly import AwardDirectly, award_directly
from marketplace.usecases.publish_demand import PublishDemand, publish_demand

MARK = "（示例）"
NAMED = "91990003MA0000170G"
PRICE_FEN, TOO_HIGH_FEN = 14_200_000, 16_500_000
DAYS = 25
REASON = "一期海域使用论证由该机构完成，二期沿用同一套实测资料（示例）"


@dataclass(frozen=True, slots=True)
class Direct:
    """The choice, and what an owner with public money was told when it wanted to publish the same."""

    played: Played
    fiscal: DemandDraft
    refused: tuple[Reason, ...]


async def direct(stage: Stage, draft: DemandDraft, like: DemandDraft) -> Direct:
    """直接选取: ``like`` gives the owner with public money that asks for the same."""
    fiscal = replace(
        draft, buyer_class="fiscal", owner_uscc=like.owner_uscc, owner_name=like.owner_name, region=like.region,
        place=like.place, project_code=like.project_code, project_name=like.project_name,
        title=f"{like.project_name.removesuffix(MARK)}海域使用论证{MARK}",
    )  # fmt: skip
    _, posted = await stage.post(fiscal)
    publishing = PublishDemand(demand=posted.demand)
    refused = await publish_demand(stage.database, owner(fiscal.owner_uscc), publishing)
    reasons = refused.reasons if isinstance(refused, Refused) else ()
    codes = [one.code for one in reasons]
    stage.expect(codes == ["direct_not_allowed"], "直接选取：财政资金业主的发布没有被拒绝")
    return Direct(await _named(stage, draft), fiscal, reasons)


async def _named(stage: Stage, draft: DemandDraft) -> Played:
    """The voluntary owner names an agency: above the ceiling first, then within it."""
    scene = await stage.open(draft)
    caller = owner(draft.owner_uscc)
    high = AwardDirectly(selection=scene.selection, agency=NAMED, price_fen=TOO_HIGH_FEN, days=DAYS, reason=REASON)
    answer = await award_directly(stage.database, caller, high)
    codes = answer.codes if isinstance(answer, Refused) else ()
    stage.expect(codes == ("ceiling_exceeded",), "直接选取：高于最高限价的选定没有被拒绝")
    if isinstance(answer, Refused):
        scene.turned_away.append(TurnedAway(NAMED, f"业主选定，{offered(TOO_HIGH_FEN, None, DAYS)}", answer.reasons))
    agreed = high.model_copy(update={"price_fen": PRICE_FEN})
    granted(await award_directly(stage.database, caller, agreed), "选定")
    state = await stage.settled(scene)
    stage.expect(state.proposed == NAMED, "直接选取：中选的不是业主选定的一家")
    stage.expect(state.case is None, "直接选取：不该有可计算的案例")
    return Played(scene, state, time.monotonic() - scene.began)
