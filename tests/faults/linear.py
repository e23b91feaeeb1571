"""Is there one order of concurrent operations on an agency that explains every answer? (Wing and Gong's search.)

An operation lies between its request and its answer; one that was answered before another was asked comes before it.
The model is what the rules promise of one agency, one act after another, and knows nothing of locks or clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Verb = Literal["restrict", "lift", "sign_up", "offer", "shelf"]
Standing = Literal["out", "in", "void"]


@dataclass(frozen=True, slots=True)
class Operation:
    """What was asked when and answered when (any clock, one unit), and the answer.

    ``target`` is the place of a selection, or of a restriction's cause: 0 where a fact caused it, 1 where none did.
    ``answer`` is True or False for done or refused; a restriction says which selections it voided and how many shelf
    offers it took down (False: its cause was revoked before), a lift how many restrictions it lifted.
    """

    verb: Verb
    target: int
    asked: float
    answered: float
    answer: object


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency as the rules know it: what restricts it, where it stands in each selection, whether on the shelf.

    ``is_revoked``: the fact that restrictions are caused by is over, and causes none any more.
    """

    restricted: frozenset[int] = frozenset()
    selections: tuple[Standing, ...] = ("out", "out")
    is_on_shelf: bool = False
    is_revoked: bool = False


def after(agency: Agency, one: Operation) -> tuple[object, Agency]:
    """What the operation is answered in this state, and the state after it."""
    match one.verb:
        case "restrict" if one.target == 0 and agency.is_revoked:
            return False, agency
        case "restrict":
            hit = tuple(place for place, standing in enumerate(agency.selections) if standing != "out")
            gone: tuple[Standing, ...] = tuple("out" if each == "out" else "void" for each in agency.selections)
            bound = agency.restricted | {one.target}
            then = replace(agency, restricted=bound, selections=gone, is_on_shelf=False)
            return (hit, int(agency.is_on_shelf)), then
        case "lift":
            free = replace(agency, restricted=agency.restricted - {0}, is_revoked=True)
            return int(0 in agency.restricted), free
        case "sign_up":
            is_in = not agency.restricted and agency.selections[one.target] == "out"
            standing = [*agency.selections]
            standing[one.target] = "in" if is_in else standing[one.target]
            return is_in, replace(agency, selections=tuple(standing))
        case "offer":
            return agency.selections[one.target] == "in", agency
        case "shelf":
            is_put = not agency.restricted and not agency.is_on_shelf
            return is_put, replace(agency, is_on_shelf=agency.is_on_shelf or is_put)


def is_linearizable(history: Sequence[Operation]) -> bool:
    """Whether some order keeps real time and gives every operation the answer that it got."""
    seen: set[tuple[int, Agency]] = set()
    every = (1 << len(history)) - 1

    def search(done: int, agency: Agency) -> bool:
        if done == every:
            return True
        if (done, agency) in seen:
            return False
        seen.add((done, agency))
        waiting = [place for place in range(len(history)) if not done >> place & 1]
        soonest = min(history[place].answered for place in waiting)
        for place in waiting:
            one = history[place]
            if one.asked <= soonest:
                answer, then = after(agency, one)
                if answer == one.answer and search(done | 1 << place, then):
                    return True
        return False

    return search(0, Agency())
