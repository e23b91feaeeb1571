"""Publish a version of the catalogue (发布事项目录版本): items added, changed, abolished in a region."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from commons.instants import beijing_date
from commons.sources import Source, TextSeen
from commons.verdicts import Refused
from marketplace.catalogue.cleaning import AbolishedItem
from marketplace.catalogue.items import FeeMode, ItemClass
from marketplace.catalogue.publishing import Made, made_catalogue
from marketplace.catalogue.versions import Content
from marketplace.database import Connection, Database
from marketplace.usecases.act import Caller, Ground, Identifier, Line, Message, Name, perform, require
from marketplace.usecases.new_version import MAX_ROWS, NewVersion, VersionPublished, publish_version


class ItemText(Message):
    """An item as it is from now on; ``minimum_grade`` "" with a kind: any grade of it; no kind: the commitment does."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,16}$")]
    name: Name
    item_class: ItemClass
    approval_item: Name
    department: Name
    legal_basis: Line
    qualification_kind: Line = ""
    minimum_grade: Line = ""
    applicant_may_do_it: bool = False
    result_form: Name
    regional_assessment: bool = False
    fee_mode: FeeMode
    source: Ground
    text_seen: TextSeen

    def line(self) -> dict[str, str]:
        """As a line of the shipped file."""
        return {
            "code": self.code, "name": self.name, "class": self.item_class, "approval_item": self.approval_item,
            "department": self.department, "legal_basis": self.legal_basis,
            "qualification_kind": self.qualification_kind, "minimum_grade": self.minimum_grade,
            "alternative_allowed": "self" if self.applicant_may_do_it else "no", "result_form": self.result_form,
            "regional_assessment": "yes" if self.regional_assessment else "no", "fee_mode": self.fee_mode,
            "source": self.source, "text_seen": self.text_seen,
        }  # fmt: skip


class AbolishedText(Message):
    """An item that nobody may ask for from that Beijing day on, by which document."""

    code: Identifier
    name: Name
    valid_to: Annotated[date, Field(strict=False)]
    document: Ground
    place: Line = ""
    text_seen: TextSeen

    def item(self) -> AbolishedItem:
        """As the rule reads it."""
        return AbolishedItem(self.code, self.name, self.valid_to, Source(self.document, self.text_seen, self.place))


class PublishCatalogueVersion(NewVersion):
    """Items as they are from now on, and those that are abolished."""

    items: Annotated[list[ItemText], Field(default_factory=list, max_length=MAX_ROWS)]
    abolished: Annotated[list[AbolishedText], Field(default_factory=list, max_length=MAX_ROWS)]


def rows_of(command: PublishCatalogueVersion) -> Callable[[Content, Content, datetime], Made]:
    """How its rows are read, given what holds before it, what the region has of its own, and when it begins."""

    def make(now: Content, own: Content, begins: datetime) -> Made:
        return made_catalogue(
            [one.line() for one in command.items], [one.item() for one in command.abolished], command.released,
            now=now, own=own, first=beijing_date(begins),
        )  # fmt: skip

    return make


async def publish_catalogue_version(
    database: Database, caller: Caller, command: PublishCatalogueVersion
) -> VersionPublished | Refused:  # fmt: skip
    """Keep a version of the catalogue; ``Malformed`` with every fault."""
    require(caller, "publish_catalogue_version")

    async def work(connection: Connection) -> VersionPublished | Refused:
        return await publish_version(connection, caller, command, kind="catalogue", name="", make=rows_of(command))

    return await perform(database, caller, command, VersionPublished, work)
