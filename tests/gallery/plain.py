"""A page as plain text: headings, labels, tables, lists, buttons, links and fields in their order, without markup.

What a reader hears is here, what he only sees is not: sizes and colours are the browser's tests' business. A picture is
its alternative text. ``python -m tests.gallery text`` writes tests/golden/pages anew from the examples of tests/web,
whose hour and figures never change; a diff of those files is what a change does to what people read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from tests.web import examples

HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
BLOCKS = frozenset(
    (
        *HEADINGS, "p", "div", "section", "header", "footer", "main", "nav", "ul", "ol", "dl", "dd", "dt", "li",
        "table", "thead", "tbody", "tfoot", "form", "details", "fieldset", "aside", "figure", "article", "caption",
        "summary", "legend", "small", "pre", "blockquote", "br", "hr",
    )
)  # fmt: skip
EMPTY = frozenset(("input", "br", "img", "hr", "meta", "link", "path", "rect", "line", "circle", "col", "source"))
SILENT = frozenset(("script", "style", "head", "option", "select", "textarea", "svg"))
MOST_OPTIONS = 6
EACH = 2
"""Examples of a template that have a text: mostly a rich one and an empty one."""
FRAME = "frame"
TEXTS = Path(__file__).resolve().parents[1] / "golden" / "pages"
_SPACES = re.compile(r"[ \t\n\r\u3000]+")


@dataclass
class _Open:
    """A tag that is open, and what was written before it."""

    tag: str
    before: int
    given: dict[str, str] = field(default_factory=dict)


class _Reading(HTMLParser):
    """Reads one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[_Open] = []
        self.options: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins on a line of its own; a field says what it is."""
        given = {name: value or "" for name, value in attrs}
        silent = self._is_silent()
        if tag not in EMPTY:
            self.open.append(_Open(tag, len(self.parts), given))
        if tag == "option":
            self.options.append("*" if "selected" in given else "")
        if not silent:
            self.parts.append(self._before(tag, given))

    def _before(self, tag: str, given: dict[str, str]) -> str:
        named = {
            "svg": f"\n<图 {given.get('aria-label', '')}>\n" if given.get("role") == "img" else "",
            "img": f"\n<图 {given.get('alt', '')}>\n",
            "form": f"\n<表单 {given.get('method', 'get')} {given.get('action', '')}>\n",
            "input": _input(given) if tag == "input" else "",
            "li": f"{self._break()}- ",
            "tr": "\n",
            **{heading: f"\n\n{mark} " for heading, mark in HEADINGS.items()},
        }
        if tag in named:
            return named[tag]
        if tag in BLOCKS:
            return self._break()
        return " " if tag in {"span", "b"} and given.get("class") else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """A link says where it leads, a button that it is one, a cell where it ends."""
        if not any(one.tag == tag for one in self.open):
            return
        while (one := self.open.pop()).tag != tag:
            pass
        if not self._is_silent():
            if tag == "button":
                self.parts.insert(one.before, "【")
            self.parts.append(self._after(tag, one.given))

    def _after(self, tag: str, given: dict[str, str]) -> str:
        named = {
            "textarea": f" <多行 {given.get('name', '')}> ",
            "button": "】" + ("（不可用）" if "disabled" in given else ""),
            "a": f"<{given['href']}>" if given.get("href") else "",
            "td": " | ",
            "th": " | ",
            "dt": "：",
            "tr": "\n",
        }
        if tag == "select":
            chosen, self.options = self.options, []
            return f" <选择 {given.get('name', '')}：{_few(chosen)}> "
        if tag in named:
            return named[tag]
        return self._break() if tag in BLOCKS else ""

    def handle_data(self, data: str) -> None:
        """Words; those of a choice are kept for it."""
        if self.open and self.open[-1].tag == "option":
            self.options[-1] += data
        elif not self._is_silent():
            self.parts.append(_SPACES.sub(" ", data))

    def _break(self) -> str:
        """A row of a table stays on its line."""
        return " " if any(one.tag in {"td", "th"} for one in self.open) else "\n"

    def _is_silent(self) -> bool:
        return any(one.tag in SILENT for one in self.open)


def _input(given: dict[str, str]) -> str:
    kind, name, value = given.get("type", "text"), given.get("name", ""), given.get("value", "")
    if name in {"_csrf", "_key"}:
        return ""
    if kind in {"radio", "checkbox"}:
        mark = "x" if "checked" in given else " "
        return f" ({mark} {name}={value}) " if kind == "radio" else f" [{mark} {name}={value}] "
    shown = "" if kind == "password" else value[:80]
    return f" <{'隐藏' if kind == 'hidden' else '填写'} {name}：{shown}> "


def _few(options: list[str]) -> str:
    shown = [_SPACES.sub(" ", one).strip() for one in options]
    chosen = [one for one in shown[MOST_OPTIONS:] if one.startswith("*")]
    more = [f"……共 {len(shown)} 项", *chosen] if len(shown) > MOST_OPTIONS else []
    return " / ".join([*shown[:MOST_OPTIONS], *more])


def plain(html: str, *, whole: bool = False) -> str:
    """The text of a page's content; ``whole``: with what stands above and below it on every page."""
    reading = _Reading()
    reading.feed(html if whole else html[html.index("<main") : html.index("</main>")])
    reading.close()
    lines = [_SPACES.sub(" ", line).strip().removesuffix(" |") for line in "".join(reading.parts).split("\n")]
    text = "\n".join(line for line in lines if line not in {"", "|", "-"})
    return re.sub(r"\n(#+ )", r"\n\n\1", text).strip() + "\n"


def texts() -> dict[str, str]:
    """Name of a file and the text of its page: of each template the first ``EACH`` examples, one page as a whole."""
    made = {f"{FRAME}.txt": plain(examples.rendered("home"), whole=True)}
    seen: dict[str, int] = {}
    for name, (view, _) in examples.pages().items():
        seen[view.template] = seen.get(view.template, 0) + 1
        if seen[view.template] <= EACH:
            made[f"{name}.txt"] = plain(examples.rendered(name))
    return made


def write_texts() -> None:
    """Write all of them anew; texts of no page go."""
    made = texts()
    TEXTS.mkdir(exist_ok=True)
    for name, text in made.items():
        (TEXTS / name).write_text(text, encoding="utf-8")
    for path in TEXTS.glob("*.txt"):
        if path.name not in made:
            path.unlink()
