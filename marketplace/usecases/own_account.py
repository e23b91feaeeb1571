"""What somebody does to an account of his own: password, second factor, recovery. Source: trust.md section 2.

Every change of what proves who somebody is ends everything else that is signed in with the account.
"""

from __future__ import annotations

from datetime import datetime

from commons.errors import Conflict, Forbidden, Unrecognised
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Account, judge_password
from marketplace.identity.identifiers import Identifiers
from marketplace.identity.proofs import (
    hash_password,
    is_password,
    new_recovery_codes,
    new_totp_key,
    recovery_digest,
    totp_step_of,
    totp_text,
    totp_uri,
)
from marketplace.sessions.limits import PROVE_AGAIN, RECOVER, RECOVER_ADDRESS, RECOVER_LOGIN
from marketplace.usecases.act import Caller, Message, clock, require
from marketplace.usecases.sign_in import Code, Confidential, LoginName, Password
from marketplace.usecases.signing_in import Device, count_try, forgive_try, note


class ChangePassword(Confidential):
    """The password in force (none where there is none yet) and the one from now on."""

    current: Password | None = None
    password: Password


class PasswordChanged(Message):
    """Everything that was signed in with the account is over."""

    account: str
    changed_at: datetime


class SetSecondFactor(Confidential):
    """``begin`` makes a key, ``confirm`` puts it in force by its first code, ``remove`` takes it away by a code."""

    step: str
    code: Code | None = None


class SecondFactorSet(Confidential):
    """The key to type in or scan (at ``begin`` alone), new recovery codes (at ``confirm`` alone)."""

    account: str
    is_in_force: bool
    key: str | None = None
    uri: str | None = None
    recovery_codes: list[str] | None = None


class RecoverAccount(Confidential):
    """A recovery code in place of what was lost, and the password from now on; the second factor is taken away."""

    login: LoginName
    code: Code
    password: Password


async def change_password(database: Database, caller: Caller, command: ChangePassword) -> PasswordChanged | Refused:
    """Replace the password and end every session and token; ``Unrecognised`` for a wrong one in force."""
    require(caller, "change_password")
    account = await _account(database, caller)
    await count_try(database, (PROVE_AGAIN, account.id))
    if account.password is None and (caller.badge is None or not caller.badge.is_fresh):
        raise Forbidden("step_up_needed", "confirm who you are once more, then send this again")
    if account.password is not None and not await is_password(account.password, command.current or ""):
        raise Unrecognised("proof_failed", "this is not the password in force")
    ruling = judge_password(command.password, login=account.login)
    if isinstance(ruling, Refused):
        return ruling
    kept = await hash_password(command.password)
    async with database.transaction() as connection:
        await _unchanged(connection, account)
        await identity.set_password(connection, account.id, kept)
        await forgive_try(connection, PROVE_AGAIN, account.id)
        await note(connection, account.id, "change-password", "done")
        return PasswordChanged(account=account.id, changed_at=await clock(connection))


async def set_second_factor(
    database: Database, caller: Caller, command: SetSecondFactor, *, identifiers: Identifiers
) -> SecondFactorSet:
    """One step of setting or removing it; ``Conflict`` out of order, ``Unrecognised`` for a wrong code."""
    require(caller, "set_second_factor")
    account = await _account(database, caller)
    await count_try(database, (PROVE_AGAIN, account.id))
    match command.step:
        case "begin":
            return await _begin(database, account, identifiers)
        case "confirm":
            return await _confirm(database, account, command.code or "", identifiers)
        case "remove":
            return await _remove(database, account, command.code or "", identifiers)
        case _:
            raise Conflict("no_such_step", "the steps are begin, confirm and remove")


async def _begin(database: Database, account: Account, identifiers: Identifiers) -> SecondFactorSet:
    if account.totp is not None:
        raise Conflict("second_factor_in_force", "remove the one in force first")
    key = new_totp_key()
    async with database.transaction() as connection:
        await _unchanged(connection, account)
        await identity.set_totp(connection, account.id, key=None, pending=identifiers.seal(key.hex()), step=None)
    return SecondFactorSet(account=account.id, is_in_force=False, key=totp_text(key), uri=totp_uri(key, account.login))


async def _confirm(database: Database, account: Account, code: str, identifiers: Identifiers) -> SecondFactorSet:
    if account.totp_pending is None:
        raise Conflict("second_factor_not_begun", "begin first")
    key = bytes.fromhex(identifiers.open(account.totp_pending))
    codes = new_recovery_codes()
    async with database.transaction() as connection:
        await _unchanged(connection, account)
        at = await clock(connection)
        step = totp_step_of(key, code, at=at, after=None)
        if step is None:
            raise Unrecognised("second_factor_wrong", "this code is none of now")
        await identity.set_totp(connection, account.id, key=account.totp_pending, pending=None, step=step)
        await identity.replace_recovery_codes(
            connection, account.id, [recovery_digest(account.id, one) for one in codes], at=at
        )
        await identity.raise_epoch(connection, account.id)
        await forgive_try(connection, PROVE_AGAIN, account.id)
        await note(connection, account.id, "set-second-factor", "done")
    return SecondFactorSet(account=account.id, is_in_force=True, recovery_codes=list(codes))


async def _remove(database: Database, account: Account, code: str, identifiers: Identifiers) -> SecondFactorSet:
    if account.totp is None:
        raise Conflict("no_second_factor", "there is none in force")
    key = bytes.fromhex(identifiers.open(account.totp))
    async with database.transaction() as connection:
        await _unchanged(connection, account)
        at = await clock(connection)
        step = totp_step_of(key, code, at=at, after=account.totp_step)
        digest = recovery_digest(account.id, code)
        if step is None and not await identity.use_recovery_code(connection, account.id, digest, at=at):
            raise Unrecognised("second_factor_wrong", "this code is none of now, or was used before")
        await identity.set_totp(connection, account.id, key=None, pending=None, step=None)
        await identity.raise_epoch(connection, account.id)
        await note(connection, account.id, "remove-second-factor", "done")
    return SecondFactorSet(account=account.id, is_in_force=False)


async def recover_account(database: Database, command: RecoverAccount, device: Device) -> PasswordChanged | Refused:
    """A new password by a recovery code; ``Unrecognised`` alike for an unknown login and a wrong code."""
    tries = ((RECOVER, f"{command.login} {device.address}"), (RECOVER_LOGIN, command.login))
    await count_try(database, *tries, (RECOVER_ADDRESS, device.address))
    ruling = judge_password(command.password, login=command.login)
    if isinstance(ruling, Refused):
        return ruling
    kept = await hash_password(command.password)

    async def work(connection: Connection) -> PasswordChanged | Unrecognised:
        account = await identity.account_by_login(connection, command.login, for_update=True)
        at = await clock(connection)
        digest = recovery_digest("" if account is None else account.id, command.code)
        if (
            account is None
            or account.is_disabled
            or not await identity.use_recovery_code(connection, account.id, digest, at=at)
        ):
            await note(connection, "" if account is None else account.id, "recover", "failed")
            return Unrecognised("recovery_failed", "login name or recovery code is wrong")
        await identity.set_totp(connection, account.id, key=None, pending=None, step=None)
        await identity.set_password(connection, account.id, kept)
        await note(connection, account.id, "recover", "done")
        return PasswordChanged(account=account.id, changed_at=at)

    done = await database.retrying(work)
    if isinstance(done, Unrecognised):
        raise done
    return done


async def _unchanged(connection: Connection, account: Account) -> None:
    """Hold the account; ``Conflict`` when what proves who it is was changed since it was read."""
    now = await identity.account_by_id(connection, account.id, for_update=True)
    if now != account:
        raise Conflict("account_changed", "this account was changed meanwhile; look at it again")


async def _account(database: Database, caller: Caller) -> Account:
    """The account of whoever asks; ``Unrecognised`` for the development header, which is nobody's account."""
    person = None if caller.badge is None else caller.badge.person
    async with database.read() as connection:
        found = None if person is None else await identity.account_by_id(connection, person)
    if found is None:
        raise Unrecognised("account_needed", "sign in with an account")
    return found
