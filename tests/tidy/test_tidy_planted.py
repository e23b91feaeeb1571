"""Every rule reports the breach planted for it and leaves its neighbour alone."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tests.tidy import rules_code, rules_house, rules_pure, rules_shape
from tests.tidy.planted_rows import ROWS
from tests.tidy.tree import Rule, Source, check


def source(path: str, text: str) -> Source:
    """A file that exists only here."""
    return Source(PurePosixPath(path), text)


def paths(*names: str) -> list[PurePosixPath]:
    """Paths from their names."""
    return [PurePosixPath(name) for name in names]


@pytest.mark.parametrize(("rule", "path", "text"), [row[:3] for row in ROWS if row[3]])
def test_a_planted_breach_is_reported(rule: Rule, path: str, text: str):
    breaches = check(rule, [source(path, text)])
    assert breaches
    assert {breach.rule for breach in breaches} == {rule.__name__}
    assert f"{path}:" in str(breaches[0])


@pytest.mark.parametrize(("rule", "path", "text"), [row[:3] for row in ROWS if not row[3]])
def test_a_clean_neighbour_is_not_reported(rule: Rule, path: str, text: str):
    assert check(rule, [source(path, text)]) == []


def test_every_rule_has_a_breach_and_a_neighbour():
    rules = {*rules_pure.RULES, *rules_code.RULES, *rules_shape.RULES, *rules_house.RULES}
    assert {row[0] for row in ROWS if row[3]} == rules
    assert {row[0] for row in ROWS if not row[3]} == rules


def test_a_line_is_set_aside_only_for_the_rule_it_names():
    text = 'query = f"DROP TABLE {name}"  # tidy: allow dynamic_sql - an identifier made here\n'
    assert check(rules_code.dynamic_sql, [source("tests/store/x.py", text)]) == []
    other = text.replace("dynamic_sql", "clock")
    assert check(rules_code.dynamic_sql, [source("tests/store/x.py", other)])


def test_a_line_is_set_aside_by_the_line_above_it_and_no_further():
    text = '# tidy: allow dynamic_sql - an identifier made here\nquery = f"DROP TABLE {name}"\n'
    assert check(rules_code.dynamic_sql, [source("tests/store/x.py", text)]) == []
    assert check(rules_code.dynamic_sql, [source("tests/store/x.py", text.replace("\n", "\n\n", 1))])


def test_a_setting_without_an_entry_is_reported():
    settings = source("marketplace/settings.py", "class Settings:\n    database_url: str\n    port: int\n")
    found = rules_code.settings_without_entry(settings, "| `DATABASE_URL` | where the database is |")
    assert [breach.words for breach in found] == ["port is not in the reference"]
    assert rules_code.settings_without_entry(settings, "`DATABASE_URL`, `PORT`") == []


def test_a_folder_or_file_that_is_new_at_the_top_is_reported():
    names = ("bidding/engine.py", "run", ".editorconfig", ".ci/run", "common/x.py", "setup.py")
    assert [breach.path for breach in rules_house.top_level(paths(*names))] == ["common/x.py", "setup.py"]


def test_a_missing_licence_is_reported():
    without = [name for name in rules_house.REQUIRED if name != "LICENSE"]
    assert [breach.path for breach in rules_house.required_files(paths(*without))] == ["LICENSE"]


def test_a_borrowed_file_is_reported():
    names = (
        "marketplace/web/static/htmx.min.js",
        "marketplace/web/static/vendor/x.js",
        "marketplace/web/static/own.js",
    )
    assert len(rules_house.borrowed_files(paths(*names))) == 2


def test_a_test_file_name_used_twice_is_reported():
    names = ("tests/unit/test_money.py", "tests/rules/test_money.py", "tests/unit/conftest.py", "tests/web/conftest.py")
    assert len(rules_shape.repeated_test_files(paths(*names))) == 1
