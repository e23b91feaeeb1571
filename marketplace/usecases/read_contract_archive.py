"""The archive package of a contract, for its two sides, the regulators of its region, and auditors.

Invariants: it is made anew from the record each time and is what was archived: the digest in the record says so;
files join it where they can be had, and are named in it in any case. Source: market.md section 4, docs/adr/0023.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from commons.errors import NotFound
from marketplace.contracts.archive import INDEX, PRIVATE, index_of, public_digest
from marketplace.contracts.contract import Contract
from marketplace.database import Connection, Database
from marketplace.files.port import Files
from marketplace.record.store import load
from marketplace.usecases.act import Caller, require
from marketplace.usecases.contract_package import documents_of, package
from marketplace.usecases.read_contract import contract_now
from marketplace.usecases.read_snapshot import reading

MAX_PACKAGE_BYTES = 128 * 1024 * 1024
"""Bytes of files that a package holds; what is beyond is named in it alone."""


@dataclass(frozen=True, slots=True)
class Package:
    """The members by name, the index among them."""

    contract: str
    members: dict[str, bytes]


async def read_contract_archive(database: Database, files: Files | None, caller: Caller, identifier: str) -> Package:
    """The package of an archived contract; ``NotFound`` before, ``Forbidden`` to everybody else."""
    require(caller, "read_contract_archive")
    async with reading(database) as snapshot:
        now = await contract_now(snapshot, identifier)
        contract, award = now.contract, now.contract.award
        own = award.agency if caller.actor.role == "agency" else award.owner_code
        require(caller, "read_contract_archive", own=own, region=award.region)
        if contract.archived_at is None:
            raise NotFound("archive", identifier)
        ends = await _ends(snapshot.connection, contract)
        members = await package(snapshot.connection, now.demand, contract, ends)
    assert public_digest(members) == contract.archive_sha256, "a package is what was archived"
    members |= await _bodies(files, contract)
    return Package(identifier, {**members, INDEX: index_of(identifier, members)})


async def _ends(connection: Connection, contract: Contract) -> dict[str, int]:
    recorded = await load(connection, [f"contract/{contract.id}"])
    last = next(one for one in reversed(recorded) if one.event.type == "contract.archived")
    return cast("dict[str, int]", last.event.data["ends"])


async def _bodies(files: Files | None, contract: Contract) -> dict[str, bytes]:
    """The files' bytes by member, as many as fit."""
    if files is None:
        return {}
    found: dict[str, bytes] = {}
    left = MAX_PACKAGE_BYTES
    for one in documents_of(contract):
        if await files.holds(one.sha256):
            body = await files.get(one.sha256)
            if len(body) <= left:
                left -= len(body)
                found[f"{PRIVATE}files/{one.id}"] = body
    return found
