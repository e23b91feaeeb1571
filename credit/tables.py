"""Tables of credit: facts and restrictions, each written once, and what followed them; never edited."""

from __future__ import annotations

from piccolo.columns import JSONB, Array, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class CreditFactRow(Table, tablename="credit_fact"):
    """A credit fact (信用信息): when it took effect and when it was recorded are two times.

    A statutory one has the authority's decision: ``authority`` to ``legal_ground``.
    """

    id = Varchar(length=16, primary_key=True)
    subject = Varchar(length=18, index=True)
    code = Varchar(length=48)
    points = Integer()
    rulebook = Varchar(length=32)
    basis = Text()
    effective_at = Timestamptz(default=None)
    recorded_at = Timestamptz(default=None)
    layer = Varchar(length=12, default="market")
    quantity = Integer(default=0)
    evidence_sha256 = Varchar(length=64, null=True, default=None)
    authority = Text(null=True, default=None)
    document_number = Text(null=True, default=None)
    decided_on = Date(null=True, default=None)
    severity = Varchar(length=8, null=True, default=None)
    legal_ground = Text(null=True, default=None)


class FactFollowedRow(Table, tablename="credit_fact_followed"):
    """What became of a fact (异议、修复); ``place`` counts from 1 in it, ``code`` and ``quantity`` correct it."""

    id = Varchar(length=16, primary_key=True)
    fact = Varchar(length=16, index=True)
    place = Integer()
    kind = Varchar(length=16)
    decided_by = Varchar(length=64)
    reason = Text()
    effective_at = Timestamptz(default=None)
    recorded_at = Timestamptz(default=None)
    code = Varchar(length=48, null=True, default=None)
    quantity = Integer(null=True, default=None)
    severity = Varchar(length=8, null=True, default=None)


class RestrictionRow(Table, tablename="restriction"):
    """A restriction (受限): in force on ``starts_at ≤ at < ends_at``; ``ends_at`` null lasts until repaired.

    No ``measures`` or ``items``: all of them. ``fact`` caused it; ``notice`` announced it (null: urgent).
    """

    id = Varchar(length=16, primary_key=True)
    subject = Varchar(length=18, index=True)
    layer = Varchar(length=12)
    basis = Text()
    region = Varchar(length=6)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(null=True, default=None)
    measures = Array(base_column=Varchar(length=12), default=list)
    items = Array(base_column=Varchar(length=16), default=list)
    fact = Varchar(length=16, null=True, default=None)
    notice = Varchar(length=16, null=True, default=None)


class RestrictionFollowedRow(Table, tablename="restriction_followed"):
    """What became of a restriction: ``lifted``, on what ground."""

    id = Varchar(length=16, primary_key=True)
    restriction = Varchar(length=16, index=True)
    kind = Varchar(length=16)
    decided_by = Varchar(length=64)
    reason = Text()
    effective_at = Timestamptz(default=None)
    recorded_at = Timestamptz(default=None)


class CreditImportRow(Table, tablename="credit_import"):
    """A file of an authority that was loaded whole; ``sha256`` of its bytes: the same file is loaded once."""

    id = Varchar(length=16, primary_key=True)
    feed = Varchar(length=64)
    sha256 = Varchar(length=64, unique=True)
    imported_by = Varchar(length=64)
    imported_at = Timestamptz(default=None)
    lines = Integer()
    recorded = Integer()
    followed = Integer()
    known = Integer()
    waiting = Integer()


class AuthorityLineRow(Table, tablename="authority_line"):
    """A line of an authority's file; ``matched_at`` is when it took effect: null while its subject is not on file."""

    id = Varchar(length=16, primary_key=True)
    subject = Varchar(length=18, index=True)
    authority = Text()
    document_number = Text()
    source_import = Varchar(length=16)
    line = Integer()
    content = JSONB()
    received_at = Timestamptz(default=None)
    matched_at = Timestamptz(null=True, default=None)
