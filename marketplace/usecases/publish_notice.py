"""Publish a notice: all its lots become public in one act, or none does.

Order: the lots' rows in their order, then the record of each. Source: selection.md section 1, market.md section 4.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from commons.errors import Conflict, NotFound
from commons.verdicts import Reason, Refused
from marketplace.catalogue.store import hold_rules
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.life_cycle import GIVEN_UP
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Identifier, Message, clock, perform, require
from marketplace.usecases.publish_demand import DemandPublished, judge, publish
from marketplace.usecases.rules_in_force import under_rules


class PublishNotice(Message):
    """Which notice."""

    notice: Identifier


class NoticePublished(Message):
    """Public since, with every lot's selection in the order in which they are decided."""

    notice: str
    lots: tuple[DemandPublished, ...]
    published_at: datetime


async def publish_notice(database: Database, caller: Caller, command: PublishNotice) -> NoticePublished | Refused:
    """Publish every lot; refused whole with every lot's reasons, each naming its lot."""
    require(caller, "publish_notice")

    async def work(connection: Connection) -> NoticePublished | Refused:
        lots = await demands.lots_of(connection, command.notice, for_update=True)
        if not lots:
            raise NotFound("notice", command.notice)
        require(caller, "publish_notice", own=lots[0].owner_code)
        if any(one.state in GIVEN_UP for one in lots):
            raise Conflict("not_a_draft", "this notice was given up")
        if any(one.state != "draft" for one in lots):
            raise Conflict("already_published", "this notice is published; its terms are frozen")
        await hold_rules(connection)
        tips = [tip for lot in lots for tip in await hold(connection, f"demand/{lot.id}")]
        at = await clock(connection, *tips, *await hold(connection, f"notice/{command.notice}"))
        lots = tuple([await under_rules(connection, lot, at=at) for lot in lots])
        reasons: list[Reason] = []
        for number, lot in enumerate(lots, start=1):
            ruling = await judge(connection, lot, at=at)
            if isinstance(ruling, Refused):
                reasons.extend(replace(one, params={**one.params, "lot": number}) for one in ruling.reasons)
        if reasons:
            return Refused(tuple(reasons))
        anchor = lots[0].selection if "lot_cap" in lots[0].terms else None
        published = [await publish(connection, caller, lot, at=at, anchor=anchor) for lot in lots]
        act = Act("notice.published", {"lots": [one.demand for one in published]})
        await append(connection, f"notice/{command.notice}", [act], actor=caller.actor, at=at)
        await demands.mark_notice_published(connection, command.notice, at=at)
        return NoticePublished(notice=command.notice, lots=tuple(published), published_at=at)

    return await perform(database, caller, command, NoticePublished, work)
