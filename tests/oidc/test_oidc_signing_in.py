"""Signing in by the word of a real identity provider: what is believed, what is not, and what it brings."""

from __future__ import annotations

import logging

import httpx
import pytest

from marketplace.database import Database
from tests.oidc.conftest import SITE, Person, query
from tests.oidc.running import CLIENT, NAME, SECRET, RealProvider, go_through
from tests.usecases.market import code

COOKIE = "__Host-session"
LEGAL = code(7)


def refused(answered: httpx.Response, expected: str, *, status: int = 401) -> None:
    """One page for what went wrong, with its stable code, and no session."""
    assert answered.status_code == status, answered.text[:1500]
    assert f"<code>{expected}</code>" in answered.text
    assert COOKIE not in answered.headers.get("set-cookie", "")


async def test_a_person_signs_in_an_account_is_opened_once_and_the_way_goes_on(person: Person) -> None:
    done = await person.enter("zhang.san", "/account/tokens")
    assert (done.status_code, done.headers["location"]) == (303, "/account/tokens")
    first = await person.who()
    assert (first["name"], first["login"][:8], first["recovery_codes_left"]) == ("zhang.san（示例）", "unified-", 0)
    before = person.cookies[COOKIE]
    again = await person.enter("zhang.san")
    assert again.headers["location"] == "/account"
    assert person.cookies[COOKIE] != before, "a new session identifier always"
    assert (await person.who())["account"] == first["account"]
    person.cookies[COOKIE] = before
    assert await person.who() == {}, "the session that was replaced is over"
    other = Person(person.client)
    await other.enter("li.si")
    assert (await other.who())["account"] != first["account"]


async def test_what_is_sent_to_the_provider_is_bound_to_this_sign_in(person: Person) -> None:
    first, second = query(await person.begin()), query(await person.begin())
    assert {first[name] for name in ("response_type", "code_challenge_method", "scope")} == {
        "code", "S256", "openid profile",
    }  # fmt: skip
    assert first["redirect_uri"] == f"{SITE}/sign-in/return/{NAME}"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) == 43
        assert first[name] != second[name]


async def test_a_legal_person_is_a_verified_administrator_once_and_unverified_ones_yield(
    person: Person, database: Database
) -> None:
    impostor = Person(person.client)
    await impostor.enter("impostor")
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO account_role (id, account, role, rank, organisation, acting, is_verified, granted_by, reason, "
            "granted_at) VALUES ('M-1', $1, 'agency', 'administrator', $2, $2, false, '', '', clock_timestamp())",
            (await impostor.who())["account"], LEGAL,
        )  # fmt: skip
    done = await person.enter("legal-person")
    assert done.headers["location"] == "/account", "two roles: one is chosen first"
    roles = (await person.who())["roles"]
    assert [(one["role"], one["rank"], one["organisation"], one["is_verified"]) for one in roles] == [
        ("owner", "administrator", LEGAL, True), ("agency", "administrator", LEGAL, True),
    ]  # fmt: skip
    assert (await impostor.who())["roles"] == []
    await person.enter("legal-person")
    assert (await person.who())["roles"] == roles


async def test_a_claim_that_fails_does_not_stop_the_sign_in(person: Person, provider: RealProvider) -> None:
    provider.spoil(claims={"uscc": LEGAL[:-1] + ("0" if LEGAL[-1] != "0" else "1")})
    assert (await person.enter("legal-person")).status_code == 303
    assert (await person.who())["roles"] == []
    provider.spoil(claims={"uscc": code(1)})
    await person.enter("first-of-one")
    provider.spoil(claims={"uscc": code(1)})
    second = Person(person.client)
    assert (await second.enter("second-of-one")).status_code == 303, "somebody verified is there already"
    assert (await second.who())["roles"] == []


SPOILT: list[tuple[dict[str, object], str]] = [
    ({"claims": {"nonce": "another"}}, "nonce"),
    ({"claims": {"nonce": None}}, "nonce"),
    ({"claims": {"aud": "another-client"}}, "aud"),
    ({"claims": {"aud": [CLIENT, "another-client"], "azp": "another-client"}}, "azp"),
    ({"claims": {"iss": "https://another.example"}}, "iss"),
    ({"claims": {"exp": 1_700_000_000, "iat": 1_699_999_000}}, "exp"),
    ({"claims": {"exp": None}}, "exp"),
    ({"claims": {"iat": 1_700_000_000}}, "iat"),
    ({"claims": {"sub": None}}, "sub"),
    ({"alg": "none"}, "signature"),
    ({"alg": "HS256"}, "signature"),
]
"""How a token is wrong, signed by the provider's own key, and the check that it fails."""


async def test_a_token_that_is_not_for_this_sign_in_is_not_believed(
    person: Person, provider: RealProvider, database: Database
) -> None:
    for how, _ in SPOILT:
        provider.spoil(**how)
        refused(await person.enter("zhang.san"), "provider_answer")
    assert await person.who() == {}
    async with database.read() as connection:
        noted = await connection.fetch("SELECT about FROM access_entry WHERE what = 'provider-sign-in' ORDER BY place")
    assert [row["about"] for row in noted] == [f"{NAME}: {check}" for _, check in SPOILT]


async def test_an_answer_counts_once_in_the_browser_it_was_begun_in_with_its_own_state(person: Person) -> None:
    back = go_through(await person.begin(), "zhang.san")
    refused(await Person(person.client).get(back), "provider_state")
    stranger = Person(person.client)
    await stranger.begin()
    refused(await stranger.get(back), "provider_state")
    wrong = str(httpx.URL(back).copy_set_param("state", "x" * 43))
    refused(await person.get(wrong), "provider_state")
    assert (await person.get(back)).status_code == 303
    refused(await person.get(back), "provider_state")


async def test_a_code_that_was_used_is_worth_nothing_in_another_sign_in(person: Person) -> None:
    used = go_through(await person.begin(), "zhang.san")
    assert (await person.get(used)).status_code == 303
    fresh = query(await person.begin())["state"]
    refused(await person.get(str(httpx.URL(used).copy_set_param("state", fresh))), "provider_answer")


async def test_a_code_of_somebody_elses_sign_in_is_worth_nothing_here(person: Person) -> None:
    theirs = go_through(await Person(person.client).begin(), "victim")
    mine = query(await person.begin())["state"]
    refused(await person.get(str(httpx.URL(theirs).copy_set_param("state", mine))), "provider_answer")


async def test_an_answer_of_another_issuer_is_not_taken(person: Person) -> None:
    back = go_through(await person.begin(), "zhang.san")
    refused(await person.get(str(httpx.URL(back).copy_set_param("iss", "https://another.example"))), "provider_answer")
    back = go_through(await person.begin(), "zhang.san")
    refused(await person.get(str(httpx.URL(back).copy_remove_param("iss"))), "provider_answer")


async def test_who_cancels_at_the_provider_is_told_so_and_not_signed_in(person: Person) -> None:
    refused(await person.get(go_through(await person.begin(), "zhang.san", cancels=True)), "provider_declined")


async def test_keys_that_the_provider_changed_are_fetched_anew(
    person: Person, provider: RealProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person.enter("zhang.san")
    provider.rotate()
    refused(await person.enter("zhang.san"), "provider_answer")
    monkeypatch.setattr("marketplace.providers.asking.AGAIN_S", 0)
    assert (await person.enter("zhang.san")).status_code == 303


async def test_only_a_proof_of_just_now_makes_a_session_fresh(person: Person, database: Database) -> None:
    await person.enter("zhang.san")
    fresh = "SELECT fresh_until IS NOT NULL FROM session ORDER BY place DESC LIMIT 1"
    async with database.read() as connection:
        assert await connection.fetchval(fresh) is False
    assert query(await person.begin(again="1"))["prompt"] == "login"
    await person.enter("zhang.san", again="1")
    async with database.read() as connection:
        assert await connection.fetchval(fresh) is True


async def test_an_unknown_provider_is_nothing_and_a_dead_one_is_said_to_be_away(
    person: Person, site: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await person.get(f"{SITE}/sign-in/with/nobody")).status_code == 404
    one = site.state.providers.by_name[NAME]  # type: ignore[attr-defined]  # the application's own state
    monkeypatch.setattr("marketplace.providers.asking.KEPT_S", -1)
    dead = type(one)(NAME, "http://127.0.0.1:9", CLIENT, SECRET, "", None)
    monkeypatch.setitem(site.state.providers.by_name, NAME, dead)  # type: ignore[attr-defined]  # the same
    refused(await person.get(f"{SITE}/sign-in/with/{NAME}"), "unavailable", status=503)


async def test_nothing_of_a_sign_in_reaches_the_log_or_the_database(
    person: Person, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = await person.begin()
    begun = caplog.text
    back = go_through(address, "zhang.san")
    caplog.clear()
    await person.get(back)
    secrets = [query(back)["code"], query(address)["state"], person.cookies[COOKIE], SECRET]
    own = [one.getMessage() for one in caplog.records if not (one.name == "httpx" and SITE in one.getMessage())]
    assert any("/token" in line for line in own), "what asks the provider is among what is looked at"
    async with database.read() as connection:
        kept = await connection.fetchval("SELECT string_agg(t::text, ' ') FROM sign_in_attempt t")
    assert kept
    for secret in secrets:
        assert secret not in kept
        assert secret not in begun + "\n".join(own)
