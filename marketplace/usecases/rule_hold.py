"""Rule on a hold for review (关联核查结论): found unlinked, the award goes on; found linked, it does not.

Linked to a restricted agency, the agency needs a restriction of its own, by two regulators, before this ruling; related
to another bidder, both are out of that selection from now on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.holds import Hold, HoldRuling, judge_hold_ruling
from bidding import store as bidding
from commons.canonical import Json
from commons.errors import NotFound
from commons.verdicts import Reason, Refused
from credit import store as credit
from credit.restrictions import RESTRICTION_RULE, approved_by_two, restricted
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, UsccText, clock, perform, require
from marketplace.usecases.downwards import require_over_agency
from marketplace.usecases.holding import closed_of, hold_if_linked, holds_now
from marketplace.usecases.restrict_agency import Approver
from marketplace.usecases.settle_selection import settle_selection

TICK = timedelta(microseconds=1)


class RuleHold(Message):
    """Which hold of which agency, the ruling and its reason, which is published; ``linked`` needs two regulators."""

    agency: UsccText
    hold: Identifier
    ruling: HoldRuling
    reason: Ground
    approvers: Annotated[list[Approver], Field(max_length=5, default_factory=list)]


class HoldRuled(Message):
    """Ruled since; the selections whose awards were waiting for it."""

    hold: str
    agency: str
    ruling: str
    ruled_at: datetime
    is_late: bool
    selections: list[str]


async def rule_hold(
    database: Database, caller: Caller, command: RuleHold, *, profile: str = "generic-v1"
) -> HoldRuled | Refused:
    """Keep the ruling; refused for one that is over, before the close of its selection, ``linked`` by one alone.

    Linked to a restricted agency only once a restriction of its own has put the agency out of everything that runs.
    """
    require(caller, "rule_hold")

    async def work(connection: Connection) -> HoldRuled | Refused:
        one, twin = await _locked(connection, command)
        await require_over_agency(connection, caller, "rule_hold", one.agency)
        pair = sorted({one.agency, *([twin.agency] if twin is not None else [])})
        last = [at for each in pair for at in await hold(connection, f"agency/{each}")]
        running = {each: await bidding.running_of(connection, each) for each in pair}
        ends = (last_at + TICK for each in running.values() for _, last_at in each)
        at = await clock(connection, *last, *ends)
        bound = (await credit.restrictions(connection, [command.agency]))[command.agency]
        voids = await bidding.voids(connection, [name for name, _ in running[one.agency]])
        is_out = all(one.agency in voids.get(name, {}) for name, _ in running[one.agency])
        is_restricted = is_out and bool(restricted(bound, at=at, measure="award"))
        is_closed = one.selection is None or bool(await closed_of(connection, [one.selection], at=at))
        ruling = judge_hold_ruling(one, command.ruling, is_restricted=is_restricted, at=at, is_closed=is_closed)
        reasons = ruling.reasons if isinstance(ruling, Refused) else ()
        if command.ruling == "linked":
            reasons = (*reasons, *approved_by_two(command.approvers))
            if caller.actor.id not in command.approvers:
                reasons = (*reasons, Reason("caller_is_no_approver", RESTRICTION_RULE))
        if reasons:
            return Refused(reasons)
        for each in (one, twin):
            if each is not None and each.is_open(at=at):
                await _write(connection, caller, command, each, at=at)
        await hold_if_linked(connection, one.agency, profile=profile, at=at + TICK)  # what it stated meanwhile
        waiting = [name for name, _ in running[one.agency] if one.bears_on(name)]
        return HoldRuled(
            hold=one.id, agency=one.agency, ruling=command.ruling, ruled_at=at, is_late=at > one.due_at,
            selections=waiting,
        )  # fmt: skip

    done = await perform(database, caller, command, HoldRuled, work)
    if isinstance(done, HoldRuled):
        for selection in done.selections:  # prompt; whoever looks next would settle them the same
            await settle_selection(database, selection)
    return done


async def _locked(connection: Connection, command: RuleHold) -> tuple[Hold, Hold | None]:
    """The hold, and of two bidders the other's, with the agencies' rows held alone; ``NotFound`` otherwise."""
    one = await _find(connection, command.agency, command.hold)
    both = [one.agency, one.linked_to] if one.selection is not None else [one.agency]
    for each in sorted(both):
        await agencies.lock_alone(connection, each)
    one = await _find(connection, command.agency, command.hold)
    if one.selection is None:
        return one, None
    others = (await holds_now(connection, [one.linked_to]))[one.linked_to]
    twins = (each for each in others if each.selection == one.selection and each.linked_to == one.agency)
    return one, next(twins, None)


async def _find(connection: Connection, agency: str, identifier: str) -> Hold:
    known = (await holds_now(connection, [agency]))[agency]
    one = next((one for one in known if one.id == identifier), None)
    if one is None:
        raise NotFound("hold", identifier)
    return one


async def _write(connection: Connection, caller: Caller, command: RuleHold, one: Hold, *, at: datetime) -> None:
    """Keep the ruling and say it in the agency's record; both bidders are out where they were found related."""
    ruled = replace(one, ruled_at=at, ruling=command.ruling, reason=command.reason)
    await people.rule_hold(connection, ruled, by=caller.actor.id)
    if command.ruling == "linked" and one.selection is not None:
        await bidding.insert_voids(connection, [one.selection], one.agency, restriction=one.id, at=at)
    data: dict[str, Json] = {"hold": one.id, "ruling": command.ruling, "reason": command.reason}
    if command.approvers:
        data["approvers"] = list(command.approvers)
    act = Act("hold.ruled", data)
    await append(connection, f"agency/{one.agency}", [act], actor=caller.actor, at=at)
