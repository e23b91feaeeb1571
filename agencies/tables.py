"""Tables of agencies: the directory and what it looks things up by; the history itself is in the record.

``agency_status`` is the row that offers lock shared and restrictions update (trust.md section 1): flags only.
"""

from __future__ import annotations

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Agency(Table, tablename="agency"):
    """An agency (中介机构) as filed last."""

    uscc = Varchar(length=18, primary_key=True)
    name = Text(null=False)
    kind = Varchar(length=24)
    region = Varchar(length=6, index=True)
    city = Varchar(length=6, index=True)
    filed_at = Timestamptz(default=None)
    is_example = Boolean(default=False)


class AgencyStatus(Table, tablename="agency_status"):
    """The lock row (机构状态): ``epoch`` counts restrictions; flags mirror the credit package's restrictions."""

    agency = Varchar(length=18, primary_key=True)
    epoch = Integer(default=0)
    is_restricted = Boolean(default=False)
    restricted_until = Timestamptz(null=True, default=None)


class QualificationRow(Table, tablename="qualification"):
    """A qualification (资质): valid on ``valid_from ≤ day < valid_until``."""

    id = UUID(primary_key=True, default=None)
    agency = ForeignKey(Agency, target_column=Agency.uscc, on_delete=OnDelete.restrict, null=False)
    kind = Text(null=False, index=True)
    grade = Varchar(length=32, null=True, default=None)
    number = Varchar(length=64)
    issuer = Text()
    valid_from = Date(default=None)
    valid_until = Date(null=True, default=None)


class ShelfOfferRow(Table, tablename="shelf_offer"):
    """A shelf offer (上架报价); ``taken`` counts the awards it has given."""

    id = UUID(primary_key=True, default=None)
    agency = ForeignKey(Agency, target_column=Agency.uscc, on_delete=OnDelete.restrict, null=False)
    item = Varchar(length=16, index=True)
    unit_price_fen = BigInt()
    minimum_fee_fen = BigInt()
    days = Integer()
    capacity = Integer()
    taken = Integer(default=0)
    valid_from = Timestamptz(default=None)
    valid_until = Timestamptz(default=None)
    nonce = Varchar(length=64)
    put_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
