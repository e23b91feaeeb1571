"""Play all scenes at the same time on a loaded market; what they brought, in the order in which it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

from marketplace.database import Database
from marketplace.demo.loading import Load
from marketplace.demo.scenes.comeback import Comeback, comeback
from marketplace.demo.scenes.credit_draw import credit_draw
from marketplace.demo.scenes.direct import Direct, direct
from marketplace.demo.scenes.instant import TwoPicks, instant
from marketplace.demo.scenes.joint import joint
from marketplace.demo.scenes.mean_price import mean_price
from marketplace.demo.scenes.restriction import Restricted, restricted
from marketplace.demo.scenes.rounds import rounds
from marketplace.demo.scenes.sealed import compared, drawn, failed
from marketplace.demo.stage import Played, Stage
from marketplace.seed.loading import load_seed, resolve
from marketplace.seed.plans import AgencyPlan
from marketplace.usecases.mark_load import MarkLoad, mark_load

PLAY = "play"
QUICK, BUSY = 3.0, 8.0
"""Seconds of loading up to which clocks run as planned, and up to which they run at half speed."""


@dataclass(frozen=True, slots=True)
class Scenes:
    """Scenes under way; each is awaited when its turn to be told comes."""

    compared: asyncio.Task[Played]
    instant: asyncio.Task[TwoPicks]
    failed: asyncio.Task[Played]
    drawn: asyncio.Task[Played]
    restricted: asyncio.Task[Restricted]
    mean_price: asyncio.Task[Played]
    credit_draw: asyncio.Task[Played]
    joint: asyncio.Task[Played]
    direct: asyncio.Task[Direct]
    comeback: asyncio.Task[Comeback]
    rounds: asyncio.Task[Played] | None

    def all(self) -> Iterator[asyncio.Task[object]]:
        """Every scene that is played."""
        tasks: tuple[asyncio.Task[object] | None, ...] = (
            self.compared,
            self.instant,
            self.failed,
            self.drawn,
            self.restricted,
            self.mean_price,
            self.credit_draw,
            self.joint,
            self.direct,
            self.comeback,
            self.rounds,
        )
        yield from (task for task in tasks if task is not None)

    async def cancel(self) -> None:
        """End what still runs."""
        for task in self.all():
            task.cancel()
        await asyncio.gather(*self.all(), return_exceptions=True)


async def claim(database: Database, load: Load, *, loading_seconds: float) -> Stage:
    """The stage on a loaded seed, for one hand only: ``Conflict`` when somebody plays or has played here."""
    mark = await mark_load(database, MarkLoad(load=load.name, step=PLAY, hand=token_hex(8)))
    agencies: Mapping[str, AgencyPlan] = {plan.uscc: plan for plan in resolve(load_seed(), at=load.begun_at).agencies}
    slowness = 1 if loading_seconds <= QUICK else 2 if loading_seconds <= BUSY else 3
    return Stage(database, agencies, slowness, mark.at - datetime.now(UTC))


def start(stage: Stage, *, with_rounds: bool) -> Scenes:
    """Begin every scene at once."""
    drafts = {draft.key: draft for draft in load_seed().demands}
    return Scenes(
        compared=asyncio.create_task(compared(stage, drafts["D03"])),
        instant=asyncio.create_task(instant(stage, drafts["D09"], drafts["D18"])),
        failed=asyncio.create_task(failed(stage, drafts["D05"])),
        drawn=asyncio.create_task(drawn(stage, drafts["D06"])),
        restricted=asyncio.create_task(restricted(stage, drafts["D16"])),
        mean_price=asyncio.create_task(mean_price(stage, drafts["D19"])),
        credit_draw=asyncio.create_task(credit_draw(stage, drafts["D20"])),
        joint=asyncio.create_task(joint(stage, drafts["D21"])),
        direct=asyncio.create_task(direct(stage, drafts["D22"], drafts["D07"])),
        comeback=asyncio.create_task(comeback(stage, drafts["D16"])),
        rounds=asyncio.create_task(rounds(stage, drafts["D02"])) if with_rounds else None,
    )
