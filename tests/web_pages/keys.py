"""A person with a keyboard alone: Tab, Enter, Space, arrows and typed text; every stop is looked at.

At each stop of the Tab key: something that can be seen has the focus, its ring is drawn, and it is not where one was
before. Nothing here presses a mouse button or writes into a field past the keyboard.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 150
PARTS_OF_A_DATE = 8
"""A date is one field with stops of its own: year, month, day, hour, minute, calendar."""
LEAST_RING = 2
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.__stops = window.__stops || new WeakMap();
  window.__next = window.__next || 0;
  if (!window.__stops.has(one)) window.__stops.set(one, window.__next++);
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = one.labels && one.labels.length ? one.labels[0].textContent : "";
  return {
    id: window.__stops.get(one), tag: one.tagName.toLowerCase(), type: one.type || "", name: one.name || "",
    value: one.value === undefined ? "" : String(one.value),
    words: (label || one.getAttribute("aria-label") || one.textContent).replace(/\\s+/g, " ").trim(),
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), color: style.outlineColor,
    isSeen: one.checkVisibility() && box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
  };
}"""
REACHABLE = """() => {
  const groups = new Set();
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  return [...all].filter(one => {
    if (one.disabled || one.tabIndex < 0 || one.type === "hidden") return false;
    if (!one.checkVisibility({ visibilityProperty: true })) return false;
    if (one.type !== "radio") return true;
    const group = `${one.form ? [...document.forms].indexOf(one.form) : ""}/${one.name}`;
    return !groups.has(group) && groups.add(group);
  }).length;
}"""
Stop = dict[str, Any]


@dataclass
class Keys:
    """The keyboard over one page."""

    page: Page
    stops: int = 0
    last: Stop = field(default_factory=dict)

    def here(self) -> Stop | None:
        """What has the focus; None: nothing in the page."""
        found: Stop | None = self.page.evaluate(HERE)
        return found

    def tab(self, *, back: bool = False) -> Stop | None:
        """One stop further, which is seen, ringed and another one; None at the end of the page."""
        before = self.here()
        for _ in range(PARTS_OF_A_DATE):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            stop = self.here()
            if stop is None or before is None or stop["id"] != before["id"] or "date" not in before["type"]:
                break
        if stop is None:
            return None
        assert before is None or stop["id"] != before["id"], f"a trap: {stop}"
        assert stop["isSeen"], f"the focus is nowhere to be seen: {stop}"
        assert stop["ring"] >= LEAST_RING, f"no ring: {stop}"
        assert "rgba(0, 0, 0, 0)" not in stop["color"], f"a ring that nobody sees: {stop}"
        self.stops += 1
        self.last = stop
        return stop

    def skip(self) -> None:
        """Over the head of the page, by its first link."""
        self.page.evaluate("document.activeElement.blur()")
        first = self.tab()
        assert first is not None
        assert first["words"] == "跳到主要内容"
        self.page.keyboard.press("Enter")
        stop = self.tab()
        assert stop is not None
        assert self.page.evaluate("document.activeElement.closest('main') !== null"), f"not in the content: {stop}"

    def to(self, words: str = "", *, name: str = "", value: str = "", back: bool = False) -> Stop:
        """Stop after stop to that link, button or field."""

        def is_it(stop: Stop | None) -> bool:
            return (
                stop is not None
                and (words in stop["words"] if not name else stop["name"] == name)
                and (not value or stop["value"] == value)
            )

        stop = self.here()
        for _ in range(MOST_STOPS):
            if is_it(stop):
                assert stop is not None
                return stop
            stop = self.tab(back=back)
        message = f"the keyboard does not reach {words or name} {value}"
        raise AssertionError(message)

    def press(self, words: str, *, key: str = "Enter", back: bool = False) -> None:
        """A link or a button by its words."""
        self.to(words, back=back)
        self.page.keyboard.press(key)

    def go(self, words: str, *, key: str = "Enter") -> None:
        """Press what leads to another page, and skip over its head."""
        self.to(words)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        self.skip()

    def write(self, name: str, text: str) -> None:
        """Type into a field, over what stands there; a day as 2031-05-31."""
        if "date" in self.to(name=name)["type"]:
            year, month, day = text.split("-")
            self.page.keyboard.type(f"{month}{day}{year}")  # as an English browser asks for it
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, name: str, words: str) -> None:
        """One of several: the arrows move among them."""
        stop: Stop | None = self.to(name=name)
        self.page.keyboard.press("Space")
        for _ in range(MOST_STOPS):
            assert stop is not None
            if words in stop["words"]:
                return
            self.page.keyboard.press("ArrowDown")
            stop = self.here()
        raise AssertionError(words)

    def pick(self, name: str, value: str) -> None:
        """An entry of a list, by the arrows."""
        stop: Stop | None = self.to(name=name)
        for _ in range(MOST_STOPS):
            assert stop is not None
            if stop["value"] == value:
                return
            self.page.keyboard.press("ArrowDown")
            stop = self.here()
        raise AssertionError(value)


def walk(keys: Keys) -> int:
    """To the end of a page, then from its first stop to its last: all there is, in the order it is read in."""
    expected: int = keys.page.evaluate(REACHABLE)
    for _ in range(MOST_STOPS):
        if keys.tab() is None:
            break
    seen: list[Stop] = []
    while (stop := keys.tab()) is not None and stop["id"] not in {one["id"] for one in seen}:
        if seen:
            before = seen[-1]
            is_above = stop["bottom"] <= before["top"] + 1
            assert not is_above or stop["left"] >= before["right"] - 1, f"upwards: {before} then {stop}"
        seen.append(stop)
        assert len(seen) <= expected, "more stops than there are"
    assert len(seen) == expected, [one["words"][:20] for one in seen]
    return len(seen)
