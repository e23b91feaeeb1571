"""What would change with a version of the catalogue or of a profile that is not published yet; nothing is written.

The faults and the difference are those of publishing it now. Source: docs/adr/0024.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.catalogue.in_force import catalogue_base, profile_base
from marketplace.catalogue.store import versions_of
from marketplace.catalogue.versions import Change, Kind, content_at, diff
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.new_version import drawn_up
from marketplace.usecases.publish_catalogue_version import PublishCatalogueVersion
from marketplace.usecases.publish_catalogue_version import rows_of as items_of
from marketplace.usecases.publish_profile_version import PublishProfileVersion
from marketplace.usecases.publish_profile_version import rows_of as values_of
from marketplace.usecases.read_snapshot import reading


@dataclass(frozen=True, slots=True)
class VersionPreview:
    """Where and from when on it would hold, and what it would change there."""

    region: str
    in_force_from: datetime
    changes: tuple[Change, ...]


async def preview_version(
    database: Database, caller: Caller, command: PublishCatalogueVersion | PublishProfileVersion
) -> VersionPreview:
    """The difference to what would hold without it; ``Malformed`` with every fault, as publishing it."""
    kind: Kind = "profile"
    if isinstance(command, PublishCatalogueVersion):
        kind, name, base, make = "catalogue", "", catalogue_base(), items_of(command)
    else:
        name, base, make = command.profile, profile_base(command.profile), values_of(command)
    async with reading(database) as snapshot:
        known = await versions_of(snapshot.connection, kind, name)
    version, _ = drawn_up(command, base, known, kind=kind, name=name, make=make, at=snapshot.now, by=caller)
    old, new = (
        content_at(base, versions, region=version.region, at=version.in_force_from)
        for versions in (known, (*known, version))
    )
    return VersionPreview(version.region, version.in_force_from, diff(old, new))
