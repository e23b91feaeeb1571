"""Publish a version of a rule profile (发布规则版本): numbers of a region, from an instant on, with what says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.profiles import ProfileValue, Unit
from commons.sources import Source, TextSeen
from commons.verdicts import Refused
from marketplace.catalogue.publishing import Made, made_profile
from marketplace.catalogue.versions import Content
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Line, Message, perform, require
from marketplace.usecases.new_version import MAX_ROWS, NewVersion, VersionPublished, publish_version

MAX_VALUE = 10**12


class ValueText(Message):
    """A value of the profile with its own source; without one, the version's."""

    key: Annotated[str, Field(min_length=1, max_length=64)]
    value: Annotated[int, Field(ge=0, le=MAX_VALUE)]
    unit: Unit
    source: Ground | None = None
    place: Line = ""
    text_seen: TextSeen | None = None


class PublishProfileVersion(NewVersion):
    """The profile, and its values that change."""

    profile: Annotated[str, Field(min_length=1, max_length=32)]
    values: Annotated[list[ValueText], Field(default_factory=list, max_length=MAX_ROWS)]


def rows_of(command: PublishProfileVersion) -> Callable[[Content, Content, datetime], Made]:
    """How its rows are read, given what the region has of its own."""

    def make(_: Content, own: Content, __: datetime) -> Made:
        return made_profile(
            command.profile, [_value(one, command) for one in command.values], command.released, own=own
        )

    return make


async def publish_profile_version(
    database: Database, caller: Caller, command: PublishProfileVersion
) -> VersionPublished | Refused:  # fmt: skip
    """Keep a version of a profile; ``NotFound`` for its name, ``Malformed`` with every fault."""
    require(caller, "publish_profile_version")

    async def work(connection: Connection) -> VersionPublished | Refused:
        return await publish_version(
            connection, caller, command, kind="profile", name=command.profile, make=rows_of(command)
        )

    return await perform(database, caller, command, VersionPublished, work)


def _value(one: ValueText, command: PublishProfileVersion) -> ProfileValue:
    if one.source is None:
        source = Source(command.source, command.text_seen, command.place)
    else:
        source = Source(one.source, one.text_seen or "no", one.place)
    return ProfileValue(one.key, one.value, one.unit, source)
