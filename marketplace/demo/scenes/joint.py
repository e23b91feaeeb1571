"""A joint purchase: two items under one price; who holds the certificate of one item alone is refused."""

from __future__ import annotations

from typing import NamedTuple

from bidding.joint_purchase import Part
from commons.verdicts import Refused
from marketplace.demo.stage import Played, Stage
from marketplace.seed.plans import DemandDraft


class Joint(NamedTuple):
    """A joint offer that an agency is going to make: fen for each item, in their order, and working days."""

    agency: str
    parts: tuple[int, ...]
    days: int


JOINT = (
    Joint("91990001MA00000232", (27_400_000, 10_800_000), 28),
    Joint("91990003MA00001978", (26_900_000, 9_900_000), 32),
    Joint("91990010MA0000592K", (29_800_000, 8_300_000), 30),
)
HALF_QUALIFIED = "91990008MA0000496E"
"""May survey, but its certificate for the other item has run out."""


async def joint(stage: Stage, draft: DemandDraft) -> Played:
    """合并采购: the whole price decides, the split is shown."""
    scene = await stage.open(draft)
    half = await stage.sign_up(scene, HALF_QUALIFIED)
    codes = half.codes if isinstance(half, Refused) else ()
    stage.expect(codes == ("qualification_expired_at_close",), "合并采购：只具备一项资质的机构报名没有被拒绝")
    for one in JOINT:
        answer = await stage.sign_up(scene, one.agency)
        stage.expect(not isinstance(answer, Refused), f"合并采购：{one.agency} 报名被拒绝")
        split = [Part(item, fen) for item, fen in zip(draft.items, one.parts, strict=True)]
        placed = await stage.offer(scene, one.agency, sum(one.parts), one.days, split=split)
        stage.expect(not isinstance(placed, Refused), f"合并采购：{one} 被拒绝")
    played = await stage.over(scene)
    stage.expect((played.state.decision or {}).get("outcome") == "award", "合并采购：没有人中选")
    return played
