"""A life-cycle (生命周期) as a table: in which state who does what, within which time, and where it leads.

Invariants: what no row of the table names is refused, with what would be possible instead; a row that the clock does
itself (``by_clock``) is nobody's act. Pure; the tables themselves belong to the rooms, the reference is printed from
them. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commons.events import Role
from commons.sources import Source
from commons.verdicts import Allowed, Reason, Refused

CYCLE_RULE = Source("涉批中介网上超市需求生命周期（generic-v1）", "no", "market.md 4")


@dataclass(frozen=True, slots=True)
class Step:
    """One row: in ``state`` somebody of ``roles`` may do ``action``, which leads to ``leads_to`` (may be the same).

    ``action`` is an act of the table of permissions, or a tag of what the clock brings (``by_clock``: then
    ``roles`` is empty). ``within`` is the key in the rule profile of the clock the row runs against, None for none.
    """

    state: str
    action: str
    roles: frozenset[Role]
    leads_to: str
    within: str | None = None
    by_clock: bool = False

    def __post_init__(self) -> None:
        """A row is somebody's or the clock's, never both."""
        assert self.by_clock != bool(self.roles), f"{self.state}/{self.action}: by roles or by the clock"


@dataclass(frozen=True, slots=True)
class Cycle:
    """A named table; ``steps`` in the order in which they are printed. One action may have several rows in a state."""

    name: str
    steps: tuple[Step, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table meets it."""
        return _unique(one for step in self.steps for one in (step.state, step.leads_to))

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action, the clock's included, in the order in which the table meets it."""
        return _unique(step.action for step in self.steps)


def judge_step(cycle: Cycle, state: str, action: str, role: Role) -> Allowed | Refused:
    """Whether somebody of this role may do the action in this state.

    Else ``not_in_this_state`` (which states allow it, what is possible now) or ``role_not_allowed`` (who may).
    """
    rows = [step for step in cycle.steps if step.action == action and not step.by_clock]
    here = [step for step in rows if step.state == state]
    if not here:
        possible = _unique(step.action for step in cycle.steps if step.state == state and not step.by_clock)
        params = {"action": action, "state": state, "possible": _listed(possible)}
        allowed_in = _listed(_unique(step.state for step in rows))
        return Refused((Reason("not_in_this_state", CYCLE_RULE, {**params, "allowed_in": allowed_in}),))
    if not any(role in step.roles for step in here):
        may = _listed(sorted({one for step in here for one in step.roles}))
        params = {"action": action, "state": state, "role": role, "roles": may}
        return Refused((Reason("role_not_allowed", CYCLE_RULE, params),))
    return Allowed()


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _listed(values: Iterable[str]) -> str:
    """Names as one parameter of a reason: joined by commas, empty for none."""
    return ",".join(values)
