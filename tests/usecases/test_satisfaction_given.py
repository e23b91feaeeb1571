from __future__ import annotations

import pytest

from commons.errors import Conflict, Forbidden, NotFound
from commons.events import Actor
from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.identity.permissions import Badge
from marketplace.statistics.facts import Step
from marketplace.statistics.period import this_year
from marketplace.usecases.act import Caller
from marketplace.usecases.give_satisfaction import GiveSatisfaction, SatisfactionGiven, give_satisfaction
from marketplace.usecases.read_satisfaction import read_satisfaction, read_step
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_statistics import StatisticsQuery, read_statistics
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import Market, agency, code, instant_terms, owner, sealed_terms


@pytest.fixture
def market(database: Database) -> Market:
    return Market(database)


async def say(market: Market, caller: Caller, step: Step, subject: str, stars: int = 4, words: str = "") -> None:
    command = GiveSatisfaction(step=step, subject=subject, stars=stars, words=words)
    assert isinstance(await give_satisfaction(market.database, caller, command), SatisfactionGiven)


def person(number: int, name: str) -> Caller:
    return Caller(agency(number).actor, badge=Badge(person=name))


async def test_a_person_answers_once_a_step_and_a_colleague_for_itself(market: Market) -> None:
    await market.file(1)
    await say(market, person(1, "P1"), "filing", code(1), 5, "手续简便")
    with pytest.raises(Conflict, match="you have said"):
        await say(market, person(1, "P1"), "filing", code(1), 1)
    await say(market, person(1, "P2"), "filing", code(1), 3)
    assert (await read_step(market.database, person(1, "P1"), "filing", code(1))).is_given
    assert not (await read_step(market.database, person(1, "P3"), "filing", code(1))).is_given
    await say(market, person(1, "P4"), "filing", code(1))
    async with reading(market.database) as snapshot:
        months = this_year(beijing_date(snapshot.now))
    report = await read_statistics(market.database, StatisticsQuery(months))
    assert report.whole.of("satisfied_filing").counts == ((3, 1), (4, 1), (5, 1))


async def test_only_who_took_part_is_asked_and_only_when_it_is_over(market: Market) -> None:
    for number in (1, 2):
        await market.file(number)
    with pytest.raises(Forbidden):
        await say(market, agency(2), "filing", code(1))
    with pytest.raises(NotFound):
        await say(market, agency(1), "contract", "S1")
    running = await market.publish(sealed_terms())
    await say(market, owner(), "publication", running.demand)
    with pytest.raises(Conflict, match="not over"):
        await say(market, owner(), "selection", running.selection)
    with pytest.raises(Forbidden):
        await say(market, Caller(Actor("owner", code(9))), "publication", running.demand)
    await market.shelve(1, 500_000, capacity=1)
    published = await market.publish(instant_terms())
    done = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(done, InstantAwarded)
    await say(market, agency(1), "selection", published.selection)
    with pytest.raises(Forbidden):
        await say(market, agency(2), "selection", published.selection)


async def test_words_are_for_the_operator_and_say_nobody(market: Market) -> None:
    await market.file(1)
    await say(market, agency(1), "filing", code(1), 2, "表格太长")
    await say(market, person(1, "P2"), "filing", code(1))
    with pytest.raises(Forbidden):
        await read_satisfaction(market.database, agency(1))
    found = await read_satisfaction(market.database, Caller(Actor("operator", "O1")))
    assert [(one.stars, one.words) for one in found.said] == [(2, "表格太长")]
    async with market.database.borrow() as connection:
        kept = str(dict(await connection.fetchrow("SELECT * FROM satisfaction WHERE words <> ''")))
        assert "P2" not in kept
        with pytest.raises(Exception, match="kept as it was given"):
            await connection.execute("UPDATE satisfaction SET stars = 5")
