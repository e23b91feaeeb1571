"""Scenes with sealed offers: a weighted comparison, one that fails for want of bidders, one decided by a draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from commons.verdicts import Refused
from marketplace.demo.stage import Played, Scene, Stage
from marketplace.seed.plans import DemandDraft


class Sealed(NamedTuple):
    """An offer that an agency is going to make: fen and working days."""

    agency: str
    price_fen: int
    days: int


COMPARED = (
    Sealed("91990001MA00000232", 12_860_000, 20),
    Sealed("91990002MA0000090E", 11_200_000, 24),
    Sealed("91990003MA00001978", 11_980_000, 18),
    Sealed("91990005MA0000293E", 10_950_000, 26),
    Sealed("91990007MA00004105", 11_750_000, 22),
)
"""Five from five cities, with two grades."""

TOO_HIGH = Sealed("91990001MA00000232", 17_000_000, 20)
"""Above the ceiling: refused, and followed by the same agency's offer above."""

EXPIRED = "91990008MA0000496E"
"""Its certificate has run out."""

TOO_FEW = (
    Sealed("91990007MA00004105", 7_900_000, 15),
    Sealed("91990008MA0000496E", 8_150_000, 14),
    Sealed("91990010MA0000592K", 7_760_000, 18),
)
SILENT = "91990011MA00006560"
"""Signs up and never offers."""

EQUAL = (
    Sealed("91990007MA0000402A", 9_680_000, 18),
    Sealed("91990010MA0000584Q", 9_680_000, 18),
    Sealed("91990011MA00006485", 9_950_000, 20),
)
"""The first two are equal in everything that counts."""


async def compared(stage: Stage, draft: DemandDraft) -> Played:
    """综合比选: five bidders; an agency without a valid certificate and an offer above the ceiling are refused."""
    scene = await stage.open(draft)
    late = await stage.sign_up(scene, EXPIRED)
    stage.expect(_refused_for(late, "qualification_expired_at_close"), "综合比选：资质过期的机构报名没有被拒绝")
    await enter(stage, scene, COMPARED)
    high = await stage.offer(scene, *TOO_HIGH)
    stage.expect(_refused_for(high, "ceiling_exceeded"), "综合比选：超过最高限价的报价没有被拒绝")
    await place(stage, scene, COMPARED)
    played = await stage.over(scene)
    decision = played.state.decision or {}
    stage.expect(decision.get("outcome") == "award", "综合比选：没有人中选")
    return played


async def failed(stage: Stage, draft: DemandDraft) -> Played:
    """流标: fewer valid offers than the terms ask for."""
    scene = await stage.open(draft)
    await enter(stage, scene, TOO_FEW)
    await stage.sign_up(scene, SILENT)
    await place(stage, scene, TOO_FEW)
    played = await stage.over(scene)
    decision = played.state.decision or {}
    stage.expect(decision.get("reason") == "too_few_bidders", "流标：家数不足却没有流标")
    return played


async def drawn(stage: Stage, draft: DemandDraft) -> Played:
    """并列抽取: the first two are equal, the draw announced beforehand tells them apart."""
    scene = await stage.open(draft)
    await enter(stage, scene, EQUAL)
    await place(stage, scene, EQUAL)
    played = await stage.over(scene)
    equal = {one.agency for one in EQUAL[:2]}
    decision = played.state.decision or {}
    stage.expect(decision.get("winner") in equal, "并列抽取：中选的不是并列的两家之一")
    stage.expect(played.state.case and "draw" in played.state.case, "并列抽取：没有用到抽取")
    return played


async def enter(stage: Stage, scene: Scene, bidders: Sequence[Sealed]) -> None:
    """Sign everybody up; each is expected to be admitted."""
    for one in bidders:
        answer = await stage.sign_up(scene, one.agency)
        stage.expect(not isinstance(answer, Refused), f"{scene.draft.title}：{one.agency} 报名被拒绝")


async def place(stage: Stage, scene: Scene, bidders: Sequence[Sealed]) -> None:
    """Place everybody's offer; each is expected to be accepted."""
    for one in bidders:
        answer = await stage.offer(scene, one.agency, one.price_fen, one.days)
        stage.expect(not isinstance(answer, Refused), f"{scene.draft.title}：{one.agency} 报价被拒绝")


def _refused_for(answer: object, code: str) -> bool:
    return isinstance(answer, Refused) and code in answer.codes
