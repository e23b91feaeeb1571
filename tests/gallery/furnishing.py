"""What the example market lacks for its officers: matters that wait, an inspection, a version, a dead letter, a backup.

All of it is done through the use cases, as a site would have it.
"""

from __future__ import annotations

from datetime import timedelta

from commons.events import Actor
from commons.instants import beijing_date
from credit.inspection import nonce_commitment
from marketplace.catalogue.in_force import profile_base
from marketplace.database import Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, clock
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.announce_inspection import (
    AnnounceInspection,
    Commitment,
    InspectionAnnounced,
    SentInspector,
    announce_inspection,
)
from marketplace.usecases.draw_inspection import DrawInspection, OpenedPart, draw_inspection
from marketplace.usecases.new_version import VersionPublished
from marketplace.usecases.notice_restriction import NoticeRestriction, notice_restriction
from marketplace.usecases.object_to_fact import ObjectToFact, object_to_fact
from marketplace.usecases.plan_inspections import InspectionsPlanned, PlanInspections, plan_inspections
from marketplace.usecases.publish_profile_version import PublishProfileVersion, ValueText, publish_profile_version
from marketplace.usecases.record_credit_fact import CreditFactRecorded, RecordCreditFact, record_credit_fact
from marketplace.usecases.signing_in import note
from marketplace.usecases.state_relations import StateRelations, state_relations
from marketplace.usecases.stated_relations import Relations

CITY = "330300"
REGULATOR, OPERATOR = Caller(Actor("regulator", f"R-{CITY}-ONE")), Caller(Actor("operator", "O-ONE"))
SYSTEM = Actor("system", "test")
PARTS = {"市场监管": "5a" * 32, "自然资源": "6b" * 32}
CONTACT = "0577-88880000（示例）"
LATER = timedelta(days=30)
ADDRESSED = 40


async def furnish(database: Database, agency: str, *, profile: str) -> dict[str, str]:
    """Bring it about, most of it about one agency; what came of it by name."""
    await _credit(database, agency, profile=profile)
    names = await _inspection(database, profile=profile)
    names |= await _version(database, profile=profile)
    await _letters(database)
    async with database.transaction() as connection:
        await note(connection, "", "back-up", "begun", actor="system:cli")
        pair = await connection.fetchrow(
            "SELECT min(agency) AS one, max(agency) AS other FROM selection_bidder WHERE selection = (SELECT selection"
            " FROM demand WHERE outcome = 'award' AND city = $1 AND mode = 'comprehensive' ORDER BY id LIMIT 1)",
            CITY,
        )
    for one in (pair["one"], pair["other"]) if pair is not None and pair["one"] else ():
        command = StateRelations(agency=one, relations=Relations(contact=CONTACT))
        await state_relations(database, Caller(Actor("agency", one)), command, profile=profile)
    return names


async def _credit(database: Database, agency: str, *, profile: str) -> None:
    """A fact with an objection, and a notice of a restriction."""
    fact = RecordCreditFact(
        agency=agency,
        code="result_late",
        basis="成果逾期 2 个工作日（示例）〔2026〕7 号",
        quantity=2,
        evidence_sha256="c7" * 32,
    )
    done = await record_credit_fact(database, REGULATOR, fact)
    if isinstance(done, CreditFactRecorded):
        objection = ObjectToFact(agency=agency, fact=done.fact, reason="业主补充资料晚到，期限应顺延（示例）")
        await object_to_fact(database, Caller(Actor("agency", agency)), objection, profile=profile)
    told = NoticeRestriction(agency=agency, basis="提供虚假材料，温中介监〔2026〕17 号（示例）", region=CITY)
    await notice_restriction(database, REGULATOR, told, profile=profile)


async def _inspection(database: Database, *, profile: str) -> dict[str, str]:
    """A plan, its list, the draw."""
    async with database.borrow() as connection:
        year = beijing_date(await connection.fetchval("SELECT clock_timestamp()")).year
    plan = PlanInspections(year=year, region=CITY, departments=[*PARTS], targets=6, basis="年度双随机抽查计划（示例）")
    planned = await plan_inspections(database, REGULATOR, plan)
    assert isinstance(planned, InspectionsPlanned), planned
    call = AnnounceInspection(
        plan=planned.plan, targets=2,
        inspectors=[
            SentInspector(id=f"I-{place}{number}", department=one)
            for place, one in enumerate(PARTS) for number in (1, 2, 3)
        ],
        commitments=[
            Commitment(department=one, nonce_sha256=nonce_commitment(planned.plan, one, part))
            for one, part in PARTS.items()
        ],
    )  # fmt: skip
    announced = await announce_inspection(database, REGULATOR, call, profile=profile)
    assert isinstance(announced, InspectionAnnounced), announced
    parts = [OpenedPart(department=one, nonce=part) for one, part in PARTS.items()]
    await draw_inspection(database, REGULATOR, DrawInspection(inspection=announced.inspection, parts=parts))
    return {"plan": planned.plan, "inspection": announced.inspection}


async def _version(database: Database, *, profile: str) -> dict[str, str]:
    """A version of the city's that holds later: nothing of what is shown now changes."""
    key, row = next(iter(profile_base(profile).items()))
    async with database.borrow() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
    values = [ValueText(key=key, value=int(str(row["value"])) + 2, unit=row["unit"])]  # type: ignore[arg-type]  # of the table
    command = PublishProfileVersion(
        profile=profile, region=CITY, in_force_from=at + LATER, reason="延长试点（示例）", source="示例文件 7 号",
        text_seen="no", values=values, released=[],
    )  # fmt: skip
    done = await publish_profile_version(database, OPERATOR, command)
    assert isinstance(done, VersionPublished), done
    return {"version": done.version}


async def _letters(database: Database) -> None:
    """A letter that its receiver refused until nobody tried any more."""
    async with database.transaction() as connection:
        at = await clock(connection, *await hold(connection, "contract/S1"))
        await append(connection, "contract/S1", [Act("contract.paid", {})], actor=SYSTEM, at=at)
    for _ in range(ADDRESSED):
        await address_next(database)
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE outbox_delivery SET dead_at = clock_timestamp(), attempts = 12, status = 422, reason = 'status-422'"
            " WHERE id = (SELECT id FROM outbox_delivery WHERE receiver <> 'desk' LIMIT 1)"
        )
