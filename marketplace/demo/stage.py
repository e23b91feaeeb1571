"""The stage: what a scene needs to act, and what it keeps of the acting.

Acts go through the use cases as anybody's would; refusals are kept with their reasons, accepted or not, for the
tables. Instants are the database's: ``offset`` is how far its clock is from this process's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from bidding.assembling import DRAW_MODES
from bidding.joint_purchase import Part
from bidding.selection import Selection
from commons.verdicts import Reason, Refused
from marketplace.database import Database
from marketplace.demo.callers import agency, granted, owner
from marketplace.demo.posting import posting_of
from marketplace.seed.plans import AgencyPlan, DemandDraft, DemandPlan
from marketplace.seed.resolving import Pace, resolve_demand
from marketplace.usecases.place_offer import OfferPlaced, PartText, PlaceOffer, place_offer
from marketplace.usecases.post_demand import DemandPosted, post_demand
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp, SignUp, sign_up
from marketplace.web import formatting

DEMO_PROFILE = "demo-v1"
NONCE_BYTES = 32
JUST_AFTER = timedelta(milliseconds=30)
"""How long after a close somebody looks."""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """An act that was refused: whose, what it was in words, every reason."""

    agency: str
    act: str
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class Scene:
    """One demand being played: what was posted, and what was turned away so far."""

    plan: DemandPlan
    demand: str
    selection: str
    published_at: datetime
    turned_away: list[TurnedAway] = field(default_factory=list)
    began: float = 0.0

    @property
    def draft(self) -> DemandDraft:
        """The demand in words."""
        return self.plan.draft


@dataclass(frozen=True, slots=True)
class Played:
    """A scene that is over: its settled state, its refusals, how many seconds it took on the wall."""

    scene: Scene
    state: Selection
    seconds: float


@dataclass(frozen=True, slots=True)
class Stage:
    """Where scenes are played; ``slowness`` stretches the clocks on a machine that is busy."""

    database: Database
    agencies: Mapping[str, AgencyPlan]
    slowness: int = 1
    offset: timedelta = timedelta()
    surprises: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """The database's clock, as well as this process knows it."""
        return datetime.now(UTC) + self.offset

    def expect(self, held: object, otherwise: str) -> None:
        """Keep the words when what was relied on did not hold; a demonstration with such words fails."""
        if not held:
            self.surprises.append(otherwise)

    @property
    def pace(self) -> Pace:
        """A working day in one second, a minute in a tenth, stretched."""
        return Pace(workday=timedelta(seconds=self.slowness), minute=timedelta(milliseconds=100 * self.slowness))

    async def post(
        self, draft: DemandDraft, *, pace: Pace | None = None, profile: str = DEMO_PROFILE
    ) -> tuple[DemandPlan, DemandPosted]:
        """Keep a draft of a demand whose clocks begin now."""
        plan = resolve_demand(draft, at=self.now(), pace=pace or self.pace)
        command = posting_of(plan, nonce=token_hex(NONCE_BYTES), is_example=True)
        answer = await post_demand(self.database, owner(draft.owner_uscc), command, profile=profile)
        return plan, granted(answer, f"发布 {draft.title}")

    async def open(self, draft: DemandDraft, *, pace: Pace | None = None, profile: str = DEMO_PROFILE) -> Scene:
        """Post and publish a demand now."""
        began = time.monotonic()
        plan, posted = await self.post(draft, pace=pace, profile=profile)
        publishing = PublishDemand(demand=posted.demand)
        answer = await publish_demand(self.database, owner(draft.owner_uscc), publishing)
        published = granted(answer, f"发布 {draft.title}")
        return Scene(plan, posted.demand, posted.selection, published.published_at, began=began)

    async def sign_up(self, scene: Scene, uscc: str) -> SignedUp | Refused:
        """Sign an agency up with the similar jobs that it declares, in a draw with its part of the draw."""
        jobs = self.agencies[uscc].experience_of(scene.draft.item)
        nonce = token_hex(NONCE_BYTES) if scene.draft.mode in DRAW_MODES else None
        command = SignUp(selection=scene.selection, agency=uscc, commitment_signed=True, similar_jobs=jobs, nonce=nonce)
        answer = await sign_up(self.database, agency(uscc), command)
        if isinstance(answer, Refused):
            scene.turned_away.append(TurnedAway(uscc, "报名", answer.reasons))
        return answer

    async def offer(
        self, scene: Scene, uscc: str, price_fen: int | None, days: int | None, *,
        discount_bp: int | None = None, split: Sequence[Part] = (),
    ) -> OfferPlaced | Refused:  # fmt: skip
        """Place an offer with a nonce of its own: an amount in fen, or a discount rate in basis points of the ceiling.

        ``split`` shows how the price of a joint purchase falls to its items.
        """
        command = PlaceOffer(
            selection=scene.selection, agency=uscc, price_fen=price_fen, discount_bp=discount_bp, days=days,
            nonce=token_hex(NONCE_BYTES), split=[PartText(item=one.item, fen=one.fen) for one in split] or None,
        )  # fmt: skip
        answer = await place_offer(self.database, agency(uscc), command)
        if isinstance(answer, Refused):
            scene.turned_away.append(TurnedAway(uscc, offered(price_fen, discount_bp, days), answer.reasons))
        return answer

    async def until(self, at: datetime) -> None:
        """Sleep until just after an instant of the database's clock."""
        await asyncio.sleep(max(0.0, (at + JUST_AFTER - self.now()).total_seconds()))

    async def settled(self, scene: Scene) -> Selection:
        """The selection as its clocks have left it."""
        return await settle_selection(self.database, scene.selection)

    async def over(self, scene: Scene) -> Played:
        """Wait for the close of a sealed selection and settle it."""
        assert scene.plan.closes_at is not None, "a sealed selection has its close"
        await self.until(scene.plan.closes_at)
        state = await self.settled(scene)
        self.expect(state.is_decided, f"{scene.draft.title}：截止后没有作出决定")
        return Played(scene, state, time.monotonic() - scene.began)


def offered(price_fen: int | None, discount_bp: int | None, days: int | None) -> str:
    """An offer in words, as it was named."""
    named = [f"报价 {formatting.yuan(price_fen)}"] if price_fen is not None else []
    named += [f"下浮率 {formatting.points(discount_bp)}%"] if discount_bp is not None else []
    return "、".join([*named, *([formatting.days(days)] if days is not None else [])])
