"""``accounts``: the first operator is made on the machine, nobody's password is typed where others read it."""

from __future__ import annotations

import getpass
import re
import sys
from pathlib import Path

import pytest

from commons.errors import Unrecognised
from marketplace.command_line import WRONG
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.usecases.own_account import RecoverAccount, recover_account
from marketplace.usecases.sign_in import SignIn, sign_in
from marketplace.usecases.signing_in import Device, Opened
from tests.store.commanding import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.commanding import Machine

PASSWORD = "four different words"
DEVICE = Device("192.0.2.1")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with a password in its first line."""
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\nmore\n", "utf-8")
    return path


def signed_in(machine: Machine, login: str, password: str = PASSWORD) -> Opened | None:
    """What signing in gives; None where it is refused."""

    async def work(database: Database) -> Opened | None:
        try:
            return await sign_in(database, SignIn(login=login, password=password), DEVICE, identifiers=DEVELOPMENT)
        except Unrecognised:
            return None

    return machine.on(work)


def log(machine: Machine) -> list[tuple[str, str]]:
    """Who did what, by the access log."""

    async def work(database: Database) -> list[tuple[str, str]]:
        async with database.borrow() as connection:
            rows = await connection.fetch("SELECT actor, what FROM access_entry WHERE actor <> '' ORDER BY place")
        return [(row["actor"], row["what"]) for row in rows]

    return machine.on(work)


def test_the_first_operator_is_made_here_and_signs_in(machine: Machine, secret: Path) -> None:
    status, said, complained = machine.run(
        "accounts", "open", "Op.One", "--name", "运营甲（示例）", "--office", "operator", "--password-file", secret
    )
    assert (status, complained) == (0, "")
    assert len(re.findall(r"^  [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$", said, re.MULTILINE)) == 10
    assert "任职：运营，编号 M" in said
    assert PASSWORD not in said
    opened = signed_in(machine, "op.one")
    assert opened is not None
    assert opened.standing is not None
    assert opened.standing.role == "operator"
    assert ("system:cli", "appoint-officer") in log(machine)
    status, said, _ = machine.run("accounts", "list")
    assert (status, "op.one" in said, "共 1 个账号" in said, "运营甲" in said) == (0, True, True, False)
    assert log(machine)[-1] == ("system:cli", "read-accounts")
    office = re.search(
        r"编号 (M\S+)，",
        machine.run("accounts", "appoint", "op.one", "--office", "auditor", "--reason", "兼任（示例）")[1],
    )
    assert office is not None
    assert machine.run("accounts", "end-office", office[1], "--reason", "离任（示例）")[0] == 0
    status, _, complained = machine.run("accounts", "end-office", office[1], "--reason", "离任（示例）")
    assert (status, "没有这项任职" in complained) == (WRONG, True)


def test_what_cannot_be_is_refused_with_words_and_changes_nothing(
    machine: Machine, secret: Path, tmp_path: Path
) -> None:
    opening = ("accounts", "open", "opr", "--name", "运营（示例）", "--password-file")
    weak, empty = tmp_path / "weak", tmp_path / "empty"
    weak.write_text("op", "utf-8")
    empty.write_text("\n", "utf-8")
    for words, expected in (
        ((*opening, empty), "第一行是空的"),
        ((*opening, tmp_path / "none"), "没有读到口令"),
        ((*opening[:-1],), "没有终端"),
        ((*opening, secret, "--office", "regulator"), "/region"),
        ((*opening, secret, "--office", "operator", "--region", "330302"), "/region"),
        ((*opening, secret, "--office", "king"), "参数有误"),
        (("accounts", "open", "op", "--name", "示例", "--password-file", secret), "/login"),
        (("accounts",), "参数有误"),
        (("accounts", "close", "nobody", "--reason", "示例"), "没有这个账号"),
        (("accounts", "reset", "nobody", "--reason", "示例"), "没有这个账号"),
        (("accounts", "appoint", "nobody", "--office", "auditor", "--reason", "示例"), "没有这个账号"),
    ):
        status, said, complained = machine.run(*words)
        assert (status, said, expected in complained) == (WRONG, "", True), (words, complained)
    login = ("accounts", "open", "opop", "--name", "运营（示例）", "--password-file")
    weak.write_text("opopopopopop", "utf-8")
    status, _, complained = machine.run(*login, weak)
    assert (status, complained.count("不能这样做")) == (WRONG, 2), complained
    assert "共 0 个账号" in machine.run("accounts", "list")[1]
    assert machine.run(*login, secret)[0] == 0
    status, _, complained = machine.run(*login, secret)
    assert (status, "登录名已被使用" in complained) == (WRONG, True)


def test_the_last_operator_stays_and_a_closed_account_signs_in_no_more(machine: Machine, secret: Path) -> None:
    def opened(login: str) -> str:
        _, said, _ = machine.run(
            "accounts", "open", login, "--name", "示例", "--office", "operator", "--password-file", secret
        )
        found = re.search(r"编号 (M\S+)，", said)
        assert found is not None, said
        return found[1]

    only = opened("one.op")
    status, _, complained = machine.run("accounts", "end-office", only, "--reason", "离任（示例）")
    assert (status, "最后一个运营人员" in complained) == (WRONG, True)
    opened("two.op")
    assert machine.run("accounts", "end-office", only, "--reason", "离任（示例）")[0] == 0
    assert machine.run("accounts", "close", "two.op", "--reason", "停用（示例）")[0] == 0
    assert signed_in(machine, "two.op") is None
    assert "停用" in machine.run("accounts", "list")[1]
    assert machine.run("accounts", "reopen", "two.op", "--reason", "恢复（示例）")[0] == 0
    assert signed_in(machine, "two.op") is not None


def test_the_machine_alone_makes_no_regulator_and_no_third_operator(machine: Machine, secret: Path) -> None:
    for number, office in enumerate((("regulator", "--region", "330302"), ("operator",), ("operator",), ("operator",))):
        status, said, complained = machine.run(
            "accounts", "open", f"login.{number}", "--name", "示例", "--office", *office, "--password-file", secret
        )
        assert (status, complained) == (0, "")
        assert ("任命须两人：已提请 Z" in said) == (number in {0, 3})
        assert ("任职：运营，编号 M" in said) == (number in {1, 2})
    listed = machine.run("accounts", "list", "--officers")[1]
    assert [f"login.{number}" in listed for number in range(4)] == [False, True, True, False]


def test_reset_ends_what_is_signed_in_and_gives_codes_that_recover(machine: Machine, secret: Path) -> None:
    first = machine.run("accounts", "open", "some.one", "--name", "示例", "--password-file", secret)[1]
    status, said, _ = machine.run("accounts", "reset", "some.one", "--reason", "丢了手机（示例）")
    assert status == 0
    assert ("system:cli", "reset-account") in log(machine)
    old, new = (re.findall(r"^  ([0-9A-Z-]{12})$", text, re.MULTILINE) for text in (first, said))
    assert (len(old), len(new), set(old) & set(new)) == (10, 10, set())

    def recovered(code: str) -> bool:
        async def work(database: Database) -> bool:
            command = RecoverAccount(login="some.one", code=code, password="another four words")
            try:
                await recover_account(database, command, DEVICE)
            except Unrecognised:
                return False
            return True

        return machine.on(work)

    assert not recovered(old[0])
    assert recovered(new[0])
    assert signed_in(machine, "some.one", "another four words") is not None


def test_a_password_is_typed_twice_on_a_terminal(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PASSWORD, "something else", PASSWORD, PASSWORD])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    opening = ("accounts", "open", "typing", "--name", "示例")
    status, _, complained = machine.run(*opening)
    assert (status, "两遍不一样" in complained) == (WRONG, True)
    assert machine.run(*opening)[0] == 0
    assert signed_in(machine, "typing") is not None
