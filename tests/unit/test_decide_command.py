from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from marketplace.__main__ import COMMANDS, UNKNOWN_COMMAND, main, usage
from marketplace.publication.decide import MALFORMED, MAX_CASE_BYTES
from marketplace.publication.decide import main as decide
from tests.rules.selections import DRAW, comprehensive, multi_round, round_

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests" / "cases" / "decide").glob("*-comprehensive.json"))[:3]
GOOD = comprehensive([{"bidder": "示例甲", "price_fen": 5}, {"bidder": "B", "price_fen": 6}], draw=DRAW)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Run the command in this process: its exit status, its lines read back, its bytes, its errors."""

    def runs(*arguments: object) -> tuple[int, list[Any], bytes, str]:
        status = decide([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        lines = [json.loads(line) for line in out.splitlines()] if out.startswith(b"{") else []
        return status, lines, out, err.decode()

    return runs


def fed(data: bytes, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own, with these bytes on its standard input."""
    command = [sys.executable, "-m", "marketplace", *arguments]
    return subprocess.run(
        command, input=data, capture_output=True, cwd=ROOT, check=False, timeout=60, env=os.environ | environment
    )


def test_one_case_a_file_gives_one_decision_a_line_in_order(run: Any) -> None:
    status, lines, _, err = run(*CASES)
    assert (status, err) == (0, "")
    assert lines == [json.loads(path.read_text(encoding="utf-8"))["decision"] for path in CASES]


def test_a_bare_case_is_read_like_a_wrapped_one(run: Any, tmp_path: Path) -> None:
    bare, wrapped = tmp_path / "bare.json", tmp_path / "中文 wrapped.json"
    bare.write_text(json.dumps(GOOD), encoding="utf-8")
    wrapped.write_text(json.dumps({"why": "x", "case": GOOD}, ensure_ascii=False), encoding="utf-8")
    status, lines, out, _ = run(bare, wrapped)
    assert (status, lines[0]) == (0, lines[1])
    assert "示例甲".encode() in out


def test_a_malformed_case_gives_a_problem_in_its_place_and_status_2(run: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"case": GOOD | {"colour": 1}}), encoding="utf-8")
    status, lines, _, _ = run(CASES[0], bad, CASES[1])
    assert (status, [line.get("outcome", line.get("code")) for line in lines]) == (
        MALFORMED,
        ["unsuccessful", "malformed", "award"],
    )
    assert lines[1] == {
        "type": "/problems/malformed",
        "title": "Malformed",
        "status": 400,
        "detail": "/case/colour: no mode knows this key here",
        "code": "malformed",
        "file": str(bad),
        "error_count": 1,
        "errors": [{"pointer": "/case/colour", "code": "unknown_key", "detail": "no mode knows this key here"}],
    }


def test_a_problem_lists_a_hundred_faults_and_counts_all(run: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(GOOD | {"bids": [{}] * 150}), encoding="utf-8")
    _, lines, _, _ = run(bad)
    assert (len(lines[0]["errors"]), lines[0]["error_count"]) == (100, 300)
    assert lines[0]["detail"] == "/bids/0/bidder: has to be given (and 299 more)"


def test_a_benchmark_of_zero_is_a_problem_with_its_pointer(run: Any, tmp_path: Path) -> None:
    mean = {"kind": "price", "points": 100, "formula": "mean", "above": 1, "below": 1, "factor_bp": [1]}
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"case": comprehensive([{"bidder": "A", "price_fen": 1}], criteria=[mean])}))
    status, lines, _, _ = run(bad)
    assert (status, lines[0]["errors"][0]["pointer"]) == (MALFORMED, "/case/terms/criteria/0/factor_bp")


def test_a_wrapper_with_an_unknown_key_is_refused(run: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"case": GOOD, "note": 1}), encoding="utf-8")
    _, lines, _, _ = run(bad)
    assert lines[0]["errors"][0]["pointer"] == "/note"


def test_what_cannot_be_opened_is_a_problem_too(run: Any, tmp_path: Path) -> None:
    status, lines, _, _ = run(tmp_path / "missing.json", tmp_path)
    assert status == MALFORMED
    assert [line["errors"][0]["code"] for line in lines] == ["unreadable", "unreadable"]


def test_explain_adds_the_explanation_and_changes_nothing_else(run: Any) -> None:
    _, plain, _, _ = run(*CASES)
    _, explained, _, _ = run("--explain", *CASES)
    for line in explained:
        assert line.pop("explanation")["outcome"]["zh"]
    assert explained == plain


def test_sensitivity_adds_a_range_for_each_criterion(run: Any, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(GOOD), encoding="utf-8")
    _, plain, _, _ = run(case)
    status, lines, _, _ = run("--sensitivity", "--explain", case)
    assert (status, [one["low"] for one in lines[0].pop("sensitivity")]) == (0, [100])
    assert lines[0].pop("explanation")
    assert lines == plain


def test_check_prints_the_warnings_about_the_terms_and_nothing_else(run: Any, tmp_path: Path) -> None:
    terms, bare, bad = tmp_path / "terms.json", tmp_path / "bare.json", tmp_path / "bad.json"
    terms.write_text(json.dumps({"case": {"terms": GOOD["terms"]}}), encoding="utf-8")
    bare.write_text(json.dumps(multi_round([], rounds=[round_(0, 9, survivors=3), round_(9, 10)])), encoding="utf-8")
    bad.write_text(json.dumps({"case": {"terms": {"mode": "comprehensive"}}}), encoding="utf-8")
    status, lines, _, _ = run("--check", terms, bare, bad)
    assert (status, [list(line) for line in lines[:2]]) == (MALFORMED, [["warnings"], ["warnings"]])
    assert lines[0]["warnings"] == [
        {
            "code": "min_bidders_one",
            "pointer": "/min_bidders",
            "params": {},
            "source": {"title": "选取规则（docs/reference/selection.md）", "section": "3"},
            "zh": "最少家数为 1：只有一家参选也会产生中选人，没有竞争",
            "en": "one bidder is enough for an award: nobody has to compete",
        }
    ]
    assert [one["code"] for one in lines[1]["warnings"]] == ["min_bidders_one", "survivors_cut_nobody"]
    assert lines[2]["errors"][0]["pointer"] == "/case/terms/ceiling_fen"


@pytest.mark.parametrize("text", ["5", '{"case":5}', '{"bids":[]}'])
def test_check_needs_terms(run: Any, tmp_path: Path, text: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text, encoding="utf-8")
    status, lines, _, _ = run("--check", bad)
    assert (status, lines[0]["errors"][0]["code"]) == (MALFORMED, "missing")


@pytest.mark.parametrize("arguments", [[], ["--explain"], ["--fast", "x.json"], ["--check", "--explain", "x.json"]])
def test_a_command_that_is_not_understood_says_how_it_is_used(run: Any, arguments: list[str]) -> None:
    status, _, out, err = run(*arguments)
    assert (status, out) == (MALFORMED, b"")
    assert err.index("用法") < err.index("usage")


def test_help_is_given_when_asked(run: Any) -> None:
    status, _, out, _ = run("--help")
    assert (status, "用法" in out.decode()) == (0, True)


def test_standard_input_is_read_for_a_dash() -> None:
    done = fed(json.dumps(GOOD).encode(), "decide", "-")
    assert (done.returncode, json.loads(done.stdout)["winner"], done.stderr) == (0, "示例甲", b"")


def test_the_bytes_do_not_depend_on_the_machine_s_language_or_hash_seed() -> None:
    data = json.dumps(GOOD).encode()
    outs = {
        fed(data, "decide", "--explain", "-", **environment).stdout
        for environment in (
            {"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
            {"PYTHONHASHSEED": "2", "PYTHONUTF8": "1", "TZ": "Asia/Shanghai"},
        )
    }
    assert len(outs) == 1
    assert "示例甲".encode() in outs.pop()


def test_fifty_megabytes_are_refused_without_being_read_whole(tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    with big.open("wb") as stream:
        stream.truncate(50_000_000)
    start = time.monotonic()
    done = fed(b"", "decide", str(big))
    assert time.monotonic() - start < 30
    assert (done.returncode, json.loads(done.stdout)["errors"][0]["code"]) == (MALFORMED, "too_large")
    assert MAX_CASE_BYTES == 16 * 2**20


def test_a_reader_that_leaves_early_leaves_no_traceback() -> None:
    words = [sys.executable, "-m", "marketplace", "decide", "--explain", *map(str, CASES * 200)]
    script = f"{shlex.join(words)} | head -c 10"
    done = subprocess.run(["sh", "-c", script], capture_output=True, cwd=ROOT, check=False, timeout=60)
    assert (len(done.stdout), done.stderr) == (10, b"")


def test_decide_loads_neither_web_nor_database() -> None:
    code = (
        "import sys\n"
        "from marketplace.__main__ import main\n"
        f"main(['decide', '--explain', {str(CASES[0])!r}])\n"
        "print(*sys.modules, sep=chr(10), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True, timeout=60)
    roots = {name.split(".")[0] for name in done.stderr.decode().split()}
    assert roots.isdisjoint({"litestar", "piccolo", "asyncpg", "pydantic", "jinja2", "uvicorn", "rich", "asyncio"})
    loaded = {name for name in done.stderr.decode().split() if name.startswith("marketplace")}
    assert loaded == {
        "marketplace",
        "marketplace.__main__",
        "marketplace.publication",
        "marketplace.publication.case_file",
        "marketplace.publication.decide",
    }


def test_the_door_names_every_command_chinese_first(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert capfd.readouterr().out == usage()
    assert usage().index("用法") < usage().index("usage")
    assert all(name in usage() for name in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["dance"]])
def test_an_unknown_command_is_told_what_there_is(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == UNKNOWN_COMMAND
    assert capfd.readouterr().err == usage()


def test_the_door_hands_on_arguments_and_the_exit_status() -> None:
    assert main(["decide", "--help"]) == 0
    assert main(["decide"]) == MALFORMED


def test_an_interrupted_command_ends_as_shells_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("marketplace.publication.decide.main", interrupted)
    assert main(["decide"]) == 130
