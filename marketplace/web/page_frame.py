"""The frame around every page: where the reader is, how the page is shown, when it was made.

Display variants travel in the address (``?display=large``), so they work without script and without a cookie.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from marketplace.web.addresses import HOME, is_known

DISPLAY_KEY = "display"
"""The query key of the display variant."""


@dataclass(frozen=True, slots=True)
class Display:
    """大字版 and 高对比; both may be on."""

    large: bool = False
    contrast: bool = False

    @property
    def code(self) -> str:
        """The value in the address: "", ``large``, ``contrast`` or ``large-contrast``."""
        return "-".join(name for name, chosen in (("large", self.large), ("contrast", self.contrast)) if chosen)

    @property
    def css_class(self) -> str:
        """The class of the html element."""
        return self.code.replace("-", " ")


def parse_display(text: str) -> Display:
    """The variant named in the address; unknown words are ignored."""
    words = text.split("-")
    return Display(large="large" in words, contrast="contrast" in words)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page signed in: the login name, as what (``role`` "": as oneself alone), the forms' token."""

    login: str
    role: str
    acting: str
    rank: str
    form_token: str
    unread: int = 0
    """Notifications not read yet, counted to a hundred."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was just done, in words, and the number of its receipt ("": none)."""

    words: str
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The announcement (公告) that stands over every page: its kind in words, its title, its page."""

    kind: str
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Address of the page (path and decoded query, without the display key), server time, display, data kind.

    ``is_example`` puts 示例数据 at the top of the page whenever the data shown is invented. ``reader`` is None for
    whoever is not signed in; ``told`` what was just done; ``bulletin`` what is announced to everybody.
    """

    path: str
    at: datetime
    query: tuple[tuple[str, str], ...] = ()
    display: Display = Display()
    is_example: bool = False
    reader: Reader | None = None
    told: Told | None = None
    bulletin: Bulletin | None = None

    def link(self, path: str, query: tuple[tuple[str, str], ...] = (), fragment: str = "") -> str:
        """An address on this site that keeps the display variant."""
        return address(path, query, self.display, fragment)

    def here(self, display: Display) -> str:
        """This page in another display variant; the home page where this address leads nowhere."""
        if not is_known(self.path):
            return address(HOME, (), display)
        return address(self.path, self.query, display)


def address(path: str, query: tuple[tuple[str, str], ...], display: Display, fragment: str = "") -> str:
    """Path (which may have a query of its own), query and fragment as one address; empty values are left out."""
    pairs = [(key, value) for key, value in query if value]
    if display.code:
        pairs.append((DISPLAY_KEY, display.code))
    text = f"{path}{'&' if '?' in path else '?'}{urlencode(pairs)}" if pairs else path
    return f"{text}#{fragment}" if fragment else text
