"""What an agency states about the people behind it, as commands say it and as it is kept.

Invariants: identifiers are sealed and matched by keyed digest, the record and the pages hold masked names alone; a
statement replaces the one before it by ending what it leaves out. Source: market.md sections 2 and 4, credit.md 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, cast

from pydantic import Field, StringConstraints, model_validator

from agencies.people import store as people
from agencies.people.relations import BP, Tie, TieKind, body_digest, masked
from agencies.people.store import StoredTie
from commons.canonical import Json
from marketplace.database import Connection
from marketplace.identity.identifiers import Identifiers
from marketplace.usecases.act import Line, Message, Name, UsccText, new_identifier

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MAX_EACH = 50
"""People or bodies of one kind at most."""

IdNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{6,18}$")]
"""A resident identity card's or passport's number; kept encrypted, never shown."""


class Person(Message):
    """A person by name and identity number; nobody is matched by name."""

    name: Name
    id_number: IdNumber


class Holder(Message):
    """A person (name and identity number) or a body (its code), and its share in basis points where it holds one."""

    name: Name
    id_number: IdNumber | None = None
    uscc: UsccText | None = None
    share_bp: Annotated[int, Field(ge=1, le=BP)] | None = None

    @model_validator(mode="after")
    def _one_identifier(self) -> Holder:
        if (self.id_number is None) == (self.uscc is None):
            message = "either an identity number or a code"
            raise ValueError(message)
        return self


class Relations(Message):
    """Who is in charge, who controls, owns and manages, whom it succeeds, where it sits, how it is reached."""

    legal_representative: Person | None = None
    controllers: Annotated[list[Holder], Field(max_length=MAX_EACH)] = Field(default_factory=list)
    shareholders: Annotated[list[Holder], Field(max_length=MAX_EACH)] = Field(default_factory=list)
    managers: Annotated[list[Person], Field(max_length=MAX_EACH)] = Field(default_factory=list)
    predecessors: Annotated[list[UsccText], Field(max_length=MAX_EACH)] = Field(default_factory=list)
    address: Line = ""
    contact: Line = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a statement changed: ties that are new, ties that ended."""

    stated: tuple[Tie, ...]
    ended: tuple[Tie, ...]

    def as_json(self) -> dict[str, Json]:
        """Masked, for the record."""
        return {"stated": [_shown(tie) for tie in self.stated], "ended": [_shown(tie) for tie in self.ended]}


def ties_of(relations: Relations, agency: str, identifiers: Identifiers, *, at: datetime) -> tuple[StoredTie, ...]:
    """The statement as ties, each once; ids are still to be given."""
    made = _Making(agency, identifiers, at)
    if relations.legal_representative is not None:
        one = relations.legal_representative
        made.person("legal_representative", one.name, one.id_number)
    for manager in relations.managers:
        made.person("manager", manager.name, manager.id_number)
    for controller in relations.controllers:
        made.holder("controller", controller)
    for shareholder in relations.shareholders:
        made.holder("shareholder", shareholder)
    for code in relations.predecessors:
        made.add("predecessor", body_digest(code), code)
    if (digest := identifiers.digest("address", relations.address)) is not None:
        made.add("address", digest, relations.address)
    if (digest := identifiers.digest("contact", relations.contact)) is not None:
        made.add("contact", digest, "", secret=relations.contact)
    return tuple(made.found.values())


@dataclass(frozen=True, slots=True)
class _Making:
    """Ties in the making, by kind and digest."""

    agency: str
    identifiers: Identifiers
    at: datetime
    found: dict[tuple[TieKind, str], StoredTie] = field(default_factory=dict)

    def add(
        self, kind: TieKind, digest: str, shown: str, *, secret: str | None = None, share_bp: int | None = None
    ) -> None:
        """One tie; said twice, it counts once."""
        sealed = self.identifiers.seal(secret) if secret is not None else None
        tie = Tie(self.agency, kind, digest, shown, self.at, None, share_bp)
        self.found.setdefault((kind, digest), StoredTie("", tie, sealed))

    def person(self, kind: TieKind, name: str, number: str, share_bp: int | None = None) -> None:
        """A person, matched by the number."""
        digest = self.identifiers.digest("person", number)
        assert digest is not None, "a number has digits or letters"
        self.add(kind, digest, masked(name), secret=f"{name}\n{number}", share_bp=share_bp)

    def holder(self, kind: TieKind, one: Holder) -> None:
        """A person or a body."""
        if one.uscc is not None:
            self.add(kind, body_digest(one.uscc), one.name, share_bp=one.share_bp)
        elif one.id_number is not None:
            self.person(kind, one.name, one.id_number, one.share_bp)


async def write_relations(
    connection: Connection, agency: str, relations: Relations, identifiers: Identifiers, *, at: datetime
) -> Written:
    """Keep what is new, end what is left out; the caller holds the agency and the digests (``hold_relations``)."""
    standing = [one for one in (await people.stored_ties(connection, [agency]))[agency] if one.tie.is_in_force(at=at)]
    wanted = ties_of(relations, agency, identifiers, at=at)
    kept = {_key(one.tie) for one in standing}
    fresh = [
        replace(one, id=new_identifier("T", at=at), tie=replace(one.tie, stated_at=at))
        for one in wanted
        if _key(one.tie) not in kept
    ]
    gone = [one for one in standing if _key(one.tie) not in {_key(each.tie) for each in wanted}]
    await people.insert_ties(connection, fresh)
    await people.end_ties(connection, [one.id for one in gone], at=at)
    return Written(tuple(one.tie for one in fresh), tuple(one.tie for one in gone))


async def write_contact(
    connection: Connection, agency: str, contact: str, identifiers: Identifiers, *, at: datetime
) -> None:
    """Let the agency be reached there from now on and nowhere else; the caller holds as for ``write_relations``."""
    standing = [
        one
        for one in (await people.stored_ties(connection, [agency]))[agency]
        if one.tie.kind == "contact" and one.tie.is_in_force(at=at)
    ]
    wanted = ties_of(Relations(contact=contact), agency, identifiers, at=at)
    digests = {one.tie.digest for one in wanted}
    await people.end_ties(connection, [one.id for one in standing if one.tie.digest not in digests], at=at)
    kept = {one.tie.digest for one in standing}
    fresh = [replace(one, id=new_identifier("T", at=at)) for one in wanted if one.tie.digest not in kept]
    await people.insert_ties(connection, fresh)


async def hold_relations(connection: Connection, agency: str, relations: Relations, identifiers: Identifiers) -> None:
    """Keep whoever follows one of the people or places in line until this transaction ends; before the clock."""
    digests = [one.tie.digest for one in ties_of(relations, agency, identifiers, at=EPOCH)]
    await people.hold_digests(connection, [*digests, body_digest(agency)], alone=False)


def _key(tie: Tie) -> tuple[str, str, int | None]:
    return tie.kind, tie.digest, tie.share_bp


def _shown(tie: Tie) -> dict[str, Json]:
    shown: dict[str, Json] = {"kind": tie.kind, "shown": tie.shown}
    return shown if tie.share_bp is None else {**shown, "share_bp": tie.share_bp}


def kinds_json(kinds: Iterable[TieKind]) -> list[Json]:
    """Kinds of ties as plain JSON."""
    return cast("list[Json]", list(kinds))
