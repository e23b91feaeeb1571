"""The life of a demand up to its award as a table, and the one word for where it is.

Invariants: the word is a function of the record and the instant, never of who looked; the table says what may be done
in each; the rules of each act say the rest. Where the award stands, the life-cycle of the contract goes on.
Source: market.md section 4, docs/adr/0022.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, cast, get_args

from bidding.objections import open_against
from bidding.selection import Selection
from commons.cycles import Cycle, Step
from commons.events import Role

Stage = Literal[
    "draft", "published", "offers_closed", "evaluating", "choosing", "award_proposed", "publicity", "objected",
    "confirming", "awarded", "unsuccessful", "cancelled", "withdrawn", "suspended", "covered", "discarded",
]  # fmt: skip
"""One word for where a demand is; ``award_proposed`` passes into publicity at the same instant."""

STAGES: frozenset[str] = frozenset(get_args(Stage))

GIVEN_UP = ("covered", "discarded")
"""Ends of a draft that is never published."""

PICKED_AT_ONCE = ("instant", "direct")
"""Modes in which no clock closes offers."""


def stage_of(state: Selection, *, closes_at: datetime | None, at: datetime) -> Stage:
    """The word of a published demand whose selection was settled by ``at``; ``closes_at`` is the last close so far."""
    if state.cancelled_at is not None:
        return "withdrawn" if state.is_withdrawn else "cancelled"
    if state.suspension is not None:
        return "suspended"
    if state.is_unsuccessful:
        return "unsuccessful"
    if state.is_confirmed:
        return "awarded"
    if state.proposed is not None:
        return _award_stage(state, state.proposed, at=at)
    return _ruling_stage(state, closes_at=closes_at, at=at)


def _award_stage(state: Selection, proposed: str, *, at: datetime) -> Stage:
    if open_against(state.objections, proposed, at=at):
        return "objected"
    return "confirming" if proposed in state.confirming else "publicity"


def _ruling_stage(state: Selection, *, closes_at: datetime | None, at: datetime) -> Stage:
    if state.evaluation is not None:
        return "choosing" if state.evaluation["outcome"] == "owner_choice" else "evaluating"
    if state.closed_at is not None:
        return "evaluating"
    is_over = state.mode not in PICKED_AT_ONCE and closes_at is not None and closes_at <= at
    return "offers_closed" if is_over else "published"


OWNER: frozenset[Role] = frozenset({"owner", "delegate"})
AGENCY: frozenset[Role] = frozenset({"agency"})
ANYBODY: frozenset[Role] = frozenset({"agency", "public"})
REGULATOR: frozenset[Role] = frozenset({"regulator"})
OVERSIGHT: frozenset[Role] = frozenset({"owner", "delegate", "regulator"})


def _by(
    state: Stage, action: str, roles: frozenset[Role], leads_to: Stage | None = None, within: str | None = None
) -> Step:
    return Step(state, action, roles, leads_to or state, within)


def _clock(state: Stage, action: str, leads_to: Stage, within: str | None = None) -> Step:
    return Step(state, action, frozenset(), leads_to, within, by_clock=True)


def _ending(*states: Stage) -> Iterable[Step]:
    """What may end or pause a demand that is not over."""
    for state in states:
        yield _by(state, "suspend_selection", OVERSIGHT, "suspended")
        yield _by(state, "cancel_selection", frozenset({"owner", "delegate"}), "cancelled")


def _answering(*states: Stage) -> Iterable[Step]:
    """Enquiries are answered as long as anything may come of the demand, late ones too."""
    for state in states:
        yield _by(state, "answer_enquiry", OWNER, within="enquiry_answer")


def _award_acts(*states: Stage) -> Iterable[Step]:
    """What the agency proposed may do."""
    for state in states:
        leads_to = "awarded" if state == "confirming" else state
        within = "award_confirmation" if state == "confirming" else None
        yield _by(state, "confirm_award", AGENCY, cast("Stage", leads_to), within)
        yield _by(state, "abandon_award", AGENCY, "award_proposed")


DEMAND_CYCLE = Cycle(
    "demand",
    (
        _by("draft", "publish_demand", OWNER, "published", "sign_up"),
        _by("draft", "publish_notice", OWNER, "published", "sign_up"),
        _by("draft", "use_coverage", OWNER, "covered"),
        _by("draft", "change_draft", OWNER),
        _by("draft", "discard_draft", OWNER, "discarded"),
        _by("published", "ask_enquiry", AGENCY, within="sign_up"),
        *_answering("published"),
        _by("published", "change_demand", OWNER, within="sign_up"),
        _by("published", "sign_up", AGENCY, within="sign_up"),
        _by("published", "place_offer", AGENCY),
        _by("published", "reconfirm_offer", AGENCY),
        _by("published", "take_instant_award", OWNER, "publicity"),
        _by("published", "award_directly", OWNER, "publicity"),
        _by("published", "withdraw_demand", OWNER, "withdrawn"),
        *_ending("published"),
        _clock("published", "offers_close", "offers_closed"),
        _clock("offers_closed", "offers_open", "evaluating"),
        *_answering("offers_closed", "evaluating", "choosing", "publicity", "objected", "confirming"),
        _by("evaluating", "explain_low_price", AGENCY, within="low_price_explanation"),
        _by("evaluating", "rule_low_price", OWNER, "award_proposed"),
        *_ending("evaluating"),
        _clock("evaluating", "short_list_drawn", "choosing", "owner_choice"),
        _clock("evaluating", "ruling", "award_proposed"),
        _clock("evaluating", "too_few_bidders", "unsuccessful"),
        _by("choosing", "pick_from_shortlist", OWNER, "award_proposed", "owner_choice"),
        *_ending("choosing"),
        _clock("choosing", "choice_by_silence", "award_proposed", "owner_choice"),
        _clock("award_proposed", "publicity_begins", "publicity", "publicity"),
        _clock("award_proposed", "nobody_left", "unsuccessful"),
        _by("publicity", "object_to_award", ANYBODY, "objected", "publicity"),
        *_award_acts("publicity"),
        *_ending("publicity"),
        _clock("publicity", "publicity_over", "confirming", "publicity"),
        _clock("publicity", "publicity_over_confirmed", "awarded", "publicity"),
        _by("objected", "object_to_award", ANYBODY, within="publicity"),
        _by("objected", "answer_award_objection", OWNER, within="award_objection_answer"),
        _by("objected", "withdraw_award_objection", ANYBODY, "publicity"),
        _by("objected", "lodge_complaint", ANYBODY, within="complaint"),
        _by("objected", "accept_complaint", REGULATOR, within="complaint_acceptance"),
        _by("objected", "decide_complaint", REGULATOR, "publicity", "complaint_decision"),
        *_award_acts("objected"),
        *_ending("objected"),
        _clock("objected", "complaint_time_over", "publicity", "complaint"),
        *_award_acts("confirming"),
        *_ending("confirming"),
        _clock("confirming", "silence", "award_proposed", "award_confirmation"),
        _by("suspended", "resume_selection", OVERSIGHT, "published"),
        _by("suspended", "cancel_selection", OWNER, "cancelled"),
        *_answering("suspended", "awarded"),
        _by("unsuccessful", "publish_again", OWNER, "published", "sign_up"),
    ),
)
"""From the draft to the award. A suspension ends where it began: ``published`` stands for the state before it."""
