"""Sizes and names: files a person reads in one sitting, modules that say what they decide, tests that are sentences."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tests.tidy.tree import Breach, Source

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_TEMPLATE = 150
FEWEST_WORDS = 4
"""Words of a test's name, ``test`` among them."""
GENERATED = "migrations"
"""Written by Piccolo, reviewed by hand; their length is the schema's."""
BANNED_NAMES = frozenset(["util", "utils", "helper", "helpers", "manager", "managers", "info", "misc"])
_MEASURED = frozenset({".py", ".js", ".sh"})
_REASON_KINDS = frozenset({"Reason"})
_EVENT_KINDS = frozenset({"Draft", "Event"})
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TAG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z][a-z0-9]*(_[a-z0-9]+)*)*")


def file_length(source: Source) -> Iterator[Breach]:
    """A source file ends by line 400."""
    length = len(source.text.splitlines())
    measured = source.path.suffix in _MEASURED or source.path.name == "run"
    if measured and source.top != GENERATED and length > LONGEST_FILE:
        yield source.breach(file_length, LONGEST_FILE + 1, f"{length} lines; at most {LONGEST_FILE}")


def function_length(source: Source) -> Iterator[Breach]:
    """A function ends within 60 lines, decorators left out."""
    if not source.is_python or source.top == GENERATED:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield source.breach(function_length, node, f"{node.name}: {length} lines; at most {LONGEST_FUNCTION}")


def template_length(source: Source) -> Iterator[Breach]:
    """A template ends by line 150."""
    length = len(source.text.splitlines())
    if "templates" in source.path.parts and length > LONGEST_TEMPLATE:
        yield source.breach(template_length, LONGEST_TEMPLATE + 1, f"{length} lines; at most {LONGEST_TEMPLATE}")


def bare_init(source: Source) -> Iterator[Breach]:
    """An ``__init__.py`` holds a docstring at most."""
    if source.path.name != "__init__.py":
        return
    for node in source.tree.body:
        if not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        ):
            yield source.breach(bare_init, node, "code in an __init__.py; give it a module with a name")


def module_docstring(source: Source) -> Iterator[Breach]:
    """A module says what it decides (a test module says it by the names of its tests)."""
    if not source.is_python or source.top == GENERATED or source.path.name.startswith("test_"):
        return
    if not ast.get_docstring(source.tree):
        yield source.breach(module_docstring, 1, "no module docstring")


def module_name(source: Source) -> Iterator[Breach]:
    """No drawer for odds and ends: a module is named after what it decides."""
    if not source.is_python:
        return
    for part in (*source.path.parts[:-1], source.path.stem):
        if part in BANNED_NAMES:
            yield source.breach(module_name, 1, f"{part} says nothing; name what it decides")


def test_sentence(source: Source) -> Iterator[Breach]:
    """A test's name is a sentence: three words or more after ``test``."""
    if source.top != "tests" or not source.path.name.startswith("test_"):
        return
    for node in ast.walk(source.tree):
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if named and len(node.name.split("_")) < FEWEST_WORDS:
            yield source.breach(test_sentence, node, f"{node.name} is no sentence")


def stable_codes(source: Source) -> Iterator[Breach]:
    """Reason codes are snake case, event tags snake-case words with dots: they are written down for ever."""
    if not source.is_ours:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if node.func.id in _REASON_KINDS:
            code, shape = given.get("code", node.args[0] if node.args else None), _SNAKE
        elif node.func.id in _EVENT_KINDS:
            code, shape = given.get("type", node.args[1] if len(node.args) > 1 else None), _TAG
        else:
            continue
        if isinstance(code, ast.Constant) and isinstance(code.value, str) and not shape.fullmatch(code.value):
            yield source.breach(stable_codes, node, f"{code.value!r} is not a stable code in snake case")


RULES = (
    file_length,
    function_length,
    template_length,
    bare_init,
    module_docstring,
    module_name,
    test_sentence,
    stable_codes,
)


def repeated_test_files(paths: Iterable[PurePosixPath]) -> list[Breach]:
    """Test modules share no name, so that a failure's first word says where."""
    homes: dict[str, list[PurePosixPath]] = defaultdict(list)
    for path in paths:
        if path.parts[0] == "tests" and path.name.startswith("test_") and path.suffix == ".py":
            homes[path.name].append(path)
    return [
        Breach(str(path), 1, "repeated_test_files", f"{name} is also {others[0]}")
        for name, (*others, path) in sorted(homes.items())
        if others
    ]
