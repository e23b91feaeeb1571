"""Building inline SVG: elements with escaped attributes, integer geometry in hundredths of a percent.

Presentation goes by class and attribute only, never by a style attribute, so that a strict policy holds.
"""

from __future__ import annotations

from markupsafe import Markup, escape

FULL = 10_000
"""The whole width, in hundredths of a percent."""


def element(name: str, *children: Markup | str, **attributes: str | int | None) -> Markup:
    """One element; ``class_`` and names with ``_`` become ``class`` and names with ``-``; None leaves one out.

    ``viewBox`` and ``preserveAspectRatio`` keep their capitals.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")  # noqa: S704  every part is escaped above


def percent_of(position: int) -> str:
    """A position in hundredths of a percent as an attribute: ``39.45%``."""
    return f"{position // 100}.{position % 100:02d}%"


def picture(*children: Markup, height: int, sentence: str) -> Markup:
    """A full-width chart that is one image to assistive technology, with its sentence."""
    return element("svg", *children, class_="chart", width="100%", height=height, role="img", aria_label=sentence)


def text(words: str | Markup, *, x: int | str, y: int, class_: str | None = None) -> Markup:
    """A label; an integer ``x`` is a position, a string an attribute as it is."""
    return element("text", words, class_=class_, x=percent_of(x) if isinstance(x, int) else x, y=y)


def wide(words: str) -> Markup:
    """A part of a label that phones leave out."""
    return element("tspan", words, class_="wide")
