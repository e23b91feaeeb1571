"""The door: `run` is plain sh, explains itself, refuses what it does not know, and says what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT

TOOLS = ("cat", "cksum", "dirname", "grep", "id", "rm", "sed", "sh", "tail")


def door(
    *words: str, cwd: Path, path: str | None = None, script: Path = ROOT / "run"
) -> subprocess.CompletedProcess[str]:
    """Call a `run` script with sh."""
    environment = {"PATH": path or os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["/bin/sh", str(script), *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A copy of the door in a folder whose name has spaces and Chinese characters."""
    folder = tmp_path / "中介 超市 copy"
    folder.mkdir()
    for name in ("run", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_the_scripts_are_executable_and_parse():
    for name in ("run", ".ci/run"):
        assert os.access(ROOT / name, os.X_OK)
        assert subprocess.run(["/bin/sh", "-n", str(ROOT / name)], check=False).returncode == 0


def test_help_names_the_commands_in_both_languages(tmp_path: Path):
    done = door("help", cwd=tmp_path)
    assert done.returncode == 0
    for word in ("demo", "serve", "decide", "test", "用法", "Usage"):
        assert word in done.stdout


def test_an_unknown_command_is_refused_without_setting_up(elsewhere: Path):
    done = door("dmeo", cwd=elsewhere, script=elsewhere / "run")
    assert done.returncode == 2
    assert "dmeo" in done.stderr
    assert not (elsewhere / ".venv").exists()


def test_a_machine_without_python_is_told_so(elsewhere: Path, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name} here"))
    done = door("demo", cwd=tmp_path, path=str(tools), script=elsewhere / "run")
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert "没有找到" in done.stderr


def test_a_python_that_is_too_old_is_not_taken(elsewhere: Path, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name} here"))
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tools / "python3").chmod(0o755)
    done = door("demo", cwd=tmp_path, path=str(tools), script=elsewhere / "run")
    assert done.returncode == 1
    assert not (elsewhere / ".venv").exists()


def test_continuous_integration_calls_the_readme_s_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("exec ./run test")
    assert "./run test" in (ROOT / "README.md").read_text(encoding="utf-8")
