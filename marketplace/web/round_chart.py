"""多轮竞价 as a step line: the best effective price over time, with the rounds as zones behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from markupsafe import Markup

from commons.money import half_up
from marketplace.web import formatting
from marketplace.web.svg import FULL, element, percent_of, picture, text, wide
from marketplace.web.views.demands import BestPoint

HEIGHT, TOP, BOTTOM, HEAD, FOOT = 270, 46, 232, 22, 260
"""Pixels: the picture, the highest and lowest value, the zone's heading, the times."""

GRID_LINES = 5
LEAST_SPAN = 20
"""The scale spans at least so many parts of the highest value: one price alone is no landscape of single fen."""
DOTS = 40
"""More points than this are drawn as a line without dots."""

BESIDE_SCALE = 1_200
"""Left of this the scale has its words, in hundredths of a percent."""
DESK_GAP, PHONE_GAP, HEAD_LEAST = 900, 2_600, 700
FEN_PER_CENTIWAN = 10_000


@dataclass(frozen=True, slots=True)
class Zone:
    """A round behind the line."""

    number: int
    is_sealed: bool
    opens_at: datetime
    closes_at: datetime
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where an instant and a price lie: x in hundredths of a percent, y in pixels."""

    start: datetime
    length: timedelta
    low: int
    high: int

    def x(self, at: datetime) -> int:
        inside = min(max(at - self.start, timedelta()), self.length)
        return FULL * (inside // timedelta(microseconds=1)) // (self.length // timedelta(microseconds=1))

    def y(self, fen: Fraction) -> int:
        return half_up(TOP + (BOTTOM - TOP) * (self.high - fen) / (self.high - self.low))


def grid_step(span_fen: int) -> int:
    """The smallest of 1, 2, 5 × 10ⁿ fen that cuts the span into at most ``GRID_LINES`` parts."""
    base = 1
    while True:
        for factor in (1, 2, 5):
            if base * factor * GRID_LINES >= span_fen:
                return base * factor
        base *= 10


def step_chart(
    zones: tuple[Zone, ...], points: tuple[BestPoint, ...], sentence: str, *, mine: int | None = None
) -> Markup:
    """The chart; without points the zones alone. ``points`` are in time order, each holds until the next.

    The dots of the bidder of number ``mine`` are filled; every dot says its bidder's number where the point does.
    """
    assert zones, "a multi-round selection has a round"
    axes = _axes(zones, points)
    drawn = _zones(zones, axes)
    if points:
        drawn += _grid(axes)
        drawn += _line(points, axes, mine)
    return picture(*drawn, height=HEIGHT, sentence=sentence)


def _axes(zones: tuple[Zone, ...], points: tuple[BestPoint, ...]) -> _Axes:
    start, end = zones[0].opens_at, max(zone.closes_at for zone in zones)
    values = [point.effective for point in points] or [Fraction(0)]
    lowest, highest = half_up(min(values)), half_up(max(values))
    step = grid_step(max(highest - lowest, highest // LEAST_SPAN, 2 * GRID_LINES))
    low = (lowest - 1) // step * step
    return _Axes(start, max(end - start, timedelta(microseconds=1)), low, (highest // step + 1) * step)


def _zones(zones: tuple[Zone, ...], axes: _Axes) -> list[Markup]:
    drawn: list[Markup] = []
    shown_desk = shown_phone = -FULL
    for zone in zones:
        left, right = axes.x(zone.opens_at), axes.x(zone.closes_at)
        class_ = "zone zone--now" if zone.is_now else "zone"
        width = percent_of(max(right - left, 1))
        drawn.append(element("rect", class_=class_, x=percent_of(left), y=6, width=width, height=HEIGHT - 36))
        if right - left >= HEAD_LEAST:
            kind = wide(f" {'密封' if zone.is_sealed else '公开'}")
            words = Markup("第 {} 轮{}").format(zone.number, kind)
            drawn.append(text(words, x=(left + right) // 2, y=HEAD, class_="mid a" if zone.is_now else "mid"))
        if left - shown_desk < DESK_GAP:
            continue
        on_phone = left - shown_phone >= PHONE_GAP
        anchor = "" if left < DESK_GAP else "mid"
        class_ = anchor if on_phone else f"{anchor} wide".strip()
        drawn.append(text(formatting.clock(zone.opens_at), x=left, y=FOOT, class_=class_ or None))
        shown_desk, shown_phone = left, left if on_phone else shown_phone
    last = axes.x(zones[-1].closes_at)
    if last - shown_desk >= 2 * DESK_GAP:
        class_ = "end" if last - shown_phone >= PHONE_GAP else "end wide"
        drawn.append(text(formatting.clock(zones[-1].closes_at), x="100%", y=FOOT, class_=class_))
    return drawn


def _grid(axes: _Axes) -> list[Markup]:
    step = grid_step(axes.high - axes.low)
    in_wan = step >= FEN_PER_CENTIWAN
    drawn: list[Markup] = []
    values = list(range(axes.high, axes.low - 1, -step))
    for index, value in enumerate(values):
        y = axes.y(Fraction(value))
        label = formatting.wan(value) if in_wan else formatting.amount(value)
        unit = (" 万元" if in_wan else " 元") if index == 0 else ""
        drawn.append(element("line", class_="grid", x1=0, x2="100%", y1=y, y2=y))
        drawn.append(text(f"{label}{unit}", x="0", y=y - 4))
    return drawn


def _line(points: tuple[BestPoint, ...], axes: _Axes, mine: int | None) -> list[Markup]:
    places = [(axes.x(point.at), axes.y(point.effective)) for point in points]
    path = f"M {places[0][0]} {places[0][1]}" + "".join(f" H {x} V {y}" for x, y in places[1:])
    curve = element("path", class_="path", d=f"{path} H {min(places[-1][0] + 150, FULL)}")
    drawn = [
        element(
            "svg",
            curve,
            x=0,
            y=0,
            width="100%",
            height=HEIGHT,
            viewBox=f"0 0 {FULL} {HEIGHT}",
            preserveAspectRatio="none",
            overflow="visible",
        )
    ]
    if len(places) <= DOTS:
        drawn += [_dot(point, x, y, mine) for point, (x, y) in zip(points, places, strict=True)]
    return drawn + _labels(points, places)


def _dot(point: BestPoint, x: int, y: int, mine: int | None) -> Markup:
    is_mine = point.number is not None and point.number == mine
    class_ = "dot dot--me" if is_mine else "dot"
    return element("circle", class_=class_, cx=percent_of(x), cy=y, r=6 if is_mine else 4, data_number=point.number)


def _labels(points: tuple[BestPoint, ...], places: list[tuple[int, int]]) -> list[Markup]:
    """First and last value on the line itself, kept inside the picture."""
    last_x, last_y = places[-1]
    value = formatting.exact_amount(points[-1].effective)
    if last_x > FULL * 3 // 4:
        drawn = [text(f"{value} 元", x=min(last_x, FULL), y=last_y + 22, class_="k end")]
    else:
        drawn = [text(f"{value} 元", x=last_x + 250, y=last_y + 5, class_="k")]
    if len(points) > 1:
        first_x, first_y = places[0]
        x = max(first_x + 100, BESIDE_SCALE)
        drawn.append(text(formatting.exact_amount(points[0].effective), x=x, y=first_y - 10, class_="wide"))
    return drawn
