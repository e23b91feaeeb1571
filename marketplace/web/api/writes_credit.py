"""The writes of credit that came later: what an agency states, what authorities send, inspections."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.state_at_hearing import StateAtHearing, StatementMade, state_at_hearing
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import CREDIT

_NOTICE = "/agencies/{agency:str}/restriction-notices/{notice:str}"

_HEARINGS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_NOTICE}/statements", "stateAtHearing", CREDIT, "陈述申辩 / State one's case at a hearing",
        StateAtHearing, StatementMade,
        lambda visit, command: state_at_hearing(visit.database, visit.caller, command), ("agency", "notice"),
    )),
)  # fmt: skip

CREDIT_WRITES: tuple[HTTPRouteHandler, ...] = (*_HEARINGS,)
"""Each needs an actor."""
