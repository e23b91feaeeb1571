"""An award is confirmed by its agency or given up by its silence; an objection holds it up, and takes it away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bidding.store import lock_with_lots, note
from commons.errors import Conflict, Forbidden, NotFound
from commons.events import Actor
from marketplace.database import Database
from marketplace.demands.objecting import MAX_OBJECTIONS
from marketplace.usecases import standing
from marketplace.usecases.act import Caller
from marketplace.usecases.answer_award_objection import AwardObjectionAnswered
from marketplace.usecases.confirm_award import AwardConfirmed
from marketplace.usecases.object_to_award import AwardObjectedTo
from marketplace.usecases.publish_again import DemandPublishedAgain, PublishAgain, publish_again
from marketplace.usecases.read_award import read_award
from marketplace.usecases.read_demand import published as read_published
from marketplace.usecases.read_demand import read_demand
from marketplace.usecases.read_snapshot import reading
from marketplace.web.formatting import machine_instant
from marketplace.web.page_frame import PageFrame
from marketplace.web.pages.awards import award_view
from marketplace.web.pages.demands import demand_view
from marketplace.web.render import render
from marketplace.web.views.contracts import Owed
from tests.usecases.living import (
    ANSWERING,
    COMPLAINING,
    CONFIRMING,
    PUBLICITY,
    SOMEBODY,
    accept,
    answer,
    codes,
    complain,
    decide,
    facts,
    object_,
    proposed,
    settle_at,
    state_of,
    take_back,
    types,
)
from tests.usecases.market import Market, agency, code, nonce, owner

TICK = timedelta(microseconds=1)


@pytest.fixture
async def market(database: Database) -> Market:
    market = Market(database)
    for number in range(1, 4):
        await market.file(number)
    return market


async def test_silence_gives_the_award_up_at_its_hour_with_a_credit_fact_and_the_next_is_proposed(
    market: Market,
) -> None:
    published, at = await proposed(market)
    over, selection = at + PUBLICITY, published.selection
    asked = await settle_at(market, selection, over)
    assert asked.confirming[code(1)].at == over + CONFIRMING
    assert (await read_demand(market.database, published.demand)).life.stage == "confirming"
    last = await settle_at(market, selection, over + CONFIRMING - TICK)
    assert (last.proposed, await facts(market, 1)) == (code(1), [])
    lapsed = await settle_at(market, selection, over + CONFIRMING)
    assert lapsed.abandoned == {code(1): over + CONFIRMING}
    assert (lapsed.proposed, lapsed.publicity[code(2)].at) == (code(2), over + CONFIRMING + PUBLICITY)
    assert await facts(market, 1) == ["award_abandoned"]
    told = [one.what for one in (await read_demand(market.database, published.demand)).happenings]
    assert told[-4:] == ["confirmation_asked", "award_lapsed", "next_proposed", "publicity"]


async def test_looked_at_late_everybody_lapses_in_turn_as_if_somebody_had_looked_each_time(market: Market) -> None:
    prompt, at = await proposed(market)
    late, late_at = await proposed(market)
    span = PUBLICITY + CONFIRMING
    for step in range(1, 4):
        await settle_at(market, prompt.selection, at + step * span)
    await settle_at(market, late.selection, late_at + 10 * span)
    one, other = await state_of(market, prompt.selection), await state_of(market, late.selection)
    assert [one.abandoned[code(number)] - at for number in (1, 2, 3)] == [step * span for step in (1, 2, 3)]
    assert [other.abandoned[code(number)] - late_at for number in (1, 2, 3)] == [step * span for step in (1, 2, 3)]
    assert one.is_unsuccessful
    assert other.is_unsuccessful
    assert [await facts(market, number) for number in (1, 2, 3)] == [["award_abandoned"] * 2] * 3
    assert await types(market, f"selection/{prompt.selection}") == await types(market, f"selection/{late.selection}")


async def test_a_void_after_the_hour_of_silence_changes_nothing_of_it(market: Market) -> None:
    published, at = await proposed(market)
    over = at + PUBLICITY + CONFIRMING
    await settle_at(market, published.selection, at + PUBLICITY)
    async with market.database.transaction() as connection:
        await connection.execute(
            """INSERT INTO selection_void (id, selection, agency, voided_at, restriction)
               VALUES (gen_random_uuid(), $1, $2, $3, 'R')""",
            published.selection, code(1), over + timedelta(seconds=1),
        )  # fmt: skip
    state = await settle_at(market, published.selection, over + timedelta(seconds=2))
    assert state.abandoned == {code(1): over}
    assert state.publicity[code(2)].at == over + PUBLICITY


async def test_a_confirmation_in_publicity_makes_the_award_final_with_its_end_and_a_late_one_at_once(
    market: Market,
) -> None:
    (early, at), (late, late_at) = await proposed(market), await proposed(market)
    done = await market.confirm(early.selection, 1)
    assert isinstance(done, AwardConfirmed)
    assert not done.is_final
    assert codes(await market.confirm(early.selection, 1)) == ("confirmed_already",)
    assert codes(await market.confirm(early.selection, 2)) == ("award_is_not_yours",)
    assert not (await settle_at(market, early.selection, at + PUBLICITY - TICK)).is_confirmed
    assert (await settle_at(market, early.selection, at + PUBLICITY)).is_confirmed
    assert codes(await market.confirm(early.selection, 1)) == ("award_is_confirmed",)
    await settle_at(market, late.selection, late_at + PUBLICITY + CONFIRMING - TICK)
    done = await market.confirm(late.selection, 1)
    assert isinstance(done, AwardConfirmed)
    assert done.is_final
    shown = await read_demand(market.database, late.demand)
    assert (shown.demand.state, shown.life.stage) == ("awarded", "awarded")
    assert await facts(market, 1) == []


async def test_the_very_hour_is_too_late_to_confirm(market: Market) -> None:
    published, at = await proposed(market)
    await settle_at(market, published.selection, at + PUBLICITY + CONFIRMING)
    assert codes(await market.confirm(published.selection, 1)) == ("already_abandoned",)


async def test_whoever_lapses_in_an_act_of_somebody_else_is_locked_alone_and_gets_its_fact_there(
    market: Market,
) -> None:
    published, at = await proposed(market)
    over = at + PUBLICITY + CONFIRMING
    await settle_at(market, published.selection, over - TICK)
    async with market.database.transaction() as connection:
        await note(connection, published.selection, at=over)
        locks = await lock_with_lots(connection, published.selection)
        assert code(1) in await standing.lapsing(connection, locks)
    refused = await market.confirm(published.selection, 3)  # its act settles first
    assert codes(refused) == ("award_is_not_yours",)
    assert (await facts(market, 1), (await state_of(market, published.selection)).proposed) == (
        ["award_abandoned"], code(2),
    )  # fmt: skip


async def test_an_objection_holds_the_award_until_it_is_answered_and_nobody_may_complain_any_more(
    market: Market,
) -> None:
    published, at = await proposed(market)
    selection = published.selection
    await market.confirm(selection, 1)
    raised = await object_(market, selection)
    assert raised.answer_until == raised.raised_at + ANSWERING
    shown = await read_demand(market.database, published.demand)
    assert (shown.demand.state, shown.life.stage) == ("objected", "objected")
    assert [(one.act, one.due_at) for one in shown.life.duties] == [("answer_award_objection", raised.answer_until)]
    file = await read_award(market.database, published.demand)
    view = award_view(file)
    assert view.owed == (Owed("业主", "答复中选异议（异议 1）", raised.answer_until, is_overdue=False),)
    page = render(view, PageFrame(path=f"/awards/{view.id}", at=at))
    assert "业主：答复中选异议（异议 1）" in page
    assert machine_instant(raised.answer_until) in page
    assert [one.is_overdue for one in award_view(replace(file, now=raised.answer_until)).owed] == [True]
    late = raised.answer_until + COMPLAINING - TICK
    assert late > at + PUBLICITY
    held = await settle_at(market, selection, late)
    assert (held.is_confirmed, held.proposed) == (False, code(1))
    shown = await read_demand(market.database, published.demand)
    assert [one.is_overdue(at=late) for one in shown.life.duties] == [True]
    done = await answer(market, selection)
    assert isinstance(done, AwardObjectionAnswered)
    assert done.complain_until == done.answered_at + COMPLAINING
    assert not (await settle_at(market, selection, done.complain_until - TICK)).is_confirmed
    assert (await settle_at(market, selection, done.complain_until)).is_confirmed
    assert codes(await answer(market, selection)) == ("not_in_this_state",)
    assert award_view(await read_award(market.database, published.demand)).owed == ()
    assert (await read_demand(market.database, published.demand)).demand.state == "awarded"


async def test_an_objection_that_nobody_answers_releases_the_award_when_nobody_complains_in_time(
    market: Market,
) -> None:
    (silent, _), (complained, _) = await proposed(market), await proposed(market)
    for published in (silent, complained):
        await market.confirm(published.selection, 1)
        raised = await object_(market, published.selection)
        over = raised.answer_until + COMPLAINING
        assert not (await settle_at(market, published.selection, over - TICK)).is_confirmed
        if published is complained:
            await complain(market, published.selection)
        state = await settle_at(market, published.selection, over)
        assert state.is_confirmed == (published is silent)
    assert codes(await complain(market, silent.selection)) == ("not_in_this_state",)


async def test_what_the_owner_upholds_takes_the_award_away_and_the_next_follows(market: Market) -> None:
    published, _ = await proposed(market)
    selection = published.selection
    await object_(market, selection, agency(2))
    done = await answer(market, selection, remedy="next")
    assert done.proposed == code(2)
    state = await state_of(market, selection)
    assert state.set_aside == {code(1): done.answered_at}
    assert await facts(market, 1) == []
    file = await read_award(market.database, published.demand)
    assert (file.demand.state, file.demand.winner) == ("publicity", code(2))
    assert [one.what for one in file.happenings][-4:] == [
        "objection_upheld", "award_set_aside", "next_proposed", "publicity",
    ]  # fmt: skip
    told = (await read_demand(market.database, published.demand)).life.objections[0]
    assert (told.grounds, told.answer, told.remedy) == ("资质存疑（示例）", "已核实（示例）", "next")
    await object_(market, selection)  # against the next, so that an objection is open
    with pytest.raises(Conflict, match="somebody else's"):
        await take_back(market, selection, 1, agency(2))


async def test_objections_against_one_leave_room_for_those_against_the_next(market: Market) -> None:
    published, _ = await proposed(market)
    for number in range(MAX_OBJECTIONS):
        await object_(market, published.selection, Caller(Actor("public", f"Q{number}")))
    assert (await answer(market, published.selection, remedy="next")).proposed == code(2)
    assert isinstance(await object_(market, published.selection, agency(1)), AwardObjectedTo)


async def test_an_annulled_selection_is_published_again_in_any_terms_and_counts_as_none(market: Market) -> None:
    published, _ = await proposed(market)
    selection = published.selection
    await object_(market, selection)
    done = await answer(market, selection, remedy="annul")
    assert done.proposed is None
    shown = await read_demand(market.database, published.demand)
    assert (shown.demand.state, shown.demand.reason, shown.demand.winner) == ("unsuccessful", "annulled", None)
    at = datetime.now(UTC)
    command = PublishAgain(
        demand=published.demand, reason="异议成立（示例）", sign_up_closes_at=at + timedelta(seconds=400),
        closes_at=at + timedelta(seconds=401), nonce=nonce("again"),
    )  # fmt: skip
    again = await publish_again(market.database, owner(), command)
    assert isinstance(again, DemandPublishedAgain), again
    assert again.publication == 2
    async with reading(market.database) as snapshot:
        before, _ = await read_published(snapshot, published.demand, selection=selection)
    assert (before.state, before.reason) == ("unsuccessful", "annulled")


async def test_a_complaint_that_is_dismissed_lets_the_award_go_on(market: Market) -> None:
    published, _ = await proposed(market)
    selection = published.selection
    await market.confirm(selection, 1)
    await object_(market, selection)
    assert codes(await complain(market, selection)) == ("answer_not_due",)
    await answer(market, selection)
    lodged = await complain(market, selection)
    assert codes(await complain(market, selection)) == ("complained_before",)
    assert codes(await decide(market, selection)) == ("no_complaint_accepted",)
    held = await settle_at(market, selection, lodged.accept_until + timedelta(seconds=60))
    assert not held.is_confirmed
    taken = await accept(market, selection)
    assert taken.decide_until is not None
    assert codes(await take_back(market, selection)) == ("complaint_is_open",)
    await settle_at(market, selection, taken.decide_until + timedelta(seconds=60))
    done = await decide(market, selection)
    assert done.proposed == code(1)
    assert (await state_of(market, selection)).is_confirmed
    shown = await read_demand(market.database, published.demand)
    assert [name for name, _ in demand_view(shown).objected[0].said] == [
        "业主答复：不成立", "投诉", "受理", "处理决定：不成立",
    ]  # fmt: skip
    told = shown.life.objections[0]
    assert (told.complaint, told.deciding) == ("答复不实（示例）", "经调查（示例）")


async def test_a_complaint_that_is_upheld_takes_the_award_away(market: Market) -> None:
    published, _ = await proposed(market)
    selection = published.selection
    raised = await object_(market, selection)
    await settle_at(market, selection, raised.answer_until)  # no answer came
    await complain(market, selection)
    assert codes(await answer(market, selection)) == ("complaint_is_open",)
    await accept(market, selection)
    done = await decide(market, selection, remedy="next")
    assert done.proposed == code(2)
    assert (await read_demand(market.database, published.demand)).demand.winner == code(2)


async def test_a_complaint_that_is_not_accepted_or_comes_too_late_holds_nothing(market: Market) -> None:
    published, at = await proposed(market)
    selection = published.selection
    await market.confirm(selection, 1)
    await object_(market, selection)
    await object_(market, selection, agency(2))
    done = await answer(market, selection)
    await settle_at(market, selection, done.complain_until)
    assert codes(await complain(market, selection)) == ("complaint_too_late",)
    await answer(market, selection, 2)
    await complain(market, selection, 2, agency(2))
    await take_back(market, selection, 2, agency(2))
    await object_(market, selection, agency(3))
    assert codes(await accept(market, selection, 2)) == ("no_complaint_waits",)
    await answer(market, selection, 3)
    await complain(market, selection, 3, agency(3))
    await accept(market, selection, 3, accepted=False)
    assert (await settle_at(market, selection, at + PUBLICITY)).is_confirmed


async def test_objections_are_for_the_publicity_once_each_and_not_for_the_agency_itself(market: Market) -> None:
    published, at = await proposed(market)
    selection = published.selection
    assert codes(await object_(market, selection, agency(1))) == ("own_award",)
    await object_(market, selection)
    assert codes(await object_(market, selection)) == ("objected_before",)
    for number in range(2, MAX_OBJECTIONS + 1):
        await object_(market, selection, Caller(Actor("public", f"Q{number}")))
    assert codes(await object_(market, selection, agency(3))) == ("too_many_objections",)
    for number in range(2, MAX_OBJECTIONS + 1):
        await take_back(market, selection, number, Caller(Actor("public", f"Q{number}")))
    assert codes(await object_(market, selection, Caller(Actor("public", "Q2")))) == ("objected_before",)
    assert isinstance(await object_(market, selection, agency(2)), AwardObjectedTo)
    await take_back(market, selection, MAX_OBJECTIONS + 1, agency(2))
    with pytest.raises(Forbidden):
        await object_(market, selection, owner())
    with pytest.raises(Forbidden):
        await take_back(market, selection, 1, agency(3))
    with pytest.raises(Forbidden):
        await complain(market, selection, 1, agency(3))
    with pytest.raises(Forbidden):
        await answer(market, selection, caller=Caller(Actor("owner", code(9, "11990000MA"))))
    with pytest.raises(Forbidden):
        await decide(market, selection, caller=owner())
    with pytest.raises(NotFound):
        await answer(market, selection, 70)
    assert codes(await accept(market, selection)) == ("no_complaint_waits",)
    await settle_at(market, selection, at + PUBLICITY)
    assert codes(await object_(market, selection, agency(3))) == ("publicity_is_over",)
    await take_back(market, selection)
    assert (await read_demand(market.database, published.demand)).demand.state == "confirming"
    assert codes(await object_(market, selection, agency(3))) == ("not_in_this_state",)
    async with market.database.read() as connection:
        said = str(await connection.fetchval("SELECT string_agg(data::text || actor_id, '') FROM record_event"))
    assert SOMEBODY.actor.id not in said
