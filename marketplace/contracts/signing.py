"""Signing (签订合同): one side uploads, the other confirms; afterwards changes and extensions that both agree to.

Invariants: the amount and the days are those of the award; whoever uploaded does not confirm; what is confirmed is
what was looked at; a change that raises the price says so. Source: market.md section 4; that a contract does not depart
from what was selected is the practice of tenders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from commons.canonical import Json
from commons.instants import beijing_date, format_instant, start_of_day
from commons.profiles import RuleProfile
from commons.verdicts import Param, Reason, Refused
from marketplace.contracts.clocks import due_of
from marketplace.contracts.contract import (
    CONTRACT_RULE,
    DEPARTING_RULE,
    ChangeKind,
    Contract,
    Document,
    Happened,
    Side,
    other,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """What somebody uploads: the amount in fen, the days, when it was signed, and that the terms are kept."""

    amount_fen: int
    days: int
    signed_on: date
    same_terms: bool
    documents: tuple[Document, ...] = ()


def departures(contract: Contract, signed: Signed, *, at: datetime) -> tuple[Reason, ...]:
    """Every way in which a contract departs from its award, and what is wrong about its date."""
    award, reasons = contract.award, list[Reason]()
    if signed.amount_fen != award.amount_fen:
        params: dict[str, Param] = {"awarded_fen": award.amount_fen, "given_fen": signed.amount_fen}
        reasons.append(Reason("contract_price_departs", DEPARTING_RULE, params))
    if award.days is not None and signed.days != award.days:
        params = {"awarded_days": award.days, "given_days": signed.days}
        reasons.append(Reason("contract_days_depart", DEPARTING_RULE, params))
    elif award.days is None and award.max_days is not None and signed.days > award.max_days:
        params = {"max_days": award.max_days, "given_days": signed.days}
        reasons.append(Reason("contract_days_depart", DEPARTING_RULE, params))
    if not signed.same_terms:
        reasons.append(Reason("contract_terms_depart", DEPARTING_RULE))
    if signed.signed_on > beijing_date(at):
        reasons.append(Reason("signed_on_to_come", CONTRACT_RULE, {"signed_on": signed.signed_on.isoformat()}))
    elif signed.signed_on < beijing_date(award.awarded_at):
        reasons.append(Reason("signed_before_award", CONTRACT_RULE, {"signed_on": signed.signed_on.isoformat()}))
    return tuple(reasons)


def upload(contract: Contract, signed: Signed, *, by: Side, profile: RuleProfile, at: datetime) -> Happened | Refused:
    """Upload, in place of what was uploaded before; late signing and late upload are noted, never refused."""
    if reasons := departures(contract, signed, at=at):
        return Refused(reasons)
    confirm_until = profile.after("contract_confirmation", at)
    upload_until = profile.after("contract_upload", max(start_of_day(signed.signed_on), contract.award.awarded_at))
    documents: list[Json] = [document_json(one) for one in signed.documents]
    return Happened(
        "contract.uploaded",
        {
            "number": contract.uploads + 1,
            "by": by,
            "agency": contract.award.agency,
            "amount_fen": signed.amount_fen,
            "days": signed.days,
            "signed_on": signed.signed_on.isoformat(),
            "terms_digest": contract.award.terms_digest,
            "confirm_until": format_instant(confirm_until.at),
            "is_provisional": confirm_until.is_provisional,
            "is_signed_late": start_of_day(signed.signed_on) >= contract.sign_until.at,
            "is_uploaded_late": at >= upload_until.at,
            "documents": documents,
        },
    )


def confirm(contract: Contract, number: int, *, by: Side, profile: RuleProfile, at: datetime) -> Happened | Refused:
    """Confirm the upload of that number; refuses one's own, and one that was replaced meanwhile."""
    paper = contract.paper
    if paper is None:
        return Refused((Reason("contract_not_uploaded", CONTRACT_RULE),))
    if paper.number != number:
        return Refused((Reason("upload_was_replaced", CONTRACT_RULE, {"number": paper.number, "given": number}),))
    if paper.by == by:
        return Refused((Reason("own_upload", CONTRACT_RULE, {"by": by}),))
    due = due_of(profile, at, paper.days)
    return Happened(
        "contract.confirmed",
        {
            "number": number,
            "by": by,
            "agency": contract.award.agency,
            "amount_fen": paper.amount_fen,
            "days": paper.days,
            "due_at": format_instant(due.at),
            "is_provisional": due.is_provisional,
            "is_confirmed_late": at >= paper.confirm_until.at,
        },
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change as proposed: the new totals (None: as they are), and why; an extension changes the days alone."""

    kind: ChangeKind
    reason: str
    amount_fen: int | None
    days: int | None
    documents: tuple[Document, ...] = ()


def above_ceiling(amount_fen: int, *, ceiling_fen: int) -> tuple[Reason, ...]:
    """Why a changed price in fen is refused: nobody could have offered it in the selection."""
    if amount_fen <= ceiling_fen:
        return ()
    params: dict[str, Param] = {"ceiling_fen": ceiling_fen, "given_fen": amount_fen}
    return (Reason("change_above_ceiling", DEPARTING_RULE, params),)


def propose_change(contract: Contract, proposed: Proposed, *, by: Side) -> Happened | Refused:
    """Propose a change, in place of one's own that waits; refuses what changes nothing."""
    assert contract.amount_fen is not None, "signed"
    assert contract.days is not None, "signed"
    waiting, reasons = contract.open_change, list[Reason]()
    if waiting is not None and waiting.by != by:
        reasons.append(Reason("change_is_open", CONTRACT_RULE, {"number": waiting.number}))
    amount_fen = contract.amount_fen if proposed.amount_fen is None else proposed.amount_fen
    days = contract.days if proposed.days is None else proposed.days
    if proposed.kind == "extension" and amount_fen != contract.amount_fen:
        reasons.append(Reason("extension_changes_price", CONTRACT_RULE))
    if proposed.kind == "extension" and days <= contract.days:
        reasons.append(Reason("extension_not_longer", CONTRACT_RULE, {"days": contract.days, "given_days": days}))
    elif (amount_fen, days) == (contract.amount_fen, contract.days) and not proposed.documents:
        reasons.append(Reason("change_changes_nothing", CONTRACT_RULE))
    if reasons:
        return Refused(tuple(reasons))
    documents: list[Json] = [document_json(one) for one in proposed.documents]
    return Happened(
        "contract.change_proposed",
        {
            "number": len(contract.changes) + 1,
            "kind": proposed.kind,
            "by": by,
            "agency": contract.award.agency,
            "reason": proposed.reason,
            "amount_fen": proposed.amount_fen,
            "days": proposed.days,
            "was_fen": contract.amount_fen,
            "was_days": contract.days,
            "raises_price": amount_fen > contract.amount_fen,
            "documents": documents,
        },
    )


def answer_change(
    contract: Contract, number: int, reason: str, *, is_agreed: bool, by: Side, profile: RuleProfile
) -> Happened | Refused:
    """Agree to a change or decline it; refuses an answer to one's own, and to one that does not wait."""
    waiting = contract.open_change
    if waiting is None or waiting.number != number:
        return Refused((Reason("no_change_waits", CONTRACT_RULE, {"number": number}),))
    if waiting.by == by:
        return Refused((Reason("own_change", CONTRACT_RULE, {"by": by}),))
    data: dict[str, Json] = {"number": number, "kind": waiting.kind, "by": by, "reason": reason}
    data["agency"] = contract.award.agency
    if not is_agreed:
        return Happened("contract.change_declined", data)
    assert contract.confirmed_at is not None, "signed"
    assert contract.due_at is not None, "signed"
    due_at = contract.due_at
    if waiting.days is not None and contract.days is not None:
        moved = due_at - due_of(profile, contract.confirmed_at, contract.days).at  # by disputes that are over
        due_at = due_of(profile, contract.confirmed_at, waiting.days).at + moved
    data |= {
        "amount_fen": waiting.amount_fen,
        "days": waiting.days,
        "raises_price": waiting.raises_price,
        "due_at": format_instant(due_at),
    }
    return Happened("contract.change_agreed", data)


def binds_anew(contract: Contract) -> bool:
    """Whether the change that waits is new business, which a restricted agency may not sign; a longer time is none."""
    return contract.open_change is not None and contract.open_change.kind == "change"


def document_json(one: Document) -> dict[str, Json]:
    """A document as the record names it: never by its file name."""
    return {"id": one.id, "sha256": one.sha256}


def propose_termination(contract: Contract, reason: str, *, by: Side) -> Happened | Refused:
    """Propose to end the contract; refuses while the other side's proposal waits: that one is answered."""
    ending = contract.ending
    if ending is not None and ending.by != by:
        return Refused((Reason("termination_is_proposed", CONTRACT_RULE, {"by": ending.by}),))
    return Happened("contract.termination_proposed", {"by": by, "reason": reason})


def terminate(contract: Contract, reason: str, *, by: Side | None) -> Happened | Refused:
    """End it: the other side of a proposal agrees, or a regulator (None) decides."""
    ending = contract.ending
    if by is None:
        return Happened("contract.terminated", {"by": "regulator", "reason": reason})
    if ending is None:
        return Refused((Reason("termination_not_proposed", CONTRACT_RULE),))
    if ending.by == by:
        return Refused((Reason("own_termination", CONTRACT_RULE, {"by": by, "asked": other(by)}),))
    return Happened("contract.terminated", {"by": by, "reason": reason})
