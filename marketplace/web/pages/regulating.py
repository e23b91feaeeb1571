"""What every page of a regulator shares: who reads it, where he acts, and acts that two people decide.

An act that lacks nothing but a second person is kept as a proposal, exactly as in the API; whoever approves finds it
under 待复核. Source: market.md section 1; usecases/proposals.py.
"""

from __future__ import annotations

from typing import Any, TypeVar

from litestar import Response

from commons.errors import Forbidden
from commons.verdicts import Refused
from marketplace.settings import Settings
from marketplace.usecases.access import note_act
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.proposals import without_second
from marketplace.web.addresses import HOME, WORK
from marketplace.web.api.routing import TWO_PERSONS, Write, keep_proposal, visit_of
from marketplace.web.pages.agency_acts import Doing
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import to_sign_in
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.forms import Choice

M = TypeVar("M", bound=Message)
PROVINCE = "330000"
TRAIL = ((HOME, "首页"), (WORK, "工作台"))


def regulator_reader(request: PageRequest) -> Visitor | Response[str]:
    """Who reads as a regulator; whoever is not signed in is sent to do so, ``Forbidden`` to everybody else."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    if visitor.bearer.actor_role != "regulator":
        raise Forbidden("role_not_allowed", "this page is for regulators")
    return visitor


def profile_of(request: PageRequest) -> str:
    """The rule profile of this site."""
    settings: Settings = request.app.state.settings
    return settings.profile


def region_of(caller: Caller) -> str:
    """Where the caller decides: his region, else the whole province."""
    bound = None if caller.badge is None else caller.badge.region
    return bound or PROVINCE


async def with_second(doing: Doing, operation: str, command: Message) -> Message | Refused:
    """Do what two people decide, or keep it until another one approves; the access log has it either way."""
    write: Write[Any] = TWO_PERSONS[operation]
    visit = visit_of(doing.request, doing.caller)
    done = await write.run(visit, command)
    if isinstance(done, Refused):
        others = without_second(done)
        if others is None:
            done = await keep_proposal(visit, write, command)
        else:
            done = others
    return await logged(doing, operation, done)


async def logged(doing: Doing, operation: str, done: M | Refused) -> M | Refused:
    """What was done, once it stands in the access log."""
    await note_act(doing.database, doing.caller, operation, doing.request.scope["path"], done)
    return done


def chosen(pairs: dict[str, str]) -> tuple[Choice, ...]:
    """Choices by value and name."""
    return tuple(Choice(value, name) for value, name in pairs.items())
