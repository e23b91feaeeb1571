"""What clients were told of explanations, awards given up, pauses and ends, held against the record and the credit.

Each message of these kinds says words of its own, so every event names the message it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from commons.instants import parse_instant
from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly
from marketplace.usecases.cancel_selection import CancelSelection, SelectionCancelled
from marketplace.usecases.confirm_award import AwardConfirmed, ConfirmAward
from marketplace.usecases.explain_low_price import ExplainLowPrice, LowPriceExplained
from marketplace.usecases.pick_from_shortlist import PickedFromShortlist, PickFromShortlist
from marketplace.usecases.resume_selection import ResumeSelection, SelectionResumed
from marketplace.usecases.rule_low_price import LowPriceRuled, RuleLowPrice
from marketplace.usecases.standing import ABANDONED
from marketplace.usecases.suspend_selection import SelectionSuspended, SuspendSelection
from tests.simulation.facts import Facts
from tests.simulation.messages import Sent
from tests.simulation.record_rows import Row

OUTCOMES = (
    AbandonAward,
    CancelSelection,
    ExplainLowPrice,
    ResumeSelection,
    RuleLowPrice,
    SuspendSelection,
    PickFromShortlist,
    AwardDirectly,
)
TYPES = (
    "award.abandoned", "selection.cancelled", "explanation.given", "selection.resumed", "explanation.accepted",
    "explanation.rejected", "selection.suspended", "choice.made",
)  # fmt: skip


def outcomes_told(facts: Facts, sent: Sequence[Sent]) -> Iterator[str]:
    """Acknowledged acts that are not in the record once as they were told; acts of the record that nobody sent."""
    messages = {_words(one.command): one for one in sent if isinstance(one.command, OUTCOMES)}
    events: dict[str, list[Row]] = {}
    for row in facts.of(*TYPES):
        if row.data.get("ground") not in {"not_given", "silence"}:
            words = row.private["text"] if row.type == "explanation.given" else row.data["reason"]
            events.setdefault(str(words), []).append(row)
    for words, rows in events.items():
        one = messages.get(words)
        if one is None or (not _told(one.answer) and not one.is_unknown and one.answers):
            yield f"{rows[0].type} is in the record, and nobody sent it or it was refused: {words}"
        if len(rows) > 1:
            yield f"{rows[0].type} is in the record {len(rows)} times: {words}"
    for words, one in messages.items():
        told = _told(one.answer)
        if told and [(row.type, row.at) for row in events.get(words, [])] != [told]:
            yield f"step {one.step.number} was told {told}, the record does not say so once"


def _words(command: Any) -> str:
    return str(command.text if isinstance(command, ExplainLowPrice) else command.reason)


def _told(answer: object) -> tuple[str, datetime] | None:
    """The event that an acknowledgement promises, and its instant."""
    told: tuple[str, datetime] | None = None
    match answer:
        case AwardAbandoned():
            told = "award.abandoned", answer.abandoned_at
        case LowPriceExplained():
            told = "explanation.given", answer.given_at
        case LowPriceRuled():
            told = f"explanation.{'accepted' if answer.is_accepted else 'rejected'}", answer.ruled_at
        case SelectionCancelled():
            told = "selection.cancelled", answer.cancelled_at
        case SelectionSuspended():
            told = "selection.suspended", answer.suspended_at
        case PickedFromShortlist():
            told = "choice.made", answer.picked_at
        case AwardedDirectly():
            told = "choice.made", answer.awarded_at
        case SelectionResumed():
            told = "selection.resumed", answer.resumed_at
    return told


def confirmed(facts: Facts, sent: Sequence[Sent]) -> Iterator[str]:
    """Acknowledged confirmations that the record does not hold at their instant; those in it that nobody sent."""
    given = {row.data["bidder"]: row.at for row in facts.of("confirmation.given")}
    messages = [one for one in sent if isinstance(one.command, ConfirmAward)]
    for one in messages:
        if isinstance(one.answer, AwardConfirmed) and given.get(one.answer.agency) != one.answer.confirmed_at:
            yield f"step {one.step.number} was told that it confirmed, the record does not say so"
    senders = {one.command.agency for one in messages if isinstance(one.command, ConfirmAward)}
    yield from (f"{who} confirmed and nobody said so" for who in given.keys() - senders)
    if len(given) != len(facts.of("confirmation.given")):
        yield "an award was confirmed twice by one agency"


def credited(facts: Facts) -> Iterator[str]:
    """Each award given up is one credit fact of the agency, recorded with it, and there is no other.

    Who was named by the owner at its will has offered nothing, and gives up at no cost.
    """
    given_up = {row.data["bidder"]: row.at for row in facts.of("award.abandoned")}
    given_up |= {row.data["bidder"]: parse_instant(row.data["as_of"]) for row in facts.of("award.lapsed")}
    if facts.state.mode == "direct":
        given_up = {}
    for bidder in facts.state.participants:
        found = [one for one in facts.credit.get(bidder, ()) if one.code == ABANDONED and facts.selection in one.basis]
        if len(found) != (bidder in given_up):
            yield f"{bidder} has {len(found)} credit facts of the award it gave up, or did not"
        yield from (
            f"the credit fact of {bidder} was recorded before the award was given up"
            for one in found
            if bidder in given_up and one.recorded_at < given_up[bidder]
        )
