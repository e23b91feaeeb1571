"""What every page of operators and auditors shares: who reads it, and the trail that leads there.

What each of them may read or do is asked by the use cases of the one table of permissions. Source: market.md section 1.
"""

from __future__ import annotations

from datetime import date

from litestar import Response

from commons.errors import Forbidden
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.letters import read_letters
from marketplace.usecases.read_account import read_officers
from marketplace.web.addresses import HOME, WORK
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import to_sign_in
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.forms import Choice
from marketplace.web.views.operating import OperatorSection

TRAIL = ((HOME, "首页"), (WORK, "工作台"))
DESKS = frozenset({"operator", "auditor"})


def desk_reader(request: PageRequest) -> Visitor | Response[str]:
    """Who reads as operator or auditor; whoever is not signed in is sent to do so, ``Forbidden`` to everybody else."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    if visitor.bearer.actor_role not in DESKS:
        raise Forbidden("role_not_allowed", "this page is for operators and auditors")
    return visitor


def is_operator(visitor: Visitor) -> bool:
    """Whether the reader does things here, or reads alone."""
    return visitor.bearer.actor_role == "operator"


def region_choices(on: date) -> tuple[Choice, ...]:
    """The province, its cities and their counties."""
    cities = REGIONS.cities(on)
    below = [(one, *REGIONS.counties(one.code, on)) for one in cities]
    every = [REGIONS.get("330000"), *(each for group in below for each in group)]
    return tuple(Choice(one.code, REGIONS.full_name(one.code)) for one in every)


async def operating(database: Database, caller: Caller) -> OperatorSection | None:
    """平台运行: what is dead, and the ways to everything else."""
    if caller.actor.role not in DESKS:
        return None
    letters, officers = await read_letters(database, caller), await read_officers(database, caller)
    return OperatorSection(
        sum(one.waiting for one in letters.queues), sum(one.dead for one in letters.queues), len(officers.officers),
        may_act=caller.actor.role == "operator",
    )  # fmt: skip
