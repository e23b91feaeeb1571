"""``matrix``: roles × routes × whose matter it is, over HTTP, against the table of permissions. Bar: 0 and 0.

Every route that needs somebody is asked by everybody (and by nobody) about one matter of one owner, one agency, one
city. Unexpected allow: let through although the table says no; unexpected deny: 401 or 403 although it says yes. A
cell that the table denies must answer 401 or 403 (404 where what exists is not shown to others). ``size`` is how many
markets are made. Control: a site where every act belongs to everybody who signs in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.identity.rights import RIGHTS
from marketplace.settings import Settings
from marketplace.usecases import act as acting
from marketplace.web.api.examples import EXAMPLES
from tests.faults.figures import Figure, progress
from tests.faults.ground import own_market
from tests.faults.matters import PROFILE, Matters
from tests.faults.personas import HOME, NEAR, OTHER, OWN, PEOPLE, Visitor, admit, ask, may
from tests.usecases.market import OWNER

NAME = "matrix"
DEFAULT_SIZE = 1
OF_A_SESSION = {"chooseRole", "proveAgain", "signOut", "endSession"}
"""What a session does to itself: the fault ``session`` has these."""
SIGNS_OUT = {"approveProposal"}
"""The approval of a restriction ends the sessions of the agency's people."""
ROWS = {
    "followQualification": "renew_qualification", "readOfficers": "read_access_log", "readProposals": "reject_proposal",
    "approveProposal": "restrict_agency", "readSatisfactionWords": "read_satisfaction",
    **dict.fromkeys(("listJobs", "getJob", "exportJobErrors", "getJobFile"), "read_jobs"),
}  # fmt: skip
"""Operations whose act has another name."""
ANYBODY = {"settleSelection", "readAccount", "checkAgenciesSheet", "checkDemandsSheet"}
"""What everybody who is signed in may do."""
SEEN_WITHIN = {"readProposals", "importDemands"}
"""Where whose matter it is stands in what is answered, or in the sheet that is sent."""
CONCEALED = {"approveProposal", "rejectProposal", "readMembers", "answerCase"}
"""What others are not told the existence of."""
UNBOUND = {"recordCreditFact", "importDecisions"}
"""What a regulator of any region does."""
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
BODIES: dict[str, Any] = {
    "changePassword": {"password": "short"},
    "claimOrganisation": {"role": "owner", "organisation": OTHER},
    "disableAccount": {"login": "no.such.login", "what": "close", "reason": "示例"},
    "appointOfficer": {"login": "no.such.login", "office": "auditor", "reason": "示例"},
    "admitMember": {"role": "agency", "account": "P-NONE"},
    "attachFile": PNG,
    **dict.fromkeys(("checkAgenciesSheet", "checkDemandsSheet", "importAgencies", "importDemands"), b"PK"),
    "makeToken": {"name": "示例", "scopes": ["no_such_act"], "days": 3},
}
"""Bodies that are let through and then change nothing of who is who."""
QUERIES = {"readMembers": "?role=agency", "attachFile": "?name=a.png"}
OF_AN_AGENCY = {"admitMember", "endMember", "readMembers", "giveSatisfaction"}
"""What is asked about the agency's people or its filing, in which no owner has a say."""
DENIED = {401, 403}
OTHER_GROUNDS = {"unknown_feed", "own_proposal"}
"""Codes of a 403 that say nothing of who asks."""


def routes(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Method, path and handler of every route that needs somebody; what signs others out comes last."""
    found = [
        (method, route.path_format, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method not in {"OPTIONS", "HEAD"} and handler.guards and handler.operation_id not in OF_A_SESSION
    ]
    yield from sorted(found, key=lambda one: one[2].operation_id in SIGNS_OUT)


class Named(dict[str, str]):
    """Names of matters; a kind that there is none of is a name that nothing has."""

    def __missing__(self, kind: str) -> str:
        """A name that nothing has."""
        return "X-NONE"


def act_of(operation: str) -> str:
    """The row of an operation in the table of permissions."""
    snake = "".join(f"_{one.lower()}" if one.isupper() else one for one in operation)
    return ROWS.get(operation, snake)


def expected(operation: str, visitor: Visitor | None) -> bool:
    """Whether the table lets this visitor through."""
    if visitor is None:
        return False
    if operation in ANYBODY:
        return True
    row = RIGHTS[act_of(operation)]
    if operation in SEEN_WITHIN:
        return visitor.who.role in row.roles
    if operation == "changePassword" and not visitor.who.is_fresh:  # these have no password yet: a proof is asked for
        return False
    belongs = {"agency": OWN} | ({} if operation in OF_AN_AGENCY else {"owner": OWNER})
    return may(row, visitor.who, belongs=belongs, lies_in=None if operation in UNBOUND else NEAR)


async def cells(app: Litestar, matters: Matters, visitors: list[Visitor | None]) -> tuple[list[str], list[str], int]:
    """Ask every cell, those that are denied first; unexpected allows, unexpected denials, and how many cells."""
    allowed, denied, count = [], [], 0
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        for wanted in (False, True):
            for method, template, handler in routes(app):
                operation = str(handler.operation_id)
                path = template.format_map(Named({**matters.names, **matters.special.get(operation, {})}))
                path += QUERIES.get(operation, "")
                body = BODIES.get(operation, EXAMPLES.get(operation, {}))
                for visitor in visitors:
                    if expected(operation, visitor) is not wanted:
                        continue
                    count += 1
                    answered = await ask(client, method, path, body, visitor)
                    name = f"{operation} {visitor.who.name if visitor else 'nobody'} {answered.status_code}"
                    may_hide = operation in CONCEALED and answered.status_code == httpx.codes.NOT_FOUND
                    if not wanted and answered.status_code not in DENIED and not may_hide:
                        allowed.append(f"{name} {answered.text[:120]}")
                    if wanted and answered.status_code in DENIED and answered.json()["code"] not in OTHER_GROUNDS:
                        denied.append(f"{name} {answered.text[:160]}")
    return allowed, denied, count


async def one_market(database: Database) -> tuple[list[str], list[str], int]:
    """A market with one matter of every kind, tried by everybody."""
    matters = Matters(database)
    await matters.make()
    visitors: list[Visitor | None] = [None, *[await admit(database, who) for who in PEOPLE]]
    return await cells(create_app(Settings(profile=PROFILE), database), matters, visitors)


async def run(size: int, seed: int) -> Figure:
    """Try it on as many markets as asked; the control is a site where whoever signs in may do everything."""
    assert seed is not None, "nothing is drawn here"
    began = time.monotonic()
    wrong = total = 0
    for number in range(size):
        async with own_market(maximum=5) as database:
            allowed, denied, count = await one_market(database)
        total += count
        wrong += len(allowed) + len(denied)
        for line in (*allowed, *denied):
            progress(f"{NAME} {number}: {line}")
    control = await broken()
    bar = "unexpected allow 0, unexpected deny 0; without the table many"
    return Figure(NAME, total, wrong, control, bar, wrong == 0 < control, round(time.monotonic() - began, 1))


async def broken() -> int:
    """Unexpected allows of a site that asks no table."""
    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(acting, "deny_role", lambda *_, **__: None)
        planted.setattr(acting, "deny_reach", lambda *_, **__: None)
        async with own_market(maximum=5) as database:
            allowed, _, _ = await one_market(database)
    return len(allowed)
