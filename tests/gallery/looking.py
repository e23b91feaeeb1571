"""What is looked at on every page of the site: sizes, accessibility, the policy, and that nothing leaves the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
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
        found = Axe().run(self.page, options=AXE).response["violations"]
        return [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]


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
