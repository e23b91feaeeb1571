"""Ties, practitioners and holds as rows: what links two agencies, whose a person is, when an award is final."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agencies.people.holds import Hold, final_from, held, judge_hold_ruling
from agencies.people.relations import Tie, TieKind, body_digest, links, masked, related
from agencies.people.staff import MAX_PRACTITIONERS, Claim, active, is_held, judge_claim, judge_release
from commons.verdicts import Allowed, Refused

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY = timedelta(days=1)
CHARGE = ("legal_representative",)
ONE, TWO = "ONE", "TWO"


def tie(agency: str, kind: TieKind, digest: str, *, until: int | None = None, bp: int | None = None) -> Tie:
    """A tie stated long ago, ended so many days ago."""
    ended = None if until is None else AT - until * DAY
    return Tie(agency, kind, digest, digest[:1], AT - 900 * DAY, ended, bp)


def charge(agency: str, person: str, *, until: int | None = None) -> Tie:
    """In charge of the agency."""
    return tie(agency, "legal_representative", person, until=until)


def owned(agency: str, holder: str, *, bp: int) -> Tie:
    """Owned by that part."""
    return tie(agency, "shareholder", holder, bp=bp)


def staff(agency: str, *people: str) -> list[Tie]:
    return [tie(agency, "practitioner", person) for person in people]


LINKED: tuple[tuple[str, list[Tie], list[Tie], tuple[str, ...]], ...] = (
    ("strangers", [charge(ONE, "p")], [charge(TWO, "q")], ()),
    ("the same legal representative", [charge(ONE, "p")], [charge(TWO, "p")], CHARGE),
    ("in charge here, controller there", [charge(ONE, "p")], [tie(TWO, "controller", "p")], ("controller",)),
    ("the same controller", [tie(ONE, "controller", "p")], [tie(TWO, "controller", "p")], ("controller",)),
    ("a manager in common is no link to a restriction", [tie(ONE, "manager", "p")], [tie(TWO, "manager", "p")], ()),
    ("a shareholder in common is none either", [owned(ONE, "p", bp=9_000)], [owned(TWO, "p", bp=9_000)], ()),
    ("the same address", [tie(ONE, "address", "a")], [tie(TWO, "address", "a")], ("address",)),
    ("the same contact", [tie(ONE, "contact", "t")], [tie(TWO, "contact", "t")], ("contact",)),
    ("a declared successor", [], [tie(TWO, "predecessor", body_digest(ONE))], ("predecessor",)),
    ("a predecessor of the restricted one", [tie(ONE, "predecessor", body_digest(TWO))], [], ()),
    ("controlled by the restricted one", [], [tie(TWO, "controller", body_digest(ONE))], ("controller",)),
    ("half owned by it", [], [owned(TWO, body_digest(ONE), bp=5_000)], ("shareholder",)),
    ("a smaller part owned by it", [], [owned(TWO, body_digest(ONE), bp=4_999)], ()),
    ("controlling the restricted one", [tie(ONE, "controller", body_digest(TWO))], [], ("controller",)),
    ("left it within the year", [charge(ONE, "p", until=364)], [charge(TWO, "p")], CHARGE),
    ("left it a year ago", [charge(ONE, "p", until=365)], [charge(TWO, "p")], ()),
    ("has left the other", [charge(ONE, "p")], [charge(TWO, "p", until=1)], ()),
    ("two of four practitioners", staff(ONE, "a", "b", "c", "d"), staff(TWO, "a", "b"), ("practitioner",)),
    ("two of five", staff(ONE, "a", "b", "c", "d", "e"), staff(TWO, "a", "b", "x"), ()),
    ("the only one", staff(ONE, "a"), staff(TWO, "a"), ()),
    ("the same of different kinds", [tie(ONE, "address", "p")], [tie(TWO, "contact", "p")], ()),
)  # fmt: skip


@pytest.mark.parametrize(("what", "one", "two", "kinds"), LINKED, ids=[row[0] for row in LINKED])
def test_what_links_an_agency_to_a_restricted_one(
    what: str, one: list[Tie], two: list[Tie], kinds: tuple[str, ...]
) -> None:
    assert what
    found = links(ONE, {ONE: one, TWO: two}, at=AT)
    assert tuple(kind for link in found for kind in link.kinds) == kinds


RELATED: tuple[tuple[str, list[Tie], list[Tie], tuple[str, ...]], ...] = (
    ("strangers", [tie(ONE, "manager", "p")], [tie(TWO, "manager", "q")], ()),
    ("one manager", [tie(ONE, "manager", "p")], [tie(TWO, "manager", "p")], ("manager",)),
    ("in charge here, managing there", [charge(ONE, "p")], [tie(TWO, "manager", "p")], (*CHARGE, "manager")),
    ("both half owned by the same", [owned(ONE, "p", bp=5_000)], [owned(TWO, "p", bp=7_000)], ("shareholder",)),
    ("one owned less than half", [owned(ONE, "p", bp=4_999)], [owned(TWO, "p", bp=7_000)], ()),
    ("mother and daughter", [owned(ONE, body_digest(TWO), bp=10_000)], [], ("shareholder",)),
    ("an address in common", [tie(ONE, "address", "a")], [tie(TWO, "address", "a")], ()),
    ("ended", [tie(ONE, "manager", "p", until=1)], [tie(TWO, "manager", "p")], ()),
)  # fmt: skip


@pytest.mark.parametrize(("what", "one", "two", "kinds"), RELATED, ids=[row[0] for row in RELATED])
def test_which_two_bidders_are_related(what: str, one: list[Tie], two: list[Tie], kinds: tuple[str, ...]) -> None:
    assert what
    assert related(ONE, TWO, {ONE: one, TWO: two}, at=AT) == kinds
    assert related(TWO, ONE, {ONE: one, TWO: two}, at=AT) == kinds


def claim(agency: str, *, days_ago: int, ended: int | None = None, name: str = "") -> Claim:
    ended_at = None if ended is None else AT - ended * DAY
    since = AT - days_ago * DAY
    return Claim(f"C-{agency}{name}", agency, "p", "张＊", "测绘师", "1", date(2020, 1, 1), None, since, ended_at)


def test_of_two_claims_on_a_person_the_earlier_is_active_and_the_later_held() -> None:
    first, second = claim(ONE, days_ago=5), claim(TWO, days_ago=4)
    assert active([second, first], at=AT)["p"] == first
    assert is_held(second, [second, first], at=AT)
    assert not is_held(first, [second, first], at=AT)


def test_a_held_claim_is_active_from_the_instant_at_which_the_first_ends() -> None:
    first, second = claim(ONE, days_ago=5, ended=1), claim(TWO, days_ago=4)
    assert active([first, second], at=AT - DAY - timedelta(microseconds=1))["p"] == first
    assert active([first, second], at=AT - DAY)["p"] == second
    assert not is_held(second, [first, second], at=AT - DAY)


def test_one_agency_claims_a_person_once_at_a_time() -> None:
    again = judge_claim(claim(ONE, days_ago=0, name="b"), [claim(ONE, days_ago=5)], count=1, at=AT)
    assert isinstance(again, Refused)
    assert [one.code for one in again.reasons] == ["practitioner_claimed_already"]
    gone = claim(ONE, days_ago=5, ended=1)
    assert isinstance(judge_claim(claim(ONE, days_ago=0, name="b"), [gone], count=1, at=AT), Allowed)
    assert isinstance(judge_claim(claim(TWO, days_ago=0), [claim(ONE, days_ago=5)], count=1, at=AT), Allowed)


def test_who_has_left_cannot_be_let_go_again() -> None:
    left = judge_release(claim(ONE, days_ago=5, ended=1), at=AT)
    assert isinstance(left, Refused)
    assert isinstance(judge_release(claim(ONE, days_ago=5), at=AT), Allowed)


def hold(opened: float, ruled: float | None = None, *, selection: str | None = None) -> Hold:
    """A hold opened and ruled on so many days after AT."""
    ruled_at = None if ruled is None else AT + ruled * DAY
    restriction = "R" if selection is None else None
    return Hold("V", ONE, TWO, restriction, selection, ("address",), AT + opened * DAY, AT + 9 * DAY, ruled_at)


FINAL: tuple[tuple[str, list[Hold], float | None], ...] = (
    ("no hold: with the publicity", [], 1.0),
    ("opened before its end, still open", [hold(0.5)], None),
    ("ruled on before its end", [hold(0.5, 0.9)], 1.0),
    ("ruled on at its end", [hold(0.5, 1.0)], 1.0),
    ("ruled on after its end", [hold(0.5, 3.0)], 3.0),
    ("opened at its end: too late", [hold(1.0)], 1.0),
    ("opened after it: too late", [hold(2.0, 4.0)], 1.0),
    ("one after another, without a gap", [hold(0.5, 3.0), hold(2.0, 5.0)], 5.0),
    ("one after another, with a gap", [hold(0.5, 3.0), hold(3.0, 5.0)], 3.0),
    ("the second still open", [hold(0.5, 3.0), hold(2.0)], None),
)


@pytest.mark.parametrize(("what", "holds", "days"), FINAL, ids=[row[0] for row in FINAL])
def test_when_an_award_becomes_final(what: str, holds: list[Hold], days: float | None) -> None:
    assert what
    assert final_from(holds, otherwise=AT + DAY) == (None if days is None else AT + days * DAY)
    assert final_from(holds[::-1], otherwise=AT + DAY) == (None if days is None else AT + days * DAY)


def test_a_hold_in_one_selection_bears_on_no_other() -> None:
    assert hold(0).bears_on("S1")
    assert hold(0, selection="S1").bears_on("S1")
    assert not hold(0, selection="S1").bears_on("S2")


def test_an_open_hold_is_a_reason_and_a_ruled_one_is_none() -> None:
    assert [one.code for one in held([hold(-1), hold(-1, -0.5)], at=AT)] == ["held_for_review"]


@pytest.mark.parametrize(
    ("given", "ruling", "is_restricted", "codes"),
    [
        (hold(-1), "unlinked", False, []),
        (hold(-1), "linked", True, []),
        (hold(-1), "linked", False, ["restriction_missing"]),
        (hold(-1, selection="S1"), "linked", False, []),
        (hold(-1, -0.5), "unlinked", False, ["hold_is_over"]),
    ],
)
def test_what_may_be_ruled_of_a_hold(given: Hold, ruling: str, is_restricted: bool, codes: list[str]) -> None:
    verdict = judge_hold_ruling(given, ruling, is_restricted=is_restricted, at=AT)  # type: ignore[arg-type] # the rows are literals
    assert [one.code for one in (verdict.reasons if isinstance(verdict, Refused) else ())] == codes


def test_a_name_is_masked_but_for_its_first_character() -> None:
    assert [masked(name) for name in ("", "张", "张三", "欧阳修文")] == ["", "张＊", "张＊", "欧＊＊＊"]


def test_a_hold_between_two_bidders_is_not_ruled_on_before_the_close() -> None:
    verdict = judge_hold_ruling(hold(-1, selection="S1"), "linked", is_restricted=False, at=AT, is_closed=False)
    assert isinstance(verdict, Refused)
    assert verdict.codes == ("selection_not_closed",)


def test_a_tie_of_the_restricted_one_that_is_stated_later_links_nobody_before() -> None:
    later = Tie(ONE, "address", "a", "a", AT + DAY)
    assert links(ONE, {ONE: [later], TWO: [tie(TWO, "address", "a")]}, at=AT) == ()


def test_a_claim_with_empty_validity_or_beyond_the_bound_is_refused_with_both_reasons() -> None:
    empty = replace(claim(ONE, days_ago=0), valid_until=date(2020, 1, 1))
    verdict = judge_claim(empty, [], count=MAX_PRACTITIONERS, at=AT)
    assert isinstance(verdict, Refused)
    assert verdict.codes == ("too_many_practitioners", "validity_is_over")


def test_a_practitioner_s_certificate_holds_up_to_its_last_day() -> None:
    held_until = replace(claim(ONE, days_ago=0), valid_until=date(2026, 1, 1))
    assert held_until.is_valid(on=date(2025, 12, 31))
    assert not held_until.is_valid(on=date(2026, 1, 1))
