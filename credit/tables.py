"""Tables of credit: facts and restrictions as they stand; both are written once and followed, never edited."""

from __future__ import annotations

from piccolo.columns import Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class CreditFactRow(Table, tablename="credit_fact"):
    """A credit fact (信用信息): when it took effect and when it was recorded are two times."""

    id = Varchar(length=16, primary_key=True)
    subject = Varchar(length=18, index=True)
    code = Varchar(length=48)
    points = Integer()
    rulebook = Varchar(length=32)
    basis = Text()
    effective_at = Timestamptz(default=None)
    recorded_at = Timestamptz(default=None)


class RestrictionRow(Table, tablename="restriction"):
    """A restriction (受限): in force on ``starts_at ≤ at < ends_at``; ``ends_at`` null lasts until repaired."""

    id = Varchar(length=16, primary_key=True)
    subject = Varchar(length=18, index=True)
    layer = Varchar(length=12)
    basis = Text()
    region = Varchar(length=6)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(null=True, default=None)
