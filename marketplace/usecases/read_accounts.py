"""Which accounts are there, and what may each act as? Without names and contacts; the look is in the access log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.database import Database
from marketplace.usecases.act import Caller, require, who_asks
from marketplace.usecases.signing_in import note

MOST = 1_000
"""Accounts listed at most."""
_ACCOUNTS = """
SELECT account.id, login, is_disabled, totp IS NOT NULL AS has_totp, made_at,
  (SELECT count(*) FROM recovery_code WHERE account = account.id AND used_at IS NULL) AS codes_left
FROM account
WHERE NOT $1 OR EXISTS (
  SELECT FROM account_role AS held WHERE held.account = account.id AND held.ended_at IS NULL AND organisation IS NULL
)
ORDER BY login LIMIT $2
"""
_ROLES = """
SELECT account, id, role, rank, acting, region, line FROM account_role
WHERE account = ANY($1::text[]) AND ended_at IS NULL ORDER BY granted_at, id
"""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One thing that an account may act as."""

    id: str
    role: str
    rank: str
    acting: str
    region: str | None
    line: str | None


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account without anybody's name."""

    id: str
    login: str
    is_disabled: bool
    has_totp: bool
    codes_left: int
    made_at: datetime
    roles: Sequence[HeldRole]


async def read_accounts(
    database: Database, caller: Caller, *, officers_only: bool = False
) -> tuple[ListedAccount, ...]:
    """Every account by login name, or those that hold an office; ``MOST`` at most."""
    require(caller, "read_accounts")
    async with database.transaction() as connection:
        await note(connection, "", "read-accounts", "done", actor=who_asks(caller))
        rows = await connection.fetch(_ACCOUNTS, officers_only, MOST)
        held = await connection.fetch(_ROLES, [row["id"] for row in rows])
    roles: dict[str, list[HeldRole]] = {row["id"]: [] for row in rows}
    for one in held:
        fields = dict(one)
        roles[fields.pop("account")].append(HeldRole(**fields))
    return tuple(ListedAccount(**dict(row), roles=roles[row["id"]]) for row in rows)
