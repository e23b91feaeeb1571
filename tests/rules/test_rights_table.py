"""The table of permissions is complete over the use cases, and denies what it does not name."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from commons.events import Role
from marketplace.identity.permissions import Badge, Permission, deny_reach, deny_role, permission
from marketplace.identity.rights import RIGHTS
from marketplace.usecases.tokens import acts_of
from marketplace.web.locale.act_names import ACT_NAMES
from tests.rules.rights_document import PATH, document

USECASES = Path(__file__).parents[2] / "marketplace" / "usecases"
ASKERS = {"require": 1, "require_owner": 2}
"""What asks the table, and the place of the act's name in the call."""


def asked_in(text: str) -> set[str]:
    """Every act that a module asks the table about, by its written name."""
    found = set()
    for one in ast.walk(ast.parse(text)):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in ASKERS:
            found |= {each.value for each in one.args if isinstance(each, ast.Constant) and isinstance(each.value, str)}
        if isinstance(one, ast.Dict):
            values = {each.value for each in one.values if isinstance(each, ast.Constant)}
            found |= {each for each in values if isinstance(each, str) and each in RIGHTS}
    return found


def silent_use_cases(sources: dict[str, str]) -> set[str]:
    """Modules with a write of their own that ask the table nothing."""
    writes = {name for name, text in sources.items() if "await perform(" in text}
    return {name for name in writes if not asked_in(sources[name])}


def test_every_act_that_is_asked_about_has_a_row_and_every_row_is_asked_about() -> None:
    asked = {act for path in USECASES.glob("*.py") for act in asked_in(path.read_text(encoding="utf-8"))}
    assert asked == set(RIGHTS)


def test_every_write_asks_the_table() -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in USECASES.glob("*.py")}
    assert silent_use_cases(sources) <= {"act", "mark_load"}
    planted = "async def grab(database, caller, command):\n    return await perform(database, caller, command)\n"
    assert "grab" in silent_use_cases({**sources, "grab": planted})


OWN = permission("sign_up", own=("agency",), administrators=("agency",), step_up=True)
FOR_OWNER = permission("publish_demand", own=("owner",), mandate=True)
ROLE_ROWS: tuple[tuple[Permission, str, Badge | None, str | None], ...] = (
    (OWN, "owner", None, "role_not_allowed"),
    (OWN, "system", None, "role_not_allowed"),
    (OWN, "agency", None, None),
    (OWN, "agency", Badge("P-1", "staff", is_fresh=True), "administrator_only"),
    (OWN, "agency", Badge("P-1", "administrator"), "step_up_needed"),
    (OWN, "agency", Badge("P-1", "administrator", is_fresh=True), None),
    (OWN, "agency", Badge("P-1", "administrator", is_fresh=True, scopes=frozenset({"place_offer"})), "token_scope"),
    (OWN, "agency", Badge("P-1", "administrator", is_fresh=True, scopes=frozenset({"sign_up"})), None),
)
REACH_ROWS: tuple[tuple[Permission, str, str, Badge | None, str | None], ...] = (
    (OWN, "agency", "A", None, None),
    (OWN, "agency", "B", None, "not_yours"),
    (FOR_OWNER, "delegate", "D-1", Badge("P-1", mandates=frozenset({"A"})), None),
    (FOR_OWNER, "delegate", "D-1", Badge("P-1", mandates=frozenset({"B"})), "no_mandate"),
    (FOR_OWNER, "delegate", "D-1", None, None),
)


@pytest.mark.parametrize(("row", "role", "badge", "code"), ROLE_ROWS)
def test_a_role_is_denied_for_the_first_reason(row, role, badge, code) -> None:
    denied = deny_role(row, role, badge)
    assert (denied.code if denied else None) == code


@pytest.mark.parametrize(("row", "role", "identity", "badge", "code"), REACH_ROWS)
def test_what_belongs_to_another_is_out_of_reach(row, role, identity, badge, code) -> None:
    denied = deny_reach(row, role, identity, badge, own="A")
    assert (denied.code if denied else None) == code


def test_the_reference_shows_the_table() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert document(text) == text, "run: python -m tests.rules.rights_document"


def test_every_act_that_a_token_may_be_made_for_has_a_name_of_its_own_and_nothing_else_has() -> None:
    in_scopes = {act for role in get_args(Role) for act in acts_of(role)}
    assert set(ACT_NAMES) == in_scopes
    assert len(set(ACT_NAMES.values())) == len(ACT_NAMES), "two acts of one name"
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+", name) for name in ACT_NAMES.values())


def test_a_token_is_made_for_what_its_role_does_and_for_nothing_by_hand() -> None:
    assert {"place_offer", "sign_up"} <= set(acts_of("agency"))
    assert not {"post_demand", "admit_member", "make_token"} & set(acts_of("agency"))
    assert acts_of("public") == acts_of("system") == ()


def test_a_role_that_no_row_names_may_do_nothing_of_others() -> None:
    assert all(set(row.administrators) <= set(row.roles) for row in RIGHTS.values())
    assert not any("operator" in RIGHTS[act].roles for act in RIGHTS if "award" in act), "no say in an award"
