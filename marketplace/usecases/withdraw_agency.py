"""Withdraw an agency (退出): by itself; its file and history stay, and it may return under the same code."""

from __future__ import annotations

from agencies import store as agencies
from agencies.life import judge_leaving
from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.record.store import append
from marketplace.usecases.act import Caller, perform, require
from marketplace.usecases.agency_leaving import AgencyLeft, LeavingMessage, hold_agency, leave


class WithdrawAgency(LeavingMessage):
    """Which agency, and why; the reason is published."""


async def withdraw_agency(database: Database, caller: Caller, command: WithdrawAgency) -> AgencyLeft | Refused:
    """Leave the market; refused to one that has already."""
    require(caller, "withdraw_agency", own=command.agency)

    async def work(connection: Connection) -> AgencyLeft | Refused:
        at = await hold_agency(connection, command.agency)
        ruling = judge_leaving(await agencies.life_of(connection, command.agency), "withdrawn")
        if isinstance(ruling, Refused):
            return ruling
        done, act = await leave(connection, command.agency, "withdrawn", by="agency", reason=command.reason, at=at)
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return done

    return await perform(database, caller, command, AgencyLeft, work)
