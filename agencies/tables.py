"""Tables of agencies: the directory and what it looks things up by; the history itself is in the record.

``agency_status`` is the row that offers lock shared and restrictions update (trust.md section 1): flags only.
"""

from __future__ import annotations

from piccolo.columns import (
    UUID,
    Array,
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
    """An agency (中介机构) as filed last; ``words`` and ``grams`` are what it is searched by (commons.grams)."""

    uscc = Varchar(length=18, primary_key=True)
    name = Text(null=False)
    kind = Varchar(length=24)
    region = Varchar(length=6, index=True)
    city = Varchar(length=6, index=True)
    filed_at = Timestamptz(default=None)
    is_example = Boolean(default=False)
    words = Text()
    grams = Array(base_column=Text(), default=list)


class AgencyStatus(Table, tablename="agency_status"):
    """The lock row (机构状态): ``epoch`` counts restrictions; flags mirror the credit package's restrictions.

    ``standing`` is the agency's own: active, or suspended or withdrawn since, by an actor of that role.
    """

    agency = Varchar(length=18, primary_key=True)
    epoch = Integer(default=0)
    is_restricted = Boolean(default=False)
    restricted_until = Timestamptz(null=True, default=None)
    standing = Varchar(length=12, default="active")
    standing_since = Timestamptz(null=True, default=None)
    standing_by = Varchar(length=12, default="")


class FilingObjectionRow(Table, tablename="filing_objection"):
    """A filing objection (备案异议) with its answer once there is one."""

    id = Varchar(length=16, primary_key=True)
    agency = ForeignKey(Agency, target_column=Agency.uscc, on_delete=OnDelete.restrict, null=False, index=True)
    objector_role = Varchar(length=12)
    objector = Varchar(length=64)
    reason = Text()
    evidence_sha256 = Varchar(length=64)
    objected_at = Timestamptz(default=None)
    answer_due_at = Timestamptz(default=None)
    answer = Varchar(length=12, null=True, default=None)
    answer_reason = Text(null=True, default=None)
    answered_by = Varchar(length=64, null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)


class OfferedItemRow(Table, tablename="offered_item"):
    """A service item (中介服务事项) that an agency says it serves; a row for each stretch of time."""

    id = UUID(primary_key=True, default=None)
    agency = ForeignKey(Agency, target_column=Agency.uscc, on_delete=OnDelete.restrict, null=False)
    item = Varchar(length=16, index=True)
    offered_at = Timestamptz(default=None)
    stopped_at = Timestamptz(null=True, default=None)


class QualificationRow(Table, tablename="qualification"):
    """A qualification (资质): valid on ``valid_from ≤ day < valid_until``; written once, followed, never edited.

    ``scope`` is the scope of business in words; ``regions`` and ``items`` narrow it where they name any. ``follows`` is
    the certificate that it renews or corrects.
    """

    id = UUID(primary_key=True, default=None)
    agency = ForeignKey(Agency, target_column=Agency.uscc, on_delete=OnDelete.restrict, null=False)
    kind = Text(null=False, index=True)
    grade = Varchar(length=32, null=True, default=None)
    number = Varchar(length=64)
    issuer = Text()
    valid_from = Date(default=None)
    valid_until = Date(null=True, default=None)
    scope = Text(default="")
    regions = Array(base_column=Varchar(length=6), default=list)
    items = Array(base_column=Varchar(length=16), default=list)
    follows = UUID(null=True, default=None)


class QualificationFollowedRow(Table, tablename="qualification_followed"):
    """What became of a certificate: corrected, renewed, withdrawn or revoked, by whom and why.

    ``successor`` is the certificate that follows it; all but a renewal end it at ``effective_at``.
    """

    id = UUID(primary_key=True, default=None)
    qualification = ForeignKey(QualificationRow, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=12)
    decided_by = Varchar(length=64)
    reason = Text()
    successor = UUID(null=True, default=None)
    effective_at = Timestamptz(default=None)


class ShelfOfferRow(Table, tablename="shelf_offer"):
    """A shelf offer (上架报价); ``taken`` counts awards given, ``renews`` is the one whose place it took."""

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
    renews = UUID(null=True, default=None)
