"""Everybody who could knock: people with sessions of every role, rank, region and mandate, made past sign-in.

Sessions are put into the store as signing in would (which has its own tests): a matrix costs no password hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx

from commons.events import Role
from marketplace.database import Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Standing
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.identity.permissions import Permission, Rank
from marketplace.identity.proofs import form_token, new_secret, secret_digest
from marketplace.sessions import store as sessions
from marketplace.sessions.limits import FRESH, SESSION_LASTS
from marketplace.web.signed_in import COOKIE, FORM_HEADER
from tests.usecases.market import OWNER, code

HOME = "http://localhost:8000"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEAR, FAR = "330300", "330100"
"""A city that holds the regions of everything in the market, and one that holds none of it."""


@dataclass(frozen=True, slots=True)
class Who:
    """One kind of visitor: what he acts as; ``owners`` gave a delegate their mandate."""

    name: str
    role: Role
    acting: str = ""
    rank: Rank = "staff"
    region: str | None = None
    owners: tuple[str, ...] = ()
    is_fresh: bool = True
    person: str = ""


OWN, OTHER = code(1), code(9)
OTHER_OWNER = code(9, "11990000MA")
PEOPLE: tuple[Who, ...] = (
    Who("stranger", "public"),
    Who("owner-admin", "owner", OWNER, "administrator"),
    Who("owner-staff", "owner", OWNER),
    Who("owner-stale", "owner", OWNER, "administrator", is_fresh=False),
    Who("other-owner", "owner", OTHER_OWNER, "administrator"),
    Who("agency-admin", "agency", OWN, "administrator"),
    Who("agency-staff", "agency", OWN),
    Who("agency-stale", "agency", OWN, "administrator", is_fresh=False),
    Who("other-agency", "agency", OTHER, "administrator"),
    Who("regulator-near", "regulator", "R-330300-NEAR", region=NEAR),
    Who("regulator-far", "regulator", "R-330100-FAR", region=FAR),
    Who("regulator-stale", "regulator", "R-330300-STALE", region=NEAR, is_fresh=False),
    Who("operator", "operator", "O-ONE"),
    Who("auditor", "auditor", "A-ONE"),
    Who("delegate", "delegate", "D-MINE", owners=(OWNER,)),
    Who("delegate-of-others", "delegate", "D-OTHER", owners=(OTHER_OWNER,)),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with a session, and how his browser asks."""

    who: Who
    person: str
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends along."""
        return {
            "cookie": f"{COOKIE}={self.secret}",
            FORM_HEADER: form_token(self.secret),
            "origin": HOME,
            "sec-fetch-site": "same-origin",
        }


async def admit(database: Database, who: Who) -> Visitor:
    """Put a person with this role and an open session into the database."""
    person, role = f"P-{who.name}"[:16], f"M-{who.name}"[:16]
    secret = new_secret()
    async with database.transaction() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
        await identity.insert_account(
            connection, person, login=who.name, name=DEVELOPMENT.seal(who.name), contact=None, contact_digest=None,
            password=None, is_example=True, at=at,
        )  # fmt: skip
        if who.role != "public":
            organisation = who.acting if who.role in {"owner", "agency"} else None
            standing = Standing(
                role, person, who.role, who.rank, organisation, who.acting, who.region, None, is_verified=True,
                granted_at=at,
            )  # fmt: skip
            await identity.insert_standing(connection, standing, granted_by="test", reason="")
        for place, owner in enumerate(who.owners):
            await identity.insert_mandate(
                connection, f"Y{place}-{who.name}"[:16], owner=owner, delegate=who.acting, granted_by="test", at=at,
                ends=at + timedelta(days=30),
            )  # fmt: skip
        await sessions.open_session(
            connection, secret_digest(secret), account=person, role=None if who.role == "public" else role, epoch=1,
            agent="", at=at, ends_at=at + SESSION_LASTS, fresh_until=at + FRESH if who.is_fresh else None,
        )  # fmt: skip
    return Visitor(who, person, secret)


async def again(database: Database, visitor: Visitor) -> Visitor:
    """The same person with a further session, as fresh as can be: whatever became of the one before."""
    secret = new_secret()
    async with database.transaction() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
        epoch = await connection.fetchval("SELECT epoch FROM account WHERE id = $1", visitor.person)
        role = None if visitor.who.role == "public" else f"M-{visitor.who.name}"[:16]
        await sessions.open_session(
            connection, secret_digest(secret), account=visitor.person, role=role, epoch=epoch, agent="", at=at,
            ends_at=at + SESSION_LASTS, fresh_until=at + FRESH,
        )  # fmt: skip
    return replace(visitor, secret=secret)


def may(row: Permission, who: Who, *, belongs: Mapping[str, str], lies_in: str | None) -> bool:
    """What the table says, computed the slow and plain way: role, rank, freshness, and whose matter it is."""
    is_lesser = who.role in row.administrators and who.rank != "administrator"
    if who.role not in row.roles or is_lesser or (row.is_step_up and not who.is_fresh):
        return False
    return {
        "any": True,
        "own": belongs.get(who.role) == who.acting,
        "mandate": belongs.get("owner") in who.owners,
        "downwards": lies_in is None or who.region == lies_in,
    }[row.roles[who.role]]


async def ask(client: httpx.AsyncClient, method: str, path: str, body: Any, visitor: Visitor | None) -> httpx.Response:
    """Ask as this visitor, or as nobody."""
    headers = {} if visitor is None else visitor.headers
    if method == "GET":
        return await client.get(path, headers=headers)
    if isinstance(body, bytes):
        kind = "image/png" if body.startswith(b"\x89PNG") else SHEET
        return await client.request(method, path, content=body, headers={**headers, "content-type": kind})
    return await client.request(method, path, json=body, headers=headers)
