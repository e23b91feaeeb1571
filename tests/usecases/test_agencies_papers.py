"""Certificates that are followed, items served, the shelf, own work and cleaned-up items, on a real database."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from agencies import store as agencies
from agencies.qualifications import Qualification
from commons.errors import Forbidden, Malformed, NotFound
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly, award_directly
from marketplace.usecases.follow_qualification import FollowQualification, QualificationFollowed, follow_qualification
from marketplace.usecases.offer_item import ItemOffered, OfferItem, offer_item
from marketplace.usecases.post_demand import PostDemand, post_demand
from marketplace.usecases.put_shelf_offer import PutShelfOffer, ShelfOfferPut, put_shelf_offer
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.stop_item import ItemStopped, StopItem, stop_item
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from marketplace.usecases.withdraw_shelf_offer import (
    ShelfOfferWithdrawn,
    WithdrawShelfOffer,
    withdraw_shelf_offer,
)
from tests.usecases.market import (
    OWNER,
    PROFILE,
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    now,
    owner,
    sealed_terms,
    until,
)

DESIGN, REVIEW, GONE = "SV19", "SV16", "XQ01"
"""Items of which one judges the other, and one that was cleaned up."""
DIRECT: dict[str, Any] = {"mode": "direct", "ceiling_fen": 20_000_000}


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in (1, 2):
        await market.file(number)
    return market


async def papers(market: Market, number: int = 1) -> tuple[Qualification, ...]:
    async with market.database.read() as connection:
        return (await agencies.qualifications(connection, [code(number)]))[code(number)]


async def follow(market: Market, what: str, **changes: Any) -> QualificationFollowed | Refused:
    held = changes.pop("held", None) or (await papers(market))[0].id
    by = changes.pop("by", agency(1))
    given = {"agency": code(1), "qualification": held, "what": what, "reason": "办理（示例）", **changes}
    return await follow_qualification(market.database, by, FollowQualification.model_validate(given))


async def signed(market: Market, **changes: Any) -> tuple[str, ...]:
    """The reasons against agency 1 in a fresh selection; none when it is admitted."""
    published = await market.publish(sealed_terms(), sign_up_s=20.0, close_s=30.0, **changes)
    answer = await market.sign_up(published.selection, 1)
    return answer.codes if isinstance(answer, Refused) else ()


async def hold(market: Market, number: int, kind: str, grade: str, **changes: Any) -> str:
    command = AddQualification(
        agency=code(number), kind=kind, grade=grade, number=f"Z{number}-{kind}", valid_from=date(2020, 1, 1), **changes
    )
    added = await add_qualification(market.database, agency(number), command)
    assert isinstance(added, QualificationAdded), added
    return added.qualification


async def test_a_revoked_certificate_is_over_at_once_and_stays_on_file(market: Market) -> None:
    assert await signed(market) == ()
    with pytest.raises(Forbidden):
        await follow(market, "revoked")
    done = await follow(market, "revoked", by=REGULATOR)
    assert isinstance(done, QualificationFollowed)
    (held,) = await papers(market)
    assert held.ended_at == done.followed_at
    assert await signed(market) == ("qualification_ended",)
    again = await follow(market, "withdrawn")
    assert isinstance(again, Refused)
    assert again.codes == ("qualification_is_over",)


async def test_the_operator_corrects_a_certificate_and_decides_nothing_else_about_it(market: Market) -> None:
    operator = Caller(Actor("operator", "O1"))
    for what in ("withdrawn", "renewed", "revoked"):
        with pytest.raises(Forbidden):
            await follow(market, what, by=operator)
    with pytest.raises(Forbidden):
        await follow(market, "corrected", by=REGULATOR, grade="乙级")
    assert isinstance(await follow(market, "corrected", by=operator, grade="乙级"), QualificationFollowed)
    latest = next(one for one in await papers(market) if one.follows)
    assert isinstance(await follow(market, "withdrawn", held=latest.id, by=REGULATOR), QualificationFollowed)


async def test_a_correction_and_a_renewal_are_certificates_of_their_own(market: Market) -> None:
    corrected = await follow(market, "corrected", grade="乙级")
    assert isinstance(corrected, QualificationFollowed)
    before, after = sorted(await papers(market), key=lambda one: one.follows or "")
    assert (before.grade, before.ended_at) == ("甲级", corrected.followed_at)
    assert (after.grade, after.ended_at, after.follows, after.id) == ("乙级", None, before.id, corrected.successor)
    renewed = await follow(market, "renewed", held=after.id, valid_until="2040-01-01")
    assert isinstance(renewed, QualificationFollowed)
    latest = next(one for one in await papers(market) if one.id == renewed.successor)
    assert (latest.valid_from, latest.valid_until, latest.number) == (date(2035, 1, 1), date(2040, 1, 1), after.number)
    assert next(one for one in await papers(market) if one.id == after.id).ended_at is None  # it runs out by itself
    twice = await follow(market, "renewed", held=after.id, valid_until="2041-01-01")
    assert isinstance(twice, Refused)
    assert twice.codes == ("already_renewed",)
    assert await signed(market) == ()
    async with market.database.read() as connection:
        told = [one.event for one in await load(connection, [f"agency/{code(1)}"])]
    assert [one.type for one in told[-2:]] == ["qualification.corrected", "qualification.renewed"]


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("corrected", {}),
        ("corrected", {"grade": "特级"}),
        ("renewed", {"valid_until": "2030-01-01"}),
        ("withdrawn", {"grade": "乙级"}),
        ("corrected", {"items": ["nope"]}),
    ],
)
async def test_what_cannot_be_a_certificate_follows_none(market: Market, what: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await follow(market, what, **changes)
    assert [one.ended_at for one in await papers(market)] == [None]


async def test_nobody_elses_certificate_is_followed(market: Market) -> None:
    (other,) = await papers(market, 2)
    with pytest.raises(NotFound):
        await follow(market, "withdrawn", held=other.id)


@pytest.mark.parametrize("change", ["UPDATE qualification SET grade = '甲级'", "DELETE FROM qualification_followed"])
async def test_no_certificate_is_ever_edited(market: Market, change: str) -> None:
    await follow(market, "withdrawn")
    with pytest.raises(asyncpg.RestrictViolationError):
        async with market.database.transaction() as connection:
            await connection.execute(change)


async def test_a_certificate_counts_where_and_for_what_its_scope_says(market: Market) -> None:
    await follow(market, "corrected", regions=["330100"], scope="工程测量（示例）")
    assert await signed(market) == ("qualification_out_of_scope",)
    assert await signed(market, region="330102") == ()
    await hold(market, 1, "测绘资质", "乙级", items=["SV22"])
    assert await signed(market) == ()
    assert await signed(market, item="SV23") == ("qualification_out_of_scope",)


async def test_items_are_stated_with_what_the_law_asks_and_nothing_else(market: Market) -> None:
    async def state(number: int, item: str, *, commitment: bool = False) -> ItemOffered | Refused:
        command = OfferItem(agency=code(number), item=item, commitment_signed=commitment)
        return await offer_item(market.database, agency(number), command)

    assert isinstance(await state(1, "SV22"), ItemOffered)
    for number, item, expected in (
        (1, "SV22", ("already_offered",)),
        (1, DESIGN, ("qualification_missing",)),
        (1, "RA02", ("commitment_not_signed",)),
        (1, GONE, ("item_abolished",)),
    ):
        refused = await state(number, item)
        assert isinstance(refused, Refused)
        assert refused.codes == expected
    assert isinstance(await state(1, "RA02", commitment=True), ItemOffered)
    with pytest.raises(Malformed):
        await state(1, "nope")
    stopped = await stop_item(market.database, agency(1), StopItem(agency=code(1), item="SV22"))
    assert isinstance(stopped, ItemStopped)
    twice = await stop_item(market.database, agency(1), StopItem(agency=code(1), item="SV22"))
    assert isinstance(twice, Refused)
    assert isinstance(await state(1, "SV22"), ItemOffered)
    async with market.database.read() as connection:
        served = (await agencies.offered_items(connection, [code(1)]))[code(1)]
    assert [(one.item, one.stopped_at is None) for one in served] == [("RA02", True), ("SV22", False), ("SV22", True)]
    await market.restrict(2)
    barred = await state(2, "SV22")
    assert isinstance(barred, Refused)
    assert barred.codes == ("restricted",)


async def shelve(market: Market, number: int, price_fen: int, **changes: Any) -> ShelfOfferPut | Refused:
    at = now()
    given = {
        "agency": code(number), "item": "SV22", "unit_price_fen": price_fen, "minimum_fee_fen": 0, "days": 10,
        "capacity": 5, "valid_from": at, "valid_until": at + timedelta(days=30), "nonce": nonce("s", number), **changes,
    }  # fmt: skip
    return await put_shelf_offer(market.database, agency(number), PutShelfOffer(**given))


async def take(market: Market, demand: str) -> InstantAwarded | Refused:
    return await take_instant_award(market.database, owner(), TakeInstantAward(demand=demand))


async def test_an_offer_is_renewed_or_taken_down_and_what_it_gave_stays_bound(market: Market) -> None:
    put = await shelve(market, 1, 100_000)
    assert isinstance(put, ShelfOfferPut)
    first = await take(market, (await market.publish(instant_terms())).demand)
    assert isinstance(first, InstantAwarded)
    nowhere = await shelve(market, 1, 120_000, renews="00000000-0000-4000-8000-000000000000")
    assert isinstance(nowhere, Refused)
    assert nowhere.codes == ("already_on_shelf", "offer_not_on_shelf")
    renewed = await shelve(market, 1, 120_000, renews=put.offer)
    assert isinstance(renewed, ShelfOfferPut)
    second = await take(market, (await market.publish(instant_terms())).demand)
    assert isinstance(second, InstantAwarded)
    assert (first.price_fen, second.price_fen, second.offer) == (1_000_000, 1_200_000, renewed.offer)
    for offer, taken in ((put.offer, None), (renewed.offer, 1)):
        command = WithdrawShelfOffer(agency=code(1), offer=offer)
        down = await withdraw_shelf_offer(market.database, agency(1), command)
        assert isinstance(down, ShelfOfferWithdrawn if taken else Refused)
        assert isinstance(down, Refused) or down.taken == taken
    nothing = await take(market, (await market.publish(instant_terms())).demand)
    assert isinstance(nothing, Refused)
    async with market.database.read() as connection:
        kept = await connection.fetch("SELECT id, outcome, winner FROM demand WHERE outcome IS NOT NULL")
    assert {(row["outcome"], row["winner"]) for row in kept} == {("award", code(1))}


async def test_an_offer_that_is_taken_down_meanwhile_sells_or_does_not_and_nothing_in_between(market: Market) -> None:
    for price_fen in range(100_000, 100_008):
        put = await shelve(market, 1, price_fen)
        assert isinstance(put, ShelfOfferPut)
        demand = (await market.publish(instant_terms())).demand
        down, sold = await asyncio.gather(
            withdraw_shelf_offer(market.database, agency(1), WithdrawShelfOffer(agency=code(1), offer=put.offer)),
            take(market, demand),
        )
        assert isinstance(down, ShelfOfferWithdrawn)
        assert down.taken == isinstance(sold, InstantAwarded)


async def named(market: Market, item: str, number: int = 1, **changes: Any) -> AwardedDirectly | Refused:
    direct = await market.publish(DIRECT, buyer_class="voluntary", item=item, title=f"{item}（示例）", **changes)
    command = AwardDirectly(selection=direct.selection, agency=code(number), price_fen=1_000_000, reason="延续（示例）")
    return await award_directly(market.database, owner(), command)


@pytest.fixture
async def designer(market: Market) -> Market:
    """Agency 1 may design and review."""
    await hold(market, 1, "工程设计资质", "甲级")
    await hold(market, 1, "施工图审查机构", "一类")
    return market


async def test_who_designed_a_project_may_not_review_it_and_the_award_is_named(designer: Market) -> None:
    assert isinstance(await named(designer, DESIGN), AwardedDirectly)
    refused = await named(designer, REVIEW)
    assert isinstance(refused, Refused)
    (reason,) = refused.reasons
    assert (reason.code, reason.params["earlier_item"], reason.params["title"]) == (
        "own_work",
        DESIGN,
        f"{DESIGN}（示例）",
    )
    assert await signed(designer, item=REVIEW) == ("own_work",)
    elsewhere = {"project_code": "2611-330304-04-01-104271", "project_name": "另一项目（示例）"}
    assert await signed(designer, item=REVIEW, **elsewhere) == ()
    assert await signed(designer, item=REVIEW, **{**elsewhere, "project_name": "项目（示例）"}) == ("own_work",)
    assert await signed(designer, item="SV22") == ()
    await shelve(designer, 1, 100_000, item=REVIEW)
    instant = await designer.publish(instant_terms(), item=REVIEW)
    nothing = await take(designer, instant.demand)
    assert isinstance(nothing, Refused)
    assert nothing.codes == ("too_few_bidders",)


async def test_an_award_that_the_ticker_has_not_brought_yet_counts_as_own_work(designer: Market) -> None:
    await hold(designer, 2, "工程设计资质", "甲级")
    running = await designer.publish(
        sealed_terms(min_bidders=2), item=DESIGN, buyer_class="voluntary", sign_up_s=1.7, close_s=2.0
    )
    for number in (1, 2):
        assert isinstance(await designer.sign_up(running.selection, number), SignedUp)
        await designer.offer(running.selection, number, 10_000_000 + number)
    await until(running.published_at + timedelta(seconds=2.1))
    assert await signed(designer, item=REVIEW) == ("own_work",)
    assert (await settle_selection(designer.database, running.selection)).proposed == code(1)


async def test_nobody_asks_for_an_item_that_was_cleaned_up(market: Market) -> None:
    at = now()
    command = PostDemand(
        owner_code=OWNER, owner_name="业主（示例）", buyer_class="fiscal", item=GONE,
        project_code="2610-330304-04-01-104270", project_name="项目（示例）", region="330304", title="需求（示例）",
        terms=sealed_terms(), sign_up_closes_at=at + timedelta(seconds=9), closes_at=at + timedelta(seconds=9),
        recusals=[], nonce=nonce("owner"), is_example=True,
    )  # fmt: skip
    shelf = await shelve(market, 1, 100_000, item=GONE)
    for refused in (await post_demand(market.database, owner(), command, profile=PROFILE), shelf):
        assert isinstance(refused, Refused)
        (reason,) = refused.reasons
        assert reason.code == "item_abolished"
        assert reason.params["document"] == "清理规范中介服务事项的决定（示例）"
