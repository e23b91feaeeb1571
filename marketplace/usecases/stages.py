"""A published demand held for an act about it: its selection settled under lock, its row locked, its stage in a word.

Order: the selection's row and its bidders' status rows, then the demand's row, then chains, as in every other act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bidding.objections import Objection
from bidding.selection import Selection
from commons.errors import Conflict, NotFound
from commons.events import Actor
from commons.profiles import RuleProfile
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.life_cycle import Stage, stage_of
from marketplace.demands.store import Demand
from marketplace.usecases.act import Caller, require
from marketplace.usecases.rules_in_force import profile_of
from marketplace.usecases.standing import Held, hold_selection


@dataclass(frozen=True, slots=True)
class Staged:
    """A held selection with its demand, and the stage it is in at ``at``."""

    held: Held
    demand: Demand
    stage: Stage

    @property
    def state(self) -> Selection:
        """The settled selection."""
        return self.held.state

    @property
    def profile(self) -> RuleProfile:
        """The rules that the demand was published under."""
        return profile_of(self.demand)

    @property
    def at(self) -> datetime:
        """The instant of the act."""
        return self.held.at


async def hold_demand(connection: Connection, identifier: str) -> Staged:
    """Hold a published demand by its id; ``NotFound`` for a draft, ``Conflict`` when published again just now."""
    found = await demands.demand_by_id(connection, identifier)
    if found is None or found.published_at is None:
        raise NotFound("demand", identifier)
    staged = await hold_staged(connection, found.selection)
    if staged.demand.selection != found.selection:
        raise Conflict("published_again_already", "somebody else published this demand again just now")
    return staged


async def hold_staged(connection: Connection, selection: str) -> Staged:
    """Hold a selection by its id, with its demand's row; ``NotFound`` for an unknown one."""
    held = await hold_selection(connection, selection)
    demand = await demands.demand_by_id(connection, held.lock.demand, for_update=True)
    assert demand is not None, "a selection belongs to a demand"
    return Staged(held, demand, now_at(held.state, demand, at=held.at))


def now_at(state: Selection, demand: Demand, *, at: datetime) -> Stage:
    """The stage of a settled selection, its last close as its demand's row has it."""
    return stage_of(state, closes_at=demand.closes_at, at=at)


def require_here(caller: Caller, act: str, staged: Staged) -> None:
    """Refuses (``Forbidden``) whoever may not do the act on a demand of this owner, in its region."""
    require(caller, act, own=staged.demand.owner_code, region=staged.demand.region)


def objection_of(state: Selection, number: int) -> Objection:
    """The objection of that number; ``NotFound`` otherwise, ``Conflict`` once the award it was against passed on."""
    if not 1 <= number <= len(state.objections):
        raise NotFound("objection", str(number))
    one = state.objections[number - 1]
    if state.proposed is not None and one.against != state.proposed:
        raise Conflict("award_passed_on", "the award that this objection was against is somebody else's by now")
    return one


def unnamed(actor: Actor) -> Actor:
    """Who asks or objects, as the public record has it: by role alone."""
    return Actor(actor.role, "unnamed")
