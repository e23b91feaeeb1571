"""No address tells anything of a sealed offer before its close, to nobody; after it everybody may read it.

Every GET address that the site serves is asked, as the public, the owner, a regulator, an outsider and the bidders;
pages, which know nobody by a header, in the sessions of an owner, a regulator and a rival too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import product
from zipfile import ZipFile

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from pypdf import PdfReader

from commons.instants import format_instant
from marketplace.database import Database
from marketplace.statistics.measures import CONCENTRATION, MEASURES
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.post_notice import NoticePosted, PostNotice, post_notice
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.publish_notice import NoticePublished, PublishNotice, publish_notice
from marketplace.usecases.sign_up import SignedUp
from marketplace.web.addresses import WORK
from tests.usecases.market import (
    ITEM,
    OWNER,
    PROFILE,
    Market,
    code,
    nonce,
    now,
    owner,
    round_terms,
    sealed_terms,
    until,
)
from tests.web_pages.reader import joined
from tests.web_pages.site import Site
from tests.web_pages.test_pages_regulating import officer

NAMES = ("测绘1号", "测绘2号", "测绘3号")
CANARIES = {1: (13_579_137, 37), 2: (14_680_249, 41), 3: (15_791_351, 43)}
"""Price in fen and days of each bidder: numbers that nothing else on the site has."""
READERS = (None, f"owner:{OWNER}", "regulator:R1", f"agency:{code(4)}", *(f"agency:{code(one)}" for one in CANARIES))
ASKED = (*((one, "") for one in READERS), (None, "?limit=50"), (None, "?state=open"), (READERS[-1], "?days=20"))
FEW = tuple((reader, "") for reader in (None, f"owner:{OWNER}", f"agency:{code(1)}"))
"""Readers of the modes whose readings are those of a sealed selection: the public, the owner, a bidder."""
FEWER = 2
"""How many of the readers ask for papers and sheets too, which know no reader, and for what is about other things."""
LISTS = {
    "/",
    "/demands",
    "/awards",
    "/agencies",
    "/api/v1/demands",
    "/api/v1/awards",
    "/api/v1/agencies",
    "/api/v1/home",
}
"""Lists in which the selection may stand."""
LONG_S, SHORT_S = 120, 60
"""Seconds that asking everything may take before the close, and asking for a few."""


def written(number: int) -> tuple[str, ...]:
    """Every way in which a page or a document writes the bidder's offer."""
    price, days = CANARIES[number]
    yuan = f"{price // 100:,}.{price % 100:02d}"
    wan = f"{(price + 5_000) // 1_000_000}.{(price + 5_000) // 10_000 % 100:02d} 万"
    return (str(price), f"{price:,}", yuan, yuan.replace(",", ""), wan, f"{days} 个工作日", f'"days":{days}')


def addresses(app: Litestar, published: DemandPublished, notice: str = "N000000-00000000") -> Iterator[str]:
    """Every address that GET is served at, with the demand, its selection, its notice or each agency put in."""
    filled = {
        "notice": [notice],
        "demand": [published.demand],
        "selection": [published.selection],
        "agency": [code(one) for one in (*CANARIES, 4)],
        "announcement": ["G000000-00000000"],
        "job": ["J000000-00000000"],
        "uscc": [code(one) for one in (*CANARIES, 4)],
        "path": ["x"],
        "name": ["debarment"],
        "about": ["R000000-00000000"],
        "plan": ["P000000-00000000"],
        "inspection": ["V000000-00000000"],
        "attachment": ["F000000-00000000"],
        "kind": ["agencies"],
        "organisation": [code(1)],
        "owner": [OWNER],
        "profile": ["demo-v1"],
        "contract": [published.selection],
        "project": ["2610-330304-04-01-104270"],
        "project_code": ["2610-330304-04-01-104270"],
        "coverage": ["C000000-00000000"],
        "neighbour": ["projects"],
        "file": [f"{measure}.xlsx" for measure in (*MEASURES, CONCENTRATION)],
        "provider": ["nobody"],
        "act": ["confirm"],
        "of": ["X000000-00000000"],
        "code": ["SV22"],
        "identifier": ["X000000-00000000"],
        "member": ["M000000-00000000"],
        "number": ["1"],
        "role": ["agency"],
        "step": ["award"],
        "subject": [published.selection],
        "way": ["accept"],
    }
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or "GET" not in route.route_handler_map or "/static" in route.path:
            continue
        names = [name for name in filled if f"{{{name}}}" in route.path_format]
        assert route.path_format.count("{") == len(names), f"give {route.path_format} something to name"
        for values in product(*(filled[name] for name in names)):
            path = route.path_format.format(**dict(zip(names, values, strict=True)))
            yield f"{path}?once=1&also=" if path.endswith("/events") else path  # a stream that ends


@cache
def words_of(paper: bytes) -> str:
    """What can be read in a PDF; the same bytes are read once, since reading takes longer than setting them."""
    return "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


def readable(answered: httpx.Response) -> str:
    """What can be read in an answer: the words of a paper, the cells of a sheet, else its text."""
    if answered.content.startswith(b"%PDF-"):
        return words_of(answered.content)
    if answered.content.startswith(b"PK"):
        with ZipFile(BytesIO(answered.content)) as parts:
            return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return answered.text


def is_near(address: str, published: DemandPublished) -> bool:
    """Whether the address is about the selection or may list it, and is no paper or sheet."""
    about = published.demand in address or published.selection in address or address.endswith(code(1))
    return (about or address in LISTS) and not address.endswith((".pdf", ".xlsx"))


async def leaks(
    site: Site, app: Litestar, published: DemandPublished, needles: set[str], *, notice: str = "N000000-00000000",
    asked: Sequence[tuple[str | None, str]] = ASKED,
) -> set[tuple[str, str]]:  # fmt: skip
    """Address and needle, wherever one is found."""
    found: set[tuple[str, str]] = set()
    for address in addresses(app, published, notice):
        for reader, query in asked if is_near(address, published) else asked[:FEWER]:
            answered = await site.get(address + query, actor=reader)
            assert answered.status_code < 500, (address, query, answered.text)
            body = readable(answered).replace('": ', '":')
            found |= {(address, needle) for needle in needles if needle in body}
    return found


async def leaks_in_sessions(site: Site, app: Litestar, published: DemandPublished, database: Database) -> set[str]:
    """Who reads which needle on which page, whoever offered it apart."""
    owning = await joined(site.client, "owning")
    await owning.send("/account/organisation", {"role": "owner", "organisation": OWNER})
    rival = await joined(site.client, "rival")
    await rival.send("/account/organisation", {"role": "agency", "organisation": code(2)})
    readers = {"owner": owning, "rival": rival, "regulator": await officer(site, database, "watching")}
    hidden = {name: all_canaries() | set(NAMES) for name in readers}
    hidden["rival"] -= {*written(2), NAMES[1]}
    read, found = 0, set()
    for address in (one for one in addresses(app, published) if not one.startswith("/api/")):
        if address.endswith((".pdf", ".xlsx")):
            continue  # papers and sheets know no reader
        for name, reader in readers.items():
            answered = await reader.get(address)
            assert answered.status_code < 500, (name, address, answered.text)
            read += answered.status_code == 200 and address.startswith(WORK)
            about = published.demand in address or published.selection in address
            needles = hidden[name] if about else hidden[name] - set(NAMES)
            found |= {f"{name} {address} {needle}" for needle in needles if needle in answered.text}
    assert read > 30, "they read their workbench"
    return found


def all_canaries() -> set[str]:
    return {needle for number in CANARIES for needle in written(number)}


@pytest.fixture
async def filed(market: Market) -> Market:
    for number in range(1, 5):
        await market.file(number)
    return market


async def offer_canaries(market: Market, published: DemandPublished) -> None:
    for number, (price, days) in CANARIES.items():
        placed = await market.offer(published.selection, number, price, days)
        assert isinstance(placed, OfferPlaced), placed
    assert not isinstance(await market.offer(published.selection, 1, 20_000_001, 37), OfferPlaced)


async def test_nothing_of_a_sealed_selection_is_read_before_its_close(filed: Market, site: Site, app: Litestar) -> None:
    published = await filed.publish(sealed_terms(), sign_up_s=LONG_S - 0.5, close_s=LONG_S)
    for number in CANARIES:
        assert isinstance(await filed.sign_up(published.selection, number), SignedUp)
    await offer_canaries(filed, published)
    assert await leaks(site, app, published, all_canaries()) == set()
    assert await leaks_in_sessions(site, app, published, filed.database) == set()
    assert now() < close_of(published, LONG_S), "too slow to say anything: raise LONG_S"
    for address in (f"/demands/{published.demand}", f"/api/v1/demands/{published.demand}"):
        body = await site.text(address)
        assert not any(code(number) in body or f"测绘{number}号" in body for number in CANARIES), "who is in is sealed"
        assert "报名；" not in body
    for number in CANARIES:
        file = (await site.get(f"/api/v1/agencies/{code(number)}")).json()
        assert file["participations"] == 0
    await until(close_of(published, LONG_S))
    found = await leaks(site, app, published, all_canaries())
    assert {needle for _, needle in found} >= {str(price) for price, _ in CANARIES.values()}, "the control reads them"
    assert (f"/awards/{published.demand}", written(1)[2]) in found
    assert (f"/demands/{published.demand}", written(1)[2]) in found


def close_of(published: DemandPublished, seconds: float) -> datetime:
    return published.published_at + timedelta(seconds=seconds + 0.1)


async def test_nothing_of_a_sealed_round_is_read_before_its_close(filed: Market, site: Site, app: Litestar) -> None:
    terms = round_terms(opens_in=1.4, length=1.0, rounds=2, max_days=60, day_value_fen=1_000, ties=["price", "draw"])
    first, second = terms["rounds"]
    second["kind"] = "sealed"
    second["closes_at"] = later(second["closes_at"], seconds=LONG_S)
    published = await filed.publish(terms, sign_up_s=1.3)
    for number in CANARIES:
        assert isinstance(await filed.sign_up(published.selection, number), SignedUp)
    await until(instant(first["opens_at"]))
    for number in CANARIES:
        assert isinstance(await filed.offer(published.selection, number, 19_000_000 + number, 20), OfferPlaced)
    await until(instant(second["opens_at"]))
    await offer_canaries(filed, published)
    assert await leaks(site, app, published, all_canaries()) == set()
    assert await leaks_in_sessions(site, app, published, filed.database) == set()
    room = (await site.get(f"/api/v1/selections/{published.selection}", actor=f"agency:{code(1)}")).json()
    assert room["room"]["current_round"] == 2
    assert (room["room"]["offers_accepted"], room["room"]["offers_refused"]) == (3, 0)
    assert {one["price_fen"] for one in room["room"]["standing"]} == {19_000_001, 19_000_002, 19_000_003}
    assert (room["own"]["rank"], room["own"]["price_fen"]) == (1, 19_000_001)
    assert (room["own"]["max_price_fen"], room["own"]["barrier"]) == (None, "days_needed")
    asked = await site.get(f"/api/v1/selections/{published.selection}?days=20", actor=f"agency:{code(1)}")
    assert asked.json()["own"]["max_price_fen"] == 18_900_001, "a step below its own visible offer, not the sealed one"
    body = await site.text(f"/demands/{published.demand}")
    assert "190,000.01" in body
    assert not any(f"测绘{number}号" in body or code(number) in body for number in CANARIES), "names are masked"
    await until(instant(second["closes_at"]))
    found = await leaks(site, app, published, all_canaries())
    assert (f"/awards/{published.demand}", written(1)[2]) in found
    assert (f"/api/v1/awards/{published.demand}", str(CANARIES[3][0])) in found


async def test_nothing_of_a_mean_price_is_read_before_its_close(filed: Market, site: Site, app: Litestar) -> None:
    terms = {"mode": "mean_price", "ceiling_fen": 20_000_000, "min_bidders": 5, "max_days": 60, "ties": ["draw"]}
    closes_at = now() + timedelta(seconds=SHORT_S)
    published = await filed.publish(terms, sign_up_s=SHORT_S - 0.5, closes_at=closes_at)
    for number in CANARIES:
        assert isinstance(await filed.sign_up(published.selection, number), SignedUp)
    await offer_canaries(filed, published)
    assert await leaks(site, app, published, all_canaries(), asked=FEW) == set()
    assert now() < closes_at, "too slow to say anything: raise SHORT_S"
    await until(closes_at + timedelta(seconds=0.1))
    found = {needle for _, needle in await leaks(site, app, published, all_canaries(), asked=FEW)}
    assert found >= {str(price) for price, _ in CANARIES.values()}, "the control reads them"


async def test_who_signed_up_for_a_draw_is_not_read_before_it(filed: Market, site: Site, app: Litestar) -> None:
    terms = {"mode": "random_draw", "ceiling_fen": 20_000_000, "max_days": 30, "min_bidders": 3, "ties": ["draw"]}
    published = await filed.publish(terms, sign_up_s=SHORT_S)
    for number in CANARIES:
        assert isinstance(await filed.sign_up(published.selection, number, nonce=nonce("draw", number)), SignedUp)
    nonces = {nonce("draw", number) for number in CANARIES}
    who = {f"测绘{number}号" for number in CANARIES} | {code(number) for number in CANARIES}
    found = await leaks(site, app, published, nonces | who, asked=FEW)
    assert {one for one in found if one[1] in nonces} == set()
    assert {one for one in found if published.demand in one[0] or published.selection in one[0]} == set()
    assert now() < close_of(published, SHORT_S), "too slow to say anything: raise SHORT_S"
    await until(close_of(published, SHORT_S))
    found = await leaks(site, app, published, who, asked=FEW)
    seen = {needle for address, needle in found if address == f"/awards/{published.demand}"}
    assert seen >= {f"测绘{number}号" for number in CANARIES}, "the control reads them"


async def test_nothing_of_a_lot_is_read_before_its_close_from_its_notice(
    filed: Market, site: Site, app: Litestar
) -> None:
    at = now()
    command = PostDemand(
        owner_code=OWNER, owner_name="业主（示例）", buyer_class="fiscal", item=ITEM, title="标段（示例）",
        project_code="2610-330304-04-01-104270", project_name="项目（示例）", region="330304", is_example=True,
        terms=sealed_terms(), nonce=nonce("owner"), sign_up_closes_at=at + timedelta(seconds=SHORT_S - 0.5),
        closes_at=at + timedelta(seconds=SHORT_S),
    )  # fmt: skip
    other = command.model_copy(update={"nonce": nonce("other lot")})
    notice = PostNotice(title="分标段测绘（示例）", lot_cap=1, lots=[command, other])
    posted = await post_notice(filed.database, owner(), notice, profile=PROFILE)
    assert isinstance(posted, NoticePosted)
    done = await publish_notice(filed.database, owner(), PublishNotice(notice=posted.notice))
    assert isinstance(done, NoticePublished)
    lot = done.lots[0]
    for number in CANARIES:
        assert isinstance(await filed.sign_up(lot.selection, number), SignedUp)
    await offer_canaries(filed, lot)
    assert await leaks(site, app, lot, all_canaries(), notice=posted.notice, asked=FEW) == set()
    assert now() < at + timedelta(seconds=SHORT_S), "too slow to say anything: raise SHORT_S"
    await until(at + timedelta(seconds=SHORT_S + 0.1))
    told, shown = [await site.text(f"{start}/notices/{posted.notice}") for start in ("/api/v1", "")]
    assert str(CANARIES[1][0]) in told, "the control reads the winner's price"
    assert "13.58" in shown, "in 万元 there"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def later(text: str, *, seconds: int) -> str:
    return format_instant(instant(text) + timedelta(seconds=seconds))
