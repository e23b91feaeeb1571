"""Which refusal codes an act can give, found from the code itself: every ``Reason`` that its function reaches.

Functions are followed by the names they use, through imports, from module to module; what only settles other matters or
keeps answers is not followed (``NOT_FOLLOWED``, each with why its reasons refuse nobody here). A code that cannot be
read from the source stops the reading: nothing is left out silently.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("agencies", "bidding", "commons", "credit", "marketplace")

NOT_FOLLOWED: Mapping[str, str] = {
    "marketplace.usecases.standing.hold_selection": "holds and settles; its rulings are of offers, kept in the record",
    "marketplace.usecases.applicants.settle_project": "settles other selections of the project",
    "marketplace.usecases.kinship.hold_kin": "opens holds of bidders that are in; refuses nobody",
    "marketplace.usecases.holding.hold_if_linked": "opens holds for review; refuses nobody",
    "marketplace.usecases.act.require": "who asks; knows nothing of the agency but its code",
    "marketplace.usecases.act.perform": "keeps and repeats answers",
}


@dataclass(frozen=True, slots=True)
class Module:
    """A module as read: its functions by name, and what its imported names stand for."""

    functions: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]
    imported: Mapping[str, str]


def sources() -> dict[str, str]:
    """The source of every module of the product, by dotted name."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[dotted] = path.read_text(encoding="utf-8")
    return found


@cache
def read(text: str) -> Module:
    """A module's functions (of its classes too, by their names) and imports."""
    tree = ast.parse(text)
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        for one in inside:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                functions[one.name] = one
    return Module(functions, imported)


def used(module: str, known: Mapping[str, Module], node: ast.AST) -> Iterator[str]:
    """Dotted names of the product's functions that a function's body uses."""
    own = known[module]
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            if one.id in own.functions:
                yield f"{module}.{one.id}"
            elif one.id in own.imported:
                yield own.imported[one.id]
        elif isinstance(one, ast.Attribute):
            if isinstance(one.value, ast.Name) and own.imported.get(one.value.id) in known:
                yield f"{own.imported[one.value.id]}.{one.attr}"
            elif one.attr in own.functions:
                yield f"{module}.{one.attr}"


def reached(start: str, known: Mapping[str, Module]) -> dict[str, ast.AST]:
    """Every function that a function leads to, itself included, by dotted name."""
    found: dict[str, ast.AST] = {}
    waiting = [start]
    while waiting:
        dotted = waiting.pop()
        module, _, name = dotted.rpartition(".")
        if dotted in found or dotted in NOT_FOLLOWED or module not in known:
            continue
        function = known[module].functions.get(name)
        if function is not None:
            found[dotted] = function
            waiting.extend(used(module, known, function))
    return found


def codes_in(function: ast.AST, *makers: str) -> set[str]:
    """The codes of what a function makes by these names; ``AssertionError`` for one that cannot be read."""
    codes: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
            given = node.args[0] if node.args else next(one.value for one in node.keywords if one.arg == "code")
            read_codes = set(literals(given, function))
            assert read_codes, f"a code that cannot be read: {ast.unparse(node)}"
            codes |= read_codes
    return codes


def literals(given: ast.expr, function: ast.AST) -> Iterator[str]:
    """The texts that an expression can be: constants, choices between them, names that are given them."""
    match given:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from literals(given.body, function)
            yield from literals(given.orelse, function)
        case ast.Name():
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == given.id for target in node.targets
                ):
                    yield from literals(node.value, function)
        case _:
            return


def refusals(start: str, texts: Mapping[str, str], makers: tuple[str, ...] = ("Reason",)) -> frozenset[str]:
    """Every code that the function of that dotted name can refuse with."""
    known = {dotted: read(text) for dotted, text in texts.items()}
    module, _, name = start.rpartition(".")
    assert name in known[module].functions, f"no such function: {start}"
    codes: set[str] = set()
    for function in reached(start, known).values():
        codes |= codes_in(function, *makers)
    return frozenset(codes)


def makes_reasons_outside(text: str) -> bool:
    """Whether a module makes a reason where no function is followed: at its top, or in a method."""
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "Reason"
        for node in ast.parse(text).body
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for one in ast.walk(node)
    )


def modules_reached(start: str, texts: Mapping[str, str]) -> frozenset[str]:
    """The modules whose functions a function leads to."""
    known = {dotted: read(text) for dotted, text in texts.items()}
    return frozenset(dotted.rpartition(".")[0] for dotted in reached(start, known))
