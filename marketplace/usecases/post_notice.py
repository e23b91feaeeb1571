"""Post a notice of several lots (标段): each lot a demand with a selection of its own, one cap over them, one order.

The cap is frozen with the terms of every lot, so that a lot's case says by itself who had reached it.
Source: selection.md section 1, docs/adr/0015.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.errors import Fault, Malformed
from commons.instants import beijing_date
from commons.verdicts import Reason, Refused
from marketplace.catalogue.cleaning import abolished
from marketplace.catalogue.in_force import Rules
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.demand import LOTLESS
from marketplace.demands.store import Notice
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Message, Name, clock, new_identifier, perform, require
from marketplace.usecases.post_demand import DemandPosted, Draft, PostDemand, keep_draft, read_draft
from marketplace.usecases.rules_in_force import current_rules

MAX_LOTS = 20


class PostNotice(Message):
    """The lots in the order in which they are decided; ``lot_cap`` is how many of them one bidder may win."""

    title: Name
    lot_cap: Annotated[int, Field(ge=1, le=MAX_LOTS)] | None = None
    lots: Annotated[list[PostDemand], Field(min_length=2, max_length=MAX_LOTS)]


class NoticePosted(Message):
    """The notice, and its lots as drafts in their order."""

    notice: str
    lots: tuple[DemandPosted, ...]
    posted_at: datetime


async def post_notice(
    database: Database, caller: Caller, command: PostNotice, *, profile: str
) -> NoticePosted | Refused:
    """Keep a notice with its lots as drafts; ``Malformed`` with every fault of every lot, by its place."""
    require(caller, "post_notice", own=command.lots[0].owner_code)
    rules: dict[str, Rules] = {}
    gone: dict[str, Reason] = {}
    for lot in command.lots:
        if lot.region not in rules:
            rules[lot.region], now = await current_rules(database, profile, lot.region)
        known, codes = rules[lot.region].abolished, (lot.item, *lot.further_items)
        gone |= {str(one.params["item"]): one for one in abolished(codes, on=beijing_date(now), known=known)}
    if gone:
        return Refused(tuple(gone.values()))
    drafts = _read(command, rules)

    async def work(connection: Connection) -> NoticePosted | Refused:
        at = await clock(connection)
        first = command.lots[0]
        notice = Notice(
            new_identifier("N", at=at), command.title, first.owner_code, command.lot_cap, first.is_example, at
        )
        await demands.insert_notice(connection, notice)
        lots: list[DemandPosted] = []
        for number, (lot, draft) in enumerate(zip(command.lots, drafts, strict=True), start=1):
            demand = draft.demand(lot, profile=profile, at=at, notice=notice.id, lot=number)
            lots.append(await keep_draft(connection, caller, lot, demand))
        act = Act(
            "notice.posted",
            {"title": notice.title, "lot_cap": notice.lot_cap, "lots": [one.demand for one in lots]},
        )
        await append(connection, f"notice/{notice.id}", [act], actor=caller.actor, at=at)
        return NoticePosted(notice=notice.id, lots=tuple(lots), posted_at=at)

    return await perform(database, caller, command, NoticePosted, work)


def _read(command: PostNotice, rules: Mapping[str, Rules]) -> Sequence[Draft]:
    """Every lot as read; ``Malformed`` with the faults of all of them, each below its lot."""
    faults = list(_together(command))
    drafts: list[Draft] = []
    for place, lot in enumerate(command.lots):
        try:
            drafts.append(read_draft(lot, rules[lot.region], lot_cap=command.lot_cap))
        except Malformed as malformed:
            faults.extend(replace(one, pointer=f"/lots/{place}{one.pointer}") for one in malformed.faults)
    if faults:
        raise Malformed(tuple(faults))
    return drafts


def _together(command: PostNotice) -> list[Fault]:
    """What is wrong with the lots as one notice: owner and project are one, nothing awards at once, a cap binds."""
    faults: list[Fault] = []
    if command.lot_cap is not None and command.lot_cap >= len(command.lots):
        faults.append(Fault("/lot_cap", "lot_cap_never_binds", "one bidder may win every lot: leave the cap out"))
    first = command.lots[0]
    nonces = [lot.nonce for lot in command.lots]
    for place, lot in enumerate(command.lots):
        if lot.nonce is not None and lot.nonce in nonces[:place]:
            faults.append(Fault(f"/lots/{place}/nonce", "nonce_used", "every lot has a nonce of its own"))
        if lot.owner_code != first.owner_code:
            faults.append(Fault(f"/lots/{place}/owner_code", "owner_differs", "a notice has one owner"))
        if lot.project_code != first.project_code:
            faults.append(Fault(f"/lots/{place}/project_code", "project_differs", "a notice is for one project"))
        if lot.terms.get("mode") in LOTLESS:
            faults.append(Fault(f"/lots/{place}/terms/mode", "lot_mode_not_allowed", "a lot is not awarded at once"))
    return faults
