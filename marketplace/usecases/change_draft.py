"""Change a draft (修改草稿): stated anew as a whole by its owner; what it said before stays in the record.

Nobody has seen it, so that no clock runs and no offer is touched. A lot stays a lot of its notice: owner, project and
the cap over the lots are the notice's. Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bidding.reading.terms import parse_demand_terms
from commons.errors import Conflict, Fault, Malformed, NotFound
from commons.instants import beijing_date
from commons.verdicts import Refused
from marketplace.catalogue.cleaning import abolished
from marketplace.catalogue.in_force import Rules
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.demand import LOTLESS
from marketplace.demands.store import Demand
from marketplace.record.store import append, hold
from marketplace.usecases.act import Caller, Identifier, Message, clock, perform, require
from marketplace.usecases.fairness import FairnessText, check_fairness, fairness_text
from marketplace.usecases.look_up_project import Check, note_project
from marketplace.usecases.post_demand import Draft, PostDemand, read_draft, stated_act
from marketplace.usecases.publish_demand import owner_nonce
from marketplace.usecases.rules_in_force import current_rules
from marketplace.usecases.weigh_terms import WarningText, warning_texts


class ChangeDraft(PostDemand):
    """Which draft, and the whole of it as it shall be; without a ``nonce`` the one committed before stays."""

    demand: Identifier


class DraftChanged(Message):
    """The draft since, as posting answers; ``before_digest`` is the hash of the terms before."""

    demand: str
    selection: str
    terms_digest: str
    before_digest: str
    changed_at: datetime
    warnings: tuple[WarningText, ...] = ()
    fairness: FairnessText | None = None
    project_check: Check = "unverified"


async def change_draft(
    database: Database, caller: Caller, command: ChangeDraft, *, profile: str
) -> DraftChanged | Refused:
    """Keep the draft as stated now; ``Conflict`` once it is published or given up, faults and refusals as in posting.

    An invented draft stays one.
    """
    require(caller, "change_draft", own=command.owner_code)
    rules, now = await current_rules(database, profile, command.region)
    if gone := abolished([command.item, *command.further_items], on=beijing_date(now), known=rules.abolished):
        return Refused(gone)

    async def work(connection: Connection) -> DraftChanged | Refused:
        before = await demands.demand_by_id(connection, command.demand, for_update=True)
        if before is None:
            raise NotFound("demand", command.demand)
        require(caller, "change_draft", own=before.owner_code)
        if before.state != "draft":
            raise Conflict("not_a_draft", "this demand is no draft any more")
        read = _read(command, before, rules)
        at = await clock(connection, *await hold(connection, f"demand/{before.id}"))
        stated = read.demand(command, profile=profile, at=before.posted_at, notice=before.notice, lot=before.lot)
        kept = replace(
            stated, id=before.id, selection=before.selection, is_example=before.is_example or command.is_example
        )
        return await _keep(connection, caller, command, (before, kept), at=at)

    return await perform(database, caller, command, DraftChanged, work)


async def _keep(
    connection: Connection, caller: Caller, command: ChangeDraft, both: tuple[Demand, Demand], *, at: datetime
) -> DraftChanged:
    """The row as stated now, the event with what was stated, and what is to be said about the terms."""
    before, kept = both
    nonce = command.nonce or await owner_nonce(connection, kept.id)
    found = await check_fairness(connection, kept, parse_demand_terms(dict(kept.terms)), at=at)
    act = stated_act("demand.draft_changed", kept, nonce, before_digest=before.terms_digest)
    await append(connection, f"demand/{kept.id}", [act], actor=caller.actor, at=at)
    await demands.rewrite_draft(connection, kept)
    return DraftChanged(
        demand=kept.id, selection=kept.selection, terms_digest=kept.terms_digest, before_digest=before.terms_digest,
        changed_at=at, warnings=warning_texts(found.warnings), fairness=fairness_text(found),
        project_check=await note_project(connection, kept.project_code, at=at),
    )  # fmt: skip


def _read(command: ChangeDraft, before: Demand, rules: Rules) -> Draft:
    """The draft as read; ``Malformed`` with the faults of posting and of what a draft, and a lot, keeps."""
    faults = list(_kept(command, before))
    cap = before.terms.get("lot_cap")
    try:
        read = read_draft(command, rules, lot_cap=cap if isinstance(cap, int) else None)
    except Malformed as malformed:
        raise Malformed((*faults, *malformed.faults)) from None
    if faults:
        raise Malformed(tuple(faults))
    return read


def _kept(command: ChangeDraft, before: Demand) -> Iterator[Fault]:
    if command.owner_code != before.owner_code:
        yield Fault("/owner_code", "owner_differs", "a draft stays its owner's")
    if before.notice is None:
        return
    if command.project_code != before.project_code:
        yield Fault("/project_code", "project_differs", "a notice is for one project")
    if command.terms.get("mode") in LOTLESS:
        yield Fault("/terms/mode", "lot_mode_not_allowed", "a lot is not awarded at once")
