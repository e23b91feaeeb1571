"""A browser by the name people know it by."""

from __future__ import annotations

import pytest

from marketplace.web.locale.browsers import browser_name

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 15; HUAWEI) AppleWebKit/537.36 Chrome/114.0 Mobile Safari/537.36"
APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome 141 · Windows"),
        (f"{CHROME} Edg/141.0.3537.57", "Edge 141 · Windows"),
        (f"{PHONE} MicroMessenger/8.0.50", "微信 8 · 安卓"),
        (PHONE.replace("Chrome/114.0", "HuaweiBrowser/15.0 Chrome/114.0"), "华为浏览器 15 · 安卓"),
        (APPLE, "Safari 18 · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.1; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox 145 · macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome 156 · Linux"),
        (f"{CHROME} OPR/125.0", "Opera 125 · Windows"),
        (CHROME.replace("Chrome/141", "QQBrowser/19.1 Chrome/141"), "QQ 浏览器 19 · Windows"),
        (APPLE.replace("Version/18.1 ", "") + " AliApp(DingTalk/7.6.0)", "钉钉 7 · iPhone"),
        (APPLE.replace("Version/18.1", "CriOS/142.0"), "Chrome 142 · iPhone"),
        (APPLE.replace("Version/18.1", "FxiOS/145.0"), "Firefox 145 · iPhone"),
        (APPLE.replace("iPhone; CPU iPhone OS", "iPad; CPU OS"), "Safari 18 · iPad"),
        (PHONE.replace("Linux; Android 15; HUAWEI", "Phone; OpenHarmony 5.0"), "Chrome 114 · 鸿蒙"),
        (PHONE.replace("HUAWEI", "HarmonyOS; HUAWEI"), "Chrome 114 · 鸿蒙"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 200, "x" * 60),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name
