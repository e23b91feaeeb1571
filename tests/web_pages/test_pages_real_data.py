"""Every page with real data: what happened is there, what must stay private is not."""

from __future__ import annotations

from tests.usecases.market import Market
from tests.web_pages.site import Site
from tests.web_pages.town import build


async def test_every_page_shows_what_happened(market: Market, site: Site) -> None:
    town = await build(market)
    import pathlib

    out = pathlib.Path("/tmp/pages_out")
    out.mkdir(exist_ok=True)
    for path in [
        "/",
        "/demands",
        "/awards",
        "/agencies",
        "/restrictions",
        "/rules",
        *[f"/demands/{d.demand}" for d in (*town.decided, town.running)],
        *[f"/awards/{d.demand}" for d in town.decided],
        *[f"/awards/{d.demand}/case.json" for d in town.decided],
        "/agencies/" + __import__("tests.usecases.market").usecases.market.code(1),
        "/api/v1/demands",
        f"/api/v1/demands/{town.running.demand}",
        f"/api/v1/selections/{town.running.selection}",
        "/api/v1/awards",
        *[f"/api/v1/awards/{d.demand}" for d in town.decided],
        f"/api/v1/awards/{town.sealed.demand}/case",
        "/api/v1/agencies",
        "/api/v1/agencies/" + __import__("tests.usecases.market").usecases.market.code(2),
        "/api/v1/restrictions",
        "/api/v1/items",
        "/api/v1/profiles",
        f"/demands/{town.draft}",
        "/demands?page=0",
        "/nix",
    ]:
        r = await site.get(path)
        print(r.status_code, path, len(r.content), r.text[:300] if r.status_code >= 400 else "")
        (out / (path.strip("/").replace("/", "_") or "home")).with_suffix(".html").write_text(r.text)
