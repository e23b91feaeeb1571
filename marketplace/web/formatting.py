"""How values are written for people: amounts, points, percents, Beijing times, service times, names.

Exact integer arithmetic only; one rounding, half up. Signs are − (U+2212) and +. Units: see each function.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from fractions import Fraction

from commons.instants import BEIJING
from commons.money import Money, half_up
from commons.money import capitals as capitals_of
from marketplace.web.views.parts import DayUnit, Place

MINUS = "−"
HOUR, MINUTE = 3_600, 60
_COMPANY_FORMS = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")
_LEADING_PLACE = re.compile(r"^(浙江省?|(杭州|宁波|温州|嘉兴|湖州|绍兴|金华|衢州|舟山|台州|丽水)(?!湾)市?)(?=.{3,})")


def amount(fen: int) -> str:
    """Fen → ``128,600.00`` (yuan, no unit)."""
    return Money(fen).yuan


def yuan(fen: int) -> str:
    """Fen → ``128,600.00 元``."""
    return f"{amount(fen)} 元"


def wan(fen: int) -> str:
    """Fen → ``12.86`` (万元, no unit); half up."""
    return Money(fen).wan


def capitals(fen: int) -> str:
    """Fen → ``壹拾贰万捌仟陆佰元整``."""
    return capitals_of(fen)


def exact_amount(fen: Fraction) -> str:
    """An exact price in fen → yuan without unit, rounded half up to fen; ``≈`` stands before a rounded one."""
    return f"{'' if fen.denominator == 1 else '≈ '}{amount(half_up(fen))}"


def number(value: int) -> str:
    """``1286`` → ``1,286``."""
    return f"{MINUS if value < 0 else ''}{abs(value):,}"


def points(hundredths: int) -> str:
    """Hundredths → ``91.65``."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{MINUS if hundredths < 0 else ''}{whole}.{rest:02d}"


def signed_points(hundredths: int) -> str:
    """Hundredths as a change → ``+1.00`` or ``−3.00``; nothing changed is ``0.00``."""
    return f"+{points(hundredths)}" if hundredths > 0 else points(hundredths)


def tenths(value: int) -> str:
    """Tenths → ``6`` or ``6.5``."""
    whole, rest = divmod(abs(value), 10)
    return f"{MINUS if value < 0 else ''}{whole}{f'.{rest}' if rest else ''}"


def percent(basis_points: int) -> str:
    """Basis points → ``18.6``, one decimal, half up, no sign of percent."""
    return _one_decimal(half_up(Fraction(basis_points, 10)))


def rate(basis_points: int) -> str:
    """A discount rate in basis points → ``12.34%``, always two decimals."""
    return f"{points(basis_points)}%"


def whole_percent(basis_points: int) -> str:
    """Basis points of a rule → ``80`` or ``97.5``: exact, without needless zeros."""
    return points(basis_points).rstrip("0").rstrip(".")


def share(part: int, whole: int) -> str:
    """Part of a whole → ``24.7`` percent; ``—`` of nothing."""
    return _one_decimal(half_up(Fraction(part * 1_000, whole))) if whole else "—"


def against(price_fen: int, ceiling_fen: int) -> str:
    """A price beside its ceiling → ``低 23.0%``, ``高 1.2%`` or ``持平``; ``—`` without a ceiling."""
    if ceiling_fen <= 0:
        return "—"
    if price_fen == ceiling_fen:
        return "持平"
    gap = half_up(Fraction(abs(ceiling_fen - price_fen) * 1_000, ceiling_fen))
    return f"{'低' if price_fen < ceiling_fen else '高'} {_one_decimal(gap)}%"


def _one_decimal(value_tenths: int) -> str:
    whole, rest = divmod(abs(value_tenths), 10)
    return f"{MINUS if value_tenths < 0 else ''}{whole:,}.{rest}"


def instant(at: datetime) -> str:
    """Beijing time ``2026-11-24 17:00``, with seconds where there are any."""
    local = at.astimezone(BEIJING)
    return f"{local:%Y-%m-%d} {_clock(local)}"


def deadline(at: datetime) -> str:
    """The end of a half-open period: midnight is written ``24:00`` of the day before."""
    local = at.astimezone(BEIJING)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return f"{local.date() - timedelta(days=1):%Y-%m-%d} 24:00"
    return instant(at)


def short_deadline(at: datetime, now: datetime) -> str:
    """A deadline without its year where it is this year's: ``11-26 17:00``."""
    text = deadline(at)
    return text[5:] if text[:4] == f"{now.astimezone(BEIJING):%Y}" else text


def near_deadline(at: datetime, now: datetime) -> str:
    """A deadline of today as ``今日 14:40:00``, else as ``short_deadline``; seconds always shown today."""
    local, today = at.astimezone(BEIJING), now.astimezone(BEIJING).date()
    return f"今日 {local:%H:%M:%S}" if local.date() == today else short_deadline(at, now)


def clock(at: datetime) -> str:
    """Beijing time of day: ``14:40``, with seconds where there are any."""
    return _clock(at.astimezone(BEIJING))


def clock_to_seconds(at: datetime) -> str:
    """Beijing time of day with its seconds: ``14:40:00``."""
    return f"{at.astimezone(BEIJING):%H:%M:%S}"


def short_day(at: datetime) -> str:
    """Its day in Beijing without the year: ``11-24``."""
    return f"{at.astimezone(BEIJING):%m-%d}"


def _clock(local: datetime) -> str:
    if local.second or local.microsecond:
        return f"{local:%H:%M:%S}"
    return f"{local:%H:%M}"


def machine_instant(at: datetime) -> str:
    """For the ``datetime`` attribute: RFC 3339 with the offset of Beijing."""
    return at.astimezone(BEIJING).isoformat()


def day(value: date) -> str:
    """``2026-11-24``; of an instant, its day in Beijing."""
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).date()
    return f"{value:%Y-%m-%d}"


def last_day(until: date) -> str:
    """The last day of a half-open period of days or instants, ``2027-06-30`` for ``until`` 2027-07-01."""
    if isinstance(until, datetime):
        return day(until - timedelta(microseconds=1))
    return day(until - timedelta(days=1))


def duration(seconds: int) -> str:
    """``90`` → ``1 分 30 秒``; whole hours, minutes and seconds, the empty ones left out."""
    hours, rest = divmod(seconds, HOUR)
    minutes, left = divmod(rest, MINUTE)
    parts = [f"{count} {name}" for count, name in ((hours, "小时"), (minutes, "分"), (left, "秒")) if count]
    if parts == [f"{minutes} 分"]:
        return f"{minutes} 分钟"
    return " ".join(parts) or "0 秒"


def days(count: int, unit: DayUnit = "workday") -> str:
    """``18 个工作日`` or ``18 日``: the unit is always spelled out."""
    return f"{number(count)} {day_unit(unit)}"


def day_unit(unit: DayUnit) -> str:
    """``个工作日`` or ``日``."""
    return "个工作日" if unit == "workday" else "日"


def masked(name: str) -> str:
    """A person's name with all but the first character hidden: ``陈*``."""
    return f"{name[0]}*" if name else "—"


def place(where: Place) -> str:
    """``温州市 · 瓯海区``."""
    return f"{where.city} · {where.county}" if where.county else where.city


def short_name(name: str) -> str:
    """An organisation without its mark, legal form and leading place, for column heads beside a letter."""
    plain = name.removesuffix("（示例）")
    plain = _COMPANY_FORMS.sub("", plain) or plain
    return _LEADING_PLACE.sub("", plain) or plain


def letter(index: int) -> str:
    """0 → ``A``, 25 → ``Z``, 26 → ``AA``."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def clipped(digest: str) -> str:
    """A long digest as ``3b1f0a…c07a9e``; the whole one stands elsewhere on the page."""
    edge = 8
    return digest if len(digest) <= 2 * edge + 1 else f"{digest[:edge]}…{digest[-edge:]}"
