"""``backup``, ``restore`` and ``verify-backup`` as they are typed: words, exit statuses, another machine."""

from __future__ import annotations

from pathlib import Path

from marketplace.command_line import IN_THE_WAY, UNEXPECTED, WRONG
from marketplace.database import Database
from tests.store.commanding import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.commanding import Machine
from tests.store.fixtures import dsn_for
from tests.usecases.market import Market


async def file_two(database: Database) -> None:
    """Two agencies."""
    for number in (1, 2):
        await Market(database).file(number)


async def file_another(database: Database) -> None:
    """One more agency."""
    await Market(database).file(3)


def test_a_market_moves_to_another_machine_by_three_commands(machine: Machine, tmp_path: Path) -> None:
    machine.on(file_two)
    folder, elsewhere = tmp_path / "backups" / "monday", tmp_path / "elsewhere"
    status, said, complained = machine.run("backup", folder)
    assert (status, complained) == (0, "")
    assert f"已备份到 {folder}" in said
    assert machine.run("verify-backup", folder)[0] == 0
    status, said, _ = machine.run("restore", folder, dsn=machine.other, data=elsewhere)
    assert (status, "已恢复" in said) == (0, True)
    status, said, complained = machine.run("verify-backup", folder, dsn=machine.other, data=elsewhere)
    assert (status, "全部一致" in said, "全部完整" in said, complained) == (0, True, True, "")
    machine.on(file_another, machine.other)
    status, said, complained = machine.run("verify-backup", folder, dsn=machine.other, data=elsewhere)
    assert (status, "处不同" in said, "不同：agency: 2 → 3" in complained) == (UNEXPECTED, True, True)


def test_what_is_in_the_way_is_said_and_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    machine.on(file_two)
    folder = tmp_path / "monday"
    assert machine.run("backup", folder)[0] == 0
    status, _, complained = machine.run("backup", folder)
    assert (status, "从不覆盖" in complained) == (WRONG, True)
    status, _, complained = machine.run("restore", folder)
    assert (status, "不是空的" in complained) == (IN_THE_WAY, True)
    status, _, complained = machine.run("restore", tmp_path / "nothing", dsn=machine.other)
    assert (status, "备份有损坏" in complained) == (UNEXPECTED, True)
    path = folder / "rows" / "agency.copy.gz"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    for command in ("restore", "verify-backup"):
        status, said, complained = machine.run(command, folder, dsn=machine.other)
        assert (status, said, "agency.copy.gz: altered" in complained) == (UNEXPECTED, "", True), complained
    status, _, complained = machine.run("backup")
    assert (status, "参数有误" in complained) == (WRONG, True)


def test_another_key_is_told_of_and_a_database_without_a_market_too(
    machine: Machine, tmp_path: Path, database_server: str
) -> None:
    folder = tmp_path / "monday"
    assert machine.run("backup", folder)[0] == 0
    machine.monkeypatch.setenv("IDENTIFIER_KEY", "ab" * 32)
    status, _, complained = machine.run("restore", folder, dsn=machine.other)
    assert (status, "IDENTIFIER_KEY 不是备份时的那一个" in complained) == (0, True)
    bare = dsn_for(database_server, "template1")
    status, _, complained = machine.run("backup", tmp_path / "tuesday", dsn=bare)
    assert (status, "没有市场" in complained) == (IN_THE_WAY, True)
    assert not (tmp_path / "tuesday").exists()
