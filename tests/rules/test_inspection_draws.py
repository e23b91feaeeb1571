"""Inspection draws: tickets as a table, who is excluded, what is refused, and the draw against a slow reading of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.canonical import canonical
from commons.draws import hkdf_expand, hkdf_extract
from commons.errors import NotFound
from commons.verdicts import Allowed, Refused
from credit.inspection import (
    INSPECTION_RULE,
    Call,
    Inspector,
    draw_inputs,
    draw_visits,
    judge_call,
    judge_inputs,
    judge_void,
    nonce_commitment,
    parse_ticket_tables,
    ticket_table,
)

TABLE = ticket_table()
DEPARTMENTS = ("自然资源", "水行政")


@pytest.mark.parametrize(
    ("grade", "plain", "commended"), [("A", 1, 1), ("B", 2, 1), ("C", 3, 2), ("D", 4, 3), (None, 2, 1)]
)
def test_the_worse_the_grade_the_more_tickets_and_a_commendation_takes_some_but_never_all(
    grade: str | None, plain: int, commended: int
) -> None:
    assert TABLE.tickets(grade, is_commended=False) == plain
    assert TABLE.tickets(grade, is_commended=True) == commended


def test_every_number_of_the_tickets_has_its_source_and_other_versions_are_unknown() -> None:
    assert all(one.title for one in TABLE.sources.values())
    assert set(TABLE.by_grade) == {"A", "B", "C", "D"}
    with pytest.raises(NotFound):
        ticket_table("unheard")
    with pytest.raises(KeyError):
        TABLE.tickets("E", is_commended=False)
    assert parse_ticket_tables("") == {}


def call(**changes: Any) -> Call:
    candidates = tuple((f"A{number}", 1 + number % 4) for number in range(8))
    inspectors = tuple(Inspector(f"{one}{number}", one) for one in DEPARTMENTS for number in range(3))
    return replace(Call(candidates, inspectors, DEPARTMENTS, targets=3), **changes)


INPUTS = draw_inputs("5f" * 32, {"水行政": "0b" * 32, "自然资源": "0a" * 32})


def test_the_draw_is_what_anybody_computes_by_hand() -> None:
    salt, ikm = bytes.fromhex("5f" * 32), canonical([["水行政", "0b" * 32], ["自然资源", "0a" * 32]])
    key = hkdf_extract(salt, ikm)

    def rank(label: str) -> bytes:
        return hkdf_expand(key, label.encode(), 32)

    matter = call(each=2)
    best = {who: min(rank(f"{who}/{ticket}") for ticket in range(1, n + 1)) for who, n in matter.candidates}
    expected = sorted(best, key=lambda who: best[who])[:3]
    visits = draw_visits(matter, INPUTS)
    assert [one.agency for one in visits] == expected
    for visit in visits:
        for department, sent in visit.inspectors:
            own = [f"{department}{number}" for number in range(3)]
            by_rank = sorted(own, key=lambda one: rank(f"{visit.agency}:{department}:{one}"))
            assert list(sent) == by_rank[:2]


def test_an_inspector_related_to_a_target_is_out_before_anything_is_drawn() -> None:
    everywhere = tuple(one for one, _ in call().candidates)
    inspectors = tuple(replace(one, related=everywhere) if one.id.endswith("0") else one for one in call().inspectors)
    visits = draw_visits(call(inspectors=inspectors), INPUTS)
    sent = {each for visit in visits for _, who in visit.inspectors for each in who}
    assert sent
    assert not any(one.endswith("0") for one in sent)
    free = draw_visits(call(), INPUTS)
    assert [one.agency for one in free] == [one.agency for one in visits], "relations do not move the targets"


def codes(matter: Call) -> list[tuple[str, str]]:
    ruling = judge_call(matter)
    if not isinstance(ruling, Refused):
        return []
    return [(one.code, str(one.params.get("department", ""))) for one in ruling.reasons]


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        (call(), []),
        (call(targets=8), []),
        (call(targets=9), [("too_few_candidates", "")]),
        (call(each=3), []),
        (call(each=4), [("inspectors_all_related", "自然资源"), ("inspectors_all_related", "水行政")]),
        (
            call(inspectors=(*call().inspectors[:3], Inspector("x", "水行政", ("A5",)))),
            [("inspectors_all_related", "水行政")],
        ),
        (call(departments=("自然资源",), inspectors=call().inspectors[:1]), []),
    ],
)
def test_there_is_enough_to_draw_from_or_it_is_said_what_lacks(matter: Call, expected: list[tuple[str, str]]) -> None:
    assert codes(matter) == expected


def test_a_missing_part_stalls_and_is_named() -> None:
    assert judge_inputs(DEPARTMENTS, {"自然资源": "a", "水行政": "b"}) == Allowed()
    ruling = judge_inputs(DEPARTMENTS, {"水行政": "b"})
    assert isinstance(ruling, Refused)
    assert [(one.code, one.params["department"]) for one in ruling.reasons] == [("draw_input_missing", "自然资源")]


@pytest.mark.parametrize(
    ("approvers", "decided_by", "expected"),
    [
        (("R1", "R2"), "R1", ()),
        (("R2", "R1"), "R1", ()),
        (("R1",), "R1", ("two_approvers_needed",)),
        (("R1", "r1"), "R1", ("two_approvers_needed",)),
        (("R1", "R2", "R3"), "R1", ("two_approvers_needed",)),
        (("R2", "R3"), "R1", ("caller_is_no_approver",)),
        ((), "R1", ("two_approvers_needed", "caller_is_no_approver")),
    ],
)
def test_two_regulators_of_whom_one_acts_void_a_draw(
    approvers: tuple[str, ...], decided_by: str, expected: tuple[str, ...]
) -> None:
    ruling = judge_void(approvers=approvers, decided_by=decided_by)
    reasons = ruling.reasons if isinstance(ruling, Refused) else ()
    assert tuple(one.code for one in reasons) == expected
    assert {one.source for one in reasons} <= {INSPECTION_RULE}


def test_a_commitment_is_bound_to_the_matter_and_the_department() -> None:
    made = {
        nonce_commitment(*parts) for parts in (("P1", "a", "n"), ("P2", "a", "n"), ("P1", "b", "n"), ("P1", "a", "m"))
    }
    assert len(made) == 4
    assert nonce_commitment("P1", "a", "n") == sha256(b'inspection-nonce-v1["P1","a","n"]').hexdigest()


def test_over_many_draws_each_ticket_weighs_the_same() -> None:
    matter = call(candidates=(("A", 1), ("B", 2), ("C", 3), ("D", 4)), targets=1)
    drawn = Counter(
        draw_visits(matter, draw_inputs(f"{number:064x}", dict.fromkeys(DEPARTMENTS, "0a" * 32)))[0].agency
        for number in range(4_000)
    )
    for agency, tickets in matter.candidates:
        assert abs(drawn[agency] - 400 * tickets) < 130, drawn  # about six standard deviations


candidates = st.dictionaries(st.sampled_from([f"A{one}" for one in range(12)]), st.integers(1, 4), min_size=2)
related = st.lists(st.sampled_from([f"A{one}" for one in range(12)]), max_size=3)


@given(given_candidates=candidates, relations=st.lists(related, min_size=4, max_size=4), data=st.data())
def test_a_judged_call_is_drawn_whole_from_its_candidates_by_unrelated_inspectors(
    given_candidates: dict[str, int], relations: list[list[str]], data: st.DataObject
) -> None:
    inspectors = tuple(
        Inspector(f"J{place}", DEPARTMENTS[place % 2], tuple(one)) for place, one in enumerate(relations)
    )
    targets = data.draw(st.integers(1, len(given_candidates)))
    matter = Call(tuple(sorted(given_candidates.items())), inspectors, DEPARTMENTS, targets)
    if isinstance(judge_call(matter), Refused):
        return
    inputs = draw_inputs(data.draw(st.binary(min_size=1, max_size=32)).hex(), {"自然资源": "0a", "水行政": "0b"})
    visits = draw_visits(matter, inputs)
    assert len({one.agency for one in visits}) == targets
    assert {one.agency for one in visits} <= set(given_candidates)
    known = {one.id: one for one in inspectors}
    for visit in visits:
        assert [department for department, _ in visit.inspectors] == list(DEPARTMENTS)
        for department, sent in visit.inspectors:
            assert len(sent) == 1
            assert all(known[one].department == department for one in sent)
            assert all(visit.agency not in known[one].related for one in sent)
    shuffled = replace(matter, candidates=tuple(reversed(matter.candidates)), inspectors=tuple(reversed(inspectors)))
    assert draw_visits(shuffled, inputs) == visits, "the order in which things are listed decides nothing"
