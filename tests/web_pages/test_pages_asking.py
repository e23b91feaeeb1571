"""What is typed into an address is read or refused in words, never a crash; display variants travel along."""

from __future__ import annotations

import re

import pytest

from tests.usecases.market import Market, instant_terms
from tests.web_pages.site import Site

PAGES = ("/", "/demands", "/awards", "/agencies", "/restrictions", "/rules")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/restrictions?page=0", "页码为 1 至 10000 的整数"),
        ("/restrictions?page=-1", "页码为 1 至 10000 的整数"),
        ("/restrictions?page=99999999999999999999", "页码为 1 至 10000 的整数"),
        ("/demands?after=nowhere", "不是这个列表里的位置"),
        ("/demands?after=d1-D1", "不是这个列表里的位置"),
        ("/awards?before=p1-D1", "不是这个列表里的位置"),
        ("/awards?after=d1-D1&before=d1-D1", "只能从一个代码接续"),
        ("/demands?min=abc", "请填写万元数"),
        ("/demands?min=9&max=1", "最高不能低于最低"),
        ("/demands?mode=magic", "没有这个选项"),
        ("/demands?state=draft", "没有这个选项"),
        ("/demands?item=%27;drop", "不是有效的代码"),
        ("/demands?q=" + "长" * 101, "最多 100 个字"),
        ("/demands?q=%00", ""),
        ("/awards?outcome=maybe", "没有这个选项"),
        ("/agencies?restricted=yes", "没有这个选项"),
        ("/restrictions?layer=none", "没有这个选项"),
    ],
)
async def test_a_value_that_cannot_be_read_is_refused_in_words(site: Site, address: str, said: str) -> None:
    body = await site.text(address, status=400)
    assert said in body
    assert "<html" in body


@pytest.mark.parametrize(
    ("address", "kept", "beside"),
    [
        (
            "/demands?q=%E6%B5%8B%E7%BB%98&min=abc&max=7&state=draft&ra=1&mode=instant&after=!",
            (
                'name="q" type="search" maxlength="100" value="测绘"', 'value="abc" aria-invalid="true"', 'value="7"',
                '<option value="draft" selected>', 'name="ra" value="1" checked', 'name="mode" value="instant"',
            ),
            {"min": "请填写万元数", "state": "没有这个选项"},
        ),
        (
            "/awards?item=%27x&outcome=award",
            ('<option value="&#39;x" selected>', 'value="award" selected'),
            {"item": "不是有效的代码"},
        ),
        (
            "/agencies?restricted=yes&city=330300",
            ('name="restricted" value="1" checked aria-invalid', 'value="330300" selected'),
            {"restricted": "没有这个选项"},
        ),
        ("/restrictions?layer=none&q=a", ('<option value="none" selected>', 'value="a"'), {"layer": "没有这个选项"}),
    ],
)  # fmt: skip
async def test_a_list_shows_each_fault_beside_its_field_and_keeps_what_was_typed(
    site: Site, address: str, kept: tuple[str, ...], beside: dict[str, str]
) -> None:
    body = await site.text(address, status=400)
    for one in kept:
        assert one in body, one
    for key, words in beside.items():
        assert f'<p class="fault" id="{key}-fault">{words}' in body
        assert f'aria-describedby="{key}-fault"' in body
        assert f'<a href="#{key}">' in body
    assert 'class="pager"' not in body
    assert "共 <b>" not in body


async def test_every_fault_of_filter_and_page_is_named_at_once(site: Site) -> None:
    body = await site.text("/demands?min=abc&item=%27&after=!", status=400)
    assert "有 3 处条件看不懂，没有查询" in body
    assert "接续代码：不是有效的代码" in body


@pytest.mark.parametrize(
    "address",
    [
        "/demands?q=%25", "/demands?q=_", "/demands?q=%5C", "/demands?q=%FF%FE", "/demands?item=NONE",
        "/demands?city=999999", "/demands?page=10000", "/agencies?item=NONE", "/agencies?qualification=%E6%97%A0",
        "/awards?page=77", "/restrictions?q='", "/demands?unknown=1", "/demands?q=a&q=b",
        "/?display=large-contrast-nothing",
    ],
)  # fmt: skip
async def test_a_strange_but_readable_value_finds_nothing(site: Site, address: str) -> None:
    assert "<html" in await site.text(address)


@pytest.mark.parametrize(
    "address",
    [
        "/demands/D000000-00000000", "/demands/x%00y", "/demands/%2e%2e", "/demands/" + "9" * 500, "/awards/'",
        "/awards/%F0", "/awards/D000000-00000000/case.json", "/agencies/91990000MA0000001B", "/nothing",
        "/demands/D1/more", "/api/v1/demands/x", "/api/v1/selections/S000000-00000000", "/api/v1/agencies/1",
        "/api/v1/awards/D/case",
    ],
)  # fmt: skip
async def test_what_nobody_named_is_not_there(site: Site, address: str) -> None:
    body = await site.text(address, status=404)
    assert ("<html" in body) != address.startswith("/api/")


@pytest.mark.parametrize(
    "query",
    [
        "limit=9",
        "limit=51",
        "after=nowhere",
        "after=d1-D1",
        "before=%20",
        "after=c1-D1&before=c1-D1",
        "mode=magic",
        "state=draft",
        "ceiling_min_fen=1.5",
        "q=" + "a" * 101,
    ],
)  # fmt: skip
async def test_the_api_refuses_a_query_out_of_bounds(site: Site, query: str) -> None:
    answered = await site.get(f"/api/v1/demands?{query}")
    assert answered.status_code == 400, answered.text
    assert answered.headers["content-type"] == "application/problem+json"


async def test_the_display_variant_is_shown_and_kept_in_links(site: Site) -> None:
    for page in PAGES:
        body = await site.text(f"{page}?display=large-contrast")
        assert '<html lang="zh-CN" class="large contrast">' in body
        assert 'href="/awards?display=large-contrast"' in body
        assert "class=" not in (await site.text(page)).partition("<head>")[0]


async def test_no_page_is_kept_by_caches(site: Site) -> None:
    for page in PAGES:
        assert (await site.get(page)).headers["cache-control"] == "no-store"


async def test_a_filter_stays_in_the_pages_of_its_list(market: Market, site: Site) -> None:
    for number in range(25):
        await market.publish(instant_terms(), title=f"同样的测绘 100%{number}（示例）")
    body = await site.text("/demands?q=100%25&mode=instant")
    assert "共 <b>25</b> 条" in body
    assert "同样的测绘 <mark>100%</mark>24（示例）" in body
    (onward,) = re.findall(r'rel="next" href="(/demands\?q=100%25&amp;mode=instant&amp;after=[^"]+)"', body)
    second = await site.text(onward.replace("&amp;", "&"))
    assert second.count("同样的测绘") == 5
    assert 'rel="next"' not in second
    (back,) = re.findall(r'rel="prev" href="(/demands\?q=100%25&amp;mode=instant&amp;before=[^"]+)"', second)
    again = await site.text(back.replace("&amp;", "&"))
    assert [again.count("同样的测绘"), 'rel="prev"' in again] == [20, False]
