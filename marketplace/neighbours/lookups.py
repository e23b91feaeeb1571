"""Look-ups over HTTP: projects, data sharing, what a neighbour sent; every answer is read strictly or is none."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from commons.canonical import Json
from commons.instants import parse_instant
from marketplace.neighbours.client import Client
from marketplace.neighbours.port import Certificate, Inbound, Licence, Paper, Project, Sharing

NOT_FOUND = 404
OK = 200
MOST = 500
"""Papers, certificates or messages of one answer at most."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class _Told(BaseModel):
    """Base of what neighbours answer: fields that we do not know are passed over, those that we read are strict."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Project(_Told):
    code: Short
    name: Text
    owner_code: Uscc
    owner_name: Text
    region: Region


class _Licence(_Told):
    uscc: Uscc
    name: Text
    kind: Short
    region: Region
    legal_representative: Short


class _Paper(_Told):
    kind: Short
    grade: Short
    number: Short
    issuer: Text
    valid_from: date
    valid_until: date | None = None


class _Certificate(_Told):
    kind: Short
    number: Short
    holder: Short


class _Sharing(_Told):
    licence: _Licence | None = None
    papers: Annotated[tuple[_Paper, ...], Field(max_length=MOST)] = ()
    certificates: Annotated[tuple[_Certificate, ...], Field(max_length=MOST)] = ()


class InboundText(_Told):
    """A message of a neighbour as it stands on the wire."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    sequence: Annotated[int, Field(ge=1, le=2**53)]
    type: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}\.[a-z_]{1,23}$")]
    about: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/_.-]{1,64}$")]
    at: str
    region: Region | None = None
    data: dict[str, Any] = Field(default_factory=dict, max_length=50)

    def read(self) -> Inbound:
        """As the market keeps it; ``ValueError`` for an instant that is none."""
        data: dict[str, Json] = self.data
        return Inbound(self.id, self.sequence, self.type, self.about, parse_instant(self.at), data, self.region)


_MESSAGES: TypeAdapter[tuple[InboundText, ...]] = TypeAdapter(tuple[InboundText, ...])


class Projects(Client):
    """The platform that knows every investment project."""

    async def look_up(self, code: str) -> Project | None:
        """What it knows of the code; None when it does not answer, or answers of another one."""
        reply = await self.ask("GET", f"/projects/{quote(code, safe='')}")
        if reply is None:
            return None
        if reply.status == NOT_FOUND:
            return Project(code, is_found=False)
        try:
            told = _Project.model_validate_json(reply.body or b"") if reply.status == OK else None
        except ValidationError:
            return None
        if told is None or told.code != code:
            return None
        return Project(code, True, told.name, told.owner_code, told.owner_name, told.region)

    async def sent_after(self, sequence: int) -> tuple[Inbound, ...] | None:
        """What it sent behind its n-th message."""
        return await sent_after(self, sequence)


async def sent_after(client: Client, sequence: int) -> tuple[Inbound, ...] | None:
    """Ask a neighbour for what it sent behind its n-th message, in order; None when it does not answer."""
    reply = await client.ask("GET", f"/messages?after={sequence}")
    if reply is None or reply.status != OK:
        return None
    try:
        told = tuple(one.read() for one in _MESSAGES.validate_json(reply.body or b"")[:MOST])
    except ValueError:  # ValidationError is one
        return None
    return tuple(sorted(told, key=lambda one: (one.sequence, one.message)))


class Cases(Client):
    """A platform that sends cases and takes results: enforcement supervision (执法监督), complaints (投诉)."""

    async def sent_after(self, sequence: int) -> tuple[Inbound, ...] | None:
        """What it sent behind its n-th message."""
        return await sent_after(self, sequence)


class Register(Client):
    """The data-sharing interface: business licence, qualifications, practitioners of one organisation."""

    async def look_up(self, uscc: str) -> Sharing | None:
        """What it returns; nothing at all known is an empty answer, None that it did not answer."""
        reply = await self.ask("GET", f"/organisations/{quote(uscc, safe='')}")
        if reply is None:
            return None
        if reply.status == NOT_FOUND:
            return Sharing(None)
        try:
            told = _Sharing.model_validate_json(reply.body or b"") if reply.status == OK else None
        except ValidationError:
            return None
        if told is None or (told.licence is not None and told.licence.uscc != uscc):
            return None
        licence = None if told.licence is None else Licence(**told.licence.model_dump())
        papers = tuple(Paper(**one.model_dump()) for one in told.papers)
        return Sharing(licence, papers, tuple(Certificate(**one.model_dump()) for one in told.certificates))
