"""A small market with something of everything: running and decided, sealed and open, an award at once, a failure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from commons.verdicts import Refused
from marketplace.usecases.act import Caller
from marketplace.usecases.file_agency import FileAgency, file_agency
from marketplace.usecases.place_offer import OfferPlaced
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.publish_demand import DemandPublished
from marketplace.usecases.record_credit_fact import RecordCreditFact, record_credit_fact
from marketplace.usecases.settle_selection import due_selections, settle_selection
from marketplace.usecases.sign_up import SignedUp
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import (
    OWNER,
    PROFILE,
    REGULATOR,
    Market,
    agency,
    code,
    instant_terms,
    nonce,
    owner,
    round_terms,
    sealed_terms,
    until,
)

SIGN_UP_S, CLOSE_S = 2.8, 3.0
"""Seconds until sign-up and sealed offers close: enough to play on a busy machine."""
OPENS_S, LENGTH_S = 2.9, 0.8
RECUSED = 6
UNQUALIFIED = 7
RESTRICTED = 8
PERSONS = 9
PRIVATE = ("欧阳不公开", "司徒不公开", "0577-90909090")


@dataclass(frozen=True)
class Town:
    """The demands by what became of them."""

    sealed: DemandPublished
    rounds: DemandPublished
    instant: DemandPublished
    failed: DemandPublished
    drawn: DemandPublished
    running: DemandPublished
    draft: str

    @property
    def decided(self) -> tuple[DemandPublished, ...]:
        return (self.sealed, self.rounds, self.instant, self.failed, self.drawn)


async def found(market: Market) -> None:
    """Agencies 1 to 5 may do the work, 6 is recused, 7 holds nothing, 8 is restricted; 2 was late once."""
    regions = ("330302", "330304", "330102", "331102", "330602", "330302", "330902", "330702")
    for number, region in enumerate(regions, 1):
        await market.file(number, region=region, grade=None if number == UNQUALIFIED else "甲级")
    await file_with_persons(market)
    fact = RecordCreditFact(agency=code(2), code="result_late", basis="成果逾期（示例）")
    await record_credit_fact(market.database, REGULATOR, fact)
    await market.restrict(RESTRICTED)


async def file_with_persons(market: Market) -> None:
    """Agency 9, whose persons are canaries: nobody may ever read them."""
    command = FileAgency(
        uscc=code(PERSONS), name="测绘9号（示例）", kind="company", region="330302", legal_representative=PRIVATE[0],
        contact_name=PRIVATE[1], contact_phone=PRIVATE[2], commitment_signed=True, is_example=True,
    )  # fmt: skip
    await file_agency(market.database, agency(PERSONS), command, profile=PROFILE)


async def bid(market: Market, published: DemandPublished, offers: dict[int, int], **changes: Any) -> None:
    """Sign up and offer, everybody who is named."""
    for number, price_fen in offers.items():
        signed = await market.sign_up(published.selection, number)
        assert isinstance(signed, SignedUp), signed
        offered = await market.offer(published.selection, number, price_fen, **changes)
        assert isinstance(offered, OfferPlaced), offered


async def build(market: Market) -> Town:
    """Play it; what is decided is settled when this returns."""
    await found(market)
    sealed = await market.publish(
        sealed_terms(), title="梧田片区水土保持方案（示例）", sign_up_s=SIGN_UP_S, close_s=CLOSE_S,
        recusals=[{"agency": code(RECUSED), "reason": "编制了可行性研究报告（示例）"}],
    )  # fmt: skip
    failed = await market.publish(sealed_terms(), title="无人问津的评估（示例）", sign_up_s=SIGN_UP_S, close_s=CLOSE_S)
    tie = sealed_terms(criteria=[{"kind": "price", "points": 100, "formula": "lowest"}], ties=["draw"])
    drawn = await market.publish(tie, title="抽取定标的测绘（示例）", sign_up_s=SIGN_UP_S, close_s=CLOSE_S)
    rounds = await market.publish(
        round_terms(opens_in=OPENS_S, length=LENGTH_S), title="三垟湿地多轮竞价（示例）", sign_up_s=SIGN_UP_S
    )
    await bid(market, sealed, {1: 12_860_000, 2: 13_100_000, 3: 14_000_000})
    for number in (RECUSED, UNQUALIFIED, RESTRICTED):
        assert isinstance(await market.sign_up(sealed.selection, number), Refused)
    await market.sign_up(sealed.selection, 5)
    await bid(market, failed, {1: 10_000_000})
    await bid(market, drawn, {1: 9_000_000, 2: 9_000_000, 3: 9_500_000})
    for number in (1, 2, 3):
        await market.sign_up(rounds.selection, number)
    for number in (1, 2):
        await market.shelve(number, 100_000 * number)
    instant = await market.publish(instant_terms(), title="立等可取的测绘（示例）", region="330102")
    done = await take_instant_award(market.database, owner(), TakeInstantAward(demand=instant.demand))
    assert isinstance(done, InstantAwarded)
    await until(rounds.published_at + timedelta(seconds=OPENS_S))
    await bid_in_round(market, rounds)
    await until(rounds.published_at + timedelta(seconds=OPENS_S + 2 * LENGTH_S))
    running = await market.publish(
        round_terms(opens_in=1.3, length=600), title="正在竞价（示例）", sign_up_s=1.2, region="330326"
    )
    for identifier in await due_selections(market.database):
        await settle_selection(market.database, identifier)
    return Town(sealed, rounds, instant, failed, drawn, running, await draft(market))


async def bid_in_round(market: Market, rounds: DemandPublished) -> None:
    """Three offers in the first round, one of them below nobody's step."""
    for number, price_fen in ((1, 18_000_000), (2, 17_500_000), (3, 19_000_000)):
        assert isinstance(await market.offer(rounds.selection, number, price_fen), OfferPlaced)
    assert isinstance(await market.offer(rounds.selection, 1, 17_950_000), Refused)


async def draft(market: Market) -> str:
    """A draft that nobody may see."""
    command = PostDemand(
        owner_code=OWNER, owner_name="业主（示例）", buyer_class="fiscal", item="SV22",
        project_code="2610-330304-04-01-104270", project_name="草稿项目（示例）", region="330304",
        title="不公开的草稿（示例）", quantity=10, terms=instant_terms(), nonce=nonce("owner"), is_example=True,
    )  # fmt: skip
    posted = await post_demand(market.database, Caller(owner().actor), command, profile=PROFILE)
    assert isinstance(posted, DemandPosted)
    return posted.demand
