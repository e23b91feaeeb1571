"""Import agencies from a sheet (批量备案): all of them with their certificates, or none.

Each is filed and gets its certificates by the very use cases that would do it one by one, in one transaction. Only the
operator imports, for agencies that gave their signed commitments on paper. Source: issue of the papers, ADR 0025.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commons.verdicts import Refused
from marketplace.database import Connection, Database
from marketplace.identity.identifiers import DEVELOPMENT, Identifiers
from marketplace.usecases.act import Caller, Message, UsccText, perform, require
from marketplace.usecases.add_qualification import AddQualification, add_qualification
from marketplace.usecases.attach_file import Digest
from marketplace.usecases.file_agency import FileAgency, file_agency
from marketplace.usecases.joined import Joined, RowsRefusedError, each, require_room

MAX_IMPORTED = 5_000
"""Rows of one import."""
_FILED = "SELECT uscc FROM agency WHERE uscc = ANY($1::text[])"
_PATIENCE = "SET LOCAL statement_timeout = '60s'"


class ImportAgencies(Message):
    """The sheet by its SHA-256, the agencies in its order, then their certificates in theirs."""

    sha256: Digest
    agencies: Annotated[list[FileAgency], Field(max_length=MAX_IMPORTED)]
    qualifications: Annotated[list[AddQualification], Field(max_length=MAX_IMPORTED)]


class AgenciesImported(Message):
    """How many were filed, and how many certificates they brought."""

    sha256: str
    agencies: int
    qualifications: int
    codes: list[UsccText]


async def import_agencies(
    database: Database, caller: Caller, command: ImportAgencies, *, profile: str, identifiers: Identifiers = DEVELOPMENT
) -> AgenciesImported | Refused:
    """File every agency of the sheet; ``RowsRefusedError`` with every row that the rules refuse, and nothing stays."""
    require(caller, "import_agencies")
    plain = Caller(caller.actor, badge=caller.badge)

    async def work(connection: Connection) -> AgenciesImported | Refused:
        await connection.execute(_PATIENCE)
        await require_room(connection, len(command.agencies))
        joined = Joined(connection)
        _, refused = await each(
            lambda place: file_agency(
                joined, plain, command.agencies[place], profile=profile, identifiers=identifiers
            ),
            len(command.agencies),
        )  # fmt: skip
        if not refused:
            _, wrong = await each(
                lambda place: add_qualification(joined, plain, command.qualifications[place]),
                len(command.qualifications),
            )
            refused = [(len(command.agencies) + place, said) for place, said in wrong]
        if refused:
            raise RowsRefusedError(tuple(refused))
        return AgenciesImported(
            sha256=command.sha256,
            agencies=len(command.agencies),
            qualifications=len(command.qualifications),
            codes=[one.uscc for one in command.agencies],
        )

    return await perform(database, caller, command, AgenciesImported, work)


async def filed_already(database: Database, codes: list[str]) -> frozenset[str]:
    """Which of these codes are on file."""
    async with database.borrow() as connection:
        return frozenset(row["uscc"] for row in await connection.fetch(_FILED, codes))
