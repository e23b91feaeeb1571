"""Every list can be had as a sheet under its own filters, on the site and in the API, and papers stand beside them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from marketplace.usecases import read_exports
from marketplace.usecases.read_exports import Whole
from marketplace.web.exports import lists, serving
from tests.usecases.market import Market, code, instant_terms, sealed_terms
from tests.web_pages.site import Site

RISKY = "=HYPERLINK(1)（示例）"


async def table(site: Site, path: str) -> list[list[Any]]:
    """The cells of an exported list."""
    answered = await site.get(path)
    assert answered.status_code == 200, (path, answered.text[:300])
    assert answered.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert "filename*=UTF-8''" in answered.headers["content-disposition"]
    return CalamineWorkbook.from_filelike(BytesIO(answered.content)).get_sheet_by_index(0).to_python()


def heads(rows: list[list[Any]]) -> int:
    """The row of the heads."""
    return next(number for number, row in enumerate(rows) if sum(1 for cell in row if cell != "") > 3)


async def test_every_list_is_exported_under_its_filters(site: Site, market: Market) -> None:
    for number in (1, 2):
        await market.file(number)
    await market.restrict(2)
    first = await market.publish(sealed_terms(), sign_up_s=60, close_s=90, title=RISKY)
    second = await market.publish(instant_terms())
    for base in ("", "/api/v1"):
        every = await table(site, f"{base}/demands.xlsx")
        found = {row[0] for row in every[heads(every) + 1 :]}
        assert found == {first.demand, second.demand}
        assert RISKY in {row[1] for row in every}
        chosen = await table(site, f"{base}/demands.xlsx?mode=instant")
        assert [row[0] for row in chosen[heads(chosen) + 1 :]] == [second.demand]
        assert chosen[1][0] == "条件：选取方式：立等可取"
        assert "共 1 条；生成于" in chosen[3][0]
        agencies = await table(site, f"{base}/agencies.xlsx?q={code(2)}")
        assert [row[0] for row in agencies[heads(agencies) + 1 :]] == [code(2)]
        restricted = await table(site, f"{base}/restrictions.xlsx")
        assert [row[2] for row in restricted[heads(restricted) + 1 :]] == [code(2)]
        empty = await table(site, f"{base}/awards.xlsx")
        assert empty[-1][0] == "编号"
        for name in ("debarment", "public_record", "commendation"):
            await table(site, f"{base}/credit-lists/{name}/entries.xlsx")
    assert (await site.get("/credit-lists/other/entries.xlsx")).status_code == 404
    assert (await site.get("/demands.xlsx?mode=none")).status_code == 400
    page = await site.text("/demands?mode=instant")
    assert 'href="/demands.xlsx?mode=instant"' in page
    for path in (f"/demands/{first.demand}/notice.pdf", f"/agencies/{code(2)}/credit-report.pdf"):
        for base in ("", "/api/v1"):
            paper = await site.get(f"{base}{path}")
            assert paper.status_code == 200
            assert paper.content.startswith(b"%PDF-")
        again = await site.client.get(path, headers={"If-None-Match": paper.headers["etag"]})
        assert again.status_code in {200, 304}
    assert (await site.get(f"/awards/{first.demand}/notice.pdf")).status_code == 404


async def test_a_list_that_is_cut_says_so(site: Site, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        await market.file(number)
    monkeypatch.setattr(lists, "MAX_EXPORTED", 2)
    monkeypatch.setattr(serving, "Whole", lambda: Whole(size=2))
    rows = await table(site, "/agencies.xlsx")
    assert len(rows) - heads(rows) - 1 == 2
    assert "共 3 条，本文件列前 2 条，其余未列出" in rows[3][0]
    assert read_exports.MAX_EXPORTED == 5_000
