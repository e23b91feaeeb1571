"""公平性检查 as pictures: how far each condition whittles the agencies down, where one figure lies among similar ones.

Percent co-ordinates as in ``charts``; a table or a sentence with the same numbers stands beside each.
"""

from __future__ import annotations

from markupsafe import Markup

from marketplace.demands.similar import Spread
from marketplace.web.svg import FULL, element, percent_of, picture, text

BAR = 20
TOP, FOOT, HEIGHT = 24, 56, 84
EDGE = 600
"""Hundredths of a percent kept free at both ends of a scale."""
APART = 1_100
"""Labels nearer than this are left out, the median first kept."""


def reach_bar(left: int, filed: int) -> Markup:
    """So many of all agencies on file, on a track; the number stands beside it."""
    share = FULL * left // filed if filed else 0
    drawn = [element("rect", class_="track", width="100%", height=BAR, rx=3)]
    if left:
        drawn.append(element("rect", class_="d2", width=percent_of(max(share, 30)), height=BAR, rx=3))
    return element("svg", *drawn, class_="chart", width="100%", height=BAR, aria_hidden="true")


def spread_chart(spread: Spread, own: int | None, labels: dict[int, str], sentence: str) -> Markup:
    """Least to most on a line, the middle half as a band, the median, and the own figure where there is one.

    ``labels`` are the words of each figure that is drawn.
    """
    values = [spread.least, spread.most, *([] if own is None else [own])]
    low, high = min(values), max(values)
    width = max(high - low, 1)

    def x(value: int) -> int:
        return EDGE + (FULL - 2 * EDGE) * (value - low) // width

    left, right = x(spread.quarter), x(spread.three_quarters)
    drawn = [
        element("rect", class_="zone--now zone", x=percent_of(left), y=TOP, width=percent_of(max(right - left, 40)),
                height=FOOT - TOP),
        element("line", class_="axis", x1=percent_of(x(spread.least)), x2=percent_of(x(spread.most)), y1=FOOT, y2=FOOT),
        *(_tick(x(value), "axis") for value in (spread.least, spread.most)),
        _tick(x(spread.median), "mark"),
    ]  # fmt: skip
    shown: list[int] = []
    for value, class_ in (
        (spread.median, "k mid"), (spread.least, "mid"), (spread.most, "mid"), (spread.quarter, "mid wide"),
        (spread.three_quarters, "mid wide"),
    ):  # fmt: skip
        at = x(value)
        if all(abs(at - other) >= APART for other in shown):
            drawn.append(text(labels[value], x=at, y=FOOT + 18, class_=class_))
            shown.append(at)
    if own is not None:
        at = x(own)
        drawn.append(element("line", class_="path", x1=percent_of(at), x2=percent_of(at), y1=20, y2=FOOT + 4))
        side = "end" if at > FULL - APART else "mid" if at > APART else ""
        drawn.append(text(f"本次 {labels[own]}", x=at, y=14, class_=f"a {side}".strip()))
    return picture(*drawn, height=HEIGHT, sentence=sentence)


def _tick(x: int, class_: str) -> Markup:
    return element("line", class_=class_, x1=percent_of(x), x2=percent_of(x), y1=TOP + 8, y2=FOOT)
