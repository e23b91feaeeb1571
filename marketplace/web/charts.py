"""Charts as inline SVG made on the server; a table with the same numbers stands beside each on the page.

Percent co-ordinates and a fixed text size: nothing shrinks on a phone. Geometry is integer arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from marketplace.web import formatting
from marketplace.web.svg import FULL, element, percent_of, picture, text, wide
from marketplace.web.views.parts import CityCount
from marketplace.web.views.results import WeightSpan

SERIES = 5
"""Steps of the data colour; a sixth part starts again with the first."""

LABEL_LEAST = 650
"""A part narrower than this (hundredths of a percent) carries no label."""

BAR = 28
SPAN_TOP, SPAN_HEIGHT = 24, 76
RULER_TOP, RULER = 24, 16

TILE, PITCH, CORNER = 71, 75, 6
TILES = {
    "330500": (1, 0), "330400": (2, 0), "330100": (1, 1), "330600": (2, 1), "330200": (3, 1), "330900": (4, 1),
    "330800": (0, 2), "330700": (1, 2), "331000": (2, 2), "331100": (1, 3), "330300": (2, 3),
}  # fmt: skip
"""Column and row of each of the 11 cities; an arrangement, not a map."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar, in hundredths of points out of 100 points."""

    name: str
    hundredths: int


def series_class(index: int) -> str:
    """Colour class of a part: ``d1`` … ``d5``."""
    return f"d{index % SERIES + 1}"


def _ink_on(index: int) -> str:
    """White on the dark steps, ink on the light ones."""
    return "inv" if index % SERIES < 3 else "k"  # noqa: PLR2004  three of the five steps are dark (visual.md)


def swatch(index: int) -> Markup:
    """The colour of a part, for a legend."""
    box = element("rect", class_=series_class(index), width=14, height=14, rx=2)
    return element("svg", box, class_="chart", width=14, height=14, aria_hidden="true")


def stacked_bar(parts: tuple[Part, ...], sentence: str) -> Markup:
    """得分构成: parts side by side on a track of 100 points, each with its number where it fits."""
    drawn = [element("rect", class_="track", width="100%", height=BAR, rx=3)]
    start = 0
    for index, part in enumerate(parts):
        width = min(part.hundredths, FULL - start)
        if width > 0:
            x, class_ = percent_of(start), f"{series_class(index)} gap"
            drawn.append(element("rect", class_=class_, x=x, width=percent_of(width), height=BAR))
        if width >= LABEL_LEAST:
            label = formatting.points(part.hundredths)
            drawn.append(text(label, x=start + width // 2, y=19, class_=f"mid wide {_ink_on(index)}"))
        start += max(width, 0)
    return picture(*drawn, height=BAR, sentence=sentence)


def score_ruler(value: int, start: int, sentence: str) -> Markup:
    """信用分 on a track of 0 to 100, the start value marked; both in hundredths."""
    mark, foot = percent_of(start), RULER_TOP + RULER
    return picture(
        element("rect", class_="track", width="100%", y=RULER_TOP, height=RULER, rx=3),
        element("rect", class_=series_class(0), width=percent_of(value), y=RULER_TOP, height=RULER, rx=3),
        element("line", class_="mark", x1=mark, x2=mark, y1=RULER_TOP - 6, y2=foot),
        text(f"起始 {formatting.points(start)}", x=start, y=RULER_TOP - 11, class_="mid"),
        text("0", x="0", y=foot + 18),
        text("100", x="100%", y=foot + 18, class_="end"),
        height=foot + 24,
        sentence=sentence,
    )


def weight_spans(spans: tuple[WeightSpan, ...], names: dict[str, str], weight: int, sentence: str) -> Markup:
    """价格权重变了: who leads at each price weight from 0 to 100, the weight of this selection marked."""
    drawn: list[Markup] = []
    shades = (1, 3, 4, 2, 0)
    for index, span in enumerate(spans):
        shade = shades[index % SERIES]
        start = span.first * 100
        width = (FULL if span is spans[-1] else (span.last + 1) * 100) - start
        x = percent_of(start)
        rect = element(
            "rect", class_=f"{series_class(shade)} gap", x=x, width=percent_of(width), y=SPAN_TOP, height=BAR
        )
        drawn.append(rect)
        if width >= 2 * LABEL_LEAST:
            rest = wide(f"　{names[span.label]}") if width >= 4 * LABEL_LEAST else Markup("")
            words = Markup("{}{}").format(span.label, rest)
            drawn.append(text(words, x=start + 100, y=43, class_=_ink_on(shade)))
        if index == 0 or width >= LABEL_LEAST:
            drawn.append(text(str(span.first), x=start, y=70))
    drawn.append(text("100", x="100%", y=70, class_="end"))
    at, side = percent_of(weight * 100), "end" if weight > 80 else "mid" if weight > 20 else None  # noqa: PLR2004  label kept inside
    drawn.append(element("line", class_="axis", x1=at, x2=at, y1=18, y2=24))
    drawn.append(element("line", class_="cut", x1=at, x2=at, y1=25, y2=51))
    drawn.append(text(f"本次价格权重 {weight}", x=weight * 100, y=13, class_=f"k {side}" if side else "k"))
    return picture(*drawn, height=SPAN_HEIGHT, sentence=sentence)


def tile_map(counts: tuple[CityCount, ...], sentence: str) -> Markup:
    """The 11 cities as tiles, darker for more; a city without a place in the arrangement is only in the table."""
    most = max((count.count for count in counts), default=0)
    drawn: list[Markup] = []
    for city in counts:
        if city.code in TILES:
            drawn.extend(_tile(city, most))
    return element("svg", *drawn, class_="chart tiles", viewBox="0 0 372 296", role="img", aria_label=sentence)


def _tile(city: CityCount, most: int) -> tuple[Markup, Markup, Markup]:
    column, row = TILES[city.code]
    x, y = column * PITCH, row * PITCH
    shade = SERIES - 1 - min(SERIES - 1, city.count * SERIES // (most + 1))
    ink, middle = _ink_on(shade), f"{x + TILE // 2}.5"
    return (
        element("rect", class_=series_class(shade), x=x, y=y, width=TILE, height=TILE, rx=CORNER),
        element("text", city.name.removesuffix("市"), class_=ink, x=middle, y=y + 31),
        element("text", formatting.number(city.count), class_=f"n {ink}", x=middle, y=y + 52),
    )


def scale_legend() -> Markup:
    """Light to dark, for the tile map."""
    boxes = (
        element("rect", class_=series_class(SERIES - 1 - step), x=step * 20, width=20, height=12)
        for step in range(SERIES)
    )
    return element("svg", *boxes, class_="chart", width=100, height=12, aria_hidden="true")
