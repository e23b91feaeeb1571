"""One market played: its script carried out on a database of its own, everything checked after each step.

What is sent is sent again under the same key when its sender was cut off, unless it never comes back; then its outcome
is unknown and either is right. A failure names the seed, the script of the selection, and the command that repeats it.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from commons.errors import MarketplaceError, Unavailable
from marketplace.jobs import ticker
from marketplace.usecases.offer_writer import OfferWriter
from marketplace.usecases.post_demand import DemandPosted
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.settle_selection import due_selections, settle_selection
from tests.simulation import messages
from tests.simulation.addresses import Addresses
from tests.simulation.checks import Checks, Seen
from tests.simulation.clock import MovedClock
from tests.simulation.endings import how_it_ended
from tests.simulation.faults import PLAN, Plan, WatchedDatabase
from tests.simulation.messages import Sent
from tests.simulation.plans import AGENCIES
from tests.simulation.sealed_reads import read_everything
from tests.simulation.steps import Script, Step

ATTEMPTS = 6
MOST_CONNECTIONS = 10
LOOKS = 40
QUICK, SLOW = (0.0, 0.0, 0.001, 0.003), (0.0, 0.003, 0.006)
"""Seconds between the statements of what is sent at once: a slow restriction meets many offers."""
LONGEST_WAY = 0.04
"""Seconds that messages sent at once are under way, at most: they meet in every order."""
COMMAND = "python -m pytest tests/simulation/test_simulation_market.py --seed {seed} --size {size}"


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass
class Market:
    """A market under way, and everything that was sent in it."""

    script: Script
    database: WatchedDatabase
    clock: MovedClock
    sent: dict[int, Sent] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with no demand."""
        self.addresses = Addresses(self.script)

    async def play(self) -> Counter[str]:
        """Everything from the first filing to the last settling; raises ``Broken``. Returns what was done how often."""
        for number in AGENCIES:
            for filing in messages.filings(number):
                await self._deliver(filing.step, filing, at_once=False)
        for at, group in groupby(self.script.steps, key=lambda step: step.at):
            steps = tuple(group)
            await self.clock.move(at)
            await self.clock.mark()
            together = len(steps) > 1
            await asyncio.gather(*(self._take(step, at_once=together) for step in steps))
            await self.database.companion(OfferWriter).rest()  # what a sender has given up is decided all the same
            await self._check({step.selection for step in steps if step.selection is not None}, steps)
        await self._run_out()
        return self.tally

    async def _run_out(self) -> None:
        """Every clock runs out, the ticker looks until nothing is due, and all is checked once more."""
        for later in (0, 30_000):  # a publicity that begins with the last settling ends after it
            await self.clock.move(self.script.ends_at + later)
            await self.clock.mark()
            for look in range(LOOKS):
                step = Step(-1000 - later - look, self.script.ends_at, "tick")
                await self._attempt(step, lambda: ticker._look(self.database), 0, at_once=False)
                if not await due_selections(self.database):
                    break
        await self._check(set(self.addresses.publications), ())
        async with self.database.read() as connection:
            self.problems += await Checks(connection, self.sent.values(), {}).of_the_whole_market()
            self.tally.update(await how_it_ended(connection))
        self.problems += [f"{self.database.state.lent} connections leaked"] * (self.database.state.lent > 0)
        self._raise(None, ())

    async def _take(self, step: Step, *, at_once: bool) -> None:
        match step.verb:
            case "jump":
                await asyncio.sleep(0.012)  # some of what was sent in this moment is under way
                await self.clock.move(int(str(step.values["to"])))
            case "tick":
                await self._tick(step, at_once=at_once)
            case "settle" | "read":
                await self._look_at(step, at_once=at_once)
            case "repeat" | "other_body" | "wrong_actor":
                await self._again(step, at_once=at_once)
            case _ if self.addresses.is_known(step):
                message = await self.addresses.message(self.database, step)
                self.sent[step.number] = message
                await self._deliver(step, message, at_once=at_once)
            case _:  # what it is about never came into being
                pass

    async def _deliver(self, step: Step, sent: Sent, *, at_once: bool) -> None:
        """Send until it is answered; whoever never comes back leaves the outcome unknown."""
        for attempt in range(ATTEMPTS):
            try:
                answer, plan = await self._attempt(
                    step, lambda: sent.send(self.database, sent.caller, sent.command), attempt, at_once=at_once
                )
            except Unavailable:
                answer, plan = None, None
            except MarketplaceError as error:
                sent.errors.append(getattr(error, "code", type(error).__name__))
                self._note(step, f"{type(error).__name__} {error}")
                return
            if answer is not None:
                sent.answers.append(answer)
                self._learn(step, answer)
                self._note(step, f"{type(answer).__name__} {getattr(answer, 'codes', '')}")
                return
            self._note(step, f"cut off: {plan.struck if plan else 'lost'}")
            if step.fault and not step.comes_back:
                break
        sent.is_unknown = True

    def _learn(self, step: Step, answer: object) -> None:
        if isinstance(answer, DemandPosted) and step.selection is not None:
            self.addresses.learn(step.selection, answer.demand, answer.selection)
        if isinstance(answer, DemandPublished):
            self.tally["published"] += 1

    async def _attempt(
        self, step: Step, work: Callable[[], Awaitable[Any]], attempt: int, *, at_once: bool
    ) -> tuple[Any, Plan]:
        """One attempt in a task of its own, its crash in the first alone; (None, plan) when it was cancelled."""
        fault = step.fault if attempt == 0 else None
        dice = random.Random(f"{self.script.seed}/{step.number}/{step.verb}/{attempt}")
        pauses = () if not at_once else SLOW if step.verb == "restrict" else QUICK
        plan = Plan(self.clock, dice, None, fault, step.strikes_at, pauses)

        async def run() -> Any:
            PLAN.set(plan)
            plan.task = asyncio.current_task()
            if at_once:
                await asyncio.sleep(plan.dice.uniform(0, LONGEST_WAY))
            return await work()

        task = asyncio.create_task(run())
        try:
            return await task, plan
        except asyncio.CancelledError:
            if not plan.struck:
                raise
            return None, plan
        finally:
            self.tally.update(one.split(" before")[0] for one in plan.struck)

    async def _tick(self, step: Step, *, at_once: bool) -> None:
        looked, _ = await self._attempt(step, lambda: ticker._look(self.database), 0, at_once=at_once)
        failed = None if looked is None else looked[0]
        self._note(step, "" if failed is None else repr(failed))
        if failed is not None and not isinstance(failed, Unavailable):
            self.problems.append(f"the ticker met {failed!r}")

    async def _look_at(self, step: Step, *, at_once: bool) -> None:
        """Settle or read what the step is about; readers are told nothing that is sealed."""
        if step.selection not in self.addresses.publications:
            return
        demand, selection = self.addresses.demands[step.selection], self.addresses.selection(step)

        async def work() -> None:
            if step.verb == "settle":
                await settle_selection(self.database, selection)
            else:
                sent = list(self.sent.values())
                self.problems += await read_everything(self.database, demand, selection, step.agency, sent)

        try:
            await self._attempt(step, work, 0, at_once=at_once)
            self._note(step, "")
        except MarketplaceError as error:  # unknown as long as it is not published, or cut off
            self._note(step, f"{type(error).__name__} {error}")

    async def _again(self, step: Step, *, at_once: bool) -> None:
        """The same message once more, another under its key, or the same from somebody else."""
        original = self.sent.get(step.of if step.of is not None else -1)
        if original is None:
            return
        if step.verb == "repeat":
            await self._deliver(step, original, at_once=at_once)
            return
        if step.verb == "other_body" and original.answer is None:
            return
        other = original.altered() if step.verb == "other_body" else original.by(
            messages.stranger(original), f"step-{step.number}")  # fmt: skip
        await self._deliver(step, other, at_once=at_once)
        wanted = {"idempotency_key_reused"} if step.verb == "other_body" else {"not_yours", "role_not_allowed"}
        if original.answer is None:  # it may never have been published
            wanted.add("NotFound")
        if not (len(other.errors) == 1 and wanted.issuperset(other.errors)) and not other.is_unknown:
            told = other.errors or other.answers
            self.problems.append(f"step {step.number}: {' or '.join(sorted(wanted))} expected, {told} came")

    def _note(self, step: Step, outcome: str) -> None:
        self.done.append(f"{step.words()} → {outcome}".rstrip(" →"))
        self.tally[step.verb] += 1

    async def _check(self, touched: set[int], steps: tuple[Step, ...]) -> None:
        async with self.database.read() as connection:
            checks = Checks(connection, self.sent.values(), self.seen)
            for index in sorted(touched & self.addresses.publications.keys()):
                await self.addresses.look(connection, index)
                self.problems += await checks.of_demand(
                    self.addresses.demands[index], self.addresses.publications[index]
                )
                if self.problems:
                    self._raise(index, steps)
        self._raise(None, steps)

    def _raise(self, index: int | None, steps: tuple[Step, ...]) -> None:
        if not self.problems:
            return
        size = len(self.script.selections)
        about = [
            line for line in self.done if index is None or any(line.startswith(one.words()) for one in self._of(index))
        ]
        raise Broken("\n".join([
            *dict.fromkeys(self.problems),
            f"seed {self.script.seed}, after step {', '.join(str(one.number) for one in steps) or 'the last'}",
            f"repeat with: {COMMAND.format(seed=self.script.seed, size=size)}",
            f"terms: {self.script.selections[index].terms}" if index is not None else "",
            *about[-80:],
        ]))  # fmt: skip

    def _of(self, index: int) -> list[Step]:
        return [one for one in self.script.steps if one.selection == index or one.verb in {"restrict", "tick"}]
