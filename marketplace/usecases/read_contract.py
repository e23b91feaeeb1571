"""Where does a contract stand? What was signed, how it is kept, who owes what, what came of it.

Invariants: what is read is what settling will persist; notes, contacts and channels are for the two sides, regulators
and auditors alone, a rating's words are for everybody; a restriction of the agency, or a hold for review that bears on
the contract, is shown to whoever looks.
Source: market.md section 4, docs/adr/0023.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies import store as agencies
from agencies.people.holds import held
from commons.canonical import Json
from commons.errors import NotFound
from commons.events import Actor, Recorded
from commons.verdicts import Reason
from credit import store as credit
from credit.restrictions import restricted
from marketplace.contracts.clocks import Duty, open_duties, overdue_duties, reminders
from marketplace.contracts.contract import Contract, opened
from marketplace.contracts.folding import fold
from marketplace.contracts.settling import settled
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.store import Demand
from marketplace.record.store import load
from marketplace.usecases.contract_award import award_of, award_opened, finals_in
from marketplace.usecases.holding import holds_now
from marketplace.usecases.read_award import AwardFile, award_now
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import standings
from marketplace.usecases.rules_in_force import profile_of


@dataclass(frozen=True, slots=True)
class ContractNow:
    """A contract settled by the instant of the reading, with its record and its demand."""

    contract: Contract
    demand: Demand
    recorded: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A contract as it stands ``now``: who owes what, what is overdue or reminded of, what bars the agency from it.

    ``restrictions`` are what bars it: restrictions proper, then holds for review that are open.
    ``notes`` are private parts by event, empty for the public; ``words`` are those of the rating and of its answer.
    """

    now: datetime
    contract: Contract
    demand: Demand
    names: Mapping[str, str]
    duties: tuple[Duty, ...]
    overdue: tuple[Duty, ...]
    reminders: tuple[Duty, ...]
    restrictions: tuple[Reason, ...]
    recorded: tuple[Recorded, ...]
    notes: Mapping[str, Mapping[str, Json]]
    words: Mapping[str, str]


async def read_contract(database: Database, identifier: str, reader: Actor | None) -> ContractFile:
    """The contract; ``NotFound`` for what is none."""
    async with reading(database, is_planned_once=True) as snapshot:
        return await file_of(snapshot, await contract_now(snapshot, identifier), reader)


async def read_result(database: Database, identifier: str) -> tuple[AwardFile, ContractFile | None]:
    """The result of that demand and its contract for anybody, in one snapshot; ``NotFound`` while there is no result.

    None for the contract where no award stands.
    """
    async with reading(database, is_planned_once=True) as snapshot:
        award = await award_now(snapshot, identifier)
        selection = award.demand.selection
        if award.demand.winner is None:
            return award, None
        found = (await contracts_now(snapshot, [selection])).get(selection)
        return award, None if found is None else await file_of(snapshot, found, None)


async def contract_now(snapshot: Reading, identifier: str) -> ContractNow:
    """The contract as it stands; ``NotFound`` for an unknown selection, or one without an award that stands."""
    found = (await contracts_now(snapshot, [identifier])).get(identifier)
    if found is None:
        raise NotFound("contract", identifier)
    return found


async def contracts_now(snapshot: Reading, identifiers: Sequence[str]) -> dict[str, ContractNow]:
    """Contracts as they stand, by id; what is none is left out."""
    connection = snapshot.connection
    own: dict[str, list[Recorded]] = {}
    for kept in await load(connection, [f"contract/{one}" for one in identifiers]):
        own.setdefault(kept.event.subject.partition("/")[2], []).append(kept)
    fresh = await standings(snapshot, [one for one in identifiers if one not in own])
    demand_of = {row["id"]: row["demand"] for row in await connection.fetch(_DEMANDS, list(identifiers))}
    found: dict[str, ContractNow] = {}
    for one in identifiers:
        demand = await demands.demand_by_id(connection, demand_of[one]) if one in demand_of else None
        if demand is None:
            continue
        recorded = tuple(own.get(one, ()))
        standing = fresh.get(one)
        award = award_opened(recorded[0].event) if recorded else None
        if award is None and standing is not None:
            award = award_of(standing.state, demand, finals_in(standing.recorded))
        if award is not None:
            profile = profile_of(demand)
            contract = fold(opened(award, profile), (each.event for each in recorded))
            at = max([snapshot.at, *(each.event.at for each in recorded[-1:])])
            found[one] = ContractNow(settled(contract, profile=profile, at=at).contract, demand, recorded)
    return found


async def file_of(snapshot: Reading, now: ContractNow, reader: Actor | None) -> ContractFile:
    """What this reader may have of a contract."""
    contract, at = now.contract, snapshot.now
    agency = contract.award.agency
    bound = (await credit.restrictions(snapshot.connection, [agency]))[agency]
    holds = (await holds_now(snapshot.connection, [agency]))[agency]
    waiting = held((one for one in holds if one.bears_on(contract.id)), at=at)
    return ContractFile(
        now=at,
        contract=contract,
        demand=now.demand,
        names=await agencies.names(snapshot.connection, [agency]),
        duties=open_duties(contract),
        overdue=overdue_duties(contract, at=at),
        reminders=reminders(contract, at=at),
        restrictions=(*restricted(bound, at=at, measure="contract", items=now.demand.items), *waiting),
        recorded=now.recorded,
        notes=_notes(now) if _may_read_notes(contract, reader) else {},
        words=_words(now.recorded),
    )


_DEMANDS = "SELECT id, demand FROM selection WHERE id = ANY($1::text[])"
_RATINGS = ("contract.rated", "contract.rating_answered")


def _may_read_notes(contract: Contract, reader: Actor | None) -> bool:
    if reader is None:
        return False
    if reader.role in {"owner", "agency"}:
        return reader.id == (contract.award.owner_code if reader.role == "owner" else contract.award.agency)
    return reader.role in {"regulator", "auditor"}


def _notes(now: ContractNow) -> dict[str, Mapping[str, Json]]:
    """Private parts by event id, but those of ratings: these are for everybody."""
    return {
        one.event.id: one.private for one in now.recorded if one.private is not None and one.event.type not in _RATINGS
    }


def _words(recorded: Sequence[Recorded]) -> dict[str, str]:
    """The words of the rating and of its answer, as long as they are kept."""
    return {
        one.event.type.partition(".")[2]: str(one.private["words"])
        for one in recorded
        if one.event.type in _RATINGS and one.private is not None
    }
