"""What the example market lacks for its owners: a draft of two lots, a direct choice beside a shelf."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from commons.events import Actor
from commons.instants import format_instant
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.usecases.act import Caller
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.post_notice import NoticePosted, PostNotice, post_notice
from marketplace.usecases.publish_demand import DemandPublished, PublishDemand, publish_demand
from tests.store.moved_time import now

TERMS = {
    "mode": "comprehensive", "ceiling_fen": 15_800_000, "max_days": 40, "min_bidders": 3,
    "criteria": [{"kind": "price", "points": 60, "formula": "lowest"}, {"kind": "days", "points": 40}],
    "ties": ["price", "draw"],
}  # fmt: skip
WHY = "项目有特殊要求，须另行评估（示例）"
_NAMES = """
SELECT 'desk' AS name, (SELECT id FROM demand WHERE owner_code = $1 AND outcome = 'award' ORDER BY id LIMIT 1) AS found
UNION ALL SELECT 'own-contract',
  (SELECT selection FROM demand WHERE owner_code = $1 AND outcome = 'award' ORDER BY id LIMIT 1)
"""


async def furnish_owner(database: Database, owner: str, *, profile: str) -> dict[str, str]:
    """Bring it about for one owner; what came of it by name, and its first award."""
    caller = Caller(Actor("owner", owner))
    async with database.read() as connection:
        names = {row["name"]: row["found"] for row in await connection.fetch(_NAMES, owner) if row["found"]}
        one = await demands.demand_by_id(connection, names["desk"])
    assert one is not None, "an award has its demand"
    at = now() + timedelta(days=20)
    whole: dict[str, Any] = {
        "owner_code": owner, "owner_name": one.owner_name, "buyer_class": "voluntary",
        "project_code": one.project_code, "project_name": one.project_name, "region": one.region, "place": one.place,
        "item": "SV22", "is_example": True,
    }  # fmt: skip
    clocks: dict[str, Any] = {
        "sign_up_closes_at": format_instant(at),
        "closes_at": format_instant(at + timedelta(days=2)),
    }
    lots = [
        PostDemand(**whole, **clocks, title=f"{one.title} {stem}段", terms=TERMS, nonce=f"{number}a" * 32)
        for number, stem in enumerate("甲乙")
    ]
    kept = await post_notice(
        database, caller, PostNotice(title="标段公告（示例）", lot_cap=1, lots=lots), profile=profile
    )
    assert isinstance(kept, NoticePosted), kept
    direct = PostDemand(**whole, title=f"{one.title}（直接选取）", terms={"mode": "direct", "ceiling_fen": 15_800_000})
    posted = await post_demand(database, caller, direct, profile=profile)
    assert isinstance(posted, DemandPosted), posted
    published = await publish_demand(database, caller, PublishDemand(demand=posted.demand, despite_coverage=WHY))
    assert isinstance(published, DemandPublished), published
    return {**names, "draft": kept.lots[0].demand, "direct": posted.demand}
