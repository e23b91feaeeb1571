"""运行状况, 访问日志, 备份, 工作日历: what operators and auditors look at and change nothing of.

Reading the log is itself written into it; backups are made and put back on the machine alone. Source: market.md
section 1, trust.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import Fault, Malformed
from commons.instants import beijing_date
from commons.workdays import LIBRARY_TABLE, is_workday
from marketplace.database import Database
from marketplace.usecases.access import AccessLine, AskLog, read_access_log
from marketplace.usecases.read_machine import read_machine
from marketplace.web.addresses import OPERATING_BACKUPS, OPERATING_CALENDAR, OPERATING_HEALTH, OPERATING_LOG
from marketplace.web.locale.account_words import ROLES
from marketplace.web.locale.act_names import ACT_NAMES
from marketplace.web.locale.operating_words import CHECKS, OUTCOMES, found_words
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.asking import PageRequest, entered_of, query_of
from marketplace.web.pages.operating import desk_reader
from marketplace.web.plans import read_local
from marketplace.web.requests import shaped
from marketplace.web.signed_in import Visitor
from marketplace.web.views.operating import (
    AccessLogView,
    AccessRow,
    BackupsView,
    CalendarView,
    CheckShown,
    DayRow,
    HealthView,
)
from marketplace.web.views.parts import NOTHING_ENTERED, Entered, Option

LINES = 50
MOST_DIGITS = 15
SHOULD_BACK_UP = timedelta(days=1)
TYPED = ("person", "role", "actor", "act", "since", "until")
BACK_UP = "back-up"
"""What the machine's command line writes into the log as it begins one."""


@get(OPERATING_HEALTH, include_in_schema=False)
async def health_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Everything that is looked at, now."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    state = request.app.state
    found = await read_machine(database, visitor.caller(None), state.settings, state.files, here=_here)
    checks = tuple(
        CheckShown(CHECKS.get(one.name, one.name), one.is_ok, found_words(one.found), one.found) for one in found
    )
    view = HealthView(checks, sum(not one.is_ok for one in checks))
    return made_page(request, Made(view, datetime.now(UTC)))


def _here() -> datetime:
    return datetime.now(UTC)


@get(OPERATING_LOG, include_in_schema=False)
async def access_log_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The log by person, role, actor, act and period, latest first."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    query = query_of(request)
    try:
        asked = asked_log(query)
    except Malformed as malformed:
        return made_page(request, Made(_log_view(query, (), None, entered_of(query, malformed)), datetime.now(UTC)))
    found = await read_access_log(database, visitor.caller(None), asked)
    return made_page(request, Made(_log_view(query, tuple(found.lines), found.before), datetime.now(UTC)))


def asked_log(query: Mapping[str, str]) -> AskLog:
    """What the address asks for; instants are typed in Beijing time; ``Malformed`` with every fault."""
    given: dict[str, str | int] = {key: query[key].strip() for key in TYPED if query.get(key, "").strip()}
    faults: list[Fault] = []
    for key in ("since", "until"):
        if key in given:
            at = read_local(str(given[key]))
            if at is None:
                faults.append(Fault(f"/{key}", "instant", "请填写北京时间，如 2026-11-20T09:00"))
            else:
                given[key] = at
    if given.get("role", "") not in {"", *ROLES, "system"}:
        faults.append(Fault("/role", "role", "没有这种身份"))
    if faults:
        raise Malformed(tuple(faults))
    before = query.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < MOST_DIGITS:
        given["before"] = int(before)
    try:
        return shaped(AskLog, {**given, "limit": LINES})
    except Malformed as malformed:
        words = tuple(Fault(one.pointer, one.code, "请改短一些，不超过 96 个字符") for one in malformed.faults)
        raise Malformed(words) from None


def _log_view(
    query: Mapping[str, str], lines: tuple[AccessLine, ...], before: int | None, entered: Entered = NOTHING_ENTERED
) -> AccessLogView:
    typed = {key: query.get(key, "").strip() for key in TYPED}
    roles = (*(Option(code, name) for code, name in ROLES.items()), Option("system", "系统"))
    return AccessLogView(
        typed, tuple((key, value) for key, value in typed.items() if value), roles,
        tuple(_access_row(one) for one in lines), before, "before" not in query, entered,
    )  # fmt: skip


def _access_row(one: AccessLine) -> AccessRow:
    outcome, tone = OUTCOMES.get(one.outcome, (one.outcome, "warn"))
    return AccessRow(
        one.at, one.person, one.actor, one.what, ACT_NAMES.get(_snake(one.what), ""), one.about, outcome, tone
    )


def _snake(operation: str) -> str:
    """The act of an operation of the API: ``placeOffer`` → ``place_offer``."""
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in operation)


@get(OPERATING_BACKUPS, include_in_schema=False)
async def backups_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """When backups were begun, as the access log has it."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found = await read_access_log(database, visitor.caller(None), AskLog(act=BACK_UP, role="system", limit=LINES))
    now, rows = datetime.now(UTC), tuple(one.at for one in found.lines)
    is_late = not rows or now - rows[0] > SHOULD_BACK_UP
    return made_page(request, Made(BackupsView(rows, is_late, found.before is not None), now))


@get(OPERATING_CALENDAR, include_in_schema=False)
async def calendar_page(request: PageRequest) -> Response[str]:
    """The working days of a year: what the library's table knows of it."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    now = datetime.now(UTC)
    year, given = beijing_date(now).year, query_of(request).get("year", "")
    years = calendar_years(year)
    if given.isascii() and given.isdigit() and given in {str(one) for one in years}:
        year = int(given)
    return made_page(request, Made(calendar_view(year, years), now))


def calendar_years(this: int) -> tuple[int, ...]:
    """This year and the two before it, and those to come: the ones that are known and the first that is not."""
    last = max((*LIBRARY_TABLE.years, this))
    return tuple(range(this - 2, last + 2))


@cache
def calendar_view(year: int, years: tuple[int, ...]) -> CalendarView:
    """One year as its page shows it."""
    table, is_known = LIBRARY_TABLE, year in LIBRARY_TABLE.years
    first, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    every = [first + timedelta(days=count) for count in range(length)]
    off = [one for one in every if one in table.days_off]
    rows = [DayRow("off", begin, end, (end - begin).days + 1) for begin, end in _runs(off)]
    rows += [DayRow("work", one, one, 1) for one in every if one in table.extra_workdays]
    rows.sort(key=lambda one: one.first)
    return CalendarView(year, years, is_known, tuple(rows), sum(is_workday(one).is_workday for one in every))


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """Days next to each other, as first and last."""
    begin = before = None
    for one in days:
        if before is not None and begin is not None and one != before + timedelta(days=1):
            yield begin, before
            begin = one
        begin, before = begin or one, one
    if begin is not None and before is not None:
        yield begin, before


RECORD_PAGES: tuple[HTTPRouteHandler, ...] = (health_page, access_log_page, backups_page, calendar_page)
"""What is looked at."""
