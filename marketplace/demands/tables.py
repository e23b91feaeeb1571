"""The demand as the public list shows it; its history is in the record, this row is written in the same transaction."""

from __future__ import annotations

from piccolo.columns import JSONB, Array, BigInt, BigSerial, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class NoticeRow(Table, tablename="notice"):
    """A notice (公告) of several lots (标段): each is a demand; ``lot_cap`` is how many of them one bidder may win."""

    id = Varchar(length=16, primary_key=True)
    title = Text()
    owner_code = Varchar(length=18)
    lot_cap = Integer(null=True, default=None)
    is_example = Boolean(default=False)
    posted_at = Timestamptz(default=None)
    published_at = Timestamptz(null=True, default=None, index=True)


class DemandRow(Table, tablename="demand"):
    """A demand (中介服务需求) with the outcome of its selection once there is one.

    It is searched by ``words`` and, among results, by ``winner_words`` (commons.grams); ``grams`` are those of both,
    and may be more: they only narrow down.
    """

    id = Varchar(length=16, primary_key=True)
    selection = Varchar(length=16, unique=True)
    state = Varchar(length=24, index=True)
    title = Text()
    owner_code = Varchar(length=18)
    owner_name = Text()
    buyer_class = Varchar(length=16)
    project_code = Varchar(length=32)
    project_name = Text()
    region = Varchar(length=6, index=True)
    city = Varchar(length=6, index=True)
    place = Text()
    item = Varchar(length=16, index=True)
    description = Text()
    quantity = Integer(default=1)
    ceiling_fen = BigInt()
    max_days = Integer(null=True, default=None)
    mode = Varchar(length=16, index=True)
    terms = JSONB()
    terms_digest = Varchar(length=64)
    recusals = JSONB()
    profile = Varchar(length=32)
    is_regional_assessment = Boolean(default=False)
    is_example = Boolean(default=False)
    posted_at = Timestamptz(default=None)
    published_at = Timestamptz(null=True, default=None, index=True)
    sign_up_closes_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None, index=True)
    outcome = Varchar(length=24, null=True, default=None)
    reason = Varchar(length=48, null=True, default=None)
    winner = Varchar(length=18, null=True, default=None, index=True)
    winning_fen = BigInt(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None, index=True)
    publicity_until = Timestamptz(null=True, default=None)
    notice = Varchar(length=16, null=True, default=None, index=True)
    lot = Integer(null=True, default=None)
    further_items = Array(base_column=Varchar(length=16), default=list)
    rules = JSONB()
    declared = JSONB()
    words = Text()
    winner_words = Text()
    grams = Array(base_column=Text(), default=list)


class DemandTally(Table, tablename="demand_tally"):
    """How many published demands are in a state, with an outcome, in a mode: in a place and of an item, "" for all.

    What the steps add to it is the count.
    """

    id = BigSerial(primary_key=True)
    place = Varchar(length=6)
    item = Varchar(length=16)
    state = Varchar(length=24)
    outcome = Varchar(length=24)
    mode = Varchar(length=16)
    number = BigInt()

    demand_tally_once = Unique([place, item, state, outcome, mode])


class DemandTallyStep(Table, tablename="demand_tally_step"):
    """One demand more or fewer, written by a trigger with the demand; folded into the tally by a later one."""

    id = BigSerial(primary_key=True)
    place = Varchar(length=6)
    item = Varchar(length=16)
    state = Varchar(length=24)
    outcome = Varchar(length=24)
    mode = Varchar(length=16)
    number = BigInt()
