"""Import demands from a sheet (批量起草): every row becomes a draft of its owner, or none does.

Nothing is published: an owner looks at each draft and publishes it himself. Source: issue of the papers, ADR 0025.
"""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import Field

from commons.errors import Malformed
from commons.instants import beijing_date
from commons.verdicts import Reason, Refused
from marketplace.catalogue.cleaning import abolished
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Message, perform, require
from marketplace.usecases.attach_file import Digest
from marketplace.usecases.import_agencies import MAX_IMPORTED
from marketplace.usecases.joined import Joined, RowsRefusedError, each, require_room
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand, read_draft
from marketplace.usecases.rules_in_force import current_rules

_PATIENCE = "SET LOCAL statement_timeout = '60s'"


class ImportDemands(Message):
    """The sheet by its SHA-256, and its demands in its order."""

    sha256: Digest
    demands: Annotated[list[PostDemand], Field(max_length=MAX_IMPORTED)]


class DemandsImported(Message):
    """The drafts by their ids, in the order of the sheet."""

    sha256: str
    demands: list[str]


async def import_demands(
    database: Database, caller: Caller, command: ImportDemands, *, profile: str
) -> DemandsImported | Refused:
    """Keep a draft for every row; ``RowsRefusedError`` with every row that the rules refuse, and nothing stays."""
    for owner in sorted({one.owner_code for one in command.demands}):
        require(caller, "import_demands", own=owner)
    plain = Caller(caller.actor, badge=caller.badge)

    async def work(connection: Connection) -> DemandsImported | Refused:
        await connection.execute(_PATIENCE)
        await require_room(connection, len(command.demands))
        joined = Joined(connection)
        done, refused = await each(
            lambda place: post_demand(joined, plain, command.demands[place], profile=profile), len(command.demands)
        )
        if refused:
            raise RowsRefusedError(tuple(refused))
        posted = cast("list[DemandPosted]", done)
        return DemandsImported(sha256=command.sha256, demands=[one.demand for one in posted])

    return await perform(database, caller, command, DemandsImported, work)


async def refused_drafts(
    database: Database, commands: list[PostDemand], *, profile: str
) -> tuple[tuple[int, tuple[str, Reason | str]], ...]:
    """What posting would say against each demand as of now, by its place; nothing is kept."""
    found: list[tuple[int, tuple[str, Reason | str]]] = []
    rules = {
        region: await current_rules(database, profile, region) for region in sorted({one.region for one in commands})
    }
    for place, command in enumerate(commands):
        known, now = rules[command.region]
        codes = [command.item, *command.further_items]
        gone = abolished(codes, on=beijing_date(now), known=known.abolished)
        found.extend((place, (one.code, one)) for one in gone)
        try:
            read_draft(command, known)
        except Malformed as malformed:
            found.extend((place, (one.code, f"{one.pointer} {one.detail}")) for one in malformed.faults)
    return tuple(found)
