"""Laws of lists and of import lines: nothing minor or over is shown, nor longer than it is kept; no line crashes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from commons.errors import Malformed
from commons.instants import start_of_day
from credit.clocks import credit_clocks
from credit.facts import CreditFact, Decision, Followed, FollowedKind, Severity, fact_state
from credit.importing import TEXTS, read_lines
from credit.lists import entries
from credit.repair import repair_window, severity_of
from credit.restrictions import Restriction, restricted
from credit.rulebook import rulebook
from marketplace.usecases.act import Ground, Name
from marketplace.usecases.apply_decision import recording_of

BOOK, CLOCKS = rulebook("generic-v1"), credit_clocks("generic-v1")
BEGIN = datetime(2026, 4, 1, tzinfo=UTC)
instants = st.integers(0, 6 * 366 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))
severities = st.sampled_from(get_args(Severity))


@st.composite
def facts(draw: st.DrawFn) -> CreditFact:
    """A statutory or market fact with what followed it, in the order it was recorded."""
    day = draw(st.dates(date(2026, 4, 1), date(2027, 4, 1)))
    at = start_of_day(day)
    followed = []
    for place, hours in enumerate(sorted(draw(st.lists(st.integers(1, 40_000), max_size=4))), start=1):
        kind: FollowedKind = draw(st.sampled_from(get_args(FollowedKind)))
        when = at + timedelta(hours=hours)
        effective_at = at if kind in {"corrected", "revoked"} else when
        severity = draw(st.none() | severities) if kind == "corrected" else None
        followed.append(Followed(f"N{place}", "F", place, kind, "R", "示例", effective_at, when, severity=severity))
    if draw(st.booleans()):
        decision = Decision("示例局", "1", day, draw(severities), "示例法")
        return CreditFact("F", "A", "penalty", "示例", at, at, "statutory", decision=decision, followed=tuple(followed))
    return CreditFact("F", "A", draw(st.sampled_from(sorted(BOOK.rules))), "示例", at, at, followed=tuple(followed))


@given(fact=facts(), at=instants)
def test_what_is_shown_counts_is_not_minor_and_is_kept(fact: CreditFact, at: datetime) -> None:
    for one in entries([fact], (), BOOK, CLOCKS, at=at):
        state = fact_state(fact, at=at, known_at=at)
        assert state is not None
        assert state.status == "counts"
        severity = severity_of(state.fact, BOOK)
        assert severity != "minor"
        assert (one.list_name == "commendation") == (fact.code == "commendation")
        assert one.since <= at
        if severity is not None:
            window = repair_window(severity, CLOCKS, decided_at=fact.effective_at)
            assert at < min(window.public_until, window.kept_until)
            assert one.is_disputed == state.is_disputed


@given(fact=facts(), starts=instants, length=st.none() | st.integers(1, 9_000), at=instants)
def test_a_restriction_debars_exactly_while_it_bars_and_no_commendation_changes_that(
    fact: CreditFact, starts: datetime, length: int | None, at: datetime
) -> None:
    bound = Restriction(
        "R", "A", "market", "示例", "330302", starts, None if length is None else starts + timedelta(hours=length)
    )
    shown = [one for one in entries([fact], [bound], BOOK, CLOCKS, at=at) if one.kind == "restriction"]
    assert bool(shown) == bool(restricted([bound], at=at))
    assert all(one.list_name == "debarment" for one in shown)


plain = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=2), max_leaves=3)
telling = st.sampled_from([1, "decision", "correction", "2026-01-05", "91990000MA0000001B"])
names = st.sampled_from(
    ["v", "type", "subject", "authority", "document_number", "decided_on", "basis", "code", "severity", "legal_ground",
     "follows", "evidence_sha256", "x"]
)  # fmt: skip


def faults_of(text: str) -> tuple[str, ...] | None:
    """Where the file's faults are; None: it was read."""
    try:
        read_lines(text, today=date(2026, 11, 23))
    except Malformed as malformed:
        return tuple(one.pointer for one in malformed.faults)
    return None


@given(st.dictionaries(names, values | telling))
def test_whatever_a_line_holds_it_is_read_or_refused_by_its_number(line: dict[str, Any]) -> None:
    found = faults_of(json.dumps(line))
    assert found is None or all(one.startswith("/lines/1") for one in found)


@given(st.text(max_size=60))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    assert faults_of(text) != ()


LINES = {
    "decision": {"code": "penalty", "severity": "minor", "legal_ground": "示例法"},
    "correction": {"severity": "minor", "follows": "示罚1号"},
    "revocation": {"follows": "示罚1号"},
}
lengths = st.sampled_from([1, 119, 120, 121, 499, 500, 501])
texts = st.text(max_size=8) | st.builds("{}{}{}".format, st.text(" \u3000\t", max_size=2), st.text(), st.just(" ")) | (
    lengths.map(lambda length: "示" * length)
)  # fmt: skip


@given(
    kind=st.sampled_from(sorted(LINES)),
    given_texts=st.dictionaries(st.sampled_from(sorted(TEXTS)), texts, max_size=2),
    hashed=st.none() | st.just("0" * 64),
)
def test_every_line_that_is_read_makes_what_is_recorded_word_for_word(
    kind: str, given_texts: dict[str, str], hashed: str | None
) -> None:
    line = {
        "v": 1, "type": kind, "subject": "91990000MA0000001B", "authority": "示例局", "document_number": "示例1号",
        "decided_on": "2026-01-05", "basis": "示例", **LINES[kind],
    }  # fmt: skip
    line |= {name: text for name, text in given_texts.items() if name in line}
    if hashed and kind == "decision":
        line["evidence_sha256"] = hashed
    try:
        (one,) = read_lines(json.dumps(line), today=date(2026, 11, 23))
    except Malformed:
        return
    if kind != "decision":
        assert TypeAdapter(Name).validate_python(one.follows) == one.follows
        assert TypeAdapter(Ground).validate_python(one.basis) == one.basis
        return
    made = recording_of(one)
    assert made.decision is not None
    assert (made.basis, made.evidence_sha256) == (one.basis, one.evidence_sha256)
    told = made.decision
    assert (told.authority, told.document_number, told.legal_ground) == (
        one.authority, one.document_number, one.legal_ground,
    )  # fmt: skip
