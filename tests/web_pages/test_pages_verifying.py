"""中选核验 on real results: every award of a market agrees, and a changed file is shown where it was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import httpx

from marketplace.database import Database
from marketplace.usecases.read_published import read_published
from marketplace.web.locale.verify_words import TITLES
from marketplace.web.trial.fields import MODES
from marketplace.web.trial.starting import example
from tests.usecases.market import ITEM, Market, code
from tests.web_pages.site import Site
from tests.web_pages.town import Town, build

OWN = {"origin": "http://localhost:8000"}


class Inputs(HTMLParser):
    """Every field of a page with what stands in it; of a choice the one that is chosen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "select":
            self.select = given["name"]
        if tag == "input" and "name" in given:
            self.found.append(given)
        if tag == "option" and "selected" in given:
            self.found.append({"name": self.select, "value": given["value"]})


async def drop(site: Site, body: bytes, *, name: str = "case.json", against: str = "") -> httpx.Response:
    """A file dropped as a browser sends it."""
    files = {"file": (name, body, "application/json")}
    return await site.client.post("/verify", data={"code": against}, files=files, headers=OWN)


async def kept(site: Site, demand: str) -> dict[str, Any]:
    document: dict[str, Any] = (await site.get(f"/awards/{demand}/case.json")).json()
    return document


def changed(document: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> bytes:
    """The file with one thing changed, and without the decision it carried."""
    other = json.loads(json.dumps(document))
    change(other)
    return json.dumps(other, ensure_ascii=False, indent=1).encode()


async def test_every_award_of_a_market_is_computed_anew_and_agrees(
    market: Market, site: Site, database: Database
) -> None:
    town = await build(market)
    for published in town.decided:
        page = await site.text(f"/awards/{published.demand}/verify")
        assert "核验通过" in page, page
        assert "不一致" not in page
        assert f"./run decide case-{published.demand}.json" in page
        assert all(title in page for title in ("选取条件与公告相同", "参加机构和各家事实与公告相同"))
    sealed = town.sealed.demand
    award = await read_published(database, sealed)
    assert award.file is not None
    page = await site.text(f"/awards/{sealed}/verify")
    assert award.file.digest in page
    assert (await site.get(f"/verify?code={sealed}")).headers["location"] == f"/awards/{sealed}/verify"
    scanned = await site.client.get("/verify", params={"code": f"http://localhost:8000/awards/{sealed}/verify"})
    assert scanned.headers["location"] == f"/awards/{sealed}/verify"
    await files_from_elsewhere(site, town)
    await what_is_not_there(site, town)
    await terms_tried_out(site, town)
    await terms_checked(site, town)


async def terms_tried_out(site: Site, town: Town) -> None:
    """试算 from published terms: the demand lends its terms and never its offers."""
    page = await site.text(f"/rules/trial?demand={town.rounds.demand}")
    assert "轮的方式、时间和入围家数" in page
    assert "多轮竞价" in page
    assert code(1) not in page
    filled = {one["name"]: one.get("value", "") for one in Inputs(page).found}
    assert filled["mode"] == "multi_round"
    computed = await site.client.get("/rules/trial", params=filled | {"go": "1"})
    assert computed.status_code == 200, computed.text
    assert "中选" in computed.text
    assert "逐次报价" in computed.text
    more = await site.client.get("/rules/trial", params=filled | {"more": "6"})
    assert "b6_name" in more.text
    assert "中选</h2>" not in more.text
    wrong = await site.client.get("/rules/trial", params=filled | {"go": "1", "b2_p1": "NaN"})
    assert wrong.status_code == 400
    assert 'href="#b2_p1"' in wrong.text
    assert 'aria-describedby="b2_p1-fault"' in wrong.text
    for query, words in (
        ("demand=D000000-00000000", "没有这个编号的需求"),
        (f"demand={town.draft}", "没有这个编号的需求"),
        ("mode=luck", "没有这种方式"),
    ):
        answered = await site.get(f"/rules/trial?{query}")
        assert answered.status_code == 400
        assert words in answered.text
    for mode in MODES:
        computed = await site.client.get("/rules/trial", params=example(mode) | {"mode": mode, "go": "1"})
        assert computed.status_code == 200, mode
        assert "按这些条件" in computed.text or "抽出小名单" in computed.text, mode


async def terms_checked(site: Site, town: Town) -> None:
    """公平性检查: for a demand, for a bare item, with a condition that no owner may make."""
    page = await site.text(f"/fairness?demand={town.running.demand}")
    assert "家能参加" in page
    assert "在册机构" in page
    assert "具备法定资质" in page
    assert "选一个服务事项" in await site.text("/fairness")
    barred = {"item": ITEM, "ceiling": "100000", "mode": "comprehensive", "c1_kind": "branch_in", "c1_region": "330300"}
    page = (await site.client.get("/fairness", params=barred)).text
    assert "发布前须修改 1 处" in page
    assert "必须修改" in page
    for params, status, words in (
        ({"ceiling": "100000"}, 400, "请选择服务事项"),
        ({"item": "NONE", "ceiling": "1"}, 400, 'href="#item"'),
        ({"item": ITEM, "ceiling": "x"}, 400, 'href="#ceiling"'),
        ({"item": ITEM, "region": "999999"}, 400, 'href="#region"'),
        ({"item": ITEM, "mode": "multi_round", "ties": "price,draw"}, 200, "家能参加"),
        ({"item": ITEM, "mode": "random_draw"}, 200, "家能参加"),
    ):
        answered = await site.client.get("/fairness", params=params)
        assert answered.status_code == status, (params, answered.text)
        assert words in answered.text, params


async def files_from_elsewhere(site: Site, town: Town) -> None:
    """The same market, once more: files that were dropped."""
    demand = town.sealed.demand
    document = await kept(site, demand)
    honest = await drop(site, changed(document, lambda _: None))
    assert "核验通过" in honest.text
    assert "文件的字节不同" in honest.text
    price = changed(document, lambda one: one["case"]["bids"][0].update(price_fen=1_234_500))
    page = (await drop(site, price)).text
    assert "核验未通过：第 3" in page
    assert "12,345.00 元" in page
    bare = changed(document["case"], lambda one: one["terms"].update(min_bidders=1))
    assert "本站没有这一选取" in (await drop(site, bare)).text
    assert "核验未通过：第 1 步" in (await drop(site, bare, against=demand)).text
    assert "核验未通过：第 1 步" in (await drop(site, bare, name=f"case-{demand}(1).json")).text
    json_kind = {"content-type": "application/json"}
    told = (await site.client.post("/api/v1/verify", content=price, headers=json_kind)).json()
    assert (told["award"], told["agrees"], told["first_difference"]) == (demand, False, "offers")
    step = next(one for one in told["steps"] if one["code"] == "offers")
    assert step["differences"][0]["found"] == 1_234_500
    told = (await site.client.post(f"/api/v1/verify?award={demand}", content=bare, headers=json_kind)).json()
    assert (told["award"], told["first_difference"]) == (demand, "terms")
    told = (await site.client.post("/api/v1/verify", content=json.dumps(document), headers=json_kind)).json()
    assert (told["award"], told["agrees"]) == (demand, True)
    assert told["digests"]["case"] == told["published_digests"]["case"]
    assert told["digests"]["terms"] == told["published_digests"]["terms"]
    rank = changed(document, lambda one: one["decision"]["ranking"][0].update(total=9_999))
    page = (await drop(site, rank)).text
    assert "核验未通过：第 6 步" in page
    assert "文件自称" in page
    unknown = changed(document, lambda one: one.update(award="D000000-00000000"))
    page = (await drop(site, unknown)).text
    assert "本站没有这一选取，文件前后一致" in page
    assert code(1) in page
    assert f"/agencies/{code(1)}" not in page


async def what_is_not_there(site: Site, town: Town) -> None:
    """Codes that name nothing, files that cannot be read."""
    running = await site.get(f"/awards/{town.running.demand}/verify")
    assert running.status_code == 404
    assert "本站没有这个编号的结果" in running.text
    assert (await site.get("/verify?code=7F3A-91BC")).status_code == 400
    document = await kept(site, town.sealed.demand)
    for body, words in (
        (b"{", "不是完整的 JSON 文件"),
        (b"[" * 200, "层数太多"),
        (changed(document, lambda one: one.update(more=1)), "没有这个键"),
        (changed(document, lambda one: one["case"]["bids"][0].update(price_fen=1.5)), "应为整数"),
        (changed(document, lambda one: one["case"]["bids"][0].update(price_fen="1")), "/case/bids/0/price_fen"),
        (changed(document, lambda one: one.update(decision=[])), "应为对象"),
        (b'{"case": NaN}', "不是数"),
        (b" " * (4 * 1024 * 1024 + 1), "文件太大"),
    ):
        answered = await drop(site, body)
        assert answered.status_code == 400, words
        assert words in answered.text, words
    assert (await drop(site, b" " * (5 * 1024 * 1024))).status_code == 413
    none = await site.client.post("/verify", data={"code": ""}, headers=OWN)
    assert none.status_code == 400
    assert "请选择一份案卷文件" in none.text
    elsewhere = await site.client.post(
        "/verify", files={"file": ("a", b"{}")}, headers={"origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403


async def test_the_form_says_what_is_looked_at_and_one_address_drops_so_many_files(site: Site) -> None:
    page = await site.text("/verify")
    assert all(f"<h3>{name}</h3>" in page for name, _, _ in TITLES.values())
    answers = [(await drop(site, b"{")).status_code for _ in range(62)]
    assert answers[:60] == [400] * 60
    assert answers[60:] == [429, 429]
