from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bidding.case import Case
from bidding.decision import Decision
from bidding.engine import decide
from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.publication.decide import answer
from tests.bench import compared, instant, offers, read, restrict
from tests.bench.__main__ import NAMES, main
from tests.bench.compared import compare
from tests.bench.measuring import Row, medians, most, report, times
from tests.bench.rounds import LEAST_TIMES, falling
from tests.reference import selection
from tests.store.fixtures import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.fixtures import fresh

ON_OUR_SERVER = (instant, offers, read, restrict)
"""What a full run measures on a durable server of its own plays its smoke on ours; the others start theirs."""

NOT_HERE = {"pages"}
"""It plays a market and serves it, which takes a while; what it opens, tests/web_pages/test_pages_places.py opens."""


@pytest.fixture(autouse=True)
def _light() -> None:
    """A bench collects before each turn: what all tests before it left is not looked through each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def ground(database_server: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of the test run's own server in place of a whole server for each bench."""

    @contextlib.asynccontextmanager
    async def market(*, maximum: int) -> AsyncIterator[Database]:
        async with fresh(database_server, migrated_template) as dsn:
            opened = await Database.open(dsn, maximum=maximum)
            ENGINE.attach(opened)
            bind(all_tables())
            try:
                yield opened
            finally:
                ENGINE.attach(None)
                await opened.close()

    for bench in ON_OUR_SERVER:
        monkeypatch.setattr(bench, "own_market", market)


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize("name", [one for one in NAMES if one not in NOT_HERE])
def test_a_smoke_run_writes_rows_without_targets(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--smoke", "--out", str(tmp_path)]) == 0
    written = json.loads((tmp_path / "smoke" / f"{name}.json").read_text(encoding="utf-8"))
    assert set(written) == {"name", "rows", "machine", "versions"}
    assert written["name"] == name
    assert all({"what", "unit", "ok", "target"} < set(row) for row in written["rows"])
    assert all(("value" in row) != ("ratio" in row) for row in written["rows"])
    assert {row["target"] for row in written["rows"]} == {None}
    assert "smoke" in capsys.readouterr().out


def test_an_unknown_bench_is_answered_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", "speed", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"no such bench: speed; there are: all, {', '.join(NAMES)}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("row", "ok"),
    [
        (most("a", 5.0, "ms", 5), True),
        (most("a", 5.1, "ms", 5), False),
        (most("a", 5.1, "ms", None), True),
        (times("a", 8.0, 8), True),
        (times("a", 7.9, 8), False),
    ],
)
def test_a_missed_target_shows(row: Row, ok: bool, tmp_path: Path) -> None:
    assert row.ok is ok
    written = json.loads(report("x", [row], smoke=False, folder=tmp_path).read_text(encoding="utf-8"))
    assert written["rows"] == [row.as_json()]


def test_competitors_are_measured_by_turns_and_prepared_afresh() -> None:
    seen: list[str] = []
    taken = medians({name: lambda name=name: lambda: seen.append(name) for name in "ab"}, smoke=True)  # type: ignore[misc]  # a default binds the name
    assert seen == ["a", "b"] * 3
    assert set(taken) == {"a", "b"}


def test_a_bench_is_not_timed_where_engine_and_control_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "decide", lambda _case: {"outcome": "award"})
    with pytest.raises(AssertionError, match="disagree"):
        compare("x", falling(3, preferred=False), smoke=True, most_ms=5, least_times=1)


def test_a_planted_slow_down_of_the_engine_misses_its_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(case: Case) -> Decision:
        for _ in range(8):
            decide(case)
        return decide(case)

    case = falling(50, preferred=True)
    _, before = compare("x", case, smoke=False, most_ms=5, least_times=LEAST_TIMES[50])
    monkeypatch.setattr(compared, "decide", slow)
    _, after = compare("x", case, smoke=False, most_ms=5, least_times=LEAST_TIMES[50])
    assert not after.ok
    assert before.ratio is not None
    assert after.ratio is not None
    assert before.ratio > 2 * after.ratio


@pytest.mark.parametrize("preferred", [False, True])
def test_every_offer_of_the_measured_rounds_is_accepted(preferred: bool) -> None:
    decision: dict[str, Any] = answer(json.dumps(falling(50, preferred=preferred)).encode())
    assert [offer["accepted"] for offer in decision["offers"]] == [True] * 150
