"""Pure rooms stay pure: no clock, no chance, no waiting, no files, no library; the import contracts do the rest."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tests.tidy.tree import PACKAGES, Breach, Source

CLOCK_CALLS = frozenset({"now", "utcnow", "today"})
CHANCE_MODULES = frozenset({"random", "secrets"})
CHANCE_CALLS = frozenset({"uuid1", "uuid4", "urandom", "token_hex", "token_bytes"})
FILE_WRITES = frozenset({"write_text", "write_bytes", "unlink", "mkdir"})
FILE_READS = frozenset({"read_text", "read_bytes"})
LIBRARIES = {
    "commons/workdays.py": "chinese_calendar",
    "commons/codes.py": "stdnum",
    "marketplace/catalogue/areas.py": "shapely",  # geometry is no place for one's own; the verifier reaches no area
}
"""The two modules of commons that may use one small library each."""


def clock(source: Source) -> Iterator[Breach]:
    """Time is passed in as ``at``; nobody who decides asks for it (stores and use cases ask the database)."""
    decides = source.is_pure or (source.is_ours and source.path.name == "store.py")
    if not decides and source.path.parts[:2] != ("marketplace", "usecases"):
        return
    for name, node in _calls(source):
        if name in CLOCK_CALLS:
            yield source.breach(clock, node, f"{name}() asks the clock; take `at` as an argument")


def chance(source: Source) -> Iterator[Breach]:
    """No randomness in a pure room: identifiers and seeds come from outside."""
    if not source.is_pure:
        return
    for node, module in _imports(source):
        if module.split(".")[0] in CHANCE_MODULES:
            yield source.breach(chance, node, f"a pure room imports {module}")
    for name, node in _calls(source):
        if name in CHANCE_CALLS:
            yield source.breach(chance, node, f"{name}() draws by itself; take the value as an argument")


def waiting(source: Source) -> Iterator[Breach]:
    """No ``async`` in a pure room."""
    if not source.is_pure:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await):
            yield source.breach(waiting, node, "a pure room waits for nothing")


def files(source: Source) -> Iterator[Breach]:
    """No file is opened in a pure room; whoever imports ``resources`` may read tables shipped with the package."""
    if not source.is_pure:
        return
    shipped = any(module in {"importlib", "importlib.resources"} for _, module in _imports(source))
    for name, node in _calls(source):
        opens = name == "open" and isinstance(node.func, ast.Name)
        if opens or name in FILE_WRITES or (name in FILE_READS and not shipped):
            yield source.breach(files, node, f"{name}() touches files; take text or rows as an argument")


def libraries(source: Source) -> Iterator[Breach]:
    """A pure room imports the standard library and the house only, so that the verifier runs on Python alone."""
    if not source.is_pure:
        return
    for node, module in _imports(source):
        root = module.split(".")[0]
        if root not in sys.stdlib_module_names and root not in PACKAGES and LIBRARIES.get(str(source.path)) != root:
            yield source.breach(libraries, node, f"a pure room imports the library {root}")


RULES = (clock, chance, waiting, files, libraries)


def _calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call by the last part of its name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def _imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every absolute import, wherever in the file it stands."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module
