"""Tables of selections: the lock row and what restrictions look things up by; offers are events of the record."""

from __future__ import annotations

from piccolo.columns import UUID, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class SelectionRow(Table, tablename="selection"):
    """A selection (选取): locked first by every write. ``due_at`` is the next instant at which settling has work.

    ``anchor`` and ``lot`` only where a cap on lots makes the selections of a notice depend on each other: the anchor is
    the first lot's first selection, whose row is locked before any other of them.
    """

    id = Varchar(length=16, primary_key=True)
    demand = Varchar(length=16, index=True)
    mode = Varchar(length=16)
    state = Varchar(length=24)
    due_at = Timestamptz(null=True, default=None, index=True)
    last_at = Timestamptz(default=None)
    anchor = Varchar(length=16, null=True, default=None, index=True)
    lot = Integer(null=True, default=None)


class SelectionBidder(Table, tablename="selection_bidder"):
    """Who signed up where: what a restriction voids is found here."""

    id = UUID(primary_key=True, default=None)
    selection = Varchar(length=16)
    agency = Varchar(length=18, index=True)
    signed_up_at = Timestamptz(default=None)

    selection_bidder_once = Unique([selection, agency])


class VoidRow(Table, tablename="selection_void"):
    """A bidder's admission ended while the selection ran (失效); written by a restriction, read by every fold."""

    id = UUID(primary_key=True, default=None)
    selection = Varchar(length=16)
    agency = Varchar(length=18)
    voided_at = Timestamptz(default=None)
    restriction = Varchar(length=16)

    selection_void_once = Unique([selection, agency])
