"""Messages to people: SMS through a gateway that is a neighbour like the others, e-mail by SMTP.

Invariants: a message goes to one person; the contact is opened by whoever sends and stands in no log; the same message
keeps its id, so that a gateway or a mail server may know it again. Source: market.md section 5 (SMS first).
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from marketplace.neighbours.client import Client
from marketplace.neighbours.port import Answer, Letter

log = logging.getLogger(__name__)

MAIL_PATIENCE = 10.0
"""Seconds for one sending by SMTP."""
LATER, REFUSED, TAKEN = range(400, 500), range(500, 600), 250
_TELEPHONE = re.compile(r"\+?[0-9-]{7,20}", re.ASCII)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class PersonalMessage:
    """One message to one person; ``id`` is the same whenever it is sent again."""

    id: str
    contact: str = field(repr=False)
    subject: str
    text: str
    at: datetime


def is_telephone(contact: str) -> bool:
    """Whether an SMS can be sent there."""
    return _TELEPHONE.fullmatch(contact) is not None


def is_mail(contact: str) -> bool:
    """Whether an e-mail can be sent there."""
    return _MAIL.fullmatch(contact) is not None


class SmsGateway(Client):
    """The gateway for short messages."""

    async def send(self, one: PersonalMessage) -> Answer:
        """Hand one short message over."""
        body = json.dumps({"id": one.id, "to": one.contact, "text": one.text}, ensure_ascii=False).encode()
        return await self.take(Letter(one.id, "sms", one.id, 0, body))


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server: ``smtp://[user:password@]host:port`` (STARTTLS where offered) or ``smtps://`` (TLS at once)."""

    address: str = field(repr=False)
    sender: str
    patience: float = MAIL_PATIENCE

    async def send(self, one: PersonalMessage) -> Answer:
        """Hand one e-mail over; a temporary refusal is tried again, a lasting one is a refusal."""
        try:
            await asyncio.wait_for(asyncio.to_thread(self._deliver, mail_of(one, self.sender)), self.patience * 2)
        except smtplib.SMTPResponseException as refusal:
            is_later = refusal.smtp_code in LATER
            return Answer(503 if is_later else 422, f"smtp-{refusal.smtp_code}")
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            return Answer(503 if all(code in LATER for code in codes) else 422, f"smtp-{codes[0] if codes else 0}")
        except (smtplib.SMTPException, OSError, EOFError) as failure:
            log.warning("the mail server does not answer: %s", type(failure).__name__)
            return Answer(None, "no-answer")
        return Answer(TAKEN, "taken")

    def _deliver(self, message: EmailMessage) -> None:
        parts = urlsplit(self.address)
        host, port = parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25)
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port, timeout=self.patience, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=self.patience)
        with server:
            if parts.scheme == "smtp" and server.ehlo()[0] == TAKEN and server.has_extn("starttls"):
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


def mail_of(one: PersonalMessage, sender: str) -> EmailMessage:
    """The message as it goes out: one recipient, plain text, its id kept."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = one.contact
    message["Subject"] = one.subject
    message["Date"] = format_datetime(one.at)
    message["Message-ID"] = f"<{one.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(one.text, cte="base64")
    return message
