"""A step on the way leads back to the page that sent somebody there: signing in, claiming, joining, a certificate."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest

from marketplace.web.addresses import WORK
from tests.usecases.market import OWNER, Market, code, sealed_terms
from tests.web_pages.reader import LONG, PageReader, joined
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import FILED, follow, hidden, on_file

QUALIFY = f"{WORK}/agency/acts/qualify"
CERTIFICATE = {"kind": "测绘资质", "grade": "甲级", "number": "甲测资字33000001", "valid_from": "2026-01-01"}
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "/no-such-page", "javascript:alert(1)")


def held(path: str, onward: str) -> str:
    """A step that leads on to that page."""
    return f"{path}?onward={quote(onward, safe='')}"


def forms_of(page: str) -> list[str]:
    """Where the forms of a page are sent, by a browser with and without a script."""
    found = re.findall(r'<form class="form" action="([^"]+)"', page)
    by_script = re.findall(r'hx-post="([^"]+)"', page)
    assert found == by_script
    return [unescape(one) for one in found]


async def test_whoever_comes_from_a_demand_is_back_there_after_account_claim_and_filing(
    site: Site, market: Market
) -> None:
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
    sign_up = f"/demands/{published.demand}/sign-up"
    reader = PageReader(site.client)
    assert (await reader.get(sign_up)).headers["location"] == held("/sign-in", sign_up)
    assert f'href="{held("/sign-up", sign_up)}"' in (await reader.get(held("/sign-in", sign_up))).text
    assert f'href="{held("/sign-in", sign_up)}"' in (await reader.get(held("/sign-up", sign_up))).text
    fields = {"login": "from.a.demand", "password": LONG, "again": LONG, "name": "张三（示例）", "onward": sign_up}
    assert f'href="{held("/sign-in", sign_up)}"' in (await reader.send("/sign-up", fields)).text
    signed = await reader.send("/sign-in", {"login": "from.a.demand", "password": LONG, "onward": sign_up})
    assert signed.headers["location"] == sign_up
    joining = held("/join", sign_up)
    assert (await reader.get(sign_up)).headers["location"] == joining
    page = (await reader.get(joining)).text
    assert forms_of(page) == [held("/join/code", sign_up)]
    wrong = await reader.send(held("/join/code", sign_up), {"organisation": "1"})
    assert forms_of(wrong.text) == [held("/join/code", sign_up)], "what is wrong loses nothing"
    claimed = await reader.send(held("/join/code", sign_up), {"organisation": code(1)})
    assert claimed.headers["location"] == joining
    assert forms_of((await reader.get(joining)).text) == [joining]
    page = await follow(reader, joining, dict(FILED))
    assert "<h1>报名</h1>" in page
    assert f"备案已生效，全省有效。</b>　回执 <code>{code(1)}</code>" in page
    assert (await reader.get(joining)).headers["location"] == sign_up, "who is on file already goes on at once"


async def test_a_certificate_registered_after_a_refusal_leads_back_to_the_demand(site: Site, market: Market) -> None:
    published = await market.publish(sealed_terms(), title="梧田片区测绘（示例）", sign_up_s=60, close_s=90)
    reader = await on_file(site)
    sign_up = f"/demands/{published.demand}/sign-up"
    form = (await reader.get(sign_up)).text
    refused = await reader.send(sign_up, {**hidden(form), "commitment_signed": "1"})
    assert refused.status_code == 422
    way = re.search(rf'href="({QUALIFY}\?[^"]+)">登记测绘资质</a>', refused.text)
    assert way is not None
    page = (await reader.get(unescape(way[1]))).text
    assert forms_of(page) == [held(QUALIFY, sign_up)]
    for words in ("办好后自动回到来时的页面", '<option value="测绘资质" selected>', f'href="{sign_up}">返回</a>'):
        assert words in page
    wrong = await reader.send(held(QUALIFY, sign_up), {**CERTIFICATE, "grade": "特级"})
    assert (wrong.status_code, forms_of(wrong.text)) == (400, [held(QUALIFY, sign_up)])
    by_script = await reader.send(held(QUALIFY, sign_up), {**CERTIFICATE, "grade": "特级"}, **{"hx-request": "true"})
    assert "<form" not in by_script.text, "the form with its way back stays where it is"
    back = await follow(reader, held(QUALIFY, sign_up), dict(CERTIFICATE))
    assert "<h1>报名</h1>" in back
    assert "资质已登记" in back
    assert "报名已收到，已准入" in await follow(reader, sign_up, {**hidden(back), "commitment_signed": "1"})
    more = {**CERTIFICATE, "number": "甲测资字33000002"}
    sent = await reader.send(held(QUALIFY, "/demands?q=1"), dict(more), **{"hx-request": "true"})
    assert sent.headers["hx-redirect"].startswith("/demands?q=1&told=qualification_added."), "with a script"


@pytest.mark.parametrize("onward", ELSEWHERE)
async def test_no_step_leads_to_another_site(site: Site, onward: str) -> None:
    reader = await joined(site.client, "careful")
    claim = {"role": "agency", "organisation": code(1), "onward": onward}
    assert (await reader.send("/account/organisation", claim)).headers["location"] == "/account"
    for path in ("/join", "/account", "/account/organisation"):
        page = (await reader.get(held(path, onward))).text
        assert "evil" not in re.sub(r'<ul aria-label="显示方式与登录">.*?</ul>', "", page, flags=re.DOTALL), path
    filed = await reader.send(held("/join", onward), dict(FILED))
    assert filed.headers["location"].startswith(f"{WORK}/agency?told=")
    added = await reader.send(held(QUALIFY, onward), dict(CERTIFICATE))
    assert added.headers["location"].startswith(f"{WORK}/agency?told=")
    again = {"do": "role", "role_id": "0", "onward": onward}
    assert "evil" not in (await reader.send("/account", again)).text


async def test_a_page_that_wants_a_role_comes_back_after_a_claim_or_a_choice(site: Site) -> None:
    reader = await joined(site.client, "somebody")
    posting = f"{WORK}/post?from=D1"
    asked = await reader.get(f"{posting}&display=large")
    wanted = f"{held('/account', posting)}&display=large#roles"
    assert asked.headers["location"] == wanted, "what is shown large stays large"
    page = (await reader.get(held("/account", posting))).text
    assert f'href="{held("/account/organisation", posting)}"' in page
    assert "选好身份后" in page
    assert "选好身份后" not in (await reader.get("/account")).text
    wrong = await reader.send("/account/organisation", {"role": "owner", "organisation": "1", "onward": posting})
    assert f'<input type="hidden" name="onward" value="{posting}">' in wrong.text
    claim = {"role": "owner", "organisation": OWNER, "onward": posting}
    assert (await reader.send("/account/organisation", claim)).headers["location"] == posting
    claim = {"role": "agency", "organisation": code(2), "onward": ""}
    assert (await reader.send("/account/organisation", claim)).headers["location"] == "/account"
    page = (await reader.get(held("/account", posting))).text
    choice = re.search(r'name="role_id" value="([^"]+)"><input type="hidden" name="onward" value="([^"]+)">', page)
    assert choice is not None
    chosen = await reader.send("/account", {"do": "role", "role_id": choice[1], "onward": choice[2]})
    assert chosen.headers["location"] == posting
    await reader.send("/sign-out", {})
    signed = await reader.send("/sign-in", {"login": "somebody", "password": LONG, "onward": posting})
    assert signed.headers["location"] == f"{held('/account', posting)}#roles", "of two roles one is chosen first"


async def test_a_forgotten_password_loses_no_way(site: Site) -> None:
    reader = PageReader(site.client)
    fields = {"login": "forgetful", "password": LONG, "again": LONG, "name": "张三（示例）"}
    recovery = re.search(r"<code>([2-9A-Z-]{12})</code>", (await reader.send("/sign-up", fields)).text)
    assert recovery is not None
    onward = "/demands?q=1"
    assert f'href="{held("/recover", onward)}"' in (await reader.get(held("/sign-in", onward))).text
    assert f'name="onward" value="{onward}"' in (await reader.get(held("/recover", onward))).text
    new = {"login": "forgetful", "code": recovery[1], "password": f"{LONG} 2", "again": "other", "onward": onward}
    assert f'name="onward" value="{onward}"' in (await reader.send("/recover", new)).text
    done = await reader.send("/recover", {**new, "again": f"{LONG} 2"})
    assert done.headers["location"] == held("/sign-in", onward)


async def test_the_form_of_a_certificate_offers_what_the_catalogue_knows_of_its_kind(site: Site) -> None:
    reader = await on_file(site)

    def folds(page: str) -> list[tuple[bool, str]]:
        found = re.findall(r"<details( open)?><summary>([^<]+)（\d+ 项）</summary>", page)
        return [(bool(is_open), name) for is_open, name in found]

    def grades(page: str) -> list[str]:
        (listed,) = re.findall(r'<datalist id="grade-list">(.*?)</datalist>', page)
        return re.findall(r'<option value="([^"]+)">', listed)

    blank = (await reader.get(QUALIFY)).text
    assert folds(blank) == [(False, "法定必需"), (False, "申请人自选"), (False, "部门委托")]
    assert {"综合甲级", "一类", "三级"} < set(grades(blank)), "of every kind while none is known"
    assert f'hx-get="{QUALIFY}" hx-trigger="change" hx-swap="none"' in blank
    known = (await reader.get(f"{QUALIFY}?kind=测绘资质&items=RA01&items=no-such")).text
    assert grades(known) == ["甲级", "乙级"]
    assert "测绘资质分甲级、乙级" in known
    assert folds(known)[0] == (True, "要求测绘资质的事项")
    assert [is_open for is_open, _ in folds(known)].count(True) == 2, "and where one is chosen"
    bare = (await reader.get(f"{QUALIFY}?kind=考古发掘资质")).text
    assert (grades(bare), "考古发掘资质没有等级，不填" in bare) == ([], True)
    assert folds((await reader.get(f"{QUALIFY}?kind=无此资质")).text) == folds(blank)
    wrong = await reader.send(QUALIFY, {**CERTIFICATE, "grade": "特级", "items": "SV22"})
    assert wrong.status_code == 400
    assert "测绘资质分甲级、乙级，请按证书填写" in wrong.text
    assert grades(wrong.text) == ["甲级", "乙级"]
    assert 'value="特级"' in wrong.text, "what was typed stands, whether it is known or not"
    assert 'value="SV22" checked' in wrong.text
    page = await follow(reader, QUALIFY, dict(CERTIFICATE))
    correct = re.search(rf'href="({WORK}/agency/acts/correct/[^"]+)"', page)
    assert correct is not None
    assert grades((await reader.get(correct[1])).text) == ["甲级", "乙级"]
