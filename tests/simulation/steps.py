"""The steps that a script is made of, and the writer that numbers them and gives each its crash.

Steps of one and the same millisecond are sent at once. Times are milliseconds after the market's epoch.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from commons.canonical import Json
from tests.simulation.faults import FAULTS, FaultKind
from tests.simulation.plans import SelectionPlan

Verb = Literal[
    "shelve", "post", "publish", "sign_up", "offer", "take", "restrict", "credit_fact",
    "abandon", "explain", "rule", "cancel", "suspend", "resume", "again", "pick", "name", "confirm",
    "repeat", "other_body", "wrong_actor", "settle", "tick", "read", "jump",
]  # fmt: skip
"""What a step does; ``again`` publishes a demand again, ``pick`` and ``name`` are an owner's choice of an agency, out
of a short list and at will, ``repeat`` sends a message again."""

STATEMENTS = (0, 0, 0, 0, *range(1, 17))
"""Before which statement of a message a crash strikes: COMMIT (0) more often than any other."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message or happening; ``of`` is the step whose message is meant, ``values`` what the message says."""

    number: int
    at: int
    verb: Verb
    selection: int | None = None
    agency: int | None = None
    of: int | None = None
    values: Mapping[str, Json] = field(default_factory=dict)
    fault: FaultKind | None = None
    strikes_at: int = 0
    comes_back: bool = True

    def words(self) -> str:
        """The step in one line, for the script of a failure."""
        who = "" if self.agency is None else f" agency {self.agency}"
        of = "" if self.of is None else f" of step {self.of}"
        values = " ".join(f"{key}={value}" for key, value in self.values.items() if key != "terms")
        crash = f" [{self.fault} at {self.strikes_at}{'' if self.comes_back else ', never back'}]" if self.fault else ""
        return f"{self.at:>7} ms  step {self.number}: {self.verb}{who}{of} {values}{crash}".rstrip()


@dataclass(frozen=True, slots=True)
class Script:
    """A whole market."""

    seed: int
    selections: tuple[SelectionPlan, ...]
    steps: tuple[Step, ...]
    ends_at: int


class Writer:
    """Collects steps; each gets its number and its crash as it is written down."""

    def __init__(self, dice: random.Random, *, crashes: float, strikes: float, storms: bool) -> None:
        self.dice = dice
        self.strikes = strikes
        self.crashes = crashes
        self.storms = storms
        self.steps: list[Step] = []

    def add(
        self, at: int, verb: Verb, *, selection: int | None = None, agency: int | None = None, of: int | None = None,
        **values: Json,
    ) -> int:  # fmt: skip
        """Write one step down; returns its number."""
        number = len(self.steps)
        crash = verb not in {"read", "jump"} and self.dice.random() < self.crashes
        kind = self.dice.choice(FAULTS) if crash else None
        self.steps.append(Step(
            number, at, verb, selection, agency, of, values, kind, self.dice.choice(STATEMENTS) if crash else 0,
            self.dice.random() < (0.97 if verb in {"post", "publish"} else 0.85),
        ))  # fmt: skip
        return number

    def maybe(self, chance: float) -> bool:
        """Whether something of that chance happens."""
        return self.dice.random() < chance


def joined(writers: Iterable[Writer]) -> Iterator[Step]:
    """The steps of several writers under numbers that are unique."""
    shift = 0
    for writer in writers:
        for one in writer.steps:
            of = None if one.of is None else one.of + shift
            yield replace(one, number=one.number + shift, of=of)
        shift += len(writer.steps)


def one_by_one(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps in order of time, no two of them in the same millisecond: nothing is ever sent at once."""
    at = -1
    for one in steps:
        at = max(one.at, at + 1)
        yield replace(one, at=at)
