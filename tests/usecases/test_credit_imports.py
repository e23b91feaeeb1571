"""Files of authorities and what others are told: whole or not at all, once, and to whoever got it before."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from commons.errors import Forbidden, Malformed
from credit import store as credit
from credit.facts import CreditFact
from marketplace.database import Database
from marketplace.jobs.outbox import relaying
from marketplace.record import outbox
from marketplace.usecases.apply_for_repair import ApplyForRepair, RepairAppliedFor, apply_for_repair
from marketplace.usecases.deliver_changes import deliver_next
from marketplace.usecases.grant_repair import GrantRepair, RepairApproved, grant_repair
from marketplace.usecases.import_decisions import SIGNED, DecisionsImported, ImportDecisions, import_decisions
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from tests.usecases.market import PROFILE, REGULATOR, Market, agency, code
from tests.usecases.test_credit_following import SECOND

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
FEEDS = {"zj-credit": KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)}
DECISION = {
    "v": 1, "type": "decision", "subject": code(1), "authority": "示例局", "document_number": "示罚〔2026〕1号",
    "decided_on": "2026-01-05", "basis": "出具虚假报告（示例）", "code": "penalty", "severity": "severe",
    "legal_ground": "示例法第一条",
}  # fmt: skip
FOLLOWS = {name: DECISION[name] for name in ("v", "subject", "authority", "decided_on")}
REVOCATION = {
    **FOLLOWS, "type": "revocation", "document_number": "示撤〔2026〕1号", "follows": "示罚〔2026〕1号",
    "basis": "复议撤销（示例）",
}  # fmt: skip
CORRECTION = {
    **FOLLOWS, "type": "correction", "document_number": "示更〔2026〕1号", "follows": "示罚〔2026〕1号",
    "basis": "程度更正（示例）", "severity": "general",
}  # fmt: skip


def signed(*lines: Any, key: Ed25519PrivateKey = KEY) -> ImportDecisions:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines)
    return ImportDecisions(lines=text, feed="zj-credit", signature=key.sign(SIGNED + text.encode()).hex())


async def take(database: Database, *lines: Any) -> DecisionsImported:
    done = await import_decisions(database, REGULATOR, signed(*lines), feeds=FEEDS)
    assert isinstance(done, DecisionsImported)
    return done


async def facts_of(database: Database, number: int) -> tuple[CreditFact, ...]:
    async with database.read() as connection:
        return (await credit.facts(connection, [code(number)]))[code(number)]


async def notes(database: Database) -> tuple[outbox.Change, ...]:
    async with database.read() as connection:
        return await outbox.after(connection, 0, limit=100)


@pytest.fixture
async def market(database: Database) -> Market:
    made = Market(database)
    await made.file(1)
    return made


async def test_a_decision_becomes_a_statutory_fact_of_its_day_and_the_same_file_again_changes_nothing(
    market: Market,
) -> None:
    done = await take(market.database, DECISION)
    assert (done.lines, done.recorded, done.waiting, done.is_repeated) == (1, 1, 0, False)
    (fact,) = await facts_of(market.database, 1)
    assert fact.layer == "statutory"
    assert fact.decision is not None
    assert (fact.decision.document_number, fact.decision.severity) == ("示罚〔2026〕1号", "severe")
    again = await take(market.database, DECISION)
    assert again.is_repeated
    assert again.import_id == done.import_id
    further = await take(market.database, DECISION, {**DECISION, "document_number": "示罚〔2026〕2号"})
    assert (further.recorded, further.known) == (1, 1)
    assert len(await facts_of(market.database, 1)) == 2


async def test_what_others_sign_or_nobody_signed_is_not_taken(market: Market) -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    good = signed(DECISION)
    for command, word in (
        (signed(DECISION, key=other), "signature_is_wrong"),
        (good.model_copy(update={"lines": good.lines.replace("severe", "minor")}), "signature_is_wrong"),
        (good.model_copy(update={"feed": "elsewhere"}), "unknown_feed"),
    ):
        with pytest.raises(Forbidden) as refused:
            await import_decisions(market.database, REGULATOR, command, feeds=FEEDS)
        assert refused.value.code == word
    with pytest.raises(Forbidden):
        await import_decisions(market.database, agency(1), good, feeds=FEEDS)
    assert await facts_of(market.database, 1) == ()


async def test_every_fault_is_said_with_its_line_and_nothing_is_loaded_by_half(market: Market) -> None:
    bad = [
        DECISION, "{", {**DECISION, "document_number": "示罚〔2026〕3号", "severity": "x", "decided_on": "2026-02-30"},
        {**DECISION, "basis": "别的说法"}, {**REVOCATION, "document_number": "x", "extra": "1"},
    ]  # fmt: skip
    with pytest.raises(Malformed) as refused:
        await take(market.database, *bad)
    told = [(one.pointer, one.code) for one in refused.value.faults]
    assert told == [
        ("/lines/2", "not_json"), ("/lines/3/decided_on", "not_a_day"), ("/lines/3/severity", "unknown_severity"),
        ("/lines/4/document_number", "differs_from_earlier"), ("/lines/5/extra", "unknown_member"),
    ]  # fmt: skip
    with pytest.raises(Malformed) as unknown:
        await take(market.database, DECISION, {**REVOCATION, "follows": "没有的文号"})
    assert [(one.pointer, one.code) for one in unknown.value.faults] == [("/lines/2/follows", "unknown_decision")]
    assert await facts_of(market.database, 1) == ()
    assert await notes(market.database) == ()


async def test_a_correction_changes_the_class_and_a_revocation_lifts_what_the_fact_caused(market: Market) -> None:
    await take(market.database, DECISION)
    (fact,) = await facts_of(market.database, 1)
    command = RestrictAgency(
        agency=code(1), layer="statutory", basis="示例", region="330302", approvers=["R1", "R2"], fact=fact.id
    )
    bound = await restrict_agency(market.database, REGULATOR, command)
    assert isinstance(bound, AgencyRestricted)
    assert (await take(market.database, CORRECTION)).followed == 1
    assert (await take(market.database, CORRECTION, DECISION)).known == 2
    (fact,) = await facts_of(market.database, 1)
    assert [(one.kind, one.severity) for one in fact.followed] == [("corrected", "general")]
    async with market.database.read() as connection:
        (restriction,) = (await credit.restrictions(connection, [code(1)]))[code(1)]
    assert restriction.ends_at is None, "a correction lifts nothing"
    assert (await take(market.database, REVOCATION)).followed == 1
    (fact,) = await facts_of(market.database, 1)
    assert [one.kind for one in fact.followed] == ["corrected", "revoked"]
    async with market.database.read() as connection:
        (restriction,) = (await credit.restrictions(connection, [code(1)]))[code(1)]
    assert restriction.ends_at is not None
    with pytest.raises(Malformed) as late:
        await take(market.database, {**CORRECTION, "document_number": "示更〔2026〕2号"})
    assert [one.code for one in late.value.faults] == ["fact_is_over"]


async def test_lines_about_somebody_unknown_wait_and_take_effect_when_it_files(market: Market) -> None:
    later = code(7)
    lines = [{**one, "subject": later} for one in (DECISION, CORRECTION)]
    done = await take(market.database, *lines)
    assert (done.waiting, done.recorded) == (2, 0)
    assert (await take(market.database, *reversed(lines))).known == 2
    await market.file(7)
    (fact,) = await facts_of(market.database, 7)
    assert [one.kind for one in fact.followed] == ["corrected"]
    revoked = await take(market.database, {**REVOCATION, "subject": later})
    assert revoked.followed == 1


async def test_filing_and_importing_at_once_lose_no_line(market: Market) -> None:
    for number in range(20, 26):
        line = {**DECISION, "subject": code(number)}
        await asyncio.gather(market.file(number), take(market.database, line))
        assert len(await facts_of(market.database, number)) == 1, number


class Receiver:
    """A real receiver on loopback: keeps what it got, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.failing = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.got.append((self.headers["X-Event-Id"], body))
                status = 503 if receiver.failing > 0 else 204
                receiver.failing -= 1
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/changes"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def types(self) -> list[str]:
        return [body["event"]["type"] for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


async def all_delivered(database: Database, receiver: str) -> bool:
    async with database.read() as connection:
        left = await connection.fetchval(
            "SELECT count(*) FROM outbox_delivery WHERE receiver = $1 AND delivered_at IS NULL", receiver
        )
    return left == 0


async def wait_for_delivery(database: Database, receiver: str) -> None:
    async with asyncio.timeout(10):
        while not await all_delivered(database, receiver):  # noqa: ASYNC110 - another task changes the database
            await asyncio.sleep(0.05)


async def test_receivers_are_told_again_when_a_fact_is_repaired_and_dedupe_by_the_events_id(
    market: Market, receiver: Receiver
) -> None:
    receiver.failing = 1
    await take(market.database, {**DECISION, "severity": "general"})
    (fact,) = await facts_of(market.database, 1)
    async with relaying(market.database, {"credit-platform": receiver.address}, pause=0.05):
        await wait_for_delivery(market.database, "credit-platform")
        assert receiver.types() == ["credit_fact.recorded"] * 2  # the first was not taken
        assert len({event for event, _ in receiver.got}) == 1
        command = ApplyForRepair(
            agency=code(1), fact=fact.id, correction="已改正（示例）", is_corrected=True, commitment_signed=True
        )
        assert isinstance(
            await apply_for_repair(market.database, agency(1), command, profile=PROFILE), RepairAppliedFor
        )
        for by in (REGULATOR, SECOND):
            granted = await grant_repair(
                market.database, by, GrantRepair(agency=code(1), fact=fact.id, reason="符合条件（示例）")
            )
            assert isinstance(granted, RepairApproved)
        await wait_for_delivery(market.database, "credit-platform")
    assert receiver.types()[2:] == ["credit_fact.repaired"]
    told = receiver.got[-1][1]["now"]
    assert (told["status"], told["id"], told["decision"]["document_number"]) == ("repaired", fact.id, "示罚〔2026〕1号")
    async with market.database.read() as connection:
        kept = await outbox.received(connection, fact.id)
    assert [(one.receiver, one.type, one.attempts, one.status) for one in kept] == [
        ("credit-platform", "credit_fact.recorded", 2, 204), ("credit-platform", "credit_fact.repaired", 1, 204),
    ]  # fmt: skip


async def test_what_is_published_nowhere_is_told_to_nobody_and_a_correction_reaches_whoever_had_it(
    market: Market,
) -> None:
    await take(market.database, {**DECISION, "severity": "minor"})
    (minor,) = await facts_of(market.database, 1)
    await take(market.database, {**DECISION, "document_number": "示罚〔2026〕9号"})
    severe = next(one for one in await facts_of(market.database, 1) if one.id != minor.id)
    down = {**CORRECTION, "follows": "示罚〔2026〕9号", "severity": "minor"}
    await take(market.database, down)
    async with market.database.read() as connection:
        assert await outbox.received(connection, minor.id) == ()
        kept = await outbox.received(connection, severe.id)
    everybody = {"credit-platform", "line-authorities", "purchase-supervision", "tender-supervision"}
    for told in ("credit_fact.recorded", "credit_fact.corrected"):
        assert {one.receiver for one in kept if one.type == told} == everybody


async def test_relays_share_the_work_and_none_sends_what_another_has_claimed(market: Market) -> None:
    for number in range(10):
        await take(market.database, {**DECISION, "document_number": f"示罚〔2026〕{number}号"})
    sent: list[str] = []

    async def send(due: outbox.Due) -> int | None:
        sent.append(due.event)
        await asyncio.sleep(0.01)
        return 200

    async def work() -> None:
        while not await all_delivered(market.database, "credit-platform"):
            await deliver_next(market.database, ["credit-platform"], send)

    await asyncio.gather(work(), work(), work())
    assert len(sent) == len(set(sent)) == 10


async def test_nothing_is_told_of_what_was_not_committed_and_no_note_is_edited(market: Market) -> None:
    await take(market.database, DECISION)
    async with market.database.transaction() as connection:
        with pytest.raises(asyncpg.RestrictViolationError):
            async with market.database.savepoint():
                await connection.execute("UPDATE outbox SET type = 'x'")
        with pytest.raises(asyncpg.RestrictViolationError):
            async with market.database.savepoint():
                await connection.execute("DELETE FROM outbox_delivery")
    (one,) = await notes(market.database)
    event = one.note.payload["event"]
    assert isinstance(event, dict)
    assert event["id"] == one.note.id
