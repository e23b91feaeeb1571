"""Charts of the statistics: medians by month as a step line over their quartiles, counts and distributions as columns.

Percent co-ordinates and a fixed text size, as in ``charts``; integer arithmetic; a table stands beside each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marketplace.web.svg import FULL, element, percent_of, picture, text

HEIGHT, TOP, BOTTOM, FOOT = 190, 26, 158, 180
"""Pixels: the picture, the highest and the lowest value, the labels below."""
INSIDE = 900
"""Left of this (hundredths of a percent) stands the scale."""
DESK_LABELS, PHONE_LABELS = 6, 4
"""Labels below at most, on a desk and on a phone."""
MOST_WORDS = 40
"""Characters on columns at most, taken together: more would touch."""


@dataclass(frozen=True, slots=True)
class Point:
    """One month: its label, and lower quartile, median, upper quartile; None without a sample."""

    label: str
    low: int | None
    middle: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label below, how high it is, and what stands on it."""

    label: str
    height: int
    words: str


def _place(index: int, number: int) -> tuple[int, int]:
    """Left end and width of a slot, in hundredths of a percent."""
    width = (FULL - INSIDE) // max(number, 1)
    return INSIDE + index * width, width


def _labels(words: Sequence[str]) -> list[Markup]:
    """Labels under their slots, thinned out so that they never touch, more so on a phone."""
    drawn: list[Markup] = []
    if not words:
        return drawn
    step = -(-len(words) // DESK_LABELS)
    phone = step * -(-len(words) // (step * PHONE_LABELS))
    for index, label in enumerate(words):
        if index % step == 0:
            left, width = _place(index, len(words))
            class_ = "mid" if index % phone == 0 else "mid wide"
            drawn.append(text(label, x=left + width // 2, y=FOOT, class_=class_))
    return drawn


def _scale(low: int, high: int, low_words: str, high_words: str) -> list[Markup]:
    """The two ends of the scale, and lines at them."""
    assert low < high, "a scale has a length"
    lines = [element("line", class_="grid", x1=0, x2="100%", y1=y, y2=y) for y in (TOP, BOTTOM)]
    return [*lines, text(high_words, x="0", y=TOP - 5), text(low_words, x="0", y=BOTTOM - 5)]


def step_trend(points: Sequence[Point], *, ends: tuple[int, int], words: tuple[str, str], sentence: str) -> Markup:
    """Medians as a step line, their quartiles as a pale box behind; a month without a sample is a gap."""
    low, high = ends
    drawn = _scale(low, high, *words)

    def y(value: int) -> int:
        return BOTTOM - (BOTTOM - TOP) * (value - low) // (high - low)

    before: tuple[int, int] | None = None
    for index, point in enumerate(points):
        left, width = _place(index, len(points))
        if point.low is None or point.middle is None or point.high is None:
            before = None
            continue
        top, bottom, middle = y(point.high), y(point.low), y(point.middle)
        x, wide = percent_of(left), percent_of(width)
        drawn.append(element("rect", class_="d5", x=x, width=wide, y=top, height=max(bottom - top, 1)))
        if before is not None:
            at = percent_of(left)
            drawn.append(element("line", class_="path", x1=at, x2=at, y1=before[1], y2=middle))
        drawn.append(
            element("line", class_="path", x1=percent_of(left), x2=percent_of(left + width), y1=middle, y2=middle)
        )
        before = (left + width, middle)
    return picture(*drawn, *_labels([point.label for point in points]), height=HEIGHT, sentence=sentence)


def columns(every: Sequence[Column], *, sentence: str) -> Markup:
    """Counts as columns on one line, each with its number where there is room."""
    most = max((one.height for one in every), default=0) or 1
    drawn = [element("line", class_="axis", x1=0, x2="100%", y1=BOTTOM, y2=BOTTOM)]
    has_room = len(every) * max((len(one.words) for one in every), default=0) <= MOST_WORDS
    for index, one in enumerate(every):
        left, width = _place(index, len(every))
        height = (BOTTOM - TOP) * one.height // most
        gap = width // 10
        if one.height:
            drawn.append(
                element(
                    "rect", class_="d2", x=percent_of(left + gap), width=percent_of(width - 2 * gap),
                    y=BOTTOM - max(height, 1), height=max(height, 1),
                )
            )  # fmt: skip
        if has_room and one.height:
            drawn.append(text(one.words, x=left + width // 2, y=BOTTOM - height - 6, class_="mid k"))
    return picture(*drawn, *_labels([one.label for one in every]), height=HEIGHT, sentence=sentence)
