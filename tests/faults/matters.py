"""One matter of every kind, all of one owner and one agency in one city: what the addresses of the API name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from commons.events import Actor
from marketplace.database import Database
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.announce_inspection import AnnounceInspection, announce_inspection
from marketplace.usecases.claim_practitioner import ClaimPractitioner, claim_practitioner
from marketplace.usecases.notice_restriction import NoticeRestriction, notice_restriction
from marketplace.usecases.object_to_filing import ObjectToFiling, object_to_filing
from marketplace.usecases.plan_inspections import PlanInspections, plan_inspections
from marketplace.usecases.post_notice import PostNotice, post_notice
from marketplace.usecases.proposals import ProposeAct, propose_act
from marketplace.usecases.record_coverage import RecordCoverage, record_coverage
from marketplace.usecases.record_credit_fact import RecordCreditFact, record_credit_fact
from marketplace.usecases.restrict_agency import RestrictAgency, restrict_agency
from marketplace.usecases.state_relations import StateRelations, state_relations
from marketplace.web.api.examples import EXAMPLES
from tests.usecases.contracted import awarded
from tests.usecases.market import OWNER, Market, agency, code, instant_terms, nonce, owner, sealed_terms

REGULATOR = Caller(Actor("regulator", "R-330300-FIRST"))
PROFILE = "demo-v1"


@dataclass
class Matters:
    """Identifiers by the name of the path parameter; ``special`` for operations that need another one."""

    database: Database
    names: dict[str, str] = field(default_factory=dict)
    special: dict[str, dict[str, str]] = field(default_factory=dict)

    async def make(self) -> None:
        """Make them by the use cases."""
        market = Market(self.database)
        for number in (1, 2, 3, 4, 9):
            await market.file(number)
        put = await market.shelve(1, 100_000, capacity=1_000)
        self.names |= {
            "agency": code(1), "organisation": code(1), "owner": OWNER, "item": "SV22", "offer": put.offer,
            "member": "M-NONE", "officer": "M-NONE", "delegate": "D-NONE00", "token": "K-NONE", "project_code":
            "2610-330304-04-01-104270", "profile": "demo-v1", "contract": await awarded(market, file=False),
            "number": "1",
        }  # fmt: skip
        await self._demands(market)
        await self._credit()
        await self._inspections()

    async def _demands(self, market: Market) -> None:
        running = await market.publish(sealed_terms(), sign_up_s=600, close_s=900)
        await market.sign_up(running.selection, 1)
        self.names |= {"selection": running.selection, "demand": running.demand}
        self.special["publishDemand"] = {"demand": await market.post(sealed_terms(), sign_up_s=600, close_s=900)}
        shelf = await market.publish(instant_terms())
        self.special["takeInstantAward"] = {"demand": shelf.demand}
        example: Any = EXAMPLES["postNotice"]
        whole = {**example, "lots": [{**one, **_clocks(), "nonce": nonce(one["item"])} for one in example["lots"]]}
        posted = await post_notice(self.database, owner(), PostNotice.model_validate(whole), profile=PROFILE)
        self.names["notice"] = told(posted).notice
        async with self.database.read() as connection:
            self.names["qualification"] = str(
                await connection.fetchval("SELECT id FROM qualification WHERE agency = $1", code(1))
            )

    async def _credit(self) -> None:
        database, who = self.database, code(1)
        fact = told(await record_credit_fact(
            database, REGULATOR, RecordCreditFact(agency=who, code="award_abandoned", basis="示例")
        ))  # fmt: skip
        noticed = told(await notice_restriction(
            database, REGULATOR, NoticeRestriction(agency=who, basis="示例", region="330302"), profile=PROFILE
        ))  # fmt: skip
        objection = ObjectToFiling(agency=who, reason="示例", evidence_sha256="0" * 64)
        objected = told(await object_to_filing(
            database, Caller(Actor("public", "X")), objection, profile=PROFILE
        ))  # fmt: skip
        claim: Any = EXAMPLES["claimPractitioner"]
        claimed = told(await claim_practitioner(
            database, agency(1), ClaimPractitioner.model_validate({"agency": who, **claim}), profile=PROFILE
        ))  # fmt: skip
        bound = told(await restrict_agency(
            database, REGULATOR,
            RestrictAgency(
                agency=code(4), basis="示例", region="330302", approvers=["R-330300-FIRST", "R-2"]
            ),
        ))  # fmt: skip
        kin = told(await state_relations(
            database, agency(1),
            StateRelations.model_validate({"agency": who, "relations": {"predecessors": [code(4)]}}), profile=PROFILE,
        ))  # fmt: skip
        asked = ProposeAct(
            operation="restrictAgency", act="restrict_agency", subject=f"agency/{who}",
            command={"agency": who, "basis": "示例", "region": "330302"},
        )  # fmt: skip
        proposed = await propose_act(database, Caller(Actor("regulator", "R-330300-FIRST")), asked)
        async with database.transaction() as connection:
            await connection.execute("ALTER TABLE proposal DISABLE TRIGGER ALL")
            await connection.execute("UPDATE proposal SET region = '330300' WHERE id = $1", proposed.proposal)
            await connection.execute("ALTER TABLE proposal ENABLE TRIGGER ALL")
        self.names |= {
            "fact": fact.fact, "objection": objected.objection, "claim": claimed.claim, "hold": kin.held_for_review[0],
            "proposal": proposed.proposal,
        }  # fmt: skip
        self.special["stateAtHearing"] = {"notice": noticed.notice}
        self.special["liftRestriction"] = {"agency": code(4), "restriction": bound.restriction}

    async def _inspections(self) -> None:
        example: Any = EXAMPLES["planInspections"]
        plan = told(await plan_inspections(self.database, REGULATOR, PlanInspections.model_validate(example))).plan
        call: Any = EXAMPLES["announceInspection"]
        made = told(await announce_inspection(
            self.database, REGULATOR, AnnounceInspection.model_validate({"plan": plan, **call}), profile=PROFILE
        ))  # fmt: skip
        self.names |= {"plan": plan, "inspection": made.inspection}
        area: Any = EXAMPLES["recordCoverage"]
        recorded = await record_coverage(self.database, REGULATOR, RecordCoverage.model_validate(area))
        self.names["coverage"] = told(recorded).coverage


def _clocks() -> dict[str, datetime]:
    at = datetime.now(UTC)
    return {"sign_up_closes_at": at + timedelta(seconds=600), "closes_at": at + timedelta(seconds=900)}


def told(answer: Any) -> Any:
    """The answer; a refusal here is a fault of the market, not of what is tried on it."""
    assert isinstance(answer, Message), answer
    return answer
