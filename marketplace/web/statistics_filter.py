"""What an address asks of the statistics: months, city, item, which data; and the same as an address again.

``from`` and ``until`` are months (``2026-01``); without them the civil year so far. Every fault is said with its key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import get_args

from commons.errors import Fault, Malformed
from marketplace.statistics.period import MAX_MONTHS, Months, is_month, month_of, months_between, moved, this_year
from marketplace.usecases.read_statistics import Data, StatisticsQuery
from marketplace.web.filters import Pairs
from marketplace.web.views.statistics import StatisticsFilter

FROM, UNTIL = "from", "until"
_CODE = re.compile(r"[0-9A-Za-z_\-]{0,16}", re.ASCII)


def read_statistics_filter(query: Mapping[str, str], *, today: date) -> StatisticsQuery:
    """The query; ``Malformed`` with every fault."""
    year = this_year(today)
    first, until = (query.get(key, "").strip() for key in (FROM, UNTIL))
    last = until or (f"{first[:4]}-12" if is_month(first) else year.last)
    first = first or (f"{last[:4]}-01" if is_month(last) else year.first)
    faults = [
        Fault(f"/{key}", "not_a_month", "请填写月份，如 2026-01")
        for key, month in ((FROM, first), (UNTIL, last))
        if not is_month(month)
    ]
    if not faults and months_between(first, last) < 1:
        faults.append(Fault(f"/{UNTIL}", "range_reversed", "截止月份不能早于起始月份"))
    elif not faults and months_between(first, last) > MAX_MONTHS:
        faults.append(Fault(f"/{UNTIL}", "too_long", f"期间最多 {MAX_MONTHS} 个月"))
    faults += [
        Fault(f"/{key}", "not_a_code", "不是有效的代码")
        for key in ("city", "item")
        if not _CODE.fullmatch(query.get(key, "").strip())
    ]
    data: Data | None = next((one for one in get_args(Data) if one == query.get("data", "").strip()), None)
    if data is None:
        faults.append(Fault("/data", "not_a_choice", "没有这个选项"))
    if faults or data is None:
        raise Malformed(tuple(faults))
    months = Months(first, _whole_year(last, today))
    return StatisticsQuery(months, query.get("city", "").strip(), query.get("item", "").strip(), data)


def _whole_year(last: str, today: date) -> str:
    """A period that reaches this month takes the rest of the year along: nothing has happened in it yet."""
    return f"{last[:4]}-12" if last == month_of(today) else last


def filter_of(query: StatisticsQuery, *, today: date) -> StatisticsFilter:
    """As the form shows it: no month later than this one where the period began before."""
    now = month_of(today)
    until = min(query.months.last, now) if query.months.first <= now else query.months.last
    return StatisticsFilter(query.months.first, until, query.city, query.item, query.data)


def pairs_of(query: StatisticsQuery, *, today: date) -> Pairs:
    """As an address, defaults left out."""
    months = () if query.months == this_year(today) else ((FROM, query.months.first), (UNTIL, query.months.last))
    pairs = (*months, ("city", query.city), ("item", query.item), ("data", query.data))
    return tuple((key, value) for key, value in pairs if value)


def presets(today: date) -> tuple[tuple[str, Months], ...]:
    """Periods at hand: this year, last year, the twelve months before this one's end."""
    now = month_of(today)
    last_year = this_year(date(today.year - 1, 1, 1))
    return (("今年以来", this_year(today)), ("去年", last_year), ("近 12 个月", Months(moved(now, -11), now)))
