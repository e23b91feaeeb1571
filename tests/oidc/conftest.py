"""The real application beside a real identity provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.settings import IdentityProvider, Settings
from tests.oidc.running import CLIENT, NAME, SECRET, RealProvider, go_through, running
from tests.store.fixtures import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.usecases.market import PROFILE, code

SITE = "http://localhost:8000"


@pytest.fixture(scope="module")
def provider() -> Iterator[RealProvider]:
    """One provider for the tests of a module."""
    with running(f"{SITE}/sign-in/return/{NAME}", uscc=code(7)) as one:
        yield one


@dataclass
class Person:
    """A person's browser on our site: keeps cookies by hand, since they are for encrypted ways alone."""

    client: httpx.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, address: str) -> httpx.Response:
        """Follow nothing; keep what is set."""
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        answered = await self.client.get(address, headers=headers if self.cookies else {})
        for one in answered.headers.get_list("set-cookie"):
            assert one.startswith("__Host-")
            assert all(f"; {part}" in one for part in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"))
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answered

    async def begin(self, onward: str = "/account", **more: str) -> str:
        """Where the provider's button leads."""
        query = httpx.QueryParams({"onward": onward, **more})
        answered = await self.get(f"{SITE}/sign-in/with/{NAME}?{query}")
        assert answered.status_code == httpx.codes.SEE_OTHER, answered.text
        return answered.headers["location"]

    async def enter(self, login: str, onward: str = "/account", **more: str) -> httpx.Response:
        """The whole way there and back."""
        return await self.get(go_through(await self.begin(onward, **more), login))

    async def who(self) -> dict[str, Any]:
        """Who is signed in, by the API; {} for nobody."""
        answered = await self.get(f"{SITE}/api/v1/account")
        return answered.json() if answered.status_code == httpx.codes.OK else {}


def query(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest_asyncio.fixture
async def site(database: Database, provider: RealProvider) -> Litestar:
    """The application, which knows the provider."""
    one = IdentityProvider(NAME, provider.issuer, CLIENT, SECRET, "统一身份认证（示例）", "uscc")
    return create_app(Settings(profile=PROFILE, public_url=SITE, oidc_providers=(one,)), database)


@pytest_asyncio.fixture
async def client(site: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Ways to it."""
    transport = httpx.ASGITransport(app=site, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as opened:
        yield opened


@pytest.fixture
def person(client: httpx.AsyncClient) -> Person:
    """Somebody's browser."""
    return Person(client)
