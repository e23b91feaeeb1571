"""The life of a demand as a table: every cell of state, action and role; a word for its stage; the edges of clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bidding.objections import Complaint, Objection, open_against, released
from bidding.pauses import Suspension
from bidding.selection import Selection
from commons.cycles import Cycle, judge_step
from commons.events import Role
from commons.instants import Deadline
from commons.verdicts import Allowed, Reason, Refused
from marketplace.catalogue.profiles import rule_profile
from marketplace.demands.demand import Mode
from marketplace.demands.duties import duties, overdue
from marketplace.demands.enquiries import Enquiry, judge_enquiry, judge_enquiry_answer
from marketplace.demands.life_cycle import DEMAND_CYCLE, STAGES, stage_of
from marketplace.demands.objecting import (
    Objecting,
    complaint_end,
    judge_acceptance,
    judge_answer,
    judge_award_objection,
    judge_complaint,
    judge_decision,
    judge_withdrawal,
)
from marketplace.demands.outcomes import AwardNow, Standing, judge_change, judge_confirmation, judge_publishing_again
from marketplace.identity.rights import RIGHTS
from marketplace.web.locale.life_words import ACTIONS, PARTIES
from marketplace.web.locale.life_words import STAGES as STAGE_WORDS
from marketplace.web.locale.names import STATES
from marketplace.web.locale.reasons import reason_text
from tests.rules.life_cycle_document import CYCLES, PATH, document, places

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
W, A, P, R = "owner delegate", "agency", "public", "regulator"
ENDING = {"suspend_selection": f"{W} {R}", "cancel_selection": W}
AWARD = {"confirm_award": A, "abandon_award": A}
ANSWER = {"answer_enquiry": W}
EXPECTED: Mapping[str, Mapping[str, str]] = {
    "draft": {"publish_demand": W, "publish_notice": W, "use_coverage": W, "change_draft": W, "discard_draft": W},
    **{ended: {} for ended in ("covered", "discarded")},
    "published": {
        "ask_enquiry": A, "change_demand": W, "sign_up": A, "place_offer": A, "reconfirm_offer": A,
        "take_instant_award": W, "award_directly": W, "withdraw_demand": W, **ENDING, **ANSWER,
    },
    "offers_closed": {**ANSWER},
    "evaluating": {"explain_low_price": A, "rule_low_price": W, **ENDING, **ANSWER},
    "choosing": {"pick_from_shortlist": W, **ENDING, **ANSWER},
    "award_proposed": {},
    "publicity": {"object_to_award": f"{A} {P}", **AWARD, **ENDING, **ANSWER},
    "objected": {
        "object_to_award": f"{A} {P}", "answer_award_objection": W, "withdraw_award_objection": f"{A} {P}",
        "lodge_complaint": f"{A} {P}", "accept_complaint": R, "decide_complaint": R, **AWARD, **ENDING, **ANSWER,
    },
    "confirming": {**AWARD, **ENDING, **ANSWER},
    "awarded": {**ANSWER},
    "suspended": {"resume_selection": f"{W} {R}", "cancel_selection": W, **ANSWER},
    "unsuccessful": {"publish_again": W},
    "cancelled": {},
    "withdrawn": {},
}  # fmt: skip
"""Who may do what in each stage, written down by hand and not read from the table."""


def test_every_cell_of_state_action_and_role_is_as_written_down() -> None:
    assert set(DEMAND_CYCLE.states) == set(EXPECTED) == STAGES
    acts = {step.action for step in DEMAND_CYCLE.steps if not step.by_clock}
    assert acts == {act for allowed in EXPECTED.values() for act in allowed}
    cells = 0
    for state, allowed in EXPECTED.items():
        for action in DEMAND_CYCLE.actions:
            for role in get_args(Role):
                ruling, cells = judge_step(DEMAND_CYCLE, state, action, role), cells + 1
                if role in allowed.get(action, "").split():
                    assert ruling == Allowed(), (state, action, role)
                else:
                    assert isinstance(ruling, Refused), (state, action, role)
                    expected = "role_not_allowed" if action in allowed else "not_in_this_state"
                    assert ruling.codes == (expected,), (state, action, role)
    assert cells == len(EXPECTED) * len(DEMAND_CYCLE.actions) * len(get_args(Role))


def test_a_row_that_is_taken_out_or_slipped_in_is_seen() -> None:
    planted = Cycle("demand", tuple(one for one in DEMAND_CYCLE.steps if one.action != "lodge_complaint"))
    assert isinstance(judge_step(planted, "objected", "lodge_complaint", "public"), Refused)
    assert judge_step(DEMAND_CYCLE, "objected", "lodge_complaint", "public") == Allowed()


@pytest.mark.parametrize("name", CYCLES)
def test_a_cycle_gives_no_act_to_a_role_that_the_table_of_permissions_denies(name: str) -> None:
    for step in CYCLES[name].steps:
        if not step.by_clock and step.action in RIGHTS:
            assert step.roles <= set(RIGHTS[step.action].roles), step
    assert {one.action for one in DEMAND_CYCLE.steps if not one.by_clock} <= set(RIGHTS)


@pytest.mark.parametrize("name", CYCLES)
def test_every_clock_of_a_cycle_is_in_both_profiles_and_everything_has_its_words(name: str) -> None:
    for step in CYCLES[name].steps:
        assert step.action in ACTIONS
        assert {step.state, step.leads_to} <= set(STAGE_WORDS)
        assert step.roles <= set(PARTIES)
        for profile in ("generic-v1", "demo-v1"):
            assert step.within is None or step.within in rule_profile(profile).values, (profile, step.within)
    assert set(DEMAND_CYCLE.states) <= set(STATES)


def test_the_reference_shows_the_tables() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert places(text) == list(CYCLES)
    assert document(text) == text, "run: python -m tests.rules.life_cycle_document"


def test_a_refusal_says_in_words_what_would_be_possible() -> None:
    ruling = judge_step(DEMAND_CYCLE, "draft", "object_to_award", "public")
    assert isinstance(ruling, Refused)
    said = reason_text(ruling.reasons[0])
    assert said == (
        "现在是“草稿”阶段，不能提出中选异议；可以在“公示中、异议处理中”阶段办理；现在可以：发布需求、发布标段公告、"
        "使用区域评估成果、修改草稿、放弃草稿"
    )
    assert "publish_demand" in reason_text(ruling.reasons[0], "en")


RULED: dict[str, Any] = {"closed_at": AT, "evaluation": {"outcome": "awaiting_explanation"}}
WON: dict[str, Any] = {"closed_at": AT, "decision": {"outcome": "award"}, "proposed": "A"}
OPEN = Objection(1, "A", AT, Deadline(AT + timedelta(days=3), is_provisional=False))


@pytest.mark.parametrize(
    ("changes", "closes_in", "stage"),
    [
        ({}, 1, "published"),
        ({}, 0, "offers_closed"),
        ({"mode": "instant"}, None, "published"),
        ({"mode": "direct"}, 0, "published"),
        (RULED, 0, "evaluating"),
        ({"closed_at": AT, "waits_for": "S2"}, 0, "evaluating"),
        ({**RULED, "evaluation": {"outcome": "owner_choice"}}, 0, "choosing"),
        (WON, 0, "publicity"),
        ({**WON, "objections": (OPEN,)}, 0, "objected"),
        ({**WON, "objections": (replace(OPEN, against="B"),)}, 0, "publicity"),
        ({**WON, "objections": (replace(OPEN, withdrawn_at=AT),)}, 0, "publicity"),
        ({**WON, "confirming": {"A": OPEN.answer_until}}, 0, "confirming"),
        ({**WON, "is_confirmed": True}, 0, "awarded"),
        ({**WON, "proposed": None, "is_unsuccessful": True}, 0, "unsuccessful"),
        ({"cancelled_at": AT}, 1, "cancelled"),
        ({"cancelled_at": AT, "is_withdrawn": True}, 1, "withdrawn"),
        ({**WON, "suspension": Suspension(AT, "owner", "proposed")}, 0, "suspended"),
    ],
)
def test_one_word_says_where_a_demand_is(changes: dict[str, Any], closes_in: int | None, stage: str) -> None:
    state = Selection("S1", **{"mode": "comprehensive", **changes})
    closes_at = None if closes_in is None else AT + timedelta(seconds=closes_in)
    assert stage_of(state, closes_at=closes_at, at=AT) == stage


def codes(ruling: Any) -> tuple[str, ...]:
    return ruling.codes if isinstance(ruling, Refused) else ()


OBJECTING = Objecting("publicity", False, AT, has_objected=False, is_own=False, count=0)


@pytest.mark.parametrize(
    ("now", "at", "expected"),
    [
        (OBJECTING, AT - TICK, ()),
        (OBJECTING, AT, ("publicity_is_over",)),
        (OBJECTING, AT + TICK, ("publicity_is_over",)),
        (replace(OBJECTING, stage="objected"), AT - TICK, ()),
        (replace(OBJECTING, stage="confirming"), AT - TICK, ("not_in_this_state",)),
        (replace(OBJECTING, is_instant=True), AT - TICK, ("instant_award_binds",)),
        (replace(OBJECTING, has_objected=True, is_own=True), AT - TICK, ("objected_before", "own_award")),
        (replace(OBJECTING, count=50), AT - TICK, ("too_many_objections",)),
        (replace(OBJECTING, count=49), AT - TICK, ()),
    ],
)
def test_an_objection_belongs_to_the_publicity(now: Objecting, at: datetime, expected: tuple[str, ...]) -> None:
    assert codes(judge_award_objection(now, "public", at=at)) == expected


ANSWERED = replace(
    OPEN, answered_at=AT, finding="dismissed", complain_until=Deadline(AT + timedelta(days=10), is_provisional=False)
)
UNANSWERED = replace(OPEN, complain_until=Deadline(AT + timedelta(days=13), is_provisional=False))
"""As it is recorded since its time to complain is said with it; OPEN is as it was before."""
LODGED = replace(ANSWERED, complaint=Complaint(AT, Deadline(AT + timedelta(days=3), is_provisional=False)))
assert LODGED.complaint is not None
TAKEN = replace(LODGED, complaint=replace(LODGED.complaint, accepted_at=AT))
assert TAKEN.complaint is not None
DECIDED = replace(TAKEN, complaint=replace(TAKEN.complaint, decided_at=AT, finding="dismissed"))


@pytest.mark.parametrize(
    ("one", "answer", "withdrawal", "acceptance", "decision"),
    [
        (OPEN, (), (), ("no_complaint_waits",), ("no_complaint_accepted",)),
        (ANSWERED, ("award_objection_answered",), (), ("no_complaint_waits",), ("no_complaint_accepted",)),
        (LODGED, ("award_objection_answered",), (), (), ("no_complaint_accepted",)),
        (TAKEN, ("award_objection_answered",), ("complaint_is_open",), ("no_complaint_waits",), ()),
        (
            DECIDED, ("award_objection_answered",), ("complaint_is_open",), ("no_complaint_waits",),
            ("no_complaint_accepted",),
        ),
        (
            replace(OPEN, withdrawn_at=AT), ("objection_is_over",), ("objection_is_over",), ("no_complaint_waits",),
            ("no_complaint_accepted",),
        ),
        (
            replace(LODGED, withdrawn_at=AT), ("award_objection_answered",), ("objection_is_over",),
            ("no_complaint_waits",), ("no_complaint_accepted",),
        ),
        (
            replace(TAKEN, withdrawn_at=AT), ("award_objection_answered",), ("complaint_is_open",),
            ("no_complaint_waits",), ("no_complaint_accepted",),
        ),
    ],
)  # fmt: skip
def test_each_step_of_an_objection_follows_the_one_before_it(
    one: Objection, answer: tuple[str, ...], withdrawal: tuple[str, ...], acceptance: tuple[str, ...],
    decision: tuple[str, ...],
) -> None:  # fmt: skip
    assert codes(judge_answer("objected", "owner", one, at=AT)) == answer
    assert codes(judge_withdrawal("objected", "public", one, at=AT)) == withdrawal
    assert codes(judge_acceptance("objected", "regulator", one)) == acceptance
    assert codes(judge_decision("objected", "regulator", one)) == decision


@pytest.mark.parametrize(
    ("one", "after", "expected"),
    [
        (ANSWERED, timedelta(days=10) - TICK, ()),
        (ANSWERED, timedelta(days=10), ("complaint_too_late",)),
        (OPEN, timedelta(days=3) - TICK, ("answer_not_due",)),
        (OPEN, timedelta(days=3), ()),
        (OPEN, timedelta(days=13) - TICK, ()),
        (OPEN, timedelta(days=13), ("complaint_too_late",)),
        (UNANSWERED, timedelta(days=3) - TICK, ("answer_not_due",)),
        (UNANSWERED, timedelta(days=3), ()),
        (UNANSWERED, timedelta(days=13) - TICK, ()),
        (UNANSWERED, timedelta(days=13), ("complaint_too_late",)),
        (LODGED, timedelta(), ("complained_before",)),
    ],
)
def test_a_complaint_follows_the_answer_or_its_due_day_within_ten_days(
    one: Objection, after: timedelta, expected: tuple[str, ...]
) -> None:
    at = AT + after
    end = complaint_end(one, rule_profile("generic-v1"), at=at)
    assert codes(judge_complaint("objected", "public", one, end, at=at)) == expected


def test_the_clocks_of_the_profile_are_those_of_the_design() -> None:
    values = rule_profile("generic-v1").values
    assert {key: (values[key].value, values[key].unit) for key in (
        "sign_up", "publicity", "publicity_voluntary", "award_confirmation", "enquiry_answer",
        "award_objection_answer", "complaint", "complaint_acceptance", "complaint_decision",
    )} == {
        "sign_up": (3, "workdays"), "publicity": (3, "workdays"), "publicity_voluntary": (1, "workdays"),
        "award_confirmation": (2, "workdays"), "enquiry_answer": (2, "workdays"),
        "award_objection_answer": (3, "workdays"), "complaint": (10, "days"),
        "complaint_acceptance": (3, "workdays"), "complaint_decision": (30, "workdays"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "released_at"),
    [
        (OPEN, None),
        (UNANSWERED, AT + timedelta(days=13)),
        (replace(UNANSWERED, complaint=Complaint(AT, OPEN.answer_until)), None),
        (replace(OPEN, withdrawn_at=AT), AT),
        (ANSWERED, AT + timedelta(days=10)),
        (replace(OPEN, answered_at=AT, finding="upheld"), AT),
        (LODGED, None),
        (TAKEN, None),
        (DECIDED, AT),
        (replace(LODGED, complaint=replace(LODGED.complaint, refused_at=AT + TICK)), AT + TICK),
    ],
)
def test_an_award_is_clear_when_every_objection_to_it_is(one: Objection, released_at: datetime | None) -> None:
    assert one.released_at == released_at
    assert released((one,), "A", after=AT) == (None if released_at is None else max(AT, released_at))
    assert released((one,), "B", after=AT) == AT
    assert released((one,), "A", after=None) is None
    assert [each.number for each in open_against((one,), "A", at=AT - TICK)] == [1]
    if released_at is not None:
        assert open_against((one,), "A", at=released_at) == ()


NOW = AwardNow(False, "A", False, frozenset())


@pytest.mark.parametrize(
    ("now", "who", "needed", "given", "expected"),
    [
        (NOW, "A", True, False, ()),
        (NOW, "A", True, True, ("confirmed_already",)),
        (NOW, "A", False, False, ("no_confirmation_asked",)),
        (NOW, "B", True, False, ("award_is_not_yours",)),
        (replace(NOW, is_instant=True), "A", False, False, ("instant_award_binds",)),
        (replace(NOW, is_confirmed=True), "A", True, True, ("award_is_confirmed",)),
        (replace(NOW, abandoned=frozenset("A"), proposed="B"), "A", True, False, ("already_abandoned",)),
        (replace(NOW, proposed=None), "A", True, False, ("no_award_proposed",)),
    ],
)
def test_an_award_is_confirmed_once_by_whoever_is_proposed(
    now: AwardNow, who: str, needed: bool, given: bool, expected: tuple[str, ...]
) -> None:
    assert codes(judge_confirmation(now, who, is_needed=needed, is_given=given)) == expected


def enquiry(**changes: Any) -> Enquiry:
    until = Deadline(AT + timedelta(days=2), is_provisional=False)
    return Enquiry(**{
        "number": 1, "selection": "S1", "question": "?", "asked_at": AT, "answer_until": until, "asker": "A", **changes,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("at", "expected"), [(AT - TICK, ()), (AT, ("enquiries_closed",)), (AT + TICK, ("enquiries_closed",))]
)
def test_enquiries_end_with_the_sign_up(at: datetime, expected: tuple[str, ...]) -> None:
    assert codes(judge_enquiry("published", "agency", "A", (), ask_until=AT, at=at)) == expected


def test_enquiries_have_their_bounds_and_are_answered_once() -> None:
    ten = tuple(enquiry(number=number) for number in range(1, 11))
    assert codes(judge_enquiry("published", "agency", "A", ten, ask_until=None, at=AT)) == ("too_many_enquiries",)
    assert codes(judge_enquiry("published", "agency", "B", ten, ask_until=None, at=AT)) == ()
    many = tuple(enquiry(number=number, asker=f"A{number % 20}") for number in range(200))
    assert codes(judge_enquiry("published", "agency", "B", many, ask_until=None, at=AT)) == ()
    refused = judge_enquiry("published", "agency", "A7", many, ask_until=None, at=AT)
    assert isinstance(refused, Refused)
    assert refused.reasons[0].params == {"most": 10, "asked": 10}
    assert codes(judge_enquiry("publicity", "agency", "B", (), ask_until=None, at=AT)) == ("not_in_this_state",)
    assert codes(judge_enquiry_answer("suspended", "owner", enquiry())) == ()
    assert codes(judge_enquiry_answer("published", "owner", enquiry(answered_at=AT))) == ("enquiry_answered_before",)
    assert codes(judge_enquiry_answer("cancelled", "owner", enquiry())) == ("not_in_this_state",)
    until = enquiry().answer_until.at
    assert (enquiry().is_late(at=until - TICK), enquiry().is_late(at=until)) == (False, True)
    assert not enquiry(answered_at=until - TICK).is_late(at=until)


def test_what_is_waited_for_is_listed_by_deadline_and_what_is_over_is_nobodys() -> None:
    won = Selection("S1", mode="comprehensive", **{**WON, "objections": (OPEN, replace(TAKEN, number=2))})
    waiting = duties(won, (enquiry(), enquiry(number=2, answered_at=AT)), closes_at=AT + timedelta(days=1), at=AT)
    assert [(one.act, one.number, one.due_at - AT, one.since) for one in waiting] == [
        ("answer_enquiry", 1, timedelta(days=1), enquiry().asked_at),
        ("answer_award_objection", 1, timedelta(days=3), OPEN.raised_at)]  # fmt: skip
    assert [one.act for one in overdue(waiting, at=AT + timedelta(days=1))] == ["answer_enquiry"]
    assert overdue(waiting, at=AT + timedelta(days=1) - TICK) == ()
    for changes in ({"cancelled_at": AT}, {"is_unsuccessful": True, "proposed": None}):
        assert duties(replace(won, **changes), (enquiry(),), closes_at=AT, at=AT) == ()
    confirming = Selection("S1", **{**WON, "confirming": {"A": OPEN.answer_until}})
    assert [(one.act, one.agency) for one in duties(confirming, (), closes_at=AT, at=AT)] == [("confirm_award", "A")]
    assert duties(replace(confirming, confirmations={"A": AT}), (), closes_at=AT, at=AT) == ()
    lodged = Selection("S1", **{**WON, "objections": (LODGED,)})
    assert [one.act for one in duties(lodged, (), closes_at=AT, at=AT)] == ["accept_complaint"]


CLOCK = Reason("sign_up_too_short", rule_profile("generic-v1")["sign_up"].source)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"stage": "offers_closed"}, ("not_in_this_state",)),
        ({"role": "agency"}, ("role_not_allowed",)),
        ({"mode": "instant"}, ("no_terms_to_change",)),
        ({"now": Standing(first_round_at=AT + TICK)}, ()),
        ({"now": Standing(first_round_at=AT)}, ("rounds_under_way",)),
        ({"clocks": (CLOCK,), "is_draw_new": True}, ("sign_up_too_short", "change_needs_draw")),
    ],
)
def test_terms_change_while_offers_are_taken(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    given: dict[str, Any] = {
        "now": Standing(), "stage": "published", "role": "owner", "mode": "comprehensive", "clocks": (),
        "is_draw_new": False, "at": AT, **changes,
    }  # fmt: skip
    assert codes(judge_change(given.pop("now"), given.pop("stage"), given.pop("role"), **given)) == expected


def test_what_was_annulled_comes_again_whatever_its_terms_and_counts_as_no_failure() -> None:
    modes: tuple[Mode | None, ...] = (None, "mean_price", "comprehensive")
    for new_mode in modes:
        for publications in (1, 2, 7):
            again: dict[str, Any] = {"mode": "comprehensive", "new_mode": new_mode, "publications": publications}
            assert judge_publishing_again(lacked_bidders=False, is_annulled=True, **again) == ()
