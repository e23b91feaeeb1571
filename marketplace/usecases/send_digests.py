"""The daily digest (每日汇总): once a day, at eight in Beijing, what an account was told and has not read.

Lazy: whenever somebody looks, every account that wants one has the digest of the last eight o'clock; a job that comes
late makes it late, a job that comes twice makes none, and a day that was missed is in the next. Source: ADR 0026.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from commons.canonical import Json
from commons.instants import beijing_date, format_instant, start_of_day
from marketplace.database import Database
from marketplace.identity import store as identity
from marketplace.inbox import store as inbox
from marketplace.inbox.telling import KINDS
from marketplace.record import outbox
from marketplace.usecases.act import clock
from marketplace.usecases.inbox_of import addressees_of

HOUR = timedelta(hours=8)
DAY = timedelta(days=1)
LONGEST = timedelta(days=7)
_DIGESTS = UUID("2f6d5a68-3b58-5f0e-8c5b-4a0a9d9f7c11")
_LAST = """
SELECT max(outbox.payload->'data'->>'until') FROM outbox WHERE type = 'digest' AND about = $1
"""


def latest_eight(at: datetime) -> datetime:
    """The last eight o'clock in Beijing that is not after that instant."""
    today = start_of_day(beijing_date(at)) + HOUR
    return today if today <= at else today - DAY


async def make_digests(database: Database, *, at: datetime | None = None) -> bool | None:
    """Put every digest that is due into the outbox, once; None: there is nothing more to do for now."""
    async with database.read() as connection:
        now = await clock(connection) if at is None else at
        accounts = await inbox.digest_accounts(connection)
    for account in accounts:
        await _make(database, account, until=latest_eight(now))
    return None


async def _make(database: Database, account: str, *, until: datetime) -> None:
    about = f"digest/{account}"
    async with database.transaction() as connection:
        last = await connection.fetchval(_LAST, about)
        if last is not None and datetime.fromisoformat(last) >= until:
            return
        since = until - DAY if last is None else max(datetime.fromisoformat(last), until - LONGEST)
        chosen = await inbox.preferences(connection, account)
        kinds = [one for one in KINDS if chosen.get((one, "digest"), False)]
        mine = [
            each
            for one in await identity.standings_of(connection, account)
            for each in addressees_of(one.role, one.acting, one.region, one.organisation)
        ]
        if not await inbox.told_since(connection, account, mine, kinds, since=since, until=until, limit=1):
            return
        at = await clock(connection)
        told: list[Json] = [*kinds]
        data: dict[str, Json] = {"since": format_instant(since), "until": format_instant(until), "kinds": told}
        identifier = str(uuid5(_DIGESTS, f"{account}/{format_instant(until)}"))
        payload: dict[str, Json] = {"id": identifier, "at": format_instant(at), "data": data}
        note = outbox.Note(identifier, "digest", about, payload)
        await outbox.note_own(connection, note, [f"email/{account}"], at=at)
