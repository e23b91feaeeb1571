"""Every rule of the house, run over every file of it."""

from __future__ import annotations

import functools

import pytest

from tests.tidy import rules_code, rules_house, rules_pure, rules_shape
from tests.tidy.tree import ROOT, Rule, Source, check, project_files, project_sources, report

RULES: tuple[Rule, ...] = (*rules_pure.RULES, *rules_code.RULES, *rules_shape.RULES, *rules_house.RULES)
SHORTEST_REASON = 10
MOST_ESCAPES = 20


@functools.cache
def sources() -> tuple[Source, ...]:
    """The tree, read once."""
    return tuple(project_sources())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Rule):
    breaches = check(rule, sources())
    assert not breaches, report(breaches)


def test_nothing_grows_at_the_top():
    breaches = rules_house.top_level(project_files())
    assert not breaches, report(breaches)


def test_no_required_file_is_missing():
    breaches = rules_house.required_files(project_files())
    assert not breaches, report(breaches)


def test_nothing_borrowed_is_kept():
    breaches = rules_house.borrowed_files(project_files())
    assert not breaches, report(breaches)


def test_no_two_test_files_share_a_name():
    breaches = rules_shape.repeated_test_files(project_files())
    assert not breaches, report(breaches)


def test_every_setting_is_explained_in_the_reference():
    settings = ROOT / rules_code.SETTINGS
    if not settings.exists():
        return
    reference = ROOT / "docs" / "reference" / "settings.md"
    written = reference.read_text(encoding="utf-8") if reference.exists() else ""
    source = next(source for source in sources() if str(source.path) == rules_code.SETTINGS)
    breaches = rules_code.settings_without_entry(source, written)
    assert not breaches, report(breaches)


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_rule_that_is_set_aside_says_why():
    names = {rule.__name__ for rule in RULES}
    places = [
        (f"{source.path}:{number}", rule, reason)
        for source in sources()
        if source.is_python and source.path.parts[:2] != ("tests", "tidy")
        for number in range(1, len(source.lines) + 1)
        for rule, reason in source.escapes(number).items()
        if f"tidy: allow {rule}" in source.lines[number - 1]
    ]
    assert not [place for place in places if place[1] not in names]
    assert not [place for place in places if len(place[2].strip(" -—:")) < SHORTEST_REASON]
    assert len(places) <= MOST_ESCAPES, "an exception that is made this often is a rule: change the rule"
