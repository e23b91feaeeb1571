"""``/healthz`` and ``/readyz``: one word each, whatever the database does."""

from __future__ import annotations

import httpx

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.settings import Settings


def told(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.text, answer.headers["cache-control"]


async def test_a_market_is_alive_and_ready_until_its_database_is_away(database: Database) -> None:
    transport = httpx.ASGITransport(app=create_app(Settings(), database), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        assert told(await client.get("/healthz")) == (200, '{"alive":true}', "no-store")
        assert told(await client.get("/readyz")) == (200, '{"ready":true}', "no-store")
        await database.close()
        assert told(await client.get("/healthz")) == (200, '{"alive":true}', "no-store")
        assert told(await client.get("/readyz")) == (503, '{"ready":false}', "no-store")
        assert (await client.get("/readyz", headers={"Host": "market.example"})).status_code == 403
