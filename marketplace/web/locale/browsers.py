"""A browser by the name people know it by, from what it says of itself; nothing is decided by it."""

from __future__ import annotations

import re

_BROWSERS = (
    ("MicroMessenger/", "微信"), ("DingTalk/", "钉钉"), ("HuaweiBrowser/", "华为浏览器"), ("QQBrowser/", "QQ 浏览器"),
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""The first that is found names it: most also claim to be those that stand behind."""
_MACHINES = (
    ("HarmonyOS", "鸿蒙"), ("OpenHarmony", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
_VERSIONS = {"Edg": r"Edg[A-Za-z]*/(\d+)", "Safari/": r"Version/(\d+)"}
"""Where a version stands elsewhere than behind the name."""
LONGEST = 60


def browser_name(agent: str) -> str:
    """``Edge 141 · Windows``; what is not known is shown as it is, clipped; "" for nothing said."""
    browser = next(((mark, name) for mark, name in _BROWSERS if mark in agent), None)
    if browser is None:
        return agent[:LONGEST]
    mark, name = browser
    version = re.search(_VERSIONS.get(mark, re.escape(mark) + r"(\d+)"), agent)
    machine = next((f" · {machine}" for mark, machine in _MACHINES if mark in agent), "")
    return f"{name}{' ' + version[1] if version else ''}{machine}"
