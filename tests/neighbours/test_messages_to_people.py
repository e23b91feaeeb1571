"""What people are told: on the site, by short message, by e-mail through a real mail server, once a day in a digest."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP

from commons.errors import Unrecognised
from commons.events import Actor
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.identity.permissions import Badge
from marketplace.inbox.telling import CHANNELS, KINDS, TELLINGS
from marketplace.neighbours.messages import MailServer, PersonalMessage, SmsGateway, is_mail, is_telephone
from marketplace.neighbours.opened import Neighbours
from marketplace.record.routes import ROUTES
from marketplace.usecases.act import Caller
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.deliver_letters import Post, deliver_letter
from marketplace.usecases.membership import ClaimOrganisation, claim_organisation
from marketplace.usecases.notifications import (
    AskNotifications,
    Preference,
    ReadNotifications,
    SetPreferences,
    mark_read,
    read_notifications,
    read_preferences,
    set_preferences,
)
from marketplace.usecases.offices import AppointOfficer, appoint_officer
from marketplace.usecases.open_account import AccountOpened, OpenAccount, open_account
from marketplace.usecases.send_digests import latest_eight, make_digests
from marketplace.usecases.signing_in import Device
from tests.neighbours.reference_server import KEY, running
from tests.neighbours.test_neighbour_outages import happen
from tests.usecases.market import OWNER, Market, code, owner, sealed_terms

PHONE, MAIL = "13800000001", "li.si@agency.example"


class Mailbox:
    """A mail server's other end: what it was handed, and whether it takes anything."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refusal: str | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's own name
        if self.refusal is not None:
            return self.refusal
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


@pytest_asyncio.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, str]]:
    """A real SMTP server on loopback, and its address."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    try:
        yield box, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def person(database: Database, login: str, contact: str | None, *, role: str, organisation: str) -> Caller:
    """Somebody with an account who acts for an organisation."""
    command = OpenAccount(login=login, password="correct horse battery", name="示例", contact=contact)
    opened = await open_account(database, command, Device("127.0.0.1"), identifiers=DEVELOPMENT)
    assert isinstance(opened, AccountOpened)
    bare = Caller(Actor("public", opened.account), badge=Badge(opened.account))
    claim = ClaimOrganisation(role=role, organisation=organisation)  # type: ignore[arg-type]  # one of the two
    given = await claim_organisation(database, bare, claim)
    return Caller(
        Actor(given.role, organisation),
        badge=Badge(opened.account, "administrator", role_id=given.role_id),  # type: ignore[arg-type]  # as given
    )


async def settle_desk(database: Database) -> None:
    while await address_next(database):
        pass


async def choose(database: Database, caller: Caller, *choices: tuple[str, str, bool]) -> None:
    chosen = [Preference(kind=kind, channel=channel, is_on=is_on) for kind, channel, is_on in choices]  # type: ignore[arg-type]  # of the table
    await set_preferences(database, caller, SetPreferences(preferences=chosen))


def test_every_event_with_people_has_words_and_no_other() -> None:
    assert {type for type, route in ROUTES.items() if route.people} == set(TELLINGS)
    assert all(one.zh and one.en and one.kind in KINDS for one in TELLINGS.values())
    assert {one.kind for one in TELLINGS.values()} == set(KINDS)


def test_a_contact_is_a_telephone_or_a_mail_address_or_neither() -> None:
    assert [is_telephone(PHONE), is_telephone(MAIL), is_mail(MAIL), is_mail(PHONE)] == [True, False, True, False]
    assert not is_mail("a@b.example\r\nBcc: c@d.example")
    assert not is_telephone("1380000\n0001")


async def test_the_owner_is_told_on_the_site_and_by_short_message_once(database: Database) -> None:
    market = Market(database)
    boss = await person(database, "zhang.san", PHONE, role="owner", organisation=OWNER)
    await person(database, "li.si", MAIL, role="agency", organisation=code(1))
    async with running() as sms:
        gateway = SmsGateway("sms", sms.address, KEY)
        post = Post(Neighbours({"sms": gateway}), DEVELOPMENT, "https://market.example")
        selection = (await market.publish(sealed_terms())).selection
        until = "2026-12-01T16:00:00Z"
        await happen(database, f"selection/{selection}", "complaint.lodged", until=until, bidder=code(1))
        await happen(database, f"contract/{selection}", "contract.paid", agency=code(1))
        await settle_desk(database)
        while await deliver_letter(database, post, "sms/%"):
            pass
        assert [one["to"] for one in sms.handed.values()] == [PHONE], "a mail address takes no short message"
        text = next(iter(sms.handed.values()))["text"]
        assert text.startswith("收到投诉：")
        assert until in text
        await post.neighbours.close()
    told = await read_notifications(database, boss, AskNotifications())
    assert [one.type for one in told.notifications] == ["complaint.lodged"]
    assert told.unread == 1
    mine = told.notifications[0]
    stranger = Caller(Actor("owner", code(9, "11990000MA")))
    assert (await read_notifications(database, stranger, AskNotifications())).notifications == []
    assert (await mark_read(database, stranger, ReadNotifications(places=[mine.place]))).marked == 0
    assert (await mark_read(database, boss, ReadNotifications(places=[mine.place, 999]))).marked == 1
    assert (await mark_read(database, boss, ReadNotifications(places=[mine.place]))).marked == 0
    assert (await read_notifications(database, boss, AskNotifications(unread=True))).notifications == []
    colleague = Caller(boss.actor, badge=Badge("P-other"))
    assert (await read_notifications(database, colleague, AskNotifications())).unread == 1


async def test_regulators_are_told_of_what_lies_in_their_region(database: Database) -> None:
    market = Market(database)
    selection = (await market.publish(sealed_terms())).selection
    await happen(database, f"selection/{selection}", "complaint.lodged")
    await settle_desk(database)
    async with database.read() as connection:
        region = await connection.fetchval("SELECT region FROM demand WHERE selection = $1", selection)
    for bound, count in ((region, 1), (region[:4] + "00", 1), ("330000", 1), ("330100", 0)):
        caller = Caller(Actor("regulator", "R-1"), badge=Badge("P-1", region=bound))
        assert len((await read_notifications(database, caller, AskNotifications())).notifications) == count, bound


async def test_an_email_reaches_a_real_mail_server_and_waits_while_there_is_none(
    database: Database, mailbox: tuple[Mailbox, str]
) -> None:
    box, address = mailbox
    box.refusal = "451 later"
    caller = await person(database, "li.si", MAIL, role="agency", organisation=code(1))
    await choose(database, caller, ("contract", "email", True))
    selection = (await Market(database).publish(sealed_terms())).selection
    await happen(database, f"contract/{selection}", "contract.paid", agency=code(1))
    await settle_desk(database)
    server = MailServer(address, "market@market.example")
    post = Post(Neighbours(mail=server), DEVELOPMENT, "https://market.example")
    assert await deliver_letter(database, post, "email/%", pause=0) is False
    box.refusal = None
    assert await deliver_letter(database, post, "email/%", pause=0)
    assert await deliver_letter(database, post, "email/%") is None
    ((to, mail),) = box.mails
    assert (to, mail["To"], mail["From"]) == ([MAIL], MAIL, "market@market.example")
    assert mail["Subject"].startswith("【涉批中介网上超市】付款已登记：")
    text = mail.get_content()
    assert "A payment was noted" in text
    assert "https://market.example/demands/D" in text


async def test_a_mail_server_that_refuses_or_is_gone_is_an_answer(mailbox: tuple[Mailbox, str]) -> None:
    box, address = mailbox
    one = PersonalMessage("e.P", MAIL, "主题", "正文", datetime(2026, 11, 23, tzinfo=UTC))
    server = MailServer(address, "market@market.example", patience=2.0)
    for refusal, status in (("451 later", 503), ("550 never", 422), (None, 250)):
        box.refusal = refusal
        assert (await server.send(one)).status == status
    gone = MailServer("smtp://127.0.0.1:9", "market@market.example", patience=1.0)
    assert (await gone.send(one)).status is None
    assert MAIL not in repr(one)


async def test_a_digest_comes_once_a_day_with_what_was_not_read_and_a_missed_day_is_in_the_next(
    database: Database, mailbox: tuple[Mailbox, str]
) -> None:
    box, address = mailbox
    caller = await person(database, "li.si", MAIL, role="agency", organisation=code(1))
    await choose(database, caller, ("contract", "digest", True))
    selection = (await Market(database).publish(sealed_terms())).selection
    for type in ("contract.opened", "contract.paid", "contract.rated"):
        await happen(database, f"contract/{selection}", type, agency=code(1))
    await happen(database, f"selection/{selection}", "award.proposed", bidder=code(1))
    await settle_desk(database)
    told = await read_notifications(database, caller, AskNotifications())
    assert len(told.notifications) == 4
    read = next(one.place for one in told.notifications if one.type == "contract.rated")
    await mark_read(database, caller, ReadNotifications(places=[read]))
    tomorrow = latest_eight(datetime.now(UTC)) + timedelta(days=1, seconds=1)
    await asyncio.gather(*(make_digests(database, at=tomorrow) for _ in range(3)))
    await make_digests(database, at=tomorrow + timedelta(hours=5))
    server = MailServer(address, "market@market.example")
    post = Post(Neighbours(mail=server), DEVELOPMENT, "https://market.example")
    assert await deliver_letter(database, post, "email/%")
    assert await deliver_letter(database, post, "email/%") is None
    ((_, mail),) = box.mails
    assert "2 条未读消息" in mail["Subject"]
    assert "付款已登记" in mail.get_content()
    assert "收到服务评价" not in mail.get_content()
    await happen(database, f"contract/{selection}", "contract.archived", agency=code(1))
    await settle_desk(database)
    async with database.transaction() as connection:
        await connection.execute("UPDATE notification SET at = $1 WHERE type = 'contract.archived'", tomorrow)
    await make_digests(database, at=tomorrow + timedelta(days=2))
    assert await deliver_letter(database, post, "email/%")
    assert "1 条未读消息" in box.mails[1][1]["Subject"]


def test_eight_in_the_morning_is_beijings() -> None:
    assert latest_eight(datetime(2026, 11, 23, 0, 0, tzinfo=UTC)) == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert latest_eight(datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)) == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)


async def test_preferences_are_a_persons_own_and_the_default_is_said(database: Database) -> None:
    caller = await person(database, "zhang.san", PHONE, role="owner", organisation=OWNER)
    shown = (await read_preferences(database, caller)).preferences
    assert len(shown) == len(KINDS) * len(CHANNELS)
    assert all(one.is_default for one in shown)
    await choose(database, caller, ("dispute", "sms", False))
    found = {(one.kind, one.channel): one for one in (await read_preferences(database, caller)).preferences}
    assert (found["dispute", "sms"].is_on, found["dispute", "sms"].is_default) == (False, False)
    selection = (await Market(database).publish(sealed_terms())).selection
    await happen(database, f"selection/{selection}", "complaint.lodged")
    await settle_desk(database)
    async with database.read() as connection:
        lanes = await connection.fetch("SELECT receiver FROM outbox_delivery WHERE receiver LIKE 'sms/%'")
    assert lanes == []
    with pytest.raises(Unrecognised):
        await read_preferences(database, owner())


async def test_an_officer_of_the_region_gets_a_short_message(database: Database) -> None:
    opened = await open_account(
        database, OpenAccount(login="wang.wu", password="correct horse battery", name="示例", contact=PHONE),
        Device("127.0.0.1"), identifiers=DEVELOPMENT,
    )  # fmt: skip
    assert isinstance(opened, AccountOpened)
    office = AppointOfficer(login="wang.wu", office="regulator", region="330300", reason="示例", approver="O-2")
    await appoint_officer(database, Caller(Actor("operator", "O-1")), office)
    selection = (await Market(database).publish(sealed_terms())).selection
    await happen(database, f"selection/{selection}", "complaint.lodged")
    await settle_desk(database)
    async with database.read() as connection:
        lanes = await connection.fetch("SELECT receiver FROM outbox_delivery WHERE receiver LIKE 'sms/%'")
    assert [row["receiver"] for row in lanes] == [f"sms/{opened.account}"]
