"""What an account is, what it may act as, and which passwords are good enough.

Length decides, not classes of characters; what everybody tries first is refused, and what contains the login name.
Source: trust.md section 2; NIST SP 800-63B section 5.1.1.2 was not read again here (text_seen: no).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal
from unicodedata import normalize

from commons.canonical import Json
from commons.events import Actor, Role
from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict
from marketplace.identity.permissions import Rank

ACCOUNT_RULE = Source("涉批中介网上超市账号规则（generic-v1）", "no", "market.md 1")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 128
SAME_CHARACTERS = 4
"""Different characters that a password has at least."""
COMMON = (
    "1234567890", "12345678910", "0123456789", "123456789a", "a123456789", "qwertyuiop", "1qaz2wsx3edc", "password123",
    "password1234", "admin123456", "woaini1314", "woaini520", "5201314520", "1q2w3e4r5t", "qwer123456", "abc1234567",
    "zhejiang123", "wenzhou123", "iloveyou123", "letmein123", "passw0rd123", "qq123456789", "asdfghjkl1", "zxcvbnm123",
)  # fmt: skip
"""What is tried first (our own short list; a breach list is the operator's to add)."""

OfficeRole = Literal["regulator", "operator", "auditor", "delegate"]
OFFICES: Mapping[OfficeRole, str] = MappingProxyType(
    {"regulator": "R", "operator": "O", "auditor": "A", "delegate": "D"}
)
"""Roles that somebody is appointed to, with the letter of their pseudonyms."""
APPROVING: frozenset[OfficeRole] = frozenset({"regulator", "operator"})
"""Offices whose holders approve what others propose: nobody alone gives one."""
FIRST_OPERATORS = 2
"""Operators that the machine's command line makes alone: as many as it takes to appoint by two from then on."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who signs in; ``epoch`` is what sessions must match, ``has_totp`` whether a second factor is asked."""

    id: str
    login: str
    password: str | None
    totp: bytes | None
    totp_pending: bytes | None
    totp_step: int | None
    epoch: int
    is_disabled: bool

    @property
    def has_totp(self) -> bool:
        """Whether a second factor is asked for."""
        return self.totp is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """One role of an account: ``acting`` is the pseudonym in events (an organisation's own code for its people)."""

    id: str
    account: str
    role: Role
    rank: Rank
    organisation: str | None
    acting: str
    region: str | None
    line: str | None
    is_verified: bool
    granted_at: datetime

    @property
    def actor(self) -> Actor:
        """As whom events name it."""
        return Actor(self.role, self.acting)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An act that waits, or waited, for a second person; ``verdict`` is None while it waits."""

    id: str
    operation: str
    act: str
    command: Mapping[str, Json]
    subject: str
    actor: Actor
    person: str
    region: str | None
    items: tuple[str, ...] | None
    made_at: datetime
    ends_at: datetime
    verdict: str | None = None
    decided_by: str | None = None
    decided_person: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def judge_password(password: str, *, login: str) -> Verdict:
    """Refuses one that is too short or long, too plain, tried first by everybody, or made of the login name."""
    plain = normalize("NFKC", password).casefold()
    reasons = []
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        bounds = {"shortest": SHORTEST_PASSWORD, "longest": LONGEST_PASSWORD}
        reasons.append(Reason("password_length", ACCOUNT_RULE, bounds))
    elif len(set(plain)) < SAME_CHARACTERS:
        reasons.append(Reason("password_too_plain", ACCOUNT_RULE))
    if plain in COMMON or plain.rstrip("!.@#*") in COMMON:
        reasons.append(Reason("password_common", ACCOUNT_RULE))
    if login.casefold() in plain:
        reasons.append(Reason("password_holds_login", ACCOUNT_RULE))
    return verdict(tuple(reasons))


def judge_appointment(office: OfficeRole, *, approver: str | None, on_machine: bool, operators: int) -> Verdict:
    """Refuses to one person alone an office whose holders approve; the machine makes the first operators alone.

    ``operators``: how many of them can sign in now.
    """
    is_first = on_machine and office == "operator" and operators < FIRST_OPERATORS
    if office not in APPROVING or approver is not None or is_first:
        return verdict(())
    return verdict((Reason("appointment_needs_approver", ACCOUNT_RULE),))


def pseudonym(role: OfficeRole, region: str | None, code: str) -> str:
    """As whom an office holder stands in events: ``R-330300-7K3F2Q9M``, a region only for regulators."""
    return "-".join(part for part in (OFFICES[role], region if role == "regulator" else None, code) if part)
