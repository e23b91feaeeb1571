"""The linters are ordinary tests: what they print is the failure; a planted finding shows that each one looks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT

LONGEST_RUN = 600
"""Seconds."""


def run(*words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a module of this interpreter at the project's root."""
    command = [sys.executable, "-m", *words]
    return subprocess.run(
        command, input=text, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST_RUN
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Everything a linter printed."""
    return f"\n{done.stdout}{done.stderr}"


def test_ruff_finds_nothing():
    done = run("ruff", "check", "--no-fix", ".")
    assert done.returncode == 0, said(done)


def test_ruff_would_format_nothing():
    done = run("ruff", "format", "--check", ".")
    assert done.returncode == 0, said(done)


def test_mypy_finds_nothing_in_strict_mode():
    done = run("mypy")
    assert done.returncode == 0, said(done)


@pytest.mark.parametrize("path", ["bidding/planted.py", "marketplace/planted.py", "tests/unit/test_planted.py"])
def test_ruff_finds_a_planted_unused_name(path: str):
    done = run("ruff", "check", "--no-fix", "--stdin-filename", path, "-", text='"""Planted."""\n\nimport json\n')
    assert done.returncode == 1, said(done)
    assert "F401" in done.stdout


def test_ruff_would_format_a_planted_line():
    done = run("ruff", "format", "--check", "--stdin-filename", "bidding/planted.py", "-", text="x  =  1\n")
    assert done.returncode == 1, said(done)


def test_mypy_finds_a_planted_float_in_money(tmp_path: Path):
    planted = tmp_path / "planted.py"
    planted.write_text('"""Planted."""\n\nfrom commons.money import Money\n\nPRICE = Money(1.5)\n', encoding="utf-8")
    done = run("mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path), str(planted))
    assert done.returncode == 1, said(done)
    assert "arg-type" in done.stdout
