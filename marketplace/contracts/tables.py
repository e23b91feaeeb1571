"""A contract as lists and statistics look at it; its history is in the record, this row follows in one transaction."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table


class ContractRow(Table, tablename="contract"):
    """One contract, with the id of the selection it follows; ``rating`` in hundredths, ``ends_at`` the next end."""

    id = Varchar(length=16, primary_key=True)
    demand = Varchar(length=16, index=True)
    agency = Varchar(length=18, index=True)
    owner_code = Varchar(length=18, index=True)
    region = Varchar(length=6, index=True)
    title = Text()
    is_example = Boolean(default=False)
    state = Varchar(length=16, index=True)
    awarded_at = Timestamptz(default=None)
    amount_fen = BigInt()
    confirmed_at = Timestamptz(null=True, default=None)
    due_at = Timestamptz(null=True, default=None)
    ends_at = Timestamptz(null=True, default=None, index=True)
    delivered_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None, index=True)
    is_deemed = Boolean(default=False)
    accepted_at_first = Boolean(null=True, default=None)
    passed_first = Boolean(null=True, default=None)
    milestones_early = Boolean(null=True, default=None)
    rating = SmallInt(null=True, default=None)
    rated_at = Timestamptz(null=True, default=None, index=True)
    last_at = Timestamptz(default=None)
