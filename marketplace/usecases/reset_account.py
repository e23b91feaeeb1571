"""New recovery codes for somebody who lost what proved who he is: on the machine itself, once it was seen who it is.

Everything that is signed in with the account is over, earlier codes are worth nothing; the person sets a new password
with one of the new ones (``recover_account``), which takes a lost second factor away. Source: trust.md section 2.
"""

from __future__ import annotations

from commons.errors import NotFound
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.proofs import new_recovery_codes, recovery_digest
from marketplace.usecases.act import Caller, Ground, clock, require, who_asks
from marketplace.usecases.sign_in import Confidential, LoginName
from marketplace.usecases.signing_in import note


class ResetAccount(Confidential):
    """Whose account, and why; the reason stands in the access log."""

    login: LoginName
    reason: Ground


class AccountReset(Confidential):
    """The codes from now on, shown this once."""

    account: str
    recovery_codes: list[str]


async def reset_account(database: Database, caller: Caller, command: ResetAccount) -> AccountReset:
    """Replace the codes and end what is signed in; ``NotFound`` for an unknown login name."""
    require(caller, "reset_account")

    async def work(connection: Connection) -> AccountReset:
        found = await identity.account_by_login(connection, command.login, for_update=True)
        if found is None:
            raise NotFound("account", command.login)
        codes = new_recovery_codes()
        digests = [recovery_digest(found.id, one) for one in codes]
        await identity.replace_recovery_codes(connection, found.id, digests, at=await clock(connection))
        await identity.raise_epoch(connection, found.id)
        await note(
            connection, "", "reset-account", "done", actor=who_asks(caller), about=f"{found.id}: {command.reason}"
        )
        return AccountReset(account=found.id, recovery_codes=list(codes))

    return await database.retrying(work)
