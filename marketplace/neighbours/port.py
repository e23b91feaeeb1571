"""The ports: what the market asks of its neighbours and what it hands to them, without a word about the wire.

Invariants: a look-up answers within ``PATIENCE`` or not at all (``None``), and nobody's act waits for more; what is
handed over comes out of the outbox, may come twice and is known by its id; ``Answer`` says what the neighbour said,
never an exception. Source: market.md section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from commons.canonical import Json

PATIENCE = 3.0
"""Seconds that a neighbour has to answer, from the connecting to the last byte."""
LARGEST_ANSWER = 262_144
"""Bytes of an answer that are read at most."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way: ``id`` is the event's, ``sequence`` counts what this neighbour was sent."""

    id: str
    type: str
    about: str
    sequence: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the neighbour said: the status (None: nothing that can be understood), why, and its own receipt."""

    status: int | None
    reason: str
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """What the investment-project platform knows of a project code; ``is_found`` False: there is none such."""

    code: str
    is_found: bool
    name: str | None = None
    owner_code: str | None = None
    owner_name: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """What the register of businesses says of a credit code."""

    uscc: str
    name: str
    kind: str
    region: str
    legal_representative: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A qualification as its issuer keeps it."""

    kind: str
    grade: str
    number: str
    issuer: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A practitioner's certificate as its issuer keeps it; the person is masked."""

    kind: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """All that the data-sharing interface returned of an organisation: it is never asked for on paper."""

    licence: Licence | None
    papers: tuple[Paper, ...] = ()
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that a neighbour sends: its own id and number, what it is about, what it says."""

    message: str
    sequence: int
    type: str
    about: str
    sent_at: datetime
    data: Mapping[str, Json]
    region: str | None = None


class Receiver(Protocol):
    """Whoever takes letters: investment-project platform, payment, e-archive, seal, supervision, complaints, SMS."""

    async def take(self, letter: Letter) -> Answer:
        """Hand a letter over; never raises for what the neighbour does."""


class ProjectPlatform(Receiver, Protocol):
    """The investment-project approval platform (投资项目在线审批监管平台)."""

    async def look_up(self, code: str) -> Project | None:
        """What it knows of a project code; None when it does not answer."""


class DataSharing(Protocol):
    """The province's data-sharing interface (数据共享接口)."""

    async def look_up(self, uscc: str) -> Sharing | None:
        """What it returns of an organisation; None when it does not answer."""


class Correspondent(Protocol):
    """A neighbour that sends by itself, and can be asked again for what was missed."""

    async def sent_after(self, sequence: int) -> tuple[Inbound, ...] | None:
        """What it sent behind its n-th message, in order; None when it does not answer."""
