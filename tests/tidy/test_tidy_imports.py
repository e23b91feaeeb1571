"""Who imports whom, as contracts; each planted import is reported, and a copy without one is not."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.tidy.tree import PACKAGES, ROOT

LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

PLANTED = [
    # contract, planted files
    ("house", {"bidding/planted.py": "import credit.planted", "credit/planted.py": ""}),
    ("house", {"bidding/planted.py": "from agencies import planted", "agencies/planted.py": ""}),
    ("house", {"credit/planted.py": "import marketplace"}),
    ("house", {"commons/planted.py": "def late():\n    import bidding\n"}),
    ("application", {"marketplace/planted.py": ""}),
    (
        "application",
        {"marketplace/usecases/planted.py": "import marketplace.web.planted", "marketplace/web/planted.py": ""},
    ),
    ("application", {"marketplace/demands/planted.py": "import marketplace.record"}),
    (
        "application",
        {"marketplace/web/planted.py": "import marketplace.jobs.planted", "marketplace/jobs/planted.py": ""},
    ),
    ("pure-rooms", {"bidding/planted.py": "import random"}),
    ("pure-rooms", {"commons/planted.py": "from time import time"}),
    ("pure-rooms", {"credit/planted.py": "import logging"}),
    ("pure-rooms", {"marketplace/demands/planted.py": "import os"}),
    ("pure-rooms", {"bidding/planted.py": "import bidding.planted_deep", "bidding/planted_deep.py": "import asyncpg"}),
    ("edges", {"bidding/planted.py": "import bidding.store", "bidding/store.py": "import asyncpg"}),
    ("edges", {"marketplace/web/planted.py": "import bidding.store", "bidding/store.py": ""}),
    ("tables", {"marketplace/usecases/planted.py": "import bidding.tables", "bidding/tables.py": ""}),
    ("delivery", {"marketplace/usecases/planted.py": "import litestar"}),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The five packages and the contracts, in a folder of their own."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=_only_python)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Check the contracts (all when none is named) of a tree."""
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    words = [sys.executable, "-c", LINT, "--no-cache", "--no-logo", *chosen]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_imports_follow_the_picture():
    done = lint(ROOT)
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    ("contract", "files"), PLANTED, ids=lambda value: next(iter(value)) if isinstance(value, dict) else value
)
def test_a_planted_import_is_reported(copy: Path, contract: str, files: dict[str, str]):
    before = _broken(lint(copy, contract).stdout)
    for name, text in files.items():
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).parent.joinpath("__init__.py").touch()
        (copy / name).write_text(text + "\n", encoding="utf-8")
    done = lint(copy, contract)
    assert done.returncode == 1, f"\n{done.stdout}{done.stderr}"
    assert "planted" not in before
    assert "planted" in _broken(done.stdout)


def test_a_use_case_may_join_what_it_likes(copy: Path):
    for name in ("marketplace/usecases", "bidding", "credit"):
        (copy / name).mkdir(exist_ok=True)
        (copy / name / "__init__.py").touch()
    (copy / "bidding" / "store.py").write_text("import asyncpg\nimport commons.money\n", encoding="utf-8")
    planted = "import bidding.store\nimport credit\nimport commons.money\nimport asyncio\n"
    (copy / "marketplace" / "usecases" / "planted.py").write_text(planted, encoding="utf-8")
    done = lint(copy)
    assert "planted" not in _broken(done.stdout), done.stdout


def _broken(text: str) -> str:
    """The part of the report that lists what is broken."""
    return (
        re.split(r"^Broken contracts$", text, maxsplit=1, flags=re.MULTILINE)[-1] if "Broken contracts" in text else ""
    )


def _only_python(folder: str, names: list[str]) -> list[str]:
    """What not to copy: all but Python files and folders."""
    return [name for name in names if not name.endswith(".py") and not Path(folder, name).is_dir()]


def test_every_branch_that_is_counted_is_one_of_the_pure_rooms_and_none_is_left_out() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contract = next(one for one in tools["importlinter"]["contracts"] if one["id"] == "pure-rooms")
    rooms: set[str] = set()
    for name in contract["source_modules"]:
        pattern = name.removesuffix(".**").replace(".", "/")
        found = [path for path in ROOT.glob(pattern) if path.is_dir()] or [*ROOT.glob(f"{pattern}.py")]
        assert found, f"no such room: {name}"
        rooms |= {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found}
    assert set(tools["coverage"]["run"]["source"]) == rooms
