"""Which versions of the catalogue and of the profiles are there, what holds where and when, and how do two differ?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commons.errors import Fault, Malformed, NotFound
from commons.regions import REGIONS
from marketplace.catalogue.in_force import Rules, catalogue_base, profile_base, rules_at
from marketplace.catalogue.modes import ModeRule, mode_table
from marketplace.catalogue.store import last_versions, versions_of
from marketplace.catalogue.versions import Change, Content, Kind, Version, content_of, diff
from marketplace.database import Database
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.rules_in_force import PROVINCE

SHIPPED = "shipped"
"""The name of what comes with the product, where a version is asked for."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version of the catalogue or of a profile, in the order in which they were published."""

    now: datetime
    rows: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the one content has otherwise than the other."""

    old: str
    new: str
    changes: tuple[Change, ...]


async def read_versions(database: Database, kind: Kind, name: str = "") -> Versions:
    """All of them; ``NotFound`` for a profile that there is none of."""
    _base(kind, name)
    async with reading(database) as snapshot:
        return Versions(snapshot.now, await versions_of(snapshot.connection, kind, name))


async def read_rules(database: Database, profile: str, region: str, at: datetime | None) -> tuple[Rules, datetime]:
    """What holds in that region at that instant (None: now); ``NotFound`` for the profile or the region."""
    _base("profile", profile)
    code = known_region(region or PROVINCE)
    async with reading(database) as snapshot:
        when = snapshot.now if at is None else at
        found = await last_versions(snapshot.connection, profile, code, at=when)
        return rules_at(found, profile, code, at=when), when


def known_region(code: str) -> str:
    """The code of a region that is asked for; ``Malformed`` for an unknown one."""
    try:
        return REGIONS.get(code).code
    except NotFound:
        raise Malformed((Fault("/region", "unknown_region", "not a division of the province (GB/T 2260)"),)) from None


async def read_modes(database: Database, profile: str, region: str, at: datetime | None) -> tuple[ModeRule, ...]:
    """The table of modes in that region at that instant."""
    return tuple(mode_table((await read_rules(database, profile, region, at))[0].profile))


async def read_difference(database: Database, kind: Kind, name: str, old: str, new: str) -> Difference:
    """How two versions differ in what holds with them, each in its region; ``shipped`` is the base.

    ``Malformed`` for an unknown version.
    """
    base = _base(kind, name)
    async with reading(database) as snapshot:
        known = await versions_of(snapshot.connection, kind, name)
        contents = [_content(base, known, where, one) for where, one in (("/old", old), ("/new", new))]
    return Difference(old, new, diff(*contents))


def _content(base: Content, known: Sequence[Version], pointer: str, identifier: str) -> Content:
    if identifier == SHIPPED:
        return base
    version = next((one for one in known if one.id == identifier), None)
    if version is None:
        raise Malformed((Fault(pointer, "unknown_version", "there is no such version of it"),))
    return content_of(base, known, version)


def _base(kind: Kind, name: str) -> Content:
    return catalogue_base() if kind == "catalogue" else profile_base(name)
