"""What both kinds of version share: who may publish one, from when, over what, and how it is kept.

A version comes into force not before it is published, and not before the one announced last in its region: answers
about the past never change. Order: the rules alone, then the subject's chain, then the clock. Source: docs/adr/0024.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, cast

from pydantic import Field

from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.sources import Source, TextSeen
from marketplace.catalogue.in_force import catalogue_base, profile_base
from marketplace.catalogue.publishing import Made
from marketplace.catalogue.store import hold_rules, insert_version, versions_of
from marketplace.catalogue.versions import Content, Kind, Version, after, content_at, digest_of, in_force
from marketplace.database import Connection
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Instant, Line, Message, RegionCode, clock, stamp
from marketplace.usecases.act import new_identifier as fresh_identifier

MAX_ROWS = 200
"""Rows that one version changes."""


class NewVersion(Message):
    """Where it holds and from when (null: at once), why, and the text it stands on: title, place, how far it was read.

    ``released`` are rows that the region had of its own and that fall through again.
    """

    region: RegionCode
    in_force_from: Instant | None = None
    reason: Ground
    source: Ground
    place: Line = ""
    text_seen: TextSeen
    released: Annotated[list[Line], Field(default_factory=list, max_length=MAX_ROWS)]


class VersionPublished(Message):
    """The version, the hash of its rows, and that of all that holds in its region with it."""

    version: str
    region: str
    in_force_from: datetime
    published_at: datetime
    digest: str
    content_digest: str
    changed: list[str]


async def publish_version(
    connection: Connection, caller: Caller, command: NewVersion, *, kind: Kind, name: str,
    make: Callable[[Content, Content, datetime], Made],
) -> VersionPublished:  # fmt: skip
    """Keep a version; ``make`` reads its rows given what holds before it and what the region has of its own.

    ``Malformed`` with every fault of the rows and of the instant together.
    """
    await hold_rules(connection, alone=True)
    subject = f"{kind}/{name or 'all'}/{command.region}"
    at = await clock(connection, *await hold(connection, subject))
    known = await versions_of(connection, kind, name)
    base = catalogue_base() if kind == "catalogue" else profile_base(name)
    version, made = drawn_up(command, base, known, kind=kind, name=name, make=make, at=at, by=caller)
    await insert_version(connection, version)
    await append(connection, subject, [_act(version, made, command.released)], actor=caller.actor, at=at)
    holds = content_at(base, (*known, version), region=version.region, at=version.in_force_from)
    return VersionPublished(
        version=version.id, region=version.region, in_force_from=version.in_force_from, published_at=at,
        digest=digest_of(version.rows), content_digest=digest_of(holds),
        changed=sorted({*made.rows, *command.released}),
    )  # fmt: skip


def drawn_up(
    command: NewVersion, base: Content, known: Sequence[Version], *, kind: Kind, name: str,
    make: Callable[[Content, Content, datetime], Made], at: datetime, by: Caller,
) -> tuple[Version, Made]:  # fmt: skip
    """The version as it would be kept at that instant, and its rows; ``Malformed`` with every fault together."""
    begins = at if command.in_force_from is None else max(command.in_force_from, at)
    before = in_force(known, region=command.region, at=begins)
    own: Content = before.rows if before is not None else {}
    made = make(content_at(base, known, region=command.region, at=begins), own, begins)
    if faults := (*_untimely(command, known, at=at), *made.faults):
        raise Malformed(faults)
    version = Version(
        fresh_identifier("V", at=at), kind, name, command.region, begins, at,
        after(own, made.rows, command.released), command.reason,
        Source(command.source, command.text_seen, command.place), f"{by.actor.role}:{by.actor.id}",
    )  # fmt: skip
    return version, made


def _untimely(command: NewVersion, known: Sequence[Version], *, at: datetime) -> Iterator[Fault]:
    """Whether it would change what was answered before."""
    begins = at if command.in_force_from is None else command.in_force_from
    if begins < at:
        yield Fault("/in_force_from", "in_the_past", f"not before {stamp(at)}")
    last = max((one.in_force_from for one in known if one.region == command.region), default=None)
    if last is not None and begins < last:
        yield Fault("/in_force_from", "before_another", f"a version of this region begins on {stamp(last)}")


def _act(version: Version, made: Made, released: Sequence[str]) -> Act:
    changed: dict[str, Json] = {code: cast("dict[str, Json]", dict(row)) for code, row in made.rows.items()}
    data: dict[str, Json] = {
        "version": version.id,
        "name": version.name,
        "region": version.region,
        "in_force_from": stamp(version.in_force_from),
        "reason": version.reason,
        "source": version.source.title,
        "place": version.source.place,
        "text_seen": version.source.text_seen,
        "changed": changed,
        "released": list(released),
        "digest": digest_of(version.rows),
    }
    return Act(f"{version.kind}.version_published", data)
