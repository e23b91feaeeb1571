"""File an agency (备案): once, in effect at once, for the whole province.

One tied to a restricted agency is on file like any other and is held for review: entry is free, evading is not.
"""

from __future__ import annotations

from datetime import datetime

from agencies import store as agencies
from agencies.filing import AgencyKind, Filing, judge_filing
from commons.regions import REGIONS
from commons.verdicts import Refused
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Connection, Database
from marketplace.identity.identifiers import DEVELOPMENT, Identifiers
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Line,
    Message,
    Name,
    PlaceCode,
    UsccText,
    clock,
    perform,
    require,
    stamp,
)
from marketplace.usecases.apply_decision import match_waiting
from marketplace.usecases.holding import hold_if_linked
from marketplace.usecases.stated_relations import Relations, hold_relations, write_relations

CITY_LEVEL = 2


class FileAgency(Message):
    """What an agency states about itself; persons and contacts stay private.

    ``relations`` are the people behind it; none of them is needed to be on file.
    """

    uscc: UsccText
    name: Name
    kind: AgencyKind
    region: PlaceCode
    legal_representative: Name
    contact_name: Line = ""
    contact_phone: Line = ""
    commitment_signed: bool
    is_example: bool = False
    relations: Relations | None = None


class AgencyFiled(Message):
    """In effect from ``filed_at`` in every city; objections are taken until ``objection_until``.

    ``held_for_review`` are the holds that its ties to restricted agencies brought upon it.
    """

    agency: str
    filed_at: datetime
    objection_until: datetime
    held_for_review: list[str]


async def file_agency(
    database: Database, caller: Caller, command: FileAgency, *, profile: str, identifiers: Identifiers = DEVELOPMENT
) -> AgencyFiled | Refused:
    """File the agency; refuses only a missing commitment or a second filing. Source: market.md section 2."""
    require(caller, "file_agency", own=command.uscc)
    filing = Filing(command.uscc, command.name, command.kind, command.region, command.commitment_signed)
    relations = command.relations or Relations()
    if not relations.contact and command.contact_phone:
        relations = relations.model_copy(update={"contact": command.contact_phone})

    async def work(connection: Connection) -> AgencyFiled | Refused:
        last = await hold(connection, f"agency/{filing.uscc}")
        ruling = judge_filing(filing, is_filed=await agencies.is_filed(connection, filing.uscc))
        if isinstance(ruling, Refused):
            return ruling
        await hold_relations(connection, filing.uscc, relations, identifiers)
        at = await clock(connection, *last)
        objection_until = rule_profile(profile).after("filing_objection", at).at
        await agencies.insert_agency(
            connection, filing, city=city_of(filing.region), is_example=command.is_example, at=at
        )
        written = await write_relations(connection, filing.uscc, relations, identifiers, at=at)
        act = Act(
            "agency.filed",
            {
                "uscc": filing.uscc,
                "name": filing.name,
                "kind": filing.kind,
                "region": filing.region,
                "commitment": True,
                "objection_until": stamp(objection_until),
                "is_example": command.is_example,
                "relations": written.as_json()["stated"],
            },
            private={
                "legal_representative": command.legal_representative,
                "contact_name": command.contact_name,
                "contact_phone": identifiers.seal(command.contact_phone).hex() if command.contact_phone else "",
            },
        )
        await append(connection, f"agency/{filing.uscc}", [act], actor=caller.actor, at=at)
        await match_waiting(connection, filing.uscc, at)
        holds = await hold_if_linked(connection, filing.uscc, profile=profile, at=at)
        return AgencyFiled(
            agency=filing.uscc,
            filed_at=at,
            objection_until=objection_until,
            held_for_review=[one.id for one in holds if one.agency == filing.uscc],
        )

    return await perform(database, caller, command, AgencyFiled, work)


def city_of(region: str) -> str:
    """The city that the region is or lies in; the province for the province itself."""
    chain = REGIONS.chain(region)
    return chain[min(len(chain), CITY_LEVEL) - 1].code
