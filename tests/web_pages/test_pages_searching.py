"""全站检索, the feed and 常用条件 as a reader meets them."""

from __future__ import annotations

import re
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from commons.regions import REGIONS
from marketplace.web.kept_filters import pairs_of
from marketplace.web.locale.search_words import filter_words
from tests.usecases.market import Market, code, instant_terms
from tests.web_pages.reader import PageReader, joined
from tests.web_pages.site import Site

ATOM = "{http://www.w3.org/2005/Atom}"
WATER = quote("水土")


async def test_one_box_finds_demands_agencies_and_items_marks_the_words_and_leads_into_the_lists(
    market: Market, site: Site
) -> None:
    await market.file(1)
    await market.publish(instant_terms(), title="三垟湿地 水 土保持（示例）")
    body = await site.text(f"/search?q={WATER}")
    assert "三垟湿地 <mark>水 土</mark>保持（示例）" in body
    assert "<mark>水土</mark>保持方案编制" in body
    assert f'href="/demands?q={WATER}"' in body
    assert f'<a href="/search?q={WATER}&amp;kind=items">服务事项<span>1</span></a>' in body
    only = await site.text(f"/search?q={WATER}&kind=items")
    assert "三垟湿地" not in only
    agencies = await site.text(f"/search?q={code(1).lower()}")
    assert f'<span class="code"><mark>{code(1)}</mark></span>' in agencies
    assert "没有找到“丘壑”" in await site.text("/search?q=" + quote("丘壑"))
    assert "<mark>" not in await site.text("/search")
    assert "&lt;b&gt;" in await site.text("/search?q=%3Cb%3E")
    for asked in ("q=" + "a" * 101, "q=a&kind=people"):
        await site.text(f"/search?{asked}", status=400)


@pytest.mark.parametrize("query", ["q=a", "q=" + "%25", "q=%27%5C_", "q=" + quote("１壹"), "q=%FF"])
async def test_whatever_is_typed_is_answered(site: Site, query: str) -> None:
    for address in ("/search", "/demands", "/awards", "/agencies", "/demands.atom"):
        await site.text(f"{address}?{query}")


async def test_the_api_searches_as_the_page_does(market: Market, site: Site) -> None:
    await market.file(1)
    published = await market.publish(instant_terms(), title="水土保持（示例）")
    found = (await site.get(f"/api/v1/search?q={quote('　水土 ')}")).json()
    assert found["words"] == ["水土"]
    assert [one["id"] for one in found["demands"]["first"]] == [published.demand]
    assert (found["agencies"]["total"], found["awards"]["total"], found["items"]["total"]) == (0, 0, 1)
    listed = (await site.get(f"/api/v1/demands?q={WATER}")).json()
    assert (listed["total"], listed["total_is_more"], listed["next"]) == (1, False, None)
    for refused in ("", "?q=", "?q=" + "a" * 1_000):
        assert (await site.get(f"/api/v1/search{refused}")).status_code == 400


async def test_the_feed_is_one_that_readers_know_and_is_sent_once(market: Market, site: Site) -> None:
    first = await market.publish(instant_terms(), title="水土 & <保持>（示例）")
    await market.publish(instant_terms(), title="测绘（示例）", region="331102")
    assert f'type="application/atom+xml" title="需求公告" href="/demands.atom?q={WATER}"' in await site.text(
        f"/demands?q={WATER}"
    )
    answered = await site.get(f"/demands.atom?q={WATER}&city=330300")
    assert answered.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answered.text)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "水土 & <保持>（示例）"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert re.fullmatch(rf"https?://[^/]+/demands/{first.demand}", link.attrib["href"])
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published")
    assert all((one.text or "").startswith("urn:uuid:") for one in feed.iter(f"{ATOM}id"))
    whole = ET.fromstring(await site.text("/demands.atom"))
    ids = [one.findtext(f"{ATOM}id") for one in whole.findall(f"{ATOM}entry")]
    assert ids[1] == entry.findtext(f"{ATOM}id")
    assert len(set(ids)) == 2
    tags = {"if-none-match": f'"x", W/{answered.headers["etag"]}'}
    again = await site.client.get(f"/demands.atom?q={WATER}&city=330300", headers=tags)
    assert (again.status_code, again.content) == (304, b"")
    dated = {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    again = await site.client.get(f"/demands.atom?q={WATER}&city=330300", headers=dated)
    assert again.status_code == 200, "a state changes by the clock alone, and no date of an entry with it"
    assert "last-modified" not in again.headers
    other = await site.client.get("/demands.atom", headers={"if-none-match": answered.headers["etag"]})
    assert other.status_code == 200
    nothing = ET.fromstring(await site.text("/demands.atom?q=none"))
    assert nothing.findall(f"{ATOM}entry") == []


async def acting(site: Site, login: str) -> PageReader:
    """Somebody who acts for agency 1."""
    reader = await joined(site.client, login)
    claimed = await reader.send("/account/organisation", {"role": "agency", "organisation": code(1)})
    assert claimed.status_code == 303, claimed.text
    roles = re.findall(r'name="role" value="([^"]+)"', (await reader.get("/account")).text)
    if roles:
        await reader.send("/account/role", {"role": roles[0]})
    return reader


async def test_a_filter_is_kept_from_its_list_opened_from_the_workbench_and_dropped(market: Market, site: Site) -> None:
    await market.file(1)
    reader = await acting(site, "finder")
    listed = (await reader.get(f"/demands?q={WATER}&city=330300")).text
    (keep,) = re.findall(r'href="(/account/filters\?listed=demands[^"]+)">保存当前条件', listed)
    form = (await reader.get(keep.replace("&amp;", "&"))).text
    assert "需求公告：含“水土”，" in form
    (query,) = re.findall(r'name="query" value="([^"]+)"', form)
    fields: dict[str, object] = {"name": "温州水土", "listed": "demands", "query": query.replace("&amp;", "&")}
    kept = await reader.send("/account/filters", fields)
    assert kept.status_code == 303, kept.text
    assert kept.headers["location"].startswith(f"/demands?q={WATER}&city=330300")
    address = f'<a class="chip" href="/demands?q={WATER}&amp;city=330300">温州水土</a>'
    assert address in (await reader.get("/demands")).text
    assert f'<a href="/demands?q={WATER}&amp;city=330300">温州水土</a>' in (await reader.get("/workbench")).text
    own = (await reader.get("/account/filters")).text
    (identifier,) = re.findall(r'name="filter" value="([^"]+)"', own)
    assert (await reader.send("/account/filters/drop", {"filter": identifier})).status_code == 303
    assert "还没有保存过条件" in (await reader.get("/account/filters")).text
    for wrong in ({**fields, "name": ""}, {**fields, "query": "city=%27"}, {**fields, "query": "unknown=1"}):
        assert (await reader.send("/account/filters", wrong)).status_code in {400, 422}, wrong
    assert (await site.client.get("/account/filters")).status_code == 303


def test_a_kept_filter_is_told_in_words() -> None:
    pairs = pairs_of("demands", "q=%E6%B0%B4&item=SV22&city=330300&min=5&state=open&mode=instant&ra=1&unknown=1")
    assert dict(pairs) == {
        "q": "水", "item": "SV22", "city": "330300", "min": "5", "state": "open", "ra": "1", "mode": "instant",
    }  # fmt: skip
    words = filter_words(pairs)
    for part in ("含“水”", REGIONS.full_name("330300"), "不低于 5 万元", "征集中", "立等可取", "只看区域评价"):
        assert part in words
    assert filter_words(()) == "全部"
