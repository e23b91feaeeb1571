"""``import-decisions``: the same use case from the command line, its words and its exit statuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from marketplace.__main__ import main
from marketplace.cli import IN_THE_WAY, WRONG
from marketplace.settings import VARIABLES
from marketplace.usecases.import_decisions import SIGNED
from tests.store.fixtures import fresh
from tests.usecases.market import code

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
LINE = {
    "v": 1, "type": "decision", "subject": code(1), "authority": "示例局", "document_number": "示罚〔2026〕1号",
    "decided_on": "2026-01-05", "basis": "出具虚假报告（示例）", "code": "penalty", "severity": "severe",
    "legal_ground": "示例法",
}  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def dsn(database_server: str, migrated_template: str) -> Iterator[str]:
    """A migrated database of this test alone, for a command that runs a loop of its own."""
    with asyncio.Runner() as runner:
        copy = fresh(database_server, migrated_template)
        yield runner.run(copy.__aenter__())
        runner.run(copy.__aexit__(None, None, None))


@pytest.fixture
def run(dsn: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command: its exit status, what it says, what it complains of."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("CREDIT_FEEDS", f"zj-credit={KEY.public_key().public_bytes_raw().hex()}")

    def runs(*arguments: object) -> tuple[int, str, str]:
        status = main(["import-decisions", *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return runs


def written(folder: Path, *lines: object) -> Path:
    """A file of lines, its signature beside it."""
    path = folder / "decisions.jsonl"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), encoding="utf-8")
    path.with_name("decisions.jsonl.sig").write_text(f"{KEY.sign(SIGNED + path.read_bytes()).hex()}\n", "ascii")
    return path


def test_a_file_is_loaded_from_the_command_line_once(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, LINE, {**LINE, "document_number": "示罚〔2026〕2号"})
    status, said, _ = run(path, "--feed", "zj-credit")
    assert (status, "共 2 行" in said, "主体未备案、待其备案时生效 2 行" in said) == (0, True, True)
    status, said, _ = run(path, "--feed", "zj-credit")
    assert (status, "没有变化" in said) == (0, True)


def test_what_is_wrong_is_said_and_nothing_is_loaded(run: Run, tmp_path: Path) -> None:
    bad = written(tmp_path, LINE, {**LINE, "document_number": "x", "severity": "huge"})
    status, said, complained = run(bad, "--feed", "zj-credit")
    assert (status, said) == (WRONG, "")
    assert "/lines/2/severity" in complained
    assert "没有导入任何一行" in complained
    good = written(tmp_path, LINE)
    for arguments, words in (
        (("--feed", "nobody"), "没有登记公钥"),
        (("--feed", "ZJ"), "/feed"),
        (("--feed", "zj-credit", "--signature", good), "/signature"),
    ):
        status, _, complained = run(good, *arguments)
        assert (status, words in complained) == (WRONG, True), complained
    good.write_text(good.read_text("utf-8") + "\n", "utf-8")
    status, _, complained = run(good, "--feed", "zj-credit")
    assert (status, "签名不对" in complained) == (WRONG, True)
    status, _, complained = run(tmp_path / "nothing.jsonl", "--feed", "zj-credit")
    assert (status, "文件或网络出错" in complained) == (IN_THE_WAY, True)
    (tmp_path / "bytes").write_bytes(b"\xff")
    status, _, complained = run(tmp_path / "bytes", "--feed", "zj-credit")
    assert (status, "not UTF-8" in complained) == (WRONG, True)
