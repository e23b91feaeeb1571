"""Sign in by the word of an identity provider (统一身份认证): begun here, proved there, finished here.

Invariants: what the provider answers counts once, in the browser the sign-in was begun in, and only with what was kept
for it (state, nonce, verifier); a provider's person is issuer and subject together, whatever it is called; the first
time an account without a password is opened for it. A legal person whom the provider names becomes a verified
administrator of its organisation; that this fails stops nobody. No transaction is open while somebody outside is asked.
Source: trust.md section 2; OpenID Connect Core 1.0; docs/adr/0027.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from commons.codes import Uscc
from commons.errors import Conflict, Forbidden, Malformed, NotFound, Unrecognised
from commons.events import Actor
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Account
from marketplace.identity.identifiers import Identifiers
from marketplace.identity.permissions import Badge
from marketplace.identity.proofs import new_secret, secret_digest
from marketplace.providers.asking import Asked, Providers
from marketplace.providers.id_token import Believed, NotBelieved, UnknownKey, believe
from marketplace.sessions import store as sessions
from marketplace.sessions.limits import ATTEMPT_LASTS, ATTEMPTS, FRESH, IDLE, SESSION_LASTS
from marketplace.settings import IdentityProvider
from marketplace.usecases.act import Caller, clock, new_identifier
from marketplace.usecases.membership import ClaimOrganisation, Organised, claim_organisation
from marketplace.usecases.signing_in import Device, Opened, count_try, note, open_session

LONGEST_NAME = 120
UNNAMED = "（未提供姓名）"
DECLINED = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})
"""Answers by which the person did not go through with it."""
_ROLES: tuple[Organised, ...] = ("owner", "agency")


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brought back from the provider."""

    state: str
    code: str | None = None
    error: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """The session that was opened, and where the person wanted to go."""

    opened: Opened
    onward: str


async def begin_sign_in(
    database: Database,
    providers: Providers,
    name: str,
    *,
    redirect: str,
    onward: str,
    browser: str,
    device: Device,
    again: bool = False,
) -> str:
    """Where the browser is sent; ``NotFound`` for a provider that there is none of, ``Unavailable`` when it is down."""
    one = _provider(providers, name)
    await count_try(database, (ATTEMPTS, device.address))
    asked = Asked(redirect, state=new_secret(), nonce=new_secret(), verifier=new_secret())
    address = await providers.address_of(one, asked, again=again)
    async with database.transaction() as connection:
        attempt = sessions.Attempt(name, asked.nonce, asked.verifier, onward)
        await sessions.begin_attempt(
            connection, secret_digest(asked.state), browser=secret_digest(browser), attempt=attempt, lasts=ATTEMPT_LASTS
        )
    return address


async def finish_sign_in(
    database: Database,
    providers: Providers,
    name: str,
    returned: Returned,
    *,
    redirect: str,
    browser: str | None,
    current: str | None,
    device: Device,
    identifiers: Identifiers,
) -> Entered:
    """Open a session for whom the provider names; ``Unrecognised`` with one of four codes otherwise.

    ``current`` is the session's cookie that was sent along: of the same person it ends, and the role stays chosen.
    """
    one = _provider(providers, name)
    attempt = await _use(database, name, returned, browser)
    if returned.error is not None:
        code = "provider_declined" if returned.error in DECLINED else "provider_answer"
        raise Unrecognised(code, "the identity provider signed nobody in")
    asked = Asked(redirect, returned.state, attempt.nonce, attempt.verifier)
    try:
        believed = await _believed(database, providers, one, returned, asked)
    except NotBelieved as error:
        async with database.transaction() as connection:
            await note(connection, "", "provider-sign-in", "failed", about=f"{name}: {error.check}")
        raise Unrecognised("provider_answer", "what the identity provider answered is not believed") from None
    account = await _account(database, one, believed, identifiers)
    await _claim(database, one, believed, account)
    opened = await _open(database, account, believed, device, current=current)
    return Entered(opened, attempt.onward)


def _provider(providers: Providers, name: str) -> IdentityProvider:
    one = providers.by_name.get(name)
    if one is None:
        raise NotFound("provider", name)
    return one


async def _use(database: Database, name: str, returned: Returned, browser: str | None) -> sessions.Attempt:
    """What was kept for this sign-in, used up by this very look; ``Unrecognised`` for none, another's, a used one."""
    found = None
    if browser is not None:
        async with database.transaction() as connection:
            found = await sessions.use_attempt(
                connection, secret_digest(returned.state), browser=secret_digest(browser)
            )
    if found is None or found.provider != name:
        raise Unrecognised("provider_state", "this sign-in was not begun in this browser, or is over")
    return found


async def _believed(
    database: Database, providers: Providers, one: IdentityProvider, returned: Returned, asked: Asked
) -> Believed:
    """Who it is, by the provider's signed word; keys that are not known here are fetched once more."""
    endpoints = await providers.endpoints_of(one)
    if returned.issuer != one.issuer and (returned.issuer is not None or endpoints.names_itself):
        raise NotBelieved("issuer")
    if returned.code is None:
        raise NotBelieved("code")
    token = await providers.token_for(one, returned.code, asked)
    keys = await providers.keys_of(one)
    async with database.read() as connection:
        at = await clock(connection)
    try:
        return believe(token, keys, issuer=one.issuer, client=one.client, nonce=asked.nonce, at=at)
    except UnknownKey:
        keys = await providers.keys_of(one, anew=True)
        return believe(token, keys, issuer=one.issuer, client=one.client, nonce=asked.nonce, at=at)


async def _account(database: Database, one: IdentityProvider, who: Believed, identifiers: Identifiers) -> str:
    """The account that stands for this person, opened at the first time."""

    async def work(connection: Connection) -> str:
        await identity.lock_organisation(connection, "identity", f"{one.issuer} {who.subject}")
        found = await identity.linked_account(connection, one.issuer, who.subject)
        if found is not None:
            account = await identity.account_by_id(connection, found)
            if account is None or account.is_disabled:
                raise Unrecognised("sign_in_failed", "this account is closed")
            return found
        at = await clock(connection)
        fresh = await _open_account(connection, one, who, identifiers, at=at)
        await identity.link_account(connection, one.issuer, who.subject, fresh, at=at)
        await note(connection, fresh, "open-account", "done", about=f"by {one.name}")
        return fresh

    return await database.retrying(work)


async def _open_account(
    connection: Connection, one: IdentityProvider, who: Believed, identifiers: Identifiers, *, at: datetime
) -> str:
    """An account without a password; its login name follows from the person, and is longer where that is taken."""
    digest = sha256(f"login-v1\n{one.issuer}\n{who.subject}".encode()).hexdigest()
    account = new_identifier("P", at=at)
    for length in (8, 16, 32):
        is_new = await identity.insert_account(
            connection, account, login=f"{one.name[:24]}-{digest[:length]}", name=identifiers.seal(_name(who)),
            contact=None, contact_digest=None, password=None, is_example=False, at=at,
        )  # fmt: skip
        if is_new:
            return account
    raise Conflict("login_taken", "no login name is free")


def _name(who: Believed) -> str:
    """What the provider calls the person, as far as it can be read; it decides nothing."""
    kinds = {"Cc", "Cf", "Cs", "Co", "Cn"}
    plain = "".join(one for one in who.name or "" if unicodedata.category(one) not in kinds)
    return plain.strip()[:LONGEST_NAME] or UNNAMED


async def _claim(database: Database, one: IdentityProvider, who: Believed, account: str) -> None:
    """Make whoever signs in as a legal person its verified administrator, in both roles, unless somebody is."""
    stated = None if one.uscc_claim is None else who.claims.get(one.uscc_claim)
    if not isinstance(stated, str):
        return
    caller = Caller(Actor("public", account), None, Badge(account))
    async with database.read() as connection:
        held = {(one.role, one.organisation) for one in await identity.standings_of(connection, account)
                if one.is_verified}  # fmt: skip
    for role in (one for one in _ROLES if (one, stated) not in held):
        try:
            command = ClaimOrganisation(role=role, organisation=Uscc.parse(stated).code)
            await claim_organisation(database, caller, command, is_verified=True)
        except (Malformed, Conflict, Forbidden, NotFound) as error:
            outcome = getattr(error, "code", "malformed")
            async with database.transaction() as connection:
                await note(connection, account, "verified-claim", outcome, about=role)


async def _open(database: Database, person: str, who: Believed, device: Device, *, current: str | None) -> Opened:
    """The session, under a new identifier; fresh only when the provider asked for a proof just now.

    Whoever has set a second factor here proves by it what binds: the provider's word opens the session, no more.
    """

    async def work(connection: Connection) -> Opened:
        account: Account | None = await identity.account_by_id(connection, person, for_update=True)
        if account is None or account.is_disabled:
            raise Unrecognised("provider_answer", "this account is closed")
        at = await clock(connection)
        is_fresh = not account.has_totp and who.proved_at is not None and abs(at - who.proved_at) <= FRESH
        role = None
        if current is not None:
            before = await sessions.bearer_of_session(connection, secret_digest(current), idle=IDLE)
            if before is not None and before.account == person:
                role = before.role
                await sessions.end_session(connection, secret_digest(current))
        await note(connection, person, "provider-sign-in", "done")
        return await open_session(connection, account, device, role=role, lasts=SESSION_LASTS, is_fresh=is_fresh)

    return await database.retrying(work)
