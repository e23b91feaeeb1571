"""A contract held for writing: under the selection's row and its agency's status row, settled by the clock first.

Every act comes in by ``hold_contract`` and leaves by ``follow``. Order: the selection's row, then the status rows of
its bidders, the contract's agency alone in its place (an act may lead to a credit fact about it: docs/adr/0010), then
in new statements what is read, the clock, and the agency's chain. The row of the selection is the contract's lock.
Source: trust.md section 1, docs/adr/0023.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from agencies.people import holds
from agencies.people.holds import Hold
from commons.canonical import Json
from commons.cycles import judge_step
from commons.errors import NotFound
from commons.events import Actor
from commons.instants import Period
from commons.profiles import RuleProfile
from commons.verdicts import Reason, Refused
from credit import store as credit
from credit.restrictions import restricted
from credit.rulebook import rulebook
from marketplace.attachments.attachment import MAX_ATTACHED, Attachment
from marketplace.contracts import store as contracts
from marketplace.contracts.clocks import next_end
from marketplace.contracts.contract import Contract, Document, Happened, opened
from marketplace.contracts.cycle import CONTRACT_CYCLE
from marketplace.contracts.folding import fold, step
from marketplace.contracts.rating import MILESTONES_EARLY, RATING_HIGH, RATING_LOW, WINDOW, early_fact, window_fact
from marketplace.contracts.settling import FactDue, facts_due, settled
from marketplace.contracts.store import Shown
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append, load
from marketplace.usecases.act import Caller, Identifier, Message, require
from marketplace.usecases.attached import refer_to
from marketplace.usecases.contract_award import award_of, award_opened, finals_of, opening
from marketplace.usecases.holding import holds_now
from marketplace.usecases.record_credit_fact import RULEBOOK, RecordCreditFact, write_fact
from marketplace.usecases.rules_in_force import profile_of
from marketplace.usecases.standing import Held, barring_items, hold_selection

SETTLING = Actor("system", "contracts")
Attachments = Annotated[list[Identifier], Field(default_factory=list, max_length=MAX_ATTACHED)]
"""Ids of attachments that the caller has added before."""

_WHERE = """
SELECT selection.demand, coalesce(contract.agency, demand.winner) AS agency FROM selection
JOIN demand ON demand.id = selection.demand LEFT JOIN contract ON contract.id = selection.id
WHERE selection.id = $1
"""
_WINDOWED = frozenset({RATING_LOW, RATING_HIGH, MILESTONES_EARLY})
_BASES = {
    "contract_late": "逾期未确认合同",
    "result_late": "成果逾期",
    "result_rejected": "成果被退回",
    RATING_LOW: "近十次评价均分低于 3.00",
    RATING_HIGH: "十次以上评价均分 4.80 以上",
    MILESTONES_EARLY: "十次以上节点全部提前",
}


class ContractMoved(Message):
    """The contract after the act: its state, the next end of a clock, the credit facts that it led to.

    ``number`` is that of what was uploaded, proposed, planned, arranged or handed in, where there are several.
    """

    contract: str
    state: str
    at: datetime
    number: int | None
    until: datetime | None
    credit_facts: list[str]


@dataclass(frozen=True, slots=True)
class Desk:
    """A contract as it is held: what was read of it under every lock, and the instant that counts.

    ``holds`` are its agency's that bear on it, open or over.
    """

    contract: Contract
    profile: RuleProfile
    demand: Demand
    held: Held
    at: datetime
    holds: tuple[Hold, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Its chain in the record."""
        return f"contract/{self.contract.id}"


async def hold_contract(connection: Connection, caller: Caller, act: str, identifier: str) -> Desk | Refused:
    """Hold the contract and settle what is due; refuses who may not do the act, or not in this state.

    ``NotFound`` for what is no contract: an unknown selection, or one without an award that stands.
    """
    desk = await _hold(connection, identifier)
    award = desk.contract.award
    own = award.agency if caller.actor.role == "agency" else award.owner_code
    require(caller, act, own=own, region=award.region)
    desk = await _settle(connection, desk)
    ruling = judge_step(CONTRACT_CYCLE, desk.contract.state, act, caller.actor.role)
    return ruling if isinstance(ruling, Refused) else desk


async def settle_held(connection: Connection, identifier: str) -> Contract:
    """Hold the contract and settle what is due, for nobody in particular; its row then names the next end."""
    desk = await _settle(connection, await _hold(connection, identifier))
    if desk.contract.events and desk.contract.state != "archived":  # what only became overdue is not due again
        await contracts.keep(connection, desk.contract, _shown(desk), at=desk.at)
    return desk.contract


async def barred(connection: Connection, desk: Desk) -> tuple[Reason, ...]:
    """The restrictions and open holds for review that bar the agency from signing this contract, as of now."""
    items = await barring_items(connection, desk.held)
    bound = desk.held.restrictions[desk.contract.award.agency]
    return (*restricted(bound, at=desk.at, measure="contract", items=items), *holds.held(desk.holds, at=desk.at))


async def _barred_when(connection: Connection, desk: Desk) -> list[Period]:
    """When the agency was forbidden to sign this contract, by restrictions and by holds for review."""
    items = await barring_items(connection, desk.held)
    bound = [one for one in desk.held.restrictions[desk.contract.award.agency] if one.bars("contract", items)]
    spans = [(one.starts_at, [one.ends_at, one.lifted_at]) for one in bound]
    spans += [(one.opened_at, [one.ruled_at]) for one in desk.holds]
    return [
        Period(start, max(start, min(known)) if (known := [end for end in ends if end is not None]) else None)
        for start, ends in spans
    ]


def papers(found: Sequence[Attachment]) -> tuple[Document, ...]:
    """Attachments as documents of the contract."""
    return tuple(Document(one.id, one.sha256) for one in found)


async def follow(
    connection: Connection, caller: Caller, desk: Desk, happened: Happened | Refused, *, number: int | None = None,
    files: Sequence[Attachment] = (), may_be_over: bool = False,
) -> ContractMoved | Refused:  # fmt: skip
    """Append what was allowed, record the credit facts it leads to, and say where the contract stands.

    Both sides may read the files since, and the regulator of the region. ``may_be_over``: the act may leave a time that
    is over by now; what follows from that is settled with it.
    """
    if isinstance(happened, Refused):
        return happened
    if files:
        award = desk.contract.award
        parties = (f"owner:{award.owner_code}", f"agency:{award.agency}")
        await refer_to(connection, files, subject=desk.subject, parties=parties, region=award.region, at=desk.at)
    desk = await _write(connection, desk, (happened,), actor=caller.actor)
    desk = await (_settle if may_be_over else _note_facts)(connection, desk)
    contract = desk.contract
    return ContractMoved(
        contract=contract.id,
        state=contract.state,
        at=desk.at,
        number=number,
        until=next_end(contract, at=desk.at),
        credit_facts=list(desk.facts),
    )


async def _hold(connection: Connection, identifier: str) -> Desk:
    row = await connection.fetchrow(_WHERE, identifier)
    if row is None or row["agency"] is None:
        raise NotFound("contract", identifier)
    held = await hold_selection(connection, identifier, own=[row["agency"]], alone=row["agency"])
    demand = await demands.demand_by_id(connection, row["demand"])
    assert demand is not None, "a selection belongs to a demand"
    recorded = await load(connection, [f"contract/{identifier}"])
    profile = profile_of(demand)
    if recorded:
        award = award_opened(recorded[0].event)
    else:
        made = award_of(held.state, demand, await finals_of(connection, identifier))
        if made is None or made.agency != row["agency"]:  # settling has just passed it on: whoever asks again finds it
            raise NotFound("contract", identifier)
        award = made
    contract = fold(opened(award, profile), (one.event for one in recorded))
    at = max([held.at, *(one.event.at for one in recorded[-1:])])
    known = (await holds_now(connection, [award.agency]))[award.agency]
    return Desk(contract, profile, demand, held, at, tuple(one for one in known if one.bears_on(identifier)))


async def _settle(connection: Connection, desk: Desk) -> Desk:
    done = settled(desk.contract, profile=desk.profile, at=desk.at)
    if done.happened:
        desk = await _write(connection, desk, done.happened, actor=SETTLING)
    return await _note_facts(connection, desk)


async def _write(connection: Connection, desk: Desk, happened: Sequence[Happened], *, actor: Actor) -> Desk:
    """Append to the chain, opening it first, and bring the row up to it."""
    contract = desk.contract
    first = (opening(contract),) if contract.events == 0 else ()
    every = (*first, *happened)
    acts = [Act(one.type, one.data, private=one.private) for one in every]
    await append(connection, desk.subject, acts, actor=actor, at=desk.at)
    for one in every:
        contract = replace(step(contract, one.type, one.data, at=desk.at), events=contract.events + 1)
    await contracts.keep(connection, contract, _shown(desk), at=desk.at)
    return replace(desk, contract=contract)


def _shown(desk: Desk) -> Shown:
    return Shown(desk.demand.title, desk.demand.is_example)


async def _note_facts(connection: Connection, desk: Desk) -> Desk:
    """Record each credit fact that is due, once, and note it in the contract."""
    known = rulebook(RULEBOOK).rules
    barred_when = await _barred_when(connection, desk)
    due = [*facts_due(desk.contract, at=desk.at, barred=barred_when), *await _windows(connection, desk)]
    for one in due:
        if one.code not in known:
            continue
        agency = desk.contract.award.agency
        days = f"，{one.quantity} 个工作日" if one.quantity else ""
        basis = f"合同 {desk.contract.id}：{_BASES[one.code]}{days}"
        fact = RecordCreditFact(agency=agency, code=one.code, basis=basis, quantity=one.quantity)
        written = await write_fact(connection, SETTLING, fact, not_before=[desk.at])
        desk = replace(desk, at=max(desk.at, written.recorded_at), facts=(*desk.facts, written.fact))
        noted: dict[str, Json] = {"code": one.code, "fact": written.fact, "points": written.points}
        desk = await _write(connection, desk, (Happened("contract.fact_noted", noted),), actor=SETTLING)
    return desk


async def _windows(connection: Connection, desk: Desk) -> list[FactDue]:
    """Facts about the agency's last ten ratings, and its last ten contracts with planned steps."""
    contract, agency = desk.contract, desk.contract.award.agency
    if contract.state not in {"accepted", "rated"}:
        return []
    recorded = (await credit.facts(connection, [agency]))[agency]
    last = {one.code: one.recorded_at for one in sorted(recorded, key=lambda one: one.recorded_at)}
    last = {code: at for code, at in last.items() if code in _WINDOWED}
    found = []
    if contract.rating is not None:
        found.append(window_fact(await contracts.ratings(connection, agency, limit=WINDOW), facts=last))
    if contract.milestones:
        found.append(early_fact(await contracts.early_steps(connection, agency, limit=WINDOW), facts=last))
    return [FactDue(code) for code in found if code is not None]
