"""核验: a published result held against what a case gives, step by step; figures that differ are named by cell.

A case comes from the site or from anywhere else; its decision is computed anew before it is compared here. Three things
can speak: the market (what it published), the file (the decision it carries), and the engine. Invariants: a step is the
same only when every cell of it is; a changed figure differs at its own step, whatever it moves in later ones; the order
of the steps is that in which a result comes about. Further proofs join by another check at the end of ``CHECKS``.
Source: selection.md section 8, trust.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bidding import compared_cells as cells
from bidding.compared_cells import Cells
from commons.canonical import Json

StepCode = Literal["terms", "bidders", "offers", "draw", "refusals", "scores", "ranking", "award"]
State = Literal["same", "differs", "nothing", "unknown"]
"""``nothing``: the mode has nothing of this kind; ``unknown``: nobody published anything to hold it against."""
GivenBy = Literal["market", "file"]

MOST_SHOWN = 200
"""Differences listed at most in one step; all are counted."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds the award now, at which price in fen, and the public acts that made it so.

    ``gone`` gave way or were passed over, ``picked`` is the owner's choice where there was one to make.
    """

    winner: str | None
    price_fen: int | None
    gone: frozenset[str] = frozenset()
    picked: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What the market says: the case as its record has it, the decision, who holds the award."""

    case: Mapping[str, Json]
    decision: Mapping[str, Json]
    held: Held


@dataclass(frozen=True, slots=True)
class Computed:
    """A case from a file, the decision that the engine makes of it, and the one that the file carries, if any."""

    case: Mapping[str, Json]
    decision: Mapping[str, Json]
    claimed: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell: ``subject`` (bidder, ``#`` and the number of an offer or round, or ""), what was given, what was found.

    None stands for a cell that is not there. Of terms, bidders, offers and draw inputs ``found`` stands in the file; of
    everything else it is what the engine computes from the file.
    """

    subject: str
    cell: str
    given: Json
    found: Json
    given_by: GivenBy = "market"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many cells of how many subjects it looked at, and those that differ, the first so many of them."""

    code: str
    state: State
    subjects: int = 0
    cells: int = 0
    differences: tuple[Difference, ...] = ()
    total: int = field(default=0)


Check = Callable[[Published | None, Computed], Step]


def compare(published: Published | None, computed: Computed) -> tuple[Step, ...]:
    """Every step in order; ``published`` None where the market does not know the selection."""
    return tuple(check(published, computed) for check in CHECKS)


def _inputs(code: StepCode, read: Callable[[Mapping[str, Json]], Cells]) -> Check:
    """What stands in the case: the market's against the file's."""

    def check(published: Published | None, computed: Computed) -> Step:
        found = read(computed.case)
        if published is None:
            return _unheld(code, found)
        return _step(code, found, [("market", read(published.case))])

    return check


def _results(code: StepCode, read: Callable[[Mapping[str, Json]], Cells]) -> Check:
    """What was decided: the market's and the file's decision against the engine's."""

    def check(published: Published | None, computed: Computed) -> Step:
        found = read(computed.decision)
        given: list[tuple[GivenBy, Cells]] = []
        if published is not None:
            given.append(("market", read(published.decision)))
        if computed.claimed is not None:
            given.append(("file", read(computed.claimed)))
        return _step(code, found, given) if given else _unheld(code, found)

    return check


def _award(published: Published | None, computed: Computed) -> Step:
    """Outcome and winner; and that whoever holds the award follows from the ranking and from what happened since."""
    one = _results("award", cells.outcome)(published, computed)
    if published is None:
        return one
    held = published.held
    first = cells.holder(computed.decision, gone=held.gone, picked=held.picked)
    price = None if first is None else cells.price_fen(computed.case, computed.decision, first)
    told: Cells = {("", "holder"): held.winner, ("", "holder_price_fen"): held.price_fen}
    made: Cells = {("", "holder"): first, ("", "holder_price_fen"): price}
    more = tuple(_differences("market", told, made))
    every = (*one.differences, *more)
    state: State = "differs" if every else "same"
    return Step(one.code, state, one.subjects, one.cells + len(made), every[:MOST_SHOWN], one.total + len(more))


CHECKS: Sequence[Check] = (
    _inputs("terms", cells.terms),
    _inputs("bidders", cells.bidders),
    _inputs("offers", cells.offers),
    _inputs("draw", cells.draw),
    _results("refusals", cells.refusals),
    _results("scores", cells.scores),
    _results("ranking", cells.ranking),
    _award,
)
"""In the order in which a result comes about; signed proofs are checked by further ones, once there are any."""


def first_difference(steps: Iterable[Step]) -> Step | None:
    """The first step that differs; None where none does."""
    return next((one for one in steps if one.state == "differs"), None)


def _unheld(code: StepCode, found: Cells) -> Step:
    return Step(code, "unknown" if found else "nothing", _subjects(found), len(found))


def _step(code: StepCode, found: Cells, given: Sequence[tuple[GivenBy, Cells]]) -> Step:
    every = [one for by, told in given for one in _differences(by, told, found)]
    if not found and not every:
        return Step(code, "nothing")
    state: State = "differs" if every else "same"
    return Step(code, state, _subjects(found), len(found), tuple(every[:MOST_SHOWN]), len(every))


def _differences(by: GivenBy, given: Cells, found: Cells) -> Iterable[Difference]:
    """Cells in the order of what was given, then those that only were found."""
    for place in dict.fromkeys((*given, *found)):
        told, made = given.get(place), found.get(place)
        if told != made or type(told) is not type(made):
            yield Difference(place[0], place[1], told, made, by)


def _subjects(found: Cells) -> int:
    return len({subject for subject, _ in found})
