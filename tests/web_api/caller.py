"""Asking the API as an agency, the owner or a regulator; bodies that are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, cast

import asyncpg
import httpx
from litestar import Litestar

from commons.instants import format_instant
from marketplace.app import create_app
from marketplace.database import Database
from marketplace.settings import Settings
from tests.usecases.market import ITEM, OWNER, PROFILE, code, nonce, now, sealed_terms

SETTINGS = Settings(profile=PROFILE)
REGULATOR = "regulator:R1"
SECOND = "regulator:R2"
PROBLEM = "application/problem+json"


@cache
def made() -> Litestar:
    """The application over a pool that lends nothing, put together once: half a second of every test otherwise."""
    return create_app(SETTINGS, Database(cast("asyncpg.Pool[asyncpg.Record]", None), ""))


def served(database: Database) -> Litestar:
    """The application on this database, with the settings as they were."""
    app = made()
    app.state.database, app.state.settings = database, SETTINGS
    return app


def agency(number: int) -> str:
    """The header of the agency of that number."""
    return f"agency:{code(number)}"


OWNER_ACTOR = f"owner:{OWNER}"


@dataclass
class Api:
    """The API's addresses behind one method."""

    client: httpx.AsyncClient

    async def post(
        self,
        path: str,
        body: object = None,
        *,
        actor: str | None = None,
        key: str | None = None,
        raw: bytes | None = None,
    ) -> httpx.Response:
        """POST a JSON body, or raw bytes declared as JSON."""
        headers = {"content-type": "application/json"} if raw is not None else {}
        if actor is not None:
            headers["X-Development-Actor"] = actor
        if key is not None:
            headers["Idempotency-Key"] = key
        if raw is not None:
            return await self.client.post(f"/api/v1{path}", content=raw, headers=headers)
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)

    async def by_two(self, path: str, body: object, *, actors: tuple[str, str] = (REGULATOR, SECOND)) -> dict[str, Any]:
        """What an act answers with that one proposes and another one approves."""
        proposed = await self.post(path, body, actor=actors[0])
        assert proposed.status_code == 202, proposed.text
        done = await self.post(f"/proposals/{proposed.json()['proposal']}/approval", {}, actor=actors[1])
        assert done.status_code == 201, done.text
        result: dict[str, Any] = done.json()["result"]
        return result


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of a response, held against RFC 9457."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["type"].startswith("/problems/")
    assert document["instance"].startswith("urn:uuid:")
    assert document["title"]
    assert document["detail"]
    assert document["code"]
    return document


def filing(number: int, **changes: Any) -> dict[str, Any]:
    """A filing that is taken."""
    return {
        "uscc": code(number), "name": f"测绘{number}号（示例）", "kind": "company", "region": "330302",
        "legal_representative": "示例", "commitment_signed": True, "is_example": True, **changes,
    }  # fmt: skip


def demand(terms: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A demand that can be published; its clocks end in a moment."""
    at = now()
    terms = terms or sealed_terms()
    clocks = {}
    if terms["mode"] == "comprehensive":
        clocks = {
            "sign_up_closes_at": format_instant(at + timedelta(seconds=1.5)),
            "closes_at": format_instant(at + timedelta(seconds=2.5)),
        }
    return {
        "owner_code": OWNER, "owner_name": "业主（示例）", "buyer_class": "fiscal", "item": ITEM,
        "project_code": "2610-330304-04-01-104270", "project_name": "项目（示例）", "region": "330304",
        "title": "需求（示例）", "terms": terms, "nonce": nonce("owner"), "is_example": True, **clocks, **changes,
    }  # fmt: skip


def shelf_offer(number: int, **changes: Any) -> dict[str, Any]:
    """An offer that the shelf takes."""
    at = now()
    return {
        "item": ITEM, "unit_price_fen": 100_000 * number, "minimum_fee_fen": 0, "days": 10, "capacity": 5,
        "valid_from": format_instant(at), "valid_until": format_instant(at + timedelta(days=30)),
        "nonce": nonce("shelf", number), **changes,
    }  # fmt: skip


CERTIFICATE = {
    "kind": "测绘资质", "grade": "甲级", "number": "ZJ000001", "issuer": "示例", "valid_from": "2020-01-01",
    "valid_until": "2035-01-01",
}  # fmt: skip
