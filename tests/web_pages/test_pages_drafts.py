"""A draft on its owner's pages without script: changed as a whole, given up, lots at once; who could take part."""

from __future__ import annotations

from marketplace.database import Database
from marketplace.demands.store import Demand
from marketplace.usecases.read_own_drafts import read_own_demand, read_own_drafts
from marketplace.web.addresses import MY_DEMANDS, POST_DEMAND, my_demand_path
from tests.usecases.market import Market, code, owner, sealed_terms
from tests.web_pages.reader import PageReader
from tests.web_pages.site import Site
from tests.web_pages.test_pages_owner import UP_TO_THE_WAY, acting, fields_of, sure


async def through(reader: PageReader, page: str, **changes: object) -> str:
    """Every step from a page on, with what is changed there, to the draft's own page."""
    for _ in range(6):
        given = fields_of(page)
        answered = await reader.send(POST_DEMAND, {**given, **{k: v for k, v in changes.items() if k in page}})
        if answered.status_code == 303:
            return (await reader.get(answered.headers["location"])).text
        assert answered.status_code == 200, answered.text[answered.text.index("<main") :][:1500]
        page = answered.text
    message = "the wizard has no end"
    raise AssertionError(message)


async def drafts_of(database: Database) -> list[Demand]:
    """The owner's drafts by their lot."""
    return sorted(await read_own_drafts(database, owner()), key=lambda one: (one.lot or 0, one.id))


async def test_a_draft_is_changed_step_by_step_or_at_once_and_given_up(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    recused = [{"agency": code(6), "reason": "编制了可研（示例）"}]
    draft = await market.post(sealed_terms(), sign_up_s=4000, close_s=5000, recusals=recused, further_items=["SV26"])
    reader, own = await acting(site), my_demand_path(draft)
    shown = (await reader.get(own)).text
    assert "编制了可研（示例）" in shown
    assert f"{POST_DEMAND}?draft={draft}" in shown
    stranger = await acting(site, "other", code(2, "11990000MA"))
    for path in (own, f"{own}/discard-draft", f"{POST_DEMAND}?draft={draft}", f"{POST_DEMAND}?from={draft}"):
        assert (await stranger.get(path)).status_code == 404, path
    start = (await reader.get(f"{POST_DEMAND}?draft={draft}")).text
    page = await through(reader, start, title="改了名称的需求（示例）", ceiling="150000", c1_kind="qualification",
                         c1_name="测绘资质", c1_grade="乙级")  # fmt: skip
    assert "草稿已修改" in page
    one = await read_own_demand(database, owner(), draft)
    assert (one.title, one.ceiling_fen, one.further_items) == ("改了名称的需求（示例）", 15_000_000, ("SV26",))
    assert [each.agency for each in one.recusals] == [code(6)]
    assert (one.declared["conditions"], one.is_example) == (
        [{"kind": "qualification", "name": "测绘资质", "grade": "乙级", "region": "", "amount": 0}], True,
    )  # fmt: skip
    start = (await reader.get(f"{POST_DEMAND}?draft={draft}")).text
    about = (await reader.send(POST_DEMAND, fields_of(start))).text
    assert "SV26" in about, "what is joined goes along"
    at_once = await reader.send(POST_DEMAND, {**fields_of(about), "place": "三垟（示例）", "_save": "1"})
    assert at_once.status_code == 303, at_once.text[-4000:]
    one = await read_own_demand(database, owner(), draft)
    assert (one.place, one.ceiling_fen, one.further_items) == ("三垟（示例）", 15_000_000, ("SV26",))
    gone = await sure(reader, f"{own}/discard-draft", {"reason": "项目调整（示例）"})
    assert "草稿已放弃" in gone
    assert await drafts_of(database) == []
    assert (await reader.get(f"{POST_DEMAND}?draft={draft}")).status_code == 404


async def test_lots_are_drafted_together_changed_one_by_one_and_published_in_one_act(
    site: Site, market: Market, database: Database
) -> None:
    await market.file(1)
    reader = await acting(site)
    start = {
        **UP_TO_THE_WAY,
        "mode": "comprehensive",
        "l1_title": "甲段（示例）",
        "l2_title": "乙段（示例）",
        "lot_cap": "1",
    }
    page = (await reader.send(POST_DEMAND, start)).text
    shown = await through(reader, page, ceiling="158000")
    assert "发布全部 2 个标段" in shown
    first, second = await drafts_of(database)
    assert [(one.title, one.lot, one.terms["lot_cap"]) for one in (first, second)] == [
        ("甲段（示例）", 1, 1), ("乙段（示例）", 2, 1),
    ]  # fmt: skip
    assert "草稿，第 2 标段" in (await reader.get(MY_DEMANDS)).text
    edit = (await reader.get(f"{POST_DEMAND}?draft={second.id}")).text
    assert "这是标段公告的一个标段" in edit
    await through(reader, edit, ceiling="99000")
    first, second = await drafts_of(database)
    assert (first.ceiling_fen, second.ceiling_fen, second.lot) == (15_800_000, 9_900_000, 2)
    published = await reader.send(f"{my_demand_path(second.id)}/publish", {})
    assert published.status_code == 303, published.text[-4000:]
    assert "标段公告已发布" in (await reader.get(published.headers["location"])).text
    assert (await reader.get(MY_DEMANDS)).text.count("综合比选") >= 2
    alone = await reader.send(POST_DEMAND, {**start, "l2_title": "", "_step": "item"})
    assert (alone.status_code, "至少填两个标段" in alone.text) == (400, True)


async def test_who_could_take_part_is_said_beside_the_terms_and_every_fault_at_its_fold(
    site: Site, market: Market
) -> None:
    await market.file(1)
    await market.file(2, grade=None)
    reader = await acting(site)
    page = (await reader.send(POST_DEMAND, {**UP_TO_THE_WAY, "mode": "comprehensive"})).text
    assert 'id="reach"' not in page, "nothing is counted before the amount is said"
    given = {**fields_of(page), "ceiling": "158000"}
    counted = (await reader.send(POST_DEMAND, {**given, "_check": "1"})).text
    assert "1 家能参加" in counted
    assert "全省在册 2 家" in counted
    barred = {"c1_kind": "registered_in", "c1_name": "温州注册", "recusals": f"{code(1)} 有利害关系（示例）"}
    counted = (await reader.send(POST_DEMAND, {**given, **barred, "_check": "1"})).text
    assert "0 家能参加" in counted
    assert "不能这样发布" in counted
    wrong = await reader.send(POST_DEMAND, {**given, "recusals": "某某公司"})
    assert (wrong.status_code, 'id="recusals-fault"' in wrong.text, "<details open>" in wrong.text) == (400, True, True)
    rounds = {**UP_TO_THE_WAY, "mode": "multi_round"}
    terms = {**fields_of((await reader.send(POST_DEMAND, rounds)).text), "ceiling": "158000", "step": "1000"}
    clocks = fields_of((await reader.send(POST_DEMAND, terms)).text)
    late = {"r1_opens_at": "2027-01-04T10:00", "r1_closes_at": "2027-01-04T09:00"}
    wrong = await reader.send(POST_DEMAND, {**clocks, **late})
    assert (wrong.status_code, 'id="r1_closes_at-fault"' in wrong.text) == (400, True)
