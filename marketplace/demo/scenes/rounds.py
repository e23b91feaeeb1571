"""Three rounds with six bidders: sealed, then open twice; one extension, a cut, and one offer that comes too late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from bidding.reading.terms import parse_terms
from bidding.terms import MultiRoundTerms
from commons.canonical import Json
from commons.verdicts import Refused
from marketplace.demo.stage import Played, Scene, Stage
from marketplace.seed.plans import DemandDraft

OUYUE, SUWAN, NANXI = "91990003MA00001460", "91990002MA0000082K", "91990003MA0000189D"
TIAOYUAN, QUNXI, HEZE = "91990005MA0000285K", "91990009MA00005258", "91990004MA00002262"


class Move(NamedTuple):
    """One offer in a round: fen and working days, and the refusal that is expected of it, if any."""

    agency: str
    price_fen: int
    days: int
    refusal: str | None = None


ROUNDS = (
    (
        Move(OUYUE, 56_200_000, 30),
        Move(SUWAN, 54_800_000, 35),
        Move(NANXI, 55_600_000, 24),
        Move(TIAOYUAN, 57_500_000, 20),
        Move(QUNXI, 55_100_000, 40),
        Move(HEZE, 55_900_000, 28),
    ),
    (
        Move(SUWAN, 54_000_000, 33),
        Move(HEZE, 53_900_000, 28),
        Move(OUYUE, 54_500_000, 30, "step_not_met"),
        Move(OUYUE, 53_100_000, 30),
        Move(NANXI, 53_200_000, 24),
    ),
    (
        Move(QUNXI, 50_000_000, 40, "eliminated"),
        Move(HEZE, 51_600_000, 28),
        Move(NANXI, 51_400_000, 24),
        Move(OUYUE, 50_000_000, 30),
        Move(NANXI, 50_100_000, 24),
    ),
)
LAST_MOMENT = Move(SUWAN, 51_650_000, 33)
"""Comes inside the window of the second round and moves its close."""
TOO_LATE = Move(OUYUE, 49_000_000, 30, "selection_closed")
DAY_VALUE_FEN = 100_000
EXTENDED_ROUND = 1
START = timedelta(milliseconds=200)
PATIENCE = 10
"""Looks at the selection, a fifth of a second apart, until its last close is settled."""


def terms_of(draft: DemandDraft) -> DemandDraft:
    """The seed's demand with a value for each day, and a window for one extension that seconds can show."""
    extension: dict[str, Json] = {"window_s": 1_200, "extend_s": 600, "limit": 1}
    description = "三轮竞价：第一轮密封，第二、三轮公开；有效价 = 报价 + 服务期限 × 1,000.00 元。"
    terms: dict[str, Json] = {**draft.terms, "day_value_fen": DAY_VALUE_FEN, "extension": extension}
    return replace(draft, terms=terms, description=description)


async def rounds(stage: Stage, draft: DemandDraft) -> Played:
    """多轮竞价: plays the moves on their rounds' clocks."""
    scene = await stage.open(terms_of(draft))
    for uscc in (OUYUE, SUWAN, NANXI, TIAOYUAN, QUNXI, HEZE):
        answer = await stage.sign_up(scene, uscc)
        stage.expect(not isinstance(answer, Refused), f"多轮竞价：{uscc} 报名被拒绝")
    terms = parse_terms(dict(scene.plan.terms))
    assert isinstance(terms, MultiRoundTerms), "the seed's demand has rounds"
    assert terms.extension is not None, "and an extension"
    shift = timedelta()
    for number, moves in enumerate(ROUNDS):
        await stage.until(terms.rounds[number].opens_at + shift + START)
        for move in moves:
            await _move(stage, scene, move)
        if number == EXTENDED_ROUND:
            await stage.until(terms.rounds[number].closes_at - timedelta(seconds=terms.extension.window_s) / 2)
            await _move(stage, scene, LAST_MOMENT)
            shift = timedelta(seconds=terms.extension.extend_s)
    return await _end(stage, scene, terms.rounds[-1].closes_at + shift)


async def _move(stage: Stage, scene: Scene, move: Move) -> None:
    answer = await stage.offer(scene, move.agency, move.price_fen, move.days)
    codes = answer.codes if isinstance(answer, Refused) else ()
    expected = (move.refusal,) if move.refusal else ()
    stage.expect(codes == expected, f"多轮竞价：{move} 的答复是 {codes or '接收'}")


async def _end(stage: Stage, scene: Scene, closes_at: datetime) -> Played:
    """The last close, the offer that comes too late, and what the record says."""
    await stage.until(closes_at)
    state = await stage.settled(scene)
    for _ in range(PATIENCE):
        if state.is_decided:
            break
        await asyncio.sleep(0.2)
        state = await stage.settled(scene)
    await _move(stage, scene, TOO_LATE)
    played = Played(scene, state, asyncio.get_running_loop().time() - scene.began)
    decision = state.decision or {}
    stage.expect(decision.get("outcome") == "award", "多轮竞价：没有人中选")
    alive = [
        len(cast("list[str]", one["alive"])) for one in cast("list[dict[str, object]]", decision.get("rounds", []))
    ]
    stage.expect(alive == [6, 4, 4], f"多轮竞价：各轮之后剩下 {alive} 家")
    return played
