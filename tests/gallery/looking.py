"""What is looked at on every page of the site: sizes, accessibility, the policy, and that nothing leaves the site.

One page of the browser shows one address after another: it keeps sheets and scripts as a reader's browser does, and a
desk becomes a phone without another load. axe is given to the document as it is and answers in short.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
AXE_SOURCE = Axe().axe_script
RUN = """options => axe.run(options).then(found => found.violations.map(
  one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 120))]))"""
WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && !one.closest(".vh, .scroll, svg") && one.checkVisibility())
  .map(one => one.outerHTML.slice(0, 100)).slice(0, 5)"""


@dataclass
class Watched:
    """A page in the browser, with whatever the browser complained about and whatever it asked of other sites."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, address: str) -> Response:
        """Show an address on a desk; what was said about the one before is forgotten."""
        self.page.goto("about:blank")
        self.complaints.clear()
        self.foreign.clear()
        self.page.set_viewport_size(DESK)
        answered = self.page.goto(address)
        assert answered is not None, address
        return answered

    def is_kept(self) -> None:
        """Nothing was blocked, nothing failed, nothing left the site."""
        assert not self.complaints, self.complaints
        assert not self.foreign, self.foreign

    def is_narrow(self) -> None:
        """Nothing scrolls sideways."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, self.page.evaluate(WIDE)

    def violations(self) -> list[Any]:
        """What axe finds, in short."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SOURCE)
        found: list[Any] = self.page.evaluate(RUN, AXE)
        return found


def watched(context: BrowserContext, site: str) -> Watched:
    """A page of its own that notes everything."""
    one = Watched(context.new_page(), site)

    def note(request: Request) -> None:
        if not request.url.startswith((site, "data:", "blob:", "about:")):
            one.foreign.append(request.url)

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            one.complaints.append(message.text)

    one.page.on("console", listen)
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.page.on("requestfailed", lambda request: one.complaints.append(request.url))
    one.page.on("request", note)
    return one
