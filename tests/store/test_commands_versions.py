"""``catalogue`` and ``profiles``: versions are listed, compared and published from a file, each file once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from marketplace.command_line import WRONG
from tests.store.commanding import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.commanding import Machine

SAID: dict[str, Any] = {
    "region": "330300", "reason": "调整（示例）", "source": "管理办法（示例）", "text_seen": "no",
}  # fmt: skip
VALUE = {"key": "publicity", "value": 9, "unit": "seconds"}
ITEM = {
    "code": "ZZ01", "name": "新设事项（示例）", "item_class": "optional", "approval_item": "示例", "department": "示例",
    "legal_basis": "示例", "result_form": "报告", "fee_mode": "market", "source": "目录（示例）", "text_seen": "no",
}  # fmt: skip


def written(folder: Path, name: str, body: object) -> Path:
    """A file of JSON."""
    path = folder / name
    path.write_text(json.dumps(body, ensure_ascii=False), "utf-8")
    return path


def test_a_version_of_a_profile_is_published_once_listed_and_compared(machine: Machine, tmp_path: Path) -> None:
    path = written(tmp_path, "values.json", {**SAID, "profile": "demo-v1", "values": [VALUE]})
    status, said, complained = machine.run("profiles", "publish", path)
    assert (status, "publicity" in said) == (0, True), complained
    version = re.search(r"已发布 (V\S+)：330300", said)
    assert version is not None, said
    assert version[1] in machine.run("profiles", "publish", path)[1]
    status, said, _ = machine.run("profiles", "list", "demo-v1")
    assert (status, said.count(version[1]), "operator:command-line" in said, "共 1 个版本" in said) == (
        0,
        1,
        True,
        True,
    )
    status, said, _ = machine.run("profiles", "diff", "demo-v1", "shipped", version[1])
    assert (status, "publicity  改变" in said, "value：5 → 9" in said) == (0, True, True), said


def test_a_version_of_the_catalogue_adds_an_item(machine: Machine, tmp_path: Path) -> None:
    status, said, complained = machine.run(
        "catalogue", "publish", written(tmp_path, "items.json", {**SAID, "items": [ITEM]})
    )
    assert (status, "ZZ01" in said) == (0, True), complained
    version = re.search(r"已发布 (V\S+)：", said)
    assert version is not None
    assert "ZZ01  新增" in machine.run("catalogue", "diff", "shipped", version[1])[1]
    assert "共 1 个版本" in machine.run("catalogue", "list")[1]


def test_what_is_wrong_with_a_version_is_said_and_nothing_is_published(machine: Machine, tmp_path: Path) -> None:
    def profile(name: str, value: dict[str, Any]) -> tuple[Any, ...]:
        body = {**SAID, "profile": name, "values": [value]}
        return ("profiles", "publish", written(tmp_path, "values.json", body))

    assert machine.run(*profile("demo-v1", {}))[2].count("有误") == 3
    assert "没有这一套规则" in machine.run(*profile("none-v1", VALUE))[2]
    assert "/values" in machine.run(*profile("demo-v1", {**VALUE, "key": "x"}))[2]
    items = written(tmp_path, "items.json", {**SAID, "region": "999999"})
    for words, expected in (
        (("catalogue", "publish", items), "/region"),
        (("catalogue", "publish", __file__), "json_invalid"),
        (("catalogue", "diff", "shipped", "V0"), "unknown_version"),
        (("profiles", "list", "none-v1"), "没有这一套规则"),
        (("profiles",), "参数有误"),
    ):
        status, said, complained = machine.run(*words)
        assert (status, said, expected in complained) == (WRONG, "", True), (words, complained)
    assert "共 0 个版本" in machine.run("profiles", "list", "demo-v1")[1]
    assert "共 0 个版本" in machine.run("catalogue", "list")[1]
