"""The public pages on a small market: items, areas, lists of credit, complaints and objections, open data, guides."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from markupsafe import escape

from credit.joint import joint_measures
from credit.lists import ListEntry
from marketplace.usecases.read_credit_lists import CreditListPage
from marketplace.usecases.read_listing import Slice
from marketplace.web.assets import FOLDER
from marketplace.web.guides.shots import SHOTS
from marketplace.web.guides.texts import GUIDES
from marketplace.web.pages.credit_lists import credit_list_view
from tests.usecases.contracted import shorten
from tests.usecases.living import proposed
from tests.usecases.market import ITEM, Market, code
from tests.web_pages.reader import PageReader, joined
from tests.web_pages.site import Site

MOST_PICTURES = 1_000_000
ON_LIST = "debarment"
MAY, JUNE = datetime(2026, 5, 6, 2, tzinfo=UTC), datetime(2026, 6, 6, 2, tzinfo=UTC)
GROUNDS = "业绩证明与公开的合同不一致（示例）"


def test_every_picture_of_the_guides_is_there_and_none_is_left_over() -> None:
    shown = {step.shot for guide in GUIDES for step in guide.steps} - {""}
    pictures = {path.stem: path for path in (FOLDER / "guides").glob("*.webp")}
    assert shown <= set(SHOTS), shown - set(SHOTS)
    assert set(SHOTS) == set(pictures), f"python -m tests.gallery guides: {set(SHOTS) ^ set(pictures)}"
    assert sum(path.stat().st_size for path in pictures.values()) < MOST_PICTURES


async def test_an_item_tells_what_it_asks_and_what_goes_on_under_it(site: Site, market: Market) -> None:
    await market.file(1)
    page = await site.text("/items")
    assert f"/items/{ITEM}" in page
    assert "/items/XQ01" in page
    assert "没有含“不存在的事项”的服务事项" in await site.text("/items?q=不存在的事项")
    card = await site.text(f"/items/{ITEM}")
    assert "还没有可以比较的中选" in card
    assert f"/agencies?item={ITEM}" in card
    gone = await site.text("/items/XQ01")
    assert "这一事项已经取消" in gone
    assert "公平性检查</a></p>" not in gone
    await site.text("/items/ZZ99", status=404)


async def test_lists_guides_and_open_data_stand_for_anybody(site: Site) -> None:
    for path in ("/restrictions/debarment", "/restrictions/public_record", "/restrictions/commendation", "/open-data"):
        assert "数据开放" in await site.text(path)
    await site.text("/restrictions/nobody", status=404)
    await site.text("/areas?city=999999", status=400)
    await site.text("/areas/C1", status=404)
    await site.text("/areas?after=%27", status=400)
    for guide in GUIDES:
        assert guide.lead in await site.text(f"/guides/{guide.role}")
    await site.text("/guides/nobody", status=404)


async def test_a_list_of_credit_holds_its_own_and_no_other_and_says_the_way_out(site: Site, market: Market) -> None:
    await market.file(1)
    await market.restrict(1)
    named = {name: await site.text(f"/restrictions/{name}") for name in ("debarment", "public_record", "commendation")}
    assert [name for name, page in named.items() if code(1) in page] == [ON_LIST]
    assert "履行义务后申请修复，或到期解除" in named[ON_LIST]
    for name, page in named.items():
        own = [str(escape(one.words)) for one in joint_measures() if one.list_name == name]
        assert re.findall(r'data-l="措施"><span>([^<]+)', page) == own, name


def test_the_way_out_of_a_list_names_its_day_until_it_has_come() -> None:
    fact = ListEntry("public_record", code(1), "F1", "fact", "market", "result_late", "（示例）", MAY, None, JUNE)
    ways = []
    for now in (MAY, JUNE):
        found = CreditListPage(now, "public_record", (fact,), {}, Slice(1, 20), 1)
        ways.append(credit_list_view(found).rows[0].way)
    assert ways == ["自 2026-06-06 起可以申请修复", "现在可以申请修复"]


async def test_an_objection_is_followed_by_its_number_and_nobody_learns_whose_it_is(
    site: Site, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch, publicity=(3, "days"), award_objection_answer=(3, "days"), filing_objection=(3, "days"))
    for number in (1, 2, 3):
        await market.file(number)
    demand = (await proposed(market))[0].demand
    assert "目前没有异议" in await site.text(f"/complaints?code={demand.lower()}")
    await site.text("/complaints?code=D000000-00000000", status=404)
    await site.text("/complaints?code=%00", status=400)
    assert "备案异议" in await site.text(f"/complaints?code={code(1)}")
    assert (await site.get("/complaints/award")).status_code == 303
    reader = await joined(site.client, "zhangsan")
    page = await reader.get(f"/complaints/award?demand={demand}")
    assert f'value="{demand}"' in page.text
    wrong = await reader.send("/complaints/award", {"demand": "D000000-00000000", "grounds": GROUNDS})
    assert wrong.status_code == 422
    assert 'id="demand-fault"' in wrong.text
    empty = await reader.send("/complaints/complain", {"demand": demand})
    assert empty.status_code == 400
    assert 'id="objection-fault"' in empty.text
    assert 'id="grounds-fault"' in empty.text
    done = await reader.send("/complaints/award", {"demand": demand, "grounds": GROUNDS})
    assert done.status_code == 303, done.text
    assert "异议已收到" in (await reader.get(done.headers["location"])).text
    again = await reader.send("/complaints/award", {"demand": demand, "grounds": GROUNDS})
    assert again.status_code == 422
    public = await site.text(f"/complaints?code={demand}")
    assert GROUNDS in public
    assert "等业主答复" in public
    assert "zhangsan" not in public
    assert "张三" not in public
    await a_filing_is_objected_to(site, reader)


async def a_filing_is_objected_to(site: Site, reader: PageReader) -> None:
    """With a file, of which the digest alone is kept."""
    missing = await reader.send("/complaints/filing", {"agency": code(1), "reason": GROUNDS})
    assert missing.status_code == 400
    assert 'id="paper-fault"' in missing.text
    answered = await reader.client.post(
        "/complaints/filing", data={"_csrf": reader.token, "agency": code(1), "reason": GROUNDS},
        files={"paper": ("evidence.pdf", b"%PDF-1.4 example", "application/pdf")},
        headers={**reader.headers, "cookie": f"__Host-session={reader.secret}"},
    )  # fmt: skip
    assert answered.status_code == 303, answered.text
    shown = await site.text(f"/complaints?code={code(1)}")
    assert "等监管部门答复" in shown
    assert "张三" not in shown
