"""Load planned agencies and demands through the use cases: many at once, each row once, whole after a kill.

Every row has an idempotency key of its own and its dates count from the instant at which the load began, so a start
after a kill repeats the same commands and completes the load; ``is_loaded`` tells when the last row was in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from commons.instants import beijing_date, start_of_day
from marketplace.database import Database
from marketplace.demo.callers import agency, derived_nonce, granted, operator, owner
from marketplace.demo.credit_history import credit_history
from marketplace.demo.operating import name_help_desk, say_that_it_fills, say_that_it_is_full
from marketplace.demo.posting import filing_of, posting_of, qualifications_of, shelf_offer_of
from marketplace.seed.coverages import seed_coverages
from marketplace.seed.loading import load_seed, resolve
from marketplace.seed.plans import AgencyPlan, DemandDraft
from marketplace.seed.resolving import resolve_demand
from marketplace.usecases.add_qualification import add_qualification
from marketplace.usecases.file_agency import file_agency
from marketplace.usecases.mark_load import BEGUN, MarkLoad, load_mark, mark_load
from marketplace.usecases.post_demand import post_demand
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.put_shelf_offer import put_shelf_offer
from marketplace.usecases.record_coverage import RecordCoverage, record_coverage
from marketplace.usecases.record_credit_fact import RecordCreditFact, record_credit_fact

SEED = "seed-v1"
DONE = "done"
AT_ONCE = 8
"""Acts under way at once; the pool has a few more connections than that."""

PLAYED = frozenset({"D02", "D03", "D05", "D06", "D09", "D16", "D18", "D19", "D20", "D21", "D22"})
"""Demands of the seed that a demonstration posts itself, with clocks of seconds."""


@dataclass(frozen=True, slots=True)
class Load:
    """A load that has begun: where, under which profile its demands run, from which instant its dates count."""

    database: Database
    name: str
    profile: str
    begun_at: datetime
    is_example: bool
    gate: asyncio.Semaphore

    async def run(self, works: Iterable[Callable[[], Awaitable[None]]]) -> None:
        """All of them, some at once; the first failure ends the rest."""

        async def one(work: Callable[[], Awaitable[None]]) -> None:
            async with self.gate:
                await work()

        try:
            async with asyncio.TaskGroup() as group:
                for work in works:
                    group.create_task(one(work))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None


async def begin(database: Database, name: str, *, profile: str, is_example: bool = True) -> Load:
    """Begin a load or take it up again; ``Conflict`` in a market where something else has happened."""
    mark = await mark_load(database, MarkLoad(load=name, step=BEGUN))
    return Load(database, name, profile, mark.at, is_example, asyncio.Semaphore(AT_ONCE))


async def finish(load: Load) -> None:
    """Note that the last row is in."""
    await mark_load(load.database, MarkLoad(load=load.name, step=DONE))


async def is_loaded(database: Database, name: str = SEED) -> bool:
    """Whether this load was begun here and finished."""
    return await load_mark(database, name, DONE) is not None


async def load_agencies(load: Load, plans: Iterable[AgencyPlan], *, with_credit: bool) -> None:
    """File them with certificates, shelf offers that can still be put up, and (of the seed) their credit history."""
    rows = enumerate(plans)
    await load.run(partial(_agency, load, plan, index if with_credit else None) for index, plan in rows)


async def _agency(load: Load, plan: AgencyPlan, place: int | None) -> None:
    database, uscc, row = load.database, plan.uscc, f"{load.name}/{plan.uscc}"
    filing = filing_of(plan, is_example=load.is_example)
    granted(await file_agency(database, agency(uscc, row), filing, profile=load.profile), f"备案 {plan.name}")
    for number, held in enumerate(qualifications_of(plan)):
        granted(await add_qualification(database, agency(uscc, f"{row}/q{number}"), held), f"资质 {plan.name}")
    for number, shelf in enumerate(plan.shelf):
        if shelf.can_be_put_up(at=load.begun_at):
            nonce = derived_nonce(load.name, load.begun_at.isoformat(), uscc, shelf.item)
            put = await put_shelf_offer(
                database, agency(uscc, f"{row}/s{number}"), shelf_offer_of(uscc, shelf, nonce=nonce)
            )
            granted(put, f"上架 {plan.name} {shelf.item}")
    for number, fact in enumerate(() if place is None else credit_history(place)):
        command = RecordCreditFact(agency=uscc, code=fact.code, basis=fact.basis)
        granted(await record_credit_fact(database, operator(f"{row}/c{number}"), command), f"信用 {plan.name}")


async def load_coverages(load: Load) -> None:
    """Record the seed's regional assessments, with days counted from the day of the load."""
    today = beijing_date(load.begun_at)
    for number, plan in enumerate(seed_coverages()):
        first, until = plan.validity(today)
        command = RecordCoverage(
            region=plan.region, zone=plan.zone, items=list(plan.items), result=plan.result,
            access_standard=plan.access_standard, negative_list=list(plan.negative_list), document=plan.document,
            place=plan.place, text_seen="no", valid_from=first, valid_to=until, is_example=load.is_example,
            polygon=None if plan.polygon is None else {"type": "Polygon", "coordinates": plan.polygon},
        )  # fmt: skip
        caller = operator(f"{load.name}/coverage/{number}")
        granted(await record_coverage(load.database, caller, command, profile=load.profile), plan.zone)


async def load_demands(load: Load, drafts: Iterable[DemandDraft], *, at: datetime) -> None:
    """Post and publish them with the clocks of real working days, counted from the day of ``at``."""
    await load.run(partial(_demand, load, draft, start_of_day(beijing_date(at))) for draft in drafts)


async def _demand(load: Load, draft: DemandDraft, today: datetime) -> None:
    """One demand; it is marked apart, because a start on another day counts other deadlines."""
    if await load_mark(load.database, load.name, draft.key):
        return
    key = f"{load.name}/{draft.key}/{today:%Y%m%d}"
    command = posting_of(
        resolve_demand(draft, at=today), nonce=derived_nonce(load.begun_at.isoformat(), key), is_example=load.is_example
    )
    caller = owner(draft.owner_uscc, key)
    posted = granted(await post_demand(load.database, caller, command, profile=load.profile), draft.title)
    publishing = PublishDemand(demand=posted.demand)
    granted(await publish_demand(load.database, owner(draft.owner_uscc, f"{key}/p"), publishing), draft.title)
    await mark_load(load.database, MarkLoad(load=load.name, step=draft.key))


async def load_market(database: Database, *, profile: str, at: datetime, without: frozenset[str] = PLAYED) -> Load:
    """Load the shipped seed, or complete it; demands named in ``without`` are left to whoever plays them."""
    load = await begin(database, SEED, profile=profile)
    announcement = await say_that_it_fills(database, SEED, begun_at=load.begun_at, at=at)
    seed = load_seed()
    await load_agencies(load, resolve(seed, at=load.begun_at).agencies, with_credit=True)
    await load_coverages(load)
    await load_demands(load, (draft for draft in seed.demands if draft.key not in without), at=at)
    await name_help_desk(database, SEED)
    if announcement is not None:
        await say_that_it_is_full(database, SEED, announcement)
    await finish(load)
    return load
