"""The nearest to the mean: six offer discount rates, those at the two ends are out of the mean and out of the race."""

from __future__ import annotations

from typing import NamedTuple

from commons.verdicts import Refused
from marketplace.demo.stage import Played, Stage
from marketplace.seed.plans import DemandDraft


class Rate(NamedTuple):
    """A discount off the ceiling that an agency is going to offer, in basis points."""

    agency: str
    discount_bp: int


RATES = (
    Rate("91990002MA0000111Y", 1_250),
    Rate("91990003MA0000170G", 1_480),
    Rate("91990004MA0000242P", 1_630),
    Rate("91990009MA00005333", 1_875),
    Rate("91990008MA0000488K", 600),
    Rate("91990010MA00006134", 3_200),
)
"""The last two are the highest and the lowest price."""
NEAREST = "91990004MA0000242P"
NOTHING_LEFT = Rate("91990010MA00006134", 10_000)
"""Would leave no price at all: refused, and followed by the same agency's offer above."""


async def mean_price(stage: Stage, draft: DemandDraft) -> Played:
    """均价选取: rates become prices, the mean without its ends is the benchmark, the nearest wins."""
    scene = await stage.open(draft)
    for one in RATES:
        answer = await stage.sign_up(scene, one.agency)
        stage.expect(not isinstance(answer, Refused), f"均价选取：{one.agency} 报名被拒绝")
    nothing = await stage.offer(scene, NOTHING_LEFT.agency, None, None, discount_bp=NOTHING_LEFT.discount_bp)
    codes = nothing.codes if isinstance(nothing, Refused) else ()
    stage.expect(codes == ("discount_out_of_range",), "均价选取：下浮 100% 的报价没有被拒绝")
    for one in RATES:
        placed = await stage.offer(scene, one.agency, None, None, discount_bp=one.discount_bp)
        stage.expect(not isinstance(placed, Refused), f"均价选取：{one} 被拒绝")
    played = await stage.over(scene)
    winner = (played.state.decision or {}).get("winner")
    stage.expect(winner == NEAREST, f"均价选取：中选的是 {winner}")
    return played
