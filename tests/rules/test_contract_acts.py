"""Every act on a contract: what it refuses with which reason, what it brings, and the contract after its event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from commons.errors import NotFound
from commons.instants import format_instant
from commons.verdicts import Reason, Refused
from marketplace.catalogue.profiles import rule_profile
from marketplace.contracts.archive import PRIVATE, index_of, public_digest
from marketplace.contracts.clocks import due_of, open_duties
from marketplace.contracts.contract import DIMENSIONS, Contract, Document, Happened, opened, side_of
from marketplace.contracts.folding import fold, step
from marketplace.contracts.performing import (
    Planned,
    arrange_visit,
    close_dispute,
    give_back,
    hand_in,
    note_dispute,
    note_money,
    note_review,
    note_visit,
    open_dispute,
    other_revision,
    plan_milestones,
    reach_milestone,
)
from marketplace.contracts.rating import answer_rating, archivable, rate
from marketplace.contracts.settling import facts_due
from marketplace.contracts.signing import (
    Proposed,
    above_ceiling,
    answer_change,
    binds_anew,
    confirm,
    departures,
    propose_change,
    propose_termination,
    terminate,
    upload,
)
from tests.rules.contract_states import (
    AT,
    AWARD,
    DAY,
    GENERIC,
    NEW,
    SIGNED,
    TICK,
    accepted,
    delivered,
    midnight,
    signed,
    then,
    uploaded,
)

PAPERS = (Document("F1", "ab" * 32),)
LONGER = Proposed("extension", "汛期（示例）", None, 30)
DEARER = Proposed("change", "增加一宗地（示例）", 1_200_000, None)


def codes(answer: Happened | Refused | tuple[Reason, ...]) -> tuple[str, ...]:
    """The reasons of a refusal."""
    assert not isinstance(answer, Happened), answer
    return answer.codes if isinstance(answer, Refused) else tuple(one.code for one in answer)


@pytest.mark.parametrize(
    ("award", "changed", "expected"),
    [
        ({}, {}, ()),
        ({}, {"amount_fen": 999_999}, ("contract_price_departs",)),
        ({}, {"days": 21}, ("contract_days_depart",)),
        ({"days": None}, {"days": 60}, ()),
        ({"days": None}, {"days": 61}, ("contract_days_depart",)),
        ({"days": None, "max_days": None}, {"days": 999}, ()),
        ({}, {"same_terms": False}, ("contract_terms_depart",)),
        ({}, {"signed_on": date(2026, 3, 4)}, ("signed_on_to_come",)),
        ({}, {"signed_on": date(2026, 3, 1)}, ("signed_before_award",)),
        ({}, {"amount_fen": 1, "days": 1, "same_terms": False},
         ("contract_price_departs", "contract_days_depart", "contract_terms_depart")),
    ],
)  # fmt: skip
def test_a_contract_that_departs_from_its_award_is_refused_with_every_way_in_which_it_does(
    award: dict[str, Any], changed: dict[str, Any], expected: tuple[str, ...]
) -> None:
    contract, given = opened(replace(AWARD, **award), GENERIC), replace(SIGNED, **changed)
    assert codes(departures(contract, given, at=AT + DAY)) == expected
    answer = upload(contract, given, by="owner", profile=GENERIC, at=AT + DAY)
    assert (codes(answer) if isinstance(answer, Refused) else ()) == expected


def test_only_the_other_side_confirms_and_only_what_it_looked_at() -> None:
    assert codes(confirm(NEW, 1, by="agency", profile=GENERIC, at=AT)) == ("contract_not_uploaded",)
    one = uploaded("owner")
    assert codes(confirm(one, 2, by="agency", profile=GENERIC, at=AT)) == ("upload_was_replaced",)
    assert codes(confirm(one, 1, by="owner", profile=GENERIC, at=AT)) == ("own_upload",)


def test_an_upload_names_its_papers_by_identifier_and_hash() -> None:
    one = then(NEW, upload(NEW, replace(SIGNED, documents=PAPERS), by="owner", profile=GENERIC, at=AT + DAY), AT + DAY)
    assert one.paper is not None
    assert one.paper.documents == PAPERS


def changed(one: Contract, proposed: Proposed, *, by: Any = "owner") -> Contract:
    return then(one, propose_change(one, proposed, by=by), AT + 2 * DAY)


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (Proposed("change", "示例", None, None), ("change_changes_nothing",)),
        (Proposed("change", "示例", 1_000_000, 20), ("change_changes_nothing",)),
        (Proposed("extension", "示例", None, 20), ("extension_not_longer",)),
        (Proposed("extension", "示例", 900_000, 30), ("extension_changes_price",)),
        (Proposed("extension", "示例", 900_000, None), ("extension_changes_price", "extension_not_longer")),
    ],
)
def test_a_change_that_changes_nothing_or_too_much_is_refused(proposed: Proposed, expected: tuple[str, ...]) -> None:
    assert codes(propose_change(signed(), proposed, by="owner")) == expected


def test_papers_alone_may_be_a_change_and_one_that_raises_the_price_says_so() -> None:
    papers = propose_change(signed(), Proposed("change", "补充图纸（示例）", None, None, PAPERS), by="owner")
    assert isinstance(papers, Happened)
    assert papers.data["raises_price"] is False
    dearer = propose_change(signed(), DEARER, by="owner")
    assert isinstance(dearer, Happened)
    assert dearer.data["raises_price"] is True


def test_a_change_waits_for_the_other_side_and_ones_own_next_one_replaces_it() -> None:
    assert signed().open_change is None
    assert not binds_anew(signed())
    waits = changed(signed(), DEARER)
    assert binds_anew(waits)
    assert codes(propose_change(waits, LONGER, by="agency")) == ("change_is_open",)
    replaced = changed(waits, LONGER)
    assert not binds_anew(replaced)
    assert [(one.number, one.is_agreed) for one in replaced.changes] == [(1, False), (2, None)]
    for number, by, expected in ((1, "agency", "no_change_waits"), (2, "owner", "own_change")):
        side: Any = by
        refused = answer_change(replaced, number, "示例", is_agreed=True, by=side, profile=GENERIC)
        assert codes(refused) == (expected,)
    assert codes(answer_change(signed(), 1, "示例", is_agreed=True, by="agency", profile=GENERIC)) == (
        "no_change_waits",
    )


def test_an_agreed_change_changes_what_it_names_and_a_declined_one_nothing() -> None:
    waits = changed(signed(), DEARER)
    declined = then(
        waits, answer_change(waits, 1, "不同意", is_agreed=False, by="agency", profile=GENERIC), AT + 3 * DAY
    )
    assert (declined.amount_fen, declined.days, declined.due_at) == (1_000_000, 20, signed().due_at)
    assert declined.changes[-1].is_agreed is False
    agreed = then(waits, answer_change(waits, 1, "同意", is_agreed=True, by="agency", profile=GENERIC), AT + 3 * DAY)
    assert (agreed.amount_fen, agreed.days, agreed.due_at) == (1_200_000, 20, signed().due_at)
    longer = changed(signed(), LONGER)
    longer = then(longer, answer_change(longer, 1, "同意", is_agreed=True, by="agency", profile=GENERIC), AT + 3 * DAY)
    assert (longer.amount_fen, longer.days) == (1_000_000, 30)
    assert longer.due_at == due_of(GENERIC, AT + DAY, 30).at


def test_nobody_agrees_to_more_than_could_have_been_offered() -> None:
    assert above_ceiling(2_000_000, ceiling_fen=2_000_000) == ()
    assert codes(above_ceiling(2_000_001, ceiling_fen=2_000_000)) == ("change_above_ceiling",)


def test_one_side_proposes_to_end_it_and_the_other_agrees() -> None:
    assert codes(terminate(signed(), "示例", by="agency")) == ("termination_not_proposed",)
    asked = then(signed(), propose_termination(signed(), "示例", by="owner"), AT + 2 * DAY)
    assert codes(propose_termination(asked, "示例", by="agency")) == ("termination_is_proposed",)
    assert isinstance(propose_termination(asked, "另述", by="owner"), Happened)
    assert codes(terminate(asked, "示例", by="owner")) == ("own_termination",)
    over = then(asked, terminate(asked, "同意", by="agency"), AT + 3 * DAY)
    assert asked.ending is not None
    assert (over.state, over.ending) == ("terminated", replace(asked.ending, ended_at=AT + 3 * DAY))
    assert open_duties(over) == ()


def planned() -> Contract:
    steps = [Planned("外业", date(2026, 3, 10)), Planned("内业", date(2026, 3, 20))]
    return then(signed(), plan_milestones(signed(), steps, by="owner"), AT + DAY)


def test_a_planned_step_is_reached_once_and_early_before_its_day() -> None:
    assert planned().milestones_early is False
    assert signed().milestones_early is None
    with pytest.raises(NotFound):
        reach_milestone(planned(), 3, None, at=AT)
    one = then(planned(), reach_milestone(planned(), 1, "示例", at=midnight(10) - TICK), midnight(10) - TICK)
    assert codes(reach_milestone(one, 1, None, at=midnight(11))) == ("milestone_was_reached",)
    assert codes(plan_milestones(one, [], by="owner")) == ("milestones_begun",)
    assert [each.what for each in open_duties(one)] == ["reach_milestone", "hand_in_result"]
    early = then(one, reach_milestone(one, 2, None, at=midnight(20) - TICK), midnight(20))
    late = then(one, reach_milestone(one, 2, None, at=midnight(20)), midnight(20))
    assert (early.milestones_early, late.milestones_early) == (True, False)


def test_a_visit_is_arranged_for_an_instant_to_come_and_noted_once() -> None:
    assert codes(arrange_visit(signed(), AT, "现场", None, by="owner", at=AT)) == ("visit_is_past",)
    given = arrange_visit(signed(), AT + 5 * DAY, "现场", "张三（示例）", by="owner", at=AT)
    assert isinstance(given, Happened)
    assert given.private == {"contact": "张三（示例）"}
    one = then(signed(), given, AT + 2 * DAY)
    one = then(one, arrange_visit(one, AT + 6 * DAY, "现场", None, by="owner", at=AT), AT + 2 * DAY)
    with pytest.raises(NotFound):
        note_visit(one, 3, "示例", by="agency")
    held = then(one, note_visit(one, 2, "示例", by="agency"), AT + 6 * DAY)
    assert [each.held_at for each in held.visits] == [None, AT + 6 * DAY]
    assert codes(note_visit(held, 2, "示例", by="agency")) == ("visit_was_noted",)


def test_a_returned_result_was_not_accepted_at_first_and_the_next_one_is_another_revision() -> None:
    one = then(delivered(), give_back(delivered(), "缺签章（示例）"), AT + 3 * DAY)
    assert one.delivery is not None
    assert (one.state, one.delivery.reasons) == ("contracted", "缺签章（示例）")
    assert [each.since for each in open_duties(one)] == [AT + 3 * DAY]
    again = then(one, hand_in(one, "成果", PAPERS, profile=GENERIC, at=AT + 4 * DAY), AT + 4 * DAY)
    assert (codes(other_revision(again, 1)), other_revision(again, 2)) == (("other_revision",), ())
    assert again.accepted_at_first is False
    assert (accepted().accepted_at_first, signed().accepted_at_first) == (True, None)


def test_the_authoritys_review_is_noted_once() -> None:
    one = then(accepted(), note_review(accepted(), "审批局（示例）", passed_first=True), AT + 9 * DAY)
    assert one.review is not None
    assert one.review.passed_first
    assert codes(note_review(one, "审批局（示例）", passed_first=False)) == ("review_was_noted",)


def test_money_is_noted_with_its_total_and_says_when_that_is_more_than_agreed() -> None:
    one, at = signed(), AT + 5 * DAY
    assert codes(note_money(one, "invoice", 1, date(2026, 3, 8), "1", at=at)) == ("day_to_come",)
    for kind, event in (("invoice", "contract.invoiced"), ("payment", "contract.paid")):
        which: Any = kind
        noted = note_money(one, which, 600_000, date(2026, 3, 7), "示例", at=at)
        assert isinstance(noted, Happened)
        assert (noted.type, noted.data["exceeds_contract"]) == (event, False)
        one = then(one, noted, at)
        more = note_money(one, which, 400_001, date(2026, 3, 7), "示例", at=at)
        assert isinstance(more, Happened)
        assert (more.data["total_fen"], more.data["exceeds_contract"]) == (1_000_001, True)
        assert one.total(which) == 600_000


def test_what_a_regulator_says_of_a_dispute_is_kept_and_changes_nothing() -> None:
    one = then(signed(), open_dispute(signed(), "示例", by="agency"), AT + 2 * DAY)
    noted = then(one, note_dispute("已约谈（示例）"), AT + 3 * DAY)
    assert (noted.state, noted.disputes[-1].notes) == ("disputed", ("已约谈（示例）",))
    assert then(noted, close_dispute(noted, "和解", by=None), AT + 4 * DAY).state == "contracted"


def rated() -> Contract:
    scores = dict(zip(DIMENSIONS, (5, 4, 5, 4, 4), strict=True))
    return then(accepted(), rate(accepted(), scores, "示例", profile=GENERIC, at=AT + 4 * DAY), AT + 4 * DAY)


def test_a_rating_is_answered_once_and_in_time() -> None:
    one = rated()
    assert one.rating is not None
    assert (one.state, one.rating.value) == ("rated", 440)
    until = one.rating.answer_until.at
    assert [each.what for each in open_duties(one)] == ["answer_rating"]
    assert codes(archivable(one, at=until - TICK)) == ("rating_answer_is_awaited",)
    assert archivable(one, at=until) == ()
    assert codes(answer_rating(one, "示例", at=until)) == ("rating_answer_too_late",)
    answered = then(one, answer_rating(one, "示例", at=until - TICK), until - TICK)
    assert (open_duties(answered), archivable(answered, at=until - TICK)) == ((), ())
    assert codes(answer_rating(answered, "示例", at=until - TICK)) == ("rating_was_answered",)


def test_facts_and_the_archive_are_noted_and_events_of_other_kinds_change_nothing() -> None:
    one = step(rated(), "contract.fact_noted", {"code": "result_late", "fact": "F1"}, at=AT)
    assert one.facts == {"result_late": "F1"}
    kept = step(one, "contract.archived", {"sha256": "ab" * 32}, at=AT + 9 * DAY)
    assert (kept.state, kept.archived_at, kept.archive_sha256) == ("archived", AT + 9 * DAY, "ab" * 32)
    assert step(kept, "contract.seal_asked", {}, at=AT) == kept
    renewed = step(NEW, "contract.opened", {"sign_until": format_instant(AT + DAY), "is_provisional": True}, at=AT)
    assert (renewed.sign_until.at, renewed.sign_until.is_provisional, renewed.id) == (AT + DAY, True, "S1")


def test_a_fold_counts_its_events() -> None:
    assert fold(NEW, ()) == NEW
    at = AT + DAY
    given = upload(NEW, SIGNED, by="owner", profile=GENERIC, at=at)
    assert isinstance(given, Happened)
    event: Any = type("Told", (), {"type": given.type, "data": given.data, "at": at})
    assert fold(NEW, [event]) == replace(uploaded("owner", at), events=1)


def test_who_acts_for_whom() -> None:
    assert [side_of(role) for role in ("owner", "delegate", "agency")] == ["owner", "owner", "agency"]


def test_days_of_a_demonstration_are_as_long_as_its_profile_says() -> None:
    demo = rule_profile("demo-v1")
    assert due_of(demo, AT, 3).at - AT == 3 * demo.length("contract_day")


def test_an_agency_that_never_answered_is_late_as_of_the_end_of_the_contract() -> None:
    ended = then(uploaded("owner"), terminate(uploaded("owner"), "示例", by=None), midnight(6) - TICK)
    assert facts_due(ended, at=midnight(30)) == ()


MEMBERS: dict[str, bytes] = {"contract.json": b"{}", "notice.pdf": b"%PDF", f"{PRIVATE}words.json": b"{}"}


def test_the_index_of_an_archive_names_every_member_and_hashes_what_anybody_may_have() -> None:
    index = index_of("S1", MEMBERS)
    assert index == index_of("S1", dict(reversed(MEMBERS.items())))
    for name in MEMBERS:
        assert f'"name":"{name}"'.encode() in index
    assert public_digest(MEMBERS).encode() in index
    erased = {name: body for name, body in MEMBERS.items() if not name.startswith(PRIVATE)}
    assert public_digest(erased) == public_digest(MEMBERS), "what is erased leaves it valid"
    assert public_digest({**MEMBERS, "notice.pdf": b"%PDF-"}) != public_digest(MEMBERS)
