"""Credit draw: the best by credit draw with tickets, the owner picks one of the two drawn and says why.

Whom the draw brings is not known beforehand; the owner's rule is: the one with more jobs of the item, else the first.
"""

from __future__ import annotations

import time
from typing import cast

from commons.verdicts import Refused
from marketplace.demo.callers import granted, owner
from marketplace.demo.stage import Played, Scene, Stage, TurnedAway
from marketplace.seed.plans import DemandDraft
from marketplace.usecases.pick_from_shortlist import PickFromShortlist, pick_from_shortlist

ENTERED = (
    "91990001MA000004XL",
    "91990003MA0000189D",
    "91990005MA00003064",
    "91990006MA000039X3",
    "91990007MA0000445P",
    "91990011MA0000672M",
)
"""Six who sign up; credit lets five of them into the draw."""


async def credit_draw(stage: Stage, draft: DemandDraft) -> Played:
    """信用择优: big list, tickets, short list; a pick beside the list is refused, then the owner picks from it."""
    scene = await stage.open(draft)
    for uscc in ENTERED:
        answer = await stage.sign_up(scene, uscc)
        stage.expect(not isinstance(answer, Refused), f"信用择优：{uscc} 报名被拒绝")
    assert scene.plan.closes_at is not None, "a draw closes when signing up does"
    await stage.until(scene.plan.closes_at)
    evaluation = (await stage.settled(scene)).evaluation or {}
    shortlist = cast("list[str]", evaluation.get("shortlist", []))
    stage.expect(len(shortlist) == draft.terms["small_list"], f"信用择优：小名单有 {len(shortlist)} 家")
    await _beside(stage, scene, next(uscc for uscc in ENTERED if uscc not in shortlist))
    chosen = max(shortlist, key=lambda uscc: (_jobs(stage, scene, uscc), -shortlist.index(uscc)))
    jobs = "、".join(f"{_jobs(stage, scene, uscc)} 项" for uscc in shortlist)
    reason = f"小名单的同类业绩依次为 {jobs}，选多的一家（示例）"
    command = PickFromShortlist(selection=scene.selection, agency=chosen, reason=reason)
    granted(await pick_from_shortlist(stage.database, owner(draft.owner_uscc), command), "择定")
    state = await stage.settled(scene)
    outcome = (state.decision or {}).get("outcome")
    stage.expect((outcome, state.proposed) == ("owner_choice", chosen), "信用择优：中选的不是业主择定的一家")
    return Played(scene, state, time.monotonic() - scene.began)


async def _beside(stage: Stage, scene: Scene, uscc: str) -> None:
    """The owner asks for somebody who was not drawn."""
    command = PickFromShortlist(selection=scene.selection, agency=uscc, reason="有过合作（示例）")
    answer = await pick_from_shortlist(stage.database, owner(scene.draft.owner_uscc), command)
    codes = answer.codes if isinstance(answer, Refused) else ()
    stage.expect(codes == ("not_on_the_shortlist",), "信用择优：名单之外的选定没有被拒绝")
    if isinstance(answer, Refused):
        scene.turned_away.append(TurnedAway(uscc, "业主想选名单之外的这一家", answer.reasons))


def _jobs(stage: Stage, scene: Scene, uscc: str) -> int:
    """Jobs of the item, as declared when signing up."""
    return stage.agencies[uscc].experience_of(scene.draft.item)
