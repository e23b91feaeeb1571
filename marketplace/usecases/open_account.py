"""Open an account: anybody may; what it may act as comes after. Source: market.md section 1, trust.md section 2."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.errors import Conflict
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import judge_password
from marketplace.identity.identifiers import Identifiers
from marketplace.identity.proofs import hash_password, new_recovery_codes, recovery_digest
from marketplace.sessions.limits import OPEN_ACCOUNT
from marketplace.usecases.act import Name, clock, new_identifier
from marketplace.usecases.sign_in import Confidential, LoginName, Password
from marketplace.usecases.signing_in import Device, count_try, note

Contact = Annotated[str, Field(min_length=5, max_length=120, pattern=r"^[\x21-\x7e]+$")]
"""A telephone number or an e-mail address; kept sealed."""


class OpenAccount(Confidential):
    """A login name of one's own choice, a password, the person's name, and where messages reach it."""

    login: LoginName
    password: Password
    name: Name
    contact: Contact | None = None


class AccountOpened(Confidential):
    """The account, and the codes that stand in once each for a lost password or second factor: shown this once."""

    account: str
    login: str
    recovery_codes: list[str]
    opened_at: datetime


async def open_account(
    database: Database,
    command: OpenAccount,
    device: Device | None,
    *,
    identifiers: Identifiers,
    is_example: bool = False,
) -> AccountOpened | Refused:
    """Keep the account; refused for a weak password with all reasons, ``Conflict`` for a login name that is taken.

    ``device`` None: on the machine itself, where nobody's tries are counted.
    """
    ruling = judge_password(command.password, login=command.login)
    if isinstance(ruling, Refused):
        return ruling
    if device is not None:
        await count_try(database, (OPEN_ACCOUNT, device.address))
    kept = await hash_password(command.password)

    async def work(connection: Connection) -> AccountOpened:
        at = await clock(connection)
        account = new_identifier("P", at=at)
        codes = new_recovery_codes()
        is_new = await identity.insert_account(
            connection,
            account,
            login=command.login,
            name=identifiers.seal(command.name),
            contact=None if command.contact is None else identifiers.seal(command.contact),
            contact_digest=None if command.contact is None else identifiers.digest("contact", command.contact),
            password=kept,
            is_example=is_example,
            at=at,
        )
        if not is_new:
            raise Conflict("login_taken", "this login name is taken")
        await identity.replace_recovery_codes(
            connection, account, [recovery_digest(account, one) for one in codes], at=at
        )
        await note(connection, account, "open-account", "done")
        return AccountOpened(account=account, login=command.login, recovery_codes=list(codes), opened_at=at)

    return await database.retrying(work)
