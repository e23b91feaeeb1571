"""``session``: ways to act with a session that should be worth nothing. Bar: 0 successes.

``size`` rounds, each over HTTP with real cookies: an identifier planted before signing in; the cookie after signing
out, after acting as something else, after the role was ended, after a restriction of the agency, after a new password,
after the account was closed, after all sessions were ended, idle for too long, past its end; a proof that has gone
stale; a code of the second factor used twice; a token after its revocation. Control: a site that asks of a session only
whether it was ever made, and keeps the identifier that came along.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.identity.proofs import STEP_S, _totp, hash_password, new_secret, new_totp_key
from marketplace.sessions import store
from marketplace.settings import Settings
from marketplace.usecases import signing_in
from tests.faults.figures import Figure, progress
from tests.faults.ground import own_market
from tests.faults.matters import PROFILE
from tests.faults.personas import HOME, PEOPLE, Visitor, Who, admit
from tests.usecases.market import Market, code

NAME = "session"
DEFAULT_SIZE = 200
PASSWORD = "correct horse battery"
BOSS = next(one for one in PEOPLE if one.name == "agency-admin")
OPERATOR = next(one for one in PEOPLE if one.name == "operator")


@dataclass
class Stage:
    """A site, and fresh people on it."""

    database: Database
    client: httpx.AsyncClient
    number: int = 0
    kept: str = ""

    async def person(self, who: Who = BOSS) -> Visitor:
        """Somebody new of this kind, signed in, with the one password."""
        self.number += 1
        fresh = replace(who, name=f"{who.name[:6]}{self.number}", acting=who.acting)
        visitor = await admit(self.database, fresh)
        await self.sql("UPDATE account SET password = $2 WHERE id = $1", visitor.person, self.kept)
        return visitor

    async def sql(self, statement: str, *values: Any) -> None:
        """Change something past the use cases: what a clock or another server would have done."""
        async with self.database.transaction() as connection:
            await connection.execute(statement, *values)

    async def post(self, visitor: Visitor, path: str, body: Any = None, **more: str) -> httpx.Response:
        """POST as the visitor's browser does."""
        return await self.client.post(f"/api/v1{path}", json=body or {}, headers={**visitor.headers, **more})

    async def still_acts(self, visitor: Visitor) -> bool:
        """Whether the session is good for anything: a reading of one's own, or an act."""
        read = await self.client.get("/api/v1/session", headers=visitor.headers)
        acted = await self.post(visitor, "/account/second-factor", {"step": "confirm"})
        return read.status_code == httpx.codes.OK or acted.status_code != httpx.codes.UNAUTHORIZED


async def planted_before(stage: Stage) -> bool:
    victim = await stage.person(replace(BOSS, role="public", acting=""))
    planted = replace(victim, secret=f"planted-{stage.number:036d}")
    body = {"login": f"agency{stage.number}", "password": PASSWORD}
    signed = await stage.client.post(
        "/api/v1/session", json=body, headers={"cookie": f"__Host-session={planted.secret}"}
    )
    assert signed.status_code == httpx.codes.CREATED, signed.text
    return await stage.still_acts(planted)


async def after_signing_out(stage: Stage) -> bool:
    visitor = await stage.person()
    await stage.post(visitor, "/session/end")
    return await stage.still_acts(visitor)


async def after_another_role(stage: Stage) -> bool:
    visitor = await stage.person()
    await stage.post(visitor, "/session/role", {"role": None})
    return await stage.still_acts(visitor)


async def after_the_role_ended(stage: Stage) -> bool:
    visitor, operator = await stage.person(), await stage.person(OPERATOR)
    body = {"role": "agency", "reason": "示例"}
    member = f"M-{visitor.who.name}"
    ended = await stage.post(operator, f"/organisations/{BOSS.acting}/members/{member}/end", body)
    assert ended.status_code == httpx.codes.CREATED, ended.text
    return await stage.still_acts(visitor)


async def after_a_restriction(stage: Stage) -> bool:
    market, number = Market(stage.database), 1_000 + stage.number
    await market.file(number)
    visitor = await stage.person(replace(BOSS, acting=code(number)))
    await market.restrict(number)
    return await stage.still_acts(visitor)


async def after_a_new_password(stage: Stage) -> bool:
    visitor = await stage.person()
    changed = await stage.post(visitor, "/account/password", {"current": PASSWORD, "password": PASSWORD + " 2"})
    assert changed.status_code == httpx.codes.CREATED, changed.text
    return await stage.still_acts(visitor)


async def after_closing(stage: Stage) -> bool:
    visitor, operator = await stage.person(), await stage.person(OPERATOR)
    body = {"login": visitor.who.name, "what": "close", "reason": "示例"}
    closed = await stage.post(operator, "/accounts/closing", body)
    assert closed.status_code == httpx.codes.CREATED, closed.text
    return await stage.still_acts(visitor)


async def after_ending_all(stage: Stage) -> bool:
    visitor = await stage.person()
    await stage.post(visitor, "/account/sessions/end", {})
    return await stage.still_acts(visitor)


async def idle_too_long(stage: Stage) -> bool:
    visitor = await stage.person()
    await stage.sql("UPDATE session SET seen_at = seen_at - interval '3 hours' WHERE account = $1", visitor.person)
    return await stage.still_acts(visitor)


async def past_its_end(stage: Stage) -> bool:
    visitor = await stage.person()
    await stage.sql("UPDATE session SET ends_at = clock_timestamp() WHERE account = $1", visitor.person)
    return await stage.still_acts(visitor)


async def with_a_stale_proof(stage: Stage) -> bool:
    visitor = await stage.person(OPERATOR)
    await stage.sql("UPDATE session SET fresh_until = clock_timestamp() WHERE account = $1", visitor.person)
    body = {"login": visitor.who.name, "office": "auditor", "reason": "示例"}
    return (await stage.post(visitor, "/officers", body)).status_code != httpx.codes.FORBIDDEN


async def with_a_code_used_before(stage: Stage) -> bool:
    visitor, key = await stage.person(), new_totp_key()
    await stage.sql("UPDATE account SET totp = $2 WHERE id = $1", visitor.person, DEVELOPMENT.seal(key.hex()))
    step = int((datetime.now(UTC) + timedelta(seconds=0)).timestamp()) // STEP_S
    shown = _totp(key).generate(step * STEP_S).decode()
    first = await stage.post(visitor, "/session/proof", {"code": shown})
    assert first.status_code == httpx.codes.CREATED, first.text
    return (await stage.post(visitor, "/session/proof", {"code": shown})).status_code == httpx.codes.CREATED


async def with_a_revoked_token(stage: Stage) -> bool:
    visitor = await stage.person()
    body = {"name": "示例", "scopes": ["offer_item"], "days": 1}
    made = (await stage.post(visitor, "/account/tokens", body)).json()
    await stage.post(visitor, f"/account/tokens/{made['id']}/revocation")
    headers = {"authorization": f"Bearer {made['token']}"}
    told = await stage.client.get("/api/v1/account", headers=headers)
    return told.status_code == httpx.codes.OK


WAYS: Mapping[str, Callable[[Stage], Awaitable[bool]]] = {
    one.__name__: one
    for one in (
        planted_before, after_signing_out, after_another_role, after_the_role_ended, after_a_restriction,
        after_a_new_password, after_closing, after_ending_all, idle_too_long, past_its_end, with_a_stale_proof,
        with_a_code_used_before, with_a_revoked_token,
    )
}  # fmt: skip


async def successes(size: int) -> tuple[int, int]:
    """How many tries went through, of how many."""
    kept = await hash_password(PASSWORD)
    through = tries = 0
    async with own_market(maximum=5) as database:
        app = create_app(Settings(profile=PROFILE), database)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            stage = Stage(database, client, kept=kept)
            for number in range(size):
                for name, way in WAYS.items():
                    tries += 1
                    await stage.sql("DELETE FROM rate_window")  # how often one may try has its own test
                    if await way(stage):
                        through += 1
                        progress(f"{NAME} {number}: {name} went through")
    return through, tries


def asks_whether_it_was_made(query: str) -> str:
    """The look at a session without anything that could end it."""
    for condition in (" AND a.epoch = s.epoch", " AND NOT a.is_disabled", " AND r.ended_at IS NULL"):
        assert condition in query, condition
        query = query.replace(condition, "")
    query = query.partition("WHERE")[0].replace("s.fresh_until", "clock_timestamp() + interval '1 hour' AS fresh_until")
    return query + "WHERE s.id = $1 AND $2::interval IS NOT NULL"


async def broken() -> int:
    """Successes on a site that asks of a session only whether it was ever made."""
    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(store, "_BY_SESSION", asks_whether_it_was_made(store._BY_SESSION))
        kept = iter([f"planted-{1:036d}"])
        planted.setattr(signing_in, "new_secret", lambda: next(kept, None) or new_secret())
        through, _ = await successes(1)
    return through


async def run(size: int, seed: int) -> Figure:
    """Try every way ``size`` times."""
    assert seed is not None, "nothing is drawn here"
    began = time.monotonic()
    through, tries = await successes(size)
    control = await broken()
    bar = "0 tries go through; a site that asks only whether the session was ever made lets them"
    return Figure(NAME, tries, through, control, bar, through == 0 < control, round(time.monotonic() - began, 1))
