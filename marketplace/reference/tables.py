"""The tables of the back office, and all there are: rows are changed and removed; what they were is in the access log.

A table that anything is decided or proved by is none of them (docs/adr/0037).
"""

from __future__ import annotations

from piccolo.columns import Text, Timestamptz, Varchar
from piccolo.table import Table


class HelpDeskRow(Table, tablename="help_desk"):
    """A help desk (咨询窗口): whom people of a region ask, by telephone or there."""

    id = Varchar(length=16, primary_key=True)
    region = Varchar(length=6)
    name = Varchar(length=120)
    phone = Varchar(length=40)
    hours = Varchar(length=300)
    address = Varchar(length=300)
    remark = Text()
    changed_at = Timestamptz(default=None)
