"""均价选取 on one line: every valid price as a dot with its letter, the benchmark as a line, the winner's distance."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from marketplace.web import formatting
from marketplace.web.svg import FULL, element, percent_of, picture, text

LEFT, RIGHT = 400, 9_600
"""Where the lowest and the highest value lie, in hundredths of a percent."""

GAP, LANE, MOST_LANES = 520, 18, 4
"""Letters closer than the gap stand below one another, so many pixels apart; more than so many are left out."""

BASE, ABOVE, LETTERS = 54, 14, 22
"""Pixels: the line, the ends' values above it, the first letters under it; the benchmark's label is on top."""

INSIDE = 2_500
"""Closer to an edge than this, a label is set inwards."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A price in fen under its letter; hollow where it was left out of the mean."""

    label: str
    price_fen: int
    is_winner: bool = False
    is_averaged: bool = True


@dataclass(frozen=True, slots=True)
class _Axis:
    low: int
    high: int

    def x(self, fen: int) -> int:
        return LEFT + (RIGHT - LEFT) * (fen - self.low) // (self.high - self.low)


def near_chart(dots: tuple[Dot, ...], benchmark_fen: int, sentence: str) -> Markup:
    """The chart; dots in any order, at least one."""
    values = [benchmark_fen, *(dot.price_fen for dot in dots)]
    low, high = min(values), max(values)
    axis = _Axis(low, high if high > low else low + 1)
    lanes = _lanes([(axis.x(dot.price_fen), dot) for dot in dots])
    drawn = [element("line", class_="axis", x1=0, x2="100%", y1=BASE, y2=BASE)]
    drawn += _band(axis, dots, benchmark_fen)
    drawn += _benchmark(axis.x(benchmark_fen), benchmark_fen)
    for x, dot, lane in lanes:
        class_ = "dot dot--win" if dot.is_winner else "dot" if dot.is_averaged else "dot dot--out"
        drawn.append(element("circle", class_=class_, cx=percent_of(x), cy=BASE, r=6 if dot.is_winner else 5))
        if lane < MOST_LANES:
            y = BASE + LETTERS + lane * LANE
            drawn.append(text(dot.label, x=x, y=y, class_="mid a" if dot.is_winner else "mid"))
    drawn.append(text(f"{formatting.amount(low)} 元", x="0", y=BASE - ABOVE))
    drawn.append(text(f"{formatting.amount(high)} 元", x="100%", y=BASE - ABOVE, class_="end"))
    deepest = min(max(lane for _, _, lane in lanes), MOST_LANES - 1)
    return picture(*drawn, height=BASE + LETTERS + LANE * deepest + 8, sentence=sentence)


def _lanes(placed: list[tuple[int, Dot]]) -> list[tuple[int, Dot, int]]:
    """Each dot with the lowest lane in which its letter is free, from left to right."""
    last = [-FULL] * MOST_LANES
    found: list[tuple[int, Dot, int]] = []
    for x, dot in sorted(placed, key=lambda one: (one[0], one[1].label)):
        lane = next((lane for lane, end in enumerate(last) if x - end >= GAP), MOST_LANES)
        if lane < MOST_LANES:
            last[lane] = x
        found.append((x, dot, lane))
    return found


def _band(axis: _Axis, dots: tuple[Dot, ...], benchmark_fen: int) -> list[Markup]:
    """The winner's distance from the benchmark as a bar on the line."""
    for dot in dots:
        if dot.is_winner and dot.price_fen != benchmark_fen:
            left, right = sorted((axis.x(dot.price_fen), axis.x(benchmark_fen)))
            width = percent_of(max(right - left, 1))
            return [element("rect", class_="d4", x=percent_of(left), y=BASE - 3, width=width, height=6)]
    return []


def _benchmark(x: int, fen: int) -> list[Markup]:
    """The line of the benchmark and its label, kept inside the picture."""
    side = "end" if x > FULL - INSIDE else "mid" if x > INSIDE else ""
    line = element("line", class_="mark", x1=percent_of(x), x2=percent_of(x), y1=22, y2=BASE + 6)
    return [line, text(f"基准价 {formatting.amount(fen)} 元", x=x, y=15, class_=f"k {side}".strip())]
