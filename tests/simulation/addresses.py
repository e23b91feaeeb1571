"""Whom and what a step is about: the selections that came into being, and who is proposed or asked in them now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

from marketplace.database import Connection, Database
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import standings
from tests.simulation import messages, outcome_messages
from tests.simulation.messages import Sent
from tests.simulation.plans import AGENCIES
from tests.simulation.steps import Script, Step
from tests.usecases.market import code

_PUBLICATIONS = "SELECT data->>'selection' AS selection FROM record_event WHERE subject = $1 AND type = $2 ORDER BY seq"
_NUMBERS = {code(number): number for number in AGENCIES}


@dataclass
class Addresses:
    """Demands and their selections by place in the script; of a demand published again the last is the current one."""

    script: Script
    demands: dict[int, str] = field(default_factory=dict)
    publications: dict[int, list[str]] = field(default_factory=dict)

    def learn(self, index: int, demand: str, selection: str) -> None:
        """A demand was posted."""
        self.demands[index], self.publications[index] = demand, [selection]

    async def look(self, connection: Connection, index: int) -> None:
        """The demand may have been published again, whether anybody was told or not."""
        rows = await connection.fetch(_PUBLICATIONS, f"demand/{self.demands[index]}", "demand.published_again")
        self.publications[index][1:] = [row["selection"] for row in rows]

    def selection(self, step: Step) -> str:
        """The selection that the step is about: the one of that publication, else the current one."""
        of = self.publications[step.selection or 0]
        return of[int(str(step.values.get("publication", len(of)))) - 1]

    def is_known(self, step: Step) -> bool:
        """Whether what the step is about came into being."""
        return step.selection is None or step.verb == "post" or step.selection in self.publications

    async def message(self, database: Database, step: Step) -> Sent:
        """The step as a message."""
        if "who" in step.values:
            step = replace(step, agency=await self._who(database, step))
        return self._builder(step)()

    def _builder(self, step: Step) -> Callable[[], Sent]:
        demand, selection = self.demands.get(step.selection or 0, ""), ""
        if step.selection in self.publications:
            selection = self.selection(step)
        about: dict[str, Callable[[], Sent]] = {
            "post": lambda: messages.post(step, self.script.selections[step.selection or 0]),
            "publish": lambda: messages.publish(step, demand),
            "take": lambda: messages.take(step, demand),
            "sign_up": lambda: messages.join(step, selection, self.script.selections[step.selection or 0]),
            "offer": lambda: messages.offer(step, selection),
            "shelve": lambda: messages.shelve(step),
            "restrict": lambda: messages.restrict(step),
            "credit_fact": lambda: messages.credit_fact(step),
            "abandon": lambda: outcome_messages.abandon(step, selection),
            "confirm": lambda: outcome_messages.confirm(step, selection),
            "explain": lambda: outcome_messages.explain(step, selection),
            "rule": lambda: outcome_messages.rule(step, selection),
            "cancel": lambda: outcome_messages.cancel(step, selection),
            "suspend": lambda: outcome_messages.suspend(step, selection),
            "resume": lambda: outcome_messages.resume(step, selection),
            "again": lambda: outcome_messages.again(step, demand),
            "pick": lambda: outcome_messages.pick(step, selection),
            "name": lambda: outcome_messages.name(step, selection),
        }
        return about[step.verb]

    async def _who(self, database: Database, step: Step) -> int | None:
        """The number of whoever plays the part now, as a reader would be told; the step's own while nobody does."""
        selection = self.selection(step)
        async with reading(database) as snapshot:
            found = await standings(snapshot, [selection])
        if selection not in found:
            return step.agency
        state = found[selection].state
        listed = cast("list[str]", (state.evaluation or {}).get("shortlist") or [None])
        asked = [who for who, one in state.explanations.items() if one.given_at is None and one.ruling is None]
        parts = {
            "proposed": state.proposed, "flagged": (state.evaluation or {}).get("flagged"), "listed": listed[-1],
            "asked": asked[0] if asked else None,
        }  # fmt: skip
        who = parts[str(step.values["who"])]
        return _NUMBERS.get(str(who), step.agency)
