"""Count what is due for the statistics: facts first, then the baselines they move, then the numbers themselves.

Triggers put on the list what changed (docs/adr/0034); whoever reads, the ticker and the command take it off. Counting
is a difference to what was counted of the same subject before, so that counting again changes nothing, and counting
everything anew comes to the same sums. A baseline that moved has everything counted again that was compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache, partial
from typing import cast

from commons.canonical import Json
from commons.instants import format_instant
from commons.regions import REGIONS
from marketplace.catalogue.profiles import shipped_profiles
from marketplace.database import Connection, Database
from marketplace.demands.store import Result
from marketplace.statistics import store
from marketplace.statistics.counting import (
    NO_BASELINE,
    Baseline,
    Count,
    award_days,
    counted,
    difference,
    result_days,
    unit_price,
)
from marketplace.statistics.facts import DRAWN, Case, Facts, key_of
from marketplace.statistics.measures import BASELINE_MONTHS
from marketplace.statistics.period import month_of, moved, year_of
from marketplace.statistics.store import Kept, Member, Place, Won
from marketplace.usecases.read_standing import Ahead, Standing

AT_ONCE = 1_000
"""Subjects that one transaction counts at most while somebody waits for it."""
IN_BULK = 5_000
"""The same for whoever counts everything: the larger, the more of what is added falls together."""
_PATIENTLY = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
IN_PASSING = 4
"""Transactions that a reader spends on counting what is due before it reads."""


async def count_statistics(database: Database, *, transactions: int = IN_PASSING) -> bool:
    """Count what is due, so many transactions long; whether nothing is left."""
    for _ in range(transactions):
        if not await database.retrying(partial(_count_some, limit=AT_ONCE)):
            return True
    return False


async def count_all(database: Database, *, anew: bool = False, said: Callable[[int], None] = lambda _: None) -> int:
    """Count everything that is due, or everything there is ``anew``; ``said`` hears how much is left, the end is 0."""
    if anew:

        async def forget(connection: Connection) -> None:
            await store.take_turn(connection)
            await connection.execute(_PATIENTLY)
            await store.put_all_due(connection)

        await database.retrying(forget)
    done = 0
    while some := await database.retrying(partial(_count_some, limit=IN_BULK)):
        done += some
        async with database.borrow() as connection:
            said(await connection.fetchval("SELECT count(*) FROM statistics_due"))
    said(0)
    return done


async def _count_some(connection: Connection, *, limit: int) -> int:
    """Facts while there are any, else numbers; how many subjects were looked at."""
    await store.take_turn(connection)
    if limit > AT_ONCE:
        await connection.execute(_PATIENTLY)
    looked = 0
    for kind, ids in (await store.take_due(connection, counting=False, limit=limit)).items():
        await _renew_facts(connection, kind, ids)
        looked += len(ids)
    if looked >= limit:
        return looked  # baselines wait until every fact is known
    for place, before in (await store.stale(connection)).items():
        if await _make_baseline(connection, place) != before:
            await store.count_dependents_again(connection, place)
    due = (await store.take_due(connection, counting=True, limit=limit)).get("count", [])
    await _count(connection, due)
    return looked + len(due)


async def load(connection: Connection, kind: str, ids: Sequence[str]) -> list[Facts]:
    """The facts of these subjects as they are now."""
    return await store.load_facts(connection, kind, ids, timed=_timed(), cities=_cities())


async def ahead_of_counting(connection: Connection, ahead: Sequence[Ahead]) -> list[tuple[bool, Count]]:
    """What settling and counting will add, of examples or not; nothing is written."""
    patches = {one.demand: _patch(one.result) for one in ahead if one.result is not None}
    if not patches:
        return []
    by_selection = {one.standing.state.id: one.standing for one in ahead if one.standing is not None}
    cases = [
        _as_ruled(one, by_selection[one.id]) for one in await store.load_ahead(connection, patches, timed=_timed())
    ]
    before = await store.kept(connection, [key_of(one) for one in cases])
    lines = await baselines_for(connection, cases, keep=False)
    return [
        (one.is_example, row)
        for one in cases
        for row in difference(
            before[key_of(one)].counted if key_of(one) in before else (), counted(one, line_of(one, lines))
        )
    ]


def _patch(result: Result) -> dict[str, Json]:
    """A result as the columns of a demand's row."""
    return {
        name: format_instant(value) if isinstance(value, datetime) else value for name, value in asdict(result).items()
    }


def _as_ruled(case: Case, standing: Standing) -> Case:
    """With what the record will hold of it: offers at the close, awards given up."""
    types = [one.event.type for one in standing.recorded]
    given_up = sum(one in {"award.abandoned", "award.lapsed"} for one in types)
    if case.mode in DRAWN or "selection.decided" not in types or standing.ruling is None:
        return replace(case, given_up=given_up)
    offers = cast("Sequence[Mapping[str, Json]]", standing.ruling.case.get("offers") or ())
    return replace(case, given_up=given_up, bids=len({one["bidder"] for one in offers}))


async def _renew_facts(connection: Connection, kind: str, ids: Sequence[str]) -> None:
    """Keep the facts as they are now, and put what has to be counted on the list."""
    keys = [f"{kind}/{one}" for one in ids]
    now = {key_of(one): one for one in await load(connection, kind, ids)}
    before = await store.kept(connection, keys)
    touched = [each for key in keys for each in _moved_baselines(before.get(key), now.get(key))]
    await store.keep(connection, [(facts, member_of(facts)) for facts in now.values()])
    await store.mark_stale(connection, touched)
    gone = [key for key in keys if key not in now and key in before]
    await _apply(connection, [(before[key], (), None) for key in gone])
    await store.forget(connection, gone)
    await store.put_due(connection, sorted(now))


def member_of(facts: Facts) -> Member:
    """What later baselines look at of these facts."""
    if not isinstance(facts, Case):
        return Member()
    return Member(
        published_in=month_of(facts.published_at),
        awarded_in=month_of(facts.ended_at) if facts.is_award and not facts.is_joint else None,
        accepted_in=month_of(facts.accepted_at) if facts.accepted_at is not None and not facts.is_joint else None,
        unit_fen=unit_price(facts),
        award_days=award_days(facts),
        result_days=result_days(facts),
    )


def _moved_baselines(before: Kept | None, now: Facts | None) -> Iterator[tuple[str, bool, str, str]]:
    """Which baselines may not hold any more: of the months after the one in which it counted, and counts now."""
    was = None if before is None else before.facts
    looks = {_look(one) for one in (was, now) if isinstance(one, Case)}
    if isinstance(was, Case) and isinstance(now, Case) and len(looks) == 1:
        return
    for item, is_example, one in sorted(looks, key=repr):
        for month in sorted({month for month in (one.awarded_in, one.accepted_in) if month is not None}):
            yield item, is_example, moved(month, 1), moved(month, BASELINE_MONTHS)


def _look(case: Case) -> tuple[str, bool, Member]:
    return case.item, case.is_example, member_of(case)


async def _count(connection: Connection, keys: Sequence[str]) -> None:
    """Count these subjects from their kept facts and the baselines of their months."""
    if not keys:
        return
    found = await store.kept(connection, keys)
    lines = await baselines_for(connection, [one.facts for one in found.values()], keep=True)
    after = {key: (counted(one.facts, line_of(one.facts, lines)), won_of(one.facts)) for key, one in found.items()}
    await _apply(connection, [(found[key], rows, won) for key, (rows, won) in after.items()])
    await store.keep_counted(connection, [(key, rows, won) for key, (rows, won) in sorted(after.items())])


async def baselines_for(connection: Connection, every: Sequence[Facts], *, keep: bool) -> dict[Place, Baseline]:
    """The baselines that these facts are compared with; those that nobody asked for before are computed, and kept."""
    places = sorted({place for one in every if (place := place_of(one)) is not None})
    found = await store.baselines(connection, places)
    for place in places:
        if place not in found:
            found[place] = await _make_baseline(connection, place, keep=keep)
    return found


async def _make_baseline(connection: Connection, place: Place, *, keep: bool = True) -> Baseline:
    made = await store.compute_baseline(connection, place, moved(place.month, -BASELINE_MONTHS))
    if keep:
        await store.keep_baseline(connection, place, made)
    return made


def place_of(facts: Facts) -> Place | None:
    """Which baseline they are compared with: that of the item in the month of publication; None for none."""
    if not isinstance(facts, Case) or facts.is_joint:
        return None
    return Place(facts.item, facts.is_example, month_of(facts.published_at))


def line_of(facts: Facts, lines: Mapping[Place, Baseline]) -> Baseline:
    """That baseline."""
    place = place_of(facts)
    return NO_BASELINE if place is None else lines.get(place, NO_BASELINE)


def won_of(facts: Facts) -> Won | None:
    """The award as concentration looks at it; None without one."""
    if not isinstance(facts, Case) or not facts.is_award or facts.winner is None or facts.price_fen is None:
        return None
    return Won(year_of(month_of(facts.ended_at)), facts.county, facts.item, facts.winner, facts.price_fen)


async def _apply(connection: Connection, changes: Sequence[tuple[Kept, tuple[Count, ...], Won | None]]) -> None:
    """Add what differs from what was counted; reports that were computed before end with it."""
    rows: list[tuple[bool, Count]] = []
    won: list[tuple[bool, Won, int]] = []
    for kept, now, award in changes:
        flag = kept.facts.is_example
        rows.extend((flag, one) for one in difference(kept.counted, now))
        if kept.won != award:
            won.extend((flag, one, by) for one, by in ((kept.won, -1), (award, 1)) if one is not None)
    await store.add(connection, rows)
    await store.add_won(connection, won)
    if rows or won:
        await store.bump(connection)


@cache
def _timed() -> frozenset[str]:
    """Profiles that count in something else than working days: demonstrations."""
    return frozenset(name for name, one in shipped_profiles().items() if one["sign_up"].unit != "workdays")


@cache
def _cities() -> Mapping[str, str]:
    """Region → the city that it is or lies in."""
    return {one.code: chain[1].code for one in REGIONS.rows if len(chain := REGIONS.chain(one.code)) > 1}
