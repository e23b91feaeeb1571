"""What the clock has brought to a contract: an acceptance that is deemed, credit facts that are due; pure.

Invariants: reads and writes agree, however late somebody looks; a fact of a kind comes from a contract once; only what
the rulebook knows becomes a fact, and only where the fault is one side's alone: a contract that neither side uploaded
is nobody's fault alone, and who was forbidden to sign is not late with it. Source: market.md section 4, docs/adr/0011,
docs/adr/0023.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commons.instants import Period
from commons.profiles import RuleProfile
from marketplace.contracts.clocks import days_late
from marketplace.contracts.contract import Contract, Happened
from marketplace.contracts.folding import step
from marketplace.contracts.performing import deemed

CONTRACT_LATE, RESULT_LATE, RESULT_REJECTED = "contract_late", "result_late", "result_rejected"


@dataclass(frozen=True, slots=True)
class FactDue:
    """A credit fact that a contract has led to and that is not recorded yet; ``quantity`` in working days late."""

    code: str
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """The contract as it stands, and what is to be appended for it."""

    contract: Contract
    happened: tuple[Happened, ...]


def settled(contract: Contract, *, profile: RuleProfile, at: datetime) -> Settled:
    """Everything the clock has brought by ``at``."""
    happened: tuple[Happened, ...] = ()
    if (silence := deemed(contract, profile=profile, at=at)) is not None:
        contract = step(contract, silence.type, silence.data, at=at)
        happened = (silence,)
    return Settled(contract, happened)


def facts_due(contract: Contract, *, at: datetime, barred: Sequence[Period] = ()) -> tuple[FactDue, ...]:
    """The facts that the contract has led to by ``at``, oldest kind first, without those it has already.

    ``barred`` is when the agency was forbidden to sign this contract.
    """
    found: list[FactDue] = []
    if _is_signed_late_by_agency(contract, at=at) and not _was_barred(contract, barred):
        found.append(FactDue(CONTRACT_LATE))
    if late := _late(contract):
        found.append(FactDue(RESULT_LATE, late))
    if any(one.returned_at is not None for one in contract.deliveries):
        found.append(FactDue(RESULT_REJECTED))
    return tuple(one for one in found if one.code not in contract.facts)


def _is_signed_late_by_agency(contract: Contract, *, at: datetime) -> bool:
    """Whether the owner had uploaded and the agency let the time for its confirmation pass."""
    paper = contract.paper
    if paper is None or paper.by != "owner":
        return False
    if contract.ending is not None and contract.ending.ended_at is not None and contract.confirmed_at is None:
        at = min(at, contract.ending.ended_at)
    answered_at = contract.confirmed_at
    return (at if answered_at is None else answered_at) >= paper.confirm_until.at


def _was_barred(contract: Contract, barred: Sequence[Period]) -> bool:
    """Whether the agency was forbidden to sign at any time between the upload and the end of its time for it."""
    assert contract.paper is not None, "uploaded"
    start, end = contract.paper.at, contract.paper.confirm_until.at
    return any(one.start < end and (one.end is None or max(one.start, start) < one.end) for one in barred)


def _late(contract: Contract) -> int:
    """Working days by which the first revision came late, or none came before the contract was ended."""
    if contract.deliveries:
        return contract.deliveries[0].days_late
    ending = contract.ending
    if ending is None or ending.ended_at is None or contract.due_at is None:
        return 0
    disputed = bool(contract.disputes) and contract.disputes[-1].closed_at is None
    return 0 if disputed else days_late(contract.due_at, ending.ended_at)
