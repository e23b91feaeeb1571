"""The work list (待办): what the caller has to do, or waits for, soonest first, what is late marked; never kept.

Each source is a function of the snapshot and the caller; what it tells follows from the record as everything else does,
so that nothing is on a list that was done. Bounded: each source looks at ``MOST`` matters. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from agencies import store as agencies
from agencies.people import store as people
from commons.regions import REGIONS
from marketplace.contracts.clocks import open_duties
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.duties import Duty, duties
from marketplace.demands.enquiries import enquiries_of
from marketplace.identity import store as identity
from marketplace.neighbours import store as neighbours
from marketplace.record.store import load
from marketplace.usecases.act import Caller, Message, require
from marketplace.usecases.proposals import may_approve
from marketplace.usecases.read_contract import contracts_now
from marketplace.usecases.read_holds import open_holds
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import standings

MOST = 200
"""Matters that one source looks at, and tasks of one list."""
_OWNS = """
SELECT id, selection FROM demand WHERE owner_code = ANY($1::text[]) AND published_at IS NOT NULL
  AND state NOT IN ('cancelled', 'unsuccessful', 'withdrawn') ORDER BY published_at DESC, id LIMIT $2
"""
_TAKES_PART = """
SELECT demand.id, selection_bidder.selection FROM selection_bidder
JOIN selection ON selection.id = selection_bidder.selection JOIN demand ON demand.id = selection.demand
WHERE selection_bidder.agency = ANY($1::text[]) AND demand.published_at IS NOT NULL
ORDER BY demand.published_at DESC, demand.id LIMIT $2
"""
_IN_REGION = """
SELECT demand.id, demand.selection FROM demand JOIN selection ON selection.id = demand.selection
WHERE demand.region = ANY($1::text[]) AND selection.state IN ('proposed', 'suspended')
ORDER BY demand.published_at DESC, demand.id LIMIT $2
"""
_CONTRACTS = """
SELECT id FROM contract WHERE (owner_code = ANY($1::text[]) OR agency = ANY($1::text[]))
  AND state NOT IN ('archived', 'terminated') ORDER BY awarded_at DESC, id LIMIT $2
"""
_AWARDED = """
SELECT selection AS id FROM demand WHERE (owner_code = ANY($1::text[]) OR winner = ANY($1::text[]))
  AND outcome = 'award' AND NOT EXISTS (SELECT FROM contract WHERE contract.id = demand.selection)
ORDER BY decided_at DESC, id LIMIT $2
"""
_FILING_OBJECTIONS = """
SELECT one.id, one.agency, one.objected_at, one.answer_due_at, agency.name FROM filing_objection AS one
JOIN agency ON agency.uscc = one.agency
WHERE one.answered_at IS NULL AND agency.region = ANY($1::text[]) ORDER BY one.answer_due_at, one.id LIMIT $2
"""
_OBJECTIONS = """
SELECT fact.id, fact.subject AS agency, agency.name, said.at AS since,
  (said.data->>'answer_due_at')::timestamptz AS due_at
FROM credit_fact_followed AS one
JOIN credit_fact AS fact ON fact.id = one.fact JOIN agency ON agency.uscc = fact.subject
JOIN record_event AS said ON said.subject = 'agency/' || fact.subject AND said.type = 'credit_fact.objected'
  AND said.data->>'fact' = fact.id
LEFT JOIN record_event AS first ON first.subject = said.subject AND first.type = 'credit_fact.recorded'
  AND first.data->>'fact' = fact.id
WHERE one.kind = 'objected' AND NOT EXISTS (SELECT FROM credit_fact_followed AS later WHERE later.fact = one.fact
  AND later.kind IN ('kept', 'corrected', 'revoked', 'repaired', 'expired'))
  AND (fact.subject = $1 OR $1 IS NULL
    AND coalesce(substring(first.actor_id FROM '^R-([0-9]{6})-[0-9A-Z]+$') = ANY($2::text[]), true))
ORDER BY due_at, fact.id LIMIT $3
"""
"""Objections that wait for their answer: of one agency, or (null) about facts that an office in these regions recorded.

What no office of a region recorded any regulator answers (``downwards``).
"""


class Task(Message):
    """One thing to do: its act in the table of permissions, the matter, by when; ``number`` says which of several.

    ``since`` is when what is to be answered was raised, or the duty began; null where no act of anybody's began it.
    ``is_waiting``: it is somebody else's turn, the caller waits for it.
    """

    act: str
    subject: str
    title: str
    link: str
    due_at: datetime
    is_overdue: bool
    number: int | None = None
    is_waiting: bool = False
    since: datetime | None = None


class WorkList(Message):
    """Soonest first, so that what is late stands at the top; as of ``now``."""

    now: datetime
    tasks: list[Task]
    overdue: int


Source = Callable[[Reading, Caller], Awaitable[list[Task]]]


async def read_work_list(database: Database, caller: Caller) -> WorkList:
    """What the caller has to do as whom he acts."""
    require(caller, "read_work_list")
    async with reading(database) as snapshot:
        found = [task for source in SOURCES for task in await source(snapshot, caller)]
    found.sort(key=lambda one: (one.due_at, one.subject, one.act, one.number or 0))
    return WorkList(now=snapshot.now, tasks=found[:MOST], overdue=sum(one.is_overdue for one in found))


def _organisations(caller: Caller) -> list[str]:
    """For whom the caller acts: itself, or the owners who gave a delegate a mandate."""
    if caller.actor.role in {"owner", "agency"}:
        return [caller.actor.id]
    return sorted(caller.badge.mandates) if caller.badge is not None else []


def _regions(caller: Caller) -> list[str]:
    """Where a regulator acts: in a region and in all that lies in it."""
    if caller.actor.role != "regulator":
        return []
    bound = None if caller.badge is None else caller.badge.region
    return list(REGIONS.inside(bound))


async def demand_tasks(snapshot: Reading, caller: Caller) -> list[Task]:
    """Enquiries, explanations, choices, confirmations, objections and complaints that wait for the caller."""
    connection, role = snapshot.connection, "owner" if caller.actor.role == "delegate" else caller.actor.role
    if role == "regulator":
        rows = await connection.fetch(_IN_REGION, _regions(caller), MOST)
    elif role in {"owner", "agency"}:
        rows = await connection.fetch(_OWNS if role == "owner" else _TAKES_PART, _organisations(caller), MOST)
    else:
        return []
    found: list[Task] = []
    now = await standings(snapshot, [row["selection"] for row in rows])
    for row in rows:
        demand, standing = await demands.demand_by_id(connection, row["id"]), now.get(row["selection"])
        if demand is None or standing is None:
            continue
        enquiries = enquiries_of(await load(connection, [f"demand/{demand.id}"])) if role == "owner" else ()
        waiting = duties(standing.state, enquiries, closes_at=demand.closes_at, at=max(snapshot.now, standing.at))
        found += [
            _task(
                one.act, f"demand/{demand.id}", demand.title, one.due_at, snapshot.now, since=one.since,
                number=one.number,
            )
            for one in waiting
            if one.role == role and _is_own(one, caller)
        ]  # fmt: skip
    return found


def _is_own(one: Duty, caller: Caller) -> bool:
    return one.agency is None or caller.actor.role != "agency" or one.agency == caller.actor.id


async def contract_tasks(snapshot: Reading, caller: Caller) -> list[Task]:
    """What the caller's side owes in its contracts."""
    own = _organisations(caller)
    if not own:
        return []
    ids = [row["id"] for row in await snapshot.connection.fetch(_CONTRACTS, own, MOST)]
    ids += [row["id"] for row in await snapshot.connection.fetch(_AWARDED, own, MOST)]
    found: list[Task] = []
    for one in (await contracts_now(snapshot, ids)).values():
        award = one.contract.award
        for duty in open_duties(one.contract):
            is_own = (award.agency if duty.who == "agency" else award.owner_code) in own
            if is_own and not (duty.lapses and duty.until <= snapshot.now):
                subject = f"contract/{one.contract.id}"
                task = _task(
                    duty.what, subject, one.demand.title, duty.until, snapshot.now, since=duty.since, link=one.demand.id
                )
                found.append(task)
    return found


async def hold_tasks(snapshot: Reading, caller: Caller) -> list[Task]:
    """Holds for review in the regulator's region."""
    inside = set(_regions(caller))
    if not inside:
        return []
    found: list[Task] = []
    ids = await open_holds(snapshot.connection, snapshot.now, after="", limit=MOST)
    for one in await people.holds_by_id(snapshot.connection, ids):
        held = await agencies.particulars(snapshot.connection, one.agency)
        if held is not None and held.region in inside:
            found.append(
                _task("rule_hold", f"agency/{one.agency}", held.name, one.due_at, snapshot.now, since=one.opened_at)
            )
    return found


async def filing_tasks(snapshot: Reading, caller: Caller) -> list[Task]:
    """Objections to filings that are to be answered in the regulator's region."""
    inside = _regions(caller)
    rows = await snapshot.connection.fetch(_FILING_OBJECTIONS, inside, MOST) if inside else []
    return [
        _task(
            "answer_filing_objection", f"agency/{row['agency']}", row["name"], row["answer_due_at"], snapshot.now,
            since=row["objected_at"],
        )
        for row in rows
    ]  # fmt: skip


async def credit_tasks(snapshot: Reading, caller: Caller) -> list[Task]:
    """Objections to credit facts: which the regulator has to answer, and whose answer the agency waits for."""
    role = caller.actor.role
    if role not in {"regulator", "agency"}:
        return []
    own = caller.actor.id if role == "agency" else None
    rows = await snapshot.connection.fetch(_OBJECTIONS, own, _regions(caller), MOST)
    return [
        Task(
            act="answer_objection", subject=f"credit_fact/{row['id']}", title=row["name"],
            link=f"/agencies/{row['agency']}", due_at=row["due_at"], is_overdue=row["due_at"] <= snapshot.now,
            is_waiting=own is not None, since=row["since"],
        )
        for row in rows
    ]  # fmt: skip


async def case_tasks(snapshot: Reading, caller: Caller) -> list[Task]:
    """Cases that neighbours sent and that want a result."""
    inside = set(_regions(caller))
    cases = await neighbours.open_cases(snapshot.connection, limit=MOST) if inside else ()
    return [
        _task("answer_case", f"case/{one.id}", one.type, one.due_at, snapshot.now, since=one.received_at)
        for one in cases
        if one.due_at is not None and (one.region is None or one.region in inside)
    ]


async def proposal_tasks(snapshot: Reading, caller: Caller) -> list[Task]:
    """What waits for the caller's approval as a second person."""
    found = await identity.open_proposals(snapshot.connection, caller.actor, most=MOST, at=snapshot.now)
    return [
        _task("approve_proposal", f"proposal/{one.id}", one.operation, one.ends_at, snapshot.now, since=one.made_at)
        for one in found
        if may_approve(caller, one)
    ]


SOURCES: Sequence[Source] = (
    demand_tasks, contract_tasks, hold_tasks, filing_tasks, credit_tasks, case_tasks, proposal_tasks,
)  # fmt: skip
"""Where tasks come from."""


def _task(
    act: str, subject: str, title: str, due_at: datetime, now: datetime, *, since: datetime | None,
    number: int | None = None, link: str | None = None,
) -> Task:  # fmt: skip
    kind, _, identifier = subject.partition("/")
    places = {"demand": "/demands/", "agency": "/agencies/"}
    address = f"/demands/{link}" if link is not None else f"{places[kind]}{identifier}" if kind in places else "/"
    return Task(
        act=act, subject=subject, title=title, link=address, due_at=due_at, is_overdue=due_at <= now, number=number,
        since=since,
    )  # fmt: skip
