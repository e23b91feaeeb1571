"""State one's case (陈述申辩): the agency answers a noticed restriction while its hearing lasts, once.

The words are private: they may name persons; the record holds their salted hash and the hash of what proves them. The
decision that follows answers them in public, or it is refused. Source: credit.md section 1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from agencies import store as agencies
from commons.errors import NotFound
from commons.verdicts import Refused
from credit import store as credit
from credit.restrictions import judge_statement
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Message,
    Prose,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
)
from marketplace.usecases.notice_restriction import notice_of
from marketplace.usecases.record_credit_fact import EvidenceHash


class StateAtHearing(Message):
    """To which notice of the agency's own, what it says to it, and the hash of what proves that."""

    agency: UsccText
    notice: Identifier
    statement: Annotated[Prose, Field(min_length=1)]
    evidence_sha256: EvidenceHash | None = None


class StatementMade(Message):
    """On record since; whoever decides has to answer it."""

    statement: str
    agency: str
    notice: str
    stated_at: datetime


async def state_at_hearing(database: Database, caller: Caller, command: StateAtHearing) -> StatementMade | Refused:
    """State the case; refused a second time and from the end of the hearing on, ``NotFound`` for another's notice."""
    require(caller, "state_at_hearing", own=command.agency)

    async def work(connection: Connection) -> StatementMade | Refused:
        await agencies.lock_shared(connection, [command.agency])
        subject = f"agency/{command.agency}"
        last = await hold(connection, subject)
        notice = await notice_of(connection, command.agency, command.notice)
        if notice is None:
            raise NotFound("notice", command.notice)
        bound = (await credit.restrictions(connection, [command.agency]))[command.agency]
        at = await clock(connection, *last)
        ruling = judge_statement(notice, is_decided=any(one.notice == notice.id for one in bound), at=at)
        if isinstance(ruling, Refused):
            return ruling
        statement = new_identifier("T", at=at)
        act = Act(
            "restriction.statement_made",
            {"statement": statement, "notice": notice.id, "evidence_sha256": command.evidence_sha256},
            private={"statement": command.statement},
        )
        await append(connection, subject, [act], actor=caller.actor, at=at)
        return StatementMade(statement=statement, agency=command.agency, notice=notice.id, stated_at=at)

    return await perform(database, caller, command, StatementMade, work)
