"""State that an agency serves an item (服务事项登记): in the directory at once, for the whole province.

An item that asks for a qualification needs it now; one that asks for none needs the signed commitment. Nobody has to
state an item to sign up for it.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.offered import OfferedItem, judge_offering
from commons.errors import NotFound
from commons.instants import beijing_date
from commons.verdicts import Reason, Refused
from credit import store as credit
from marketplace.catalogue.in_force import Rules
from marketplace.catalogue.items import ServiceItem
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Connection, Database
from marketplace.demands.admission import Applicant, Call, merits
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Message,
    UsccText,
    clock,
    perform,
    require,
)
from marketplace.usecases.cleaned_items import gone_items, known_item, province_rules


class OfferItem(Message):
    """Which item; the commitment where the law asks for nothing else."""

    agency: UsccText
    item: Identifier
    commitment_signed: bool = False


class ItemOffered(Message):
    """Served since; shown with the agency and with the item."""

    agency: str
    item: str
    offered_at: datetime


async def offer_item(database: Database, caller: Caller, command: OfferItem) -> ItemOffered | Refused:
    """Put the item on file; refuses a missing qualification or commitment, a restriction, an abolished item."""
    require(caller, "offer_item", own=command.agency)
    rules = await province_rules(database)
    item = known_item(rules, command.item)

    async def work(connection: Connection) -> ItemOffered | Refused:
        await agencies.lock_shared(connection, [command.agency])
        if not await agencies.is_filed(connection, command.agency):
            raise NotFound("agency", command.agency)
        last = await hold(connection, f"agency/{command.agency}")
        bound = (await credit.restrictions(connection, [command.agency]))[command.agency]
        at = await clock(connection, *last, *(one.starts_at for one in bound))
        papers = (await agencies.qualifications(connection, [command.agency]))[command.agency]
        applicant = Applicant(command.agency, papers, bound, await agencies.life_of(connection, command.agency))
        if reasons := await _against(connection, command, (rules, item), applicant, at=at):
            return Refused(reasons)
        await agencies.insert_offered_item(connection, OfferedItem(command.agency, command.item, at))
        act = Act("item.offered", {"item": command.item, "commitment": command.commitment_signed})
        await append(connection, f"agency/{command.agency}", [act], actor=caller.actor, at=at)
        return ItemOffered(agency=command.agency, item=command.item, offered_at=at)

    return await perform(database, caller, command, ItemOffered, work)


async def _against(
    connection: Connection, command: OfferItem, known: tuple[Rules, ServiceItem | None], applicant: Applicant, *,
    at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Everything against it: the item itself, the agency's merits today, what it states."""
    today, (rules, item) = beijing_date(at), known
    if gone := gone_items(rules, [command.item], at=at):
        return gone
    assert item is not None, "what was not abolished is in the catalogue"
    asked = requirement_of(item, rules.catalogue)
    earlier = (await agencies.offered_items(connection, [command.agency]))[command.agency]
    return (
        *merits(applicant, Call((asked,), (), "", today, (item.code,)), at=at, measures=("new_item",)),
        *judge_offering(
            item.code, earlier, needs_commitment=asked is None, commitment_signed=command.commitment_signed
        ),
    )
