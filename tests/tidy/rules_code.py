"""What no linter knows of: floats near money, SQL glued from pieces, swallowed errors, hidden settings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.tidy.tree import PURE_PACKAGES, Breach, Source

HOLE = "\N{CURRENCY SIGN}"
"""Stands for the part of a string that is filled in at run time."""
_SQL_CAPITALS = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|TRUNCATE|SET|LISTEN|NOTIFY|COPY|GRANT|REVOKE|LOCK|EXPLAIN)\s"
)
_SQL_ANY_CASE = re.compile(
    r"\s*(select\b.*\bfrom\b|insert\s+into\b|update\b.+\bset\b|delete\s+from\b|with\s+\w+\s+as\s*\("
    r"|(create|alter|drop)\s+(or\s+replace\s+)?(table|index|role|user|database|schema|view|function|trigger|sequence)\b"
    r"|truncate\s+\w|lock\s+table\b|set\s+(local|session)\b)",
    re.IGNORECASE | re.DOTALL,
)
_SQL_SINKS = frozenset(
    {"execute", "executemany", "fetch", "fetchrow", "fetchval", "fetchmany", "prepare", "raw", "Raw", "UnquotedLiteral"}
)
_NAMES_ONLY = ("CREATE DATABASE ", "DROP DATABASE ")
"""What tests do with databases of their own: PostgreSQL takes no parameter for a name."""
_SQL_CLOCK = re.compile(
    r"\bnow\(\)|\b(current_timestamp|localtimestamp|current_date|transaction_timestamp\(\))", re.IGNORECASE
)
_REASONED = {
    "noqa": re.compile(r"#\s*noqa:\s*[A-Z]+[0-9]+(?:[, ]+[A-Z]+[0-9]+)*\W+(?P<reason>.*)"),
    "type: ignore": re.compile(r"#\s*type:\s*ignore\[[a-z0-9-]+(?:,\s*[a-z0-9-]+)*\]\W+(?P<reason>.*)"),
}
_SHORTEST_REASON = 6
MAY_CATCH_ALL = ("marketplace/web/errors.py", "marketplace/jobs/")
SETTINGS = "marketplace/settings.py"
MAY_TOUCH_ENVIRONMENT = (SETTINGS, "marketplace/embedded/server.py", "marketplace/migrate.py")
"""Settings; the embedded server hands the search path on to its process; Piccolo is told by a variable where we are."""


def float_money(source: Source) -> Iterator[Breach]:
    """Where rules count, there is no float at all; elsewhere none meets a name that ends in ``fen``."""
    if not source.is_ours:
        return
    everywhere = source.top in PURE_PACKAGES
    for node in ast.walk(source.tree):
        if everywhere and (_is_float(node) or any(_names_float(part) for part in _annotations(node))):
            yield source.breach(float_money, node, "a float where rules count; use int, Fraction or Money")
        elif not everywhere and _mixes_fen_and_float(node):
            yield source.breach(float_money, node, "a float near an amount in fen")


def dynamic_sql(source: Source) -> Iterator[Breach]:
    """SQL is a constant with parameters, never an f-string, ``%``, ``format``, ``+`` or ``join``."""
    if not source.is_python:
        return
    for node in ast.walk(source.tree):
        shape = _shape(node) if isinstance(node, ast.expr) else ""
        if source.top == "tests" and shape.startswith(_NAMES_ONLY):
            continue
        if HOLE in shape[1:] and (_SQL_CAPITALS.match(shape) or _SQL_ANY_CASE.match(shape)):
            yield source.breach(dynamic_sql, node, "SQL glued at run time; use a constant and parameters")
        if isinstance(node, ast.Call) and _called(node) in _SQL_SINKS and node.args:
            first = node.args[0]
            made = isinstance(first, ast.Call) and _called(first) in {"join", "format", "replace"}
            if made or (isinstance(first, ast.JoinedStr | ast.BinOp) and HOLE in _shape(first)):
                yield source.breach(dynamic_sql, node, f"{_called(node)}() is given a string glued at run time")


def sql_clock(source: Source) -> Iterator[Breach]:
    """SQL that decides asks ``clock_timestamp()`` after its lock, never the start of the transaction."""
    if not source.is_ours:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
            found = _SQL_CLOCK.search(node.value)
            if found:
                yield source.breach(sql_clock, node, f"{found[0]} is the transaction's start; use clock_timestamp()")


def broad_except(source: Source) -> Iterator[Breach]:
    """Nobody swallows what he does not know, but the front's one table and the jobs; passing it on is fine."""
    if not source.is_python or str(source.path).startswith(MAY_CATCH_ALL):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and not _passes_on(node):
            yield source.breach(broad_except, node, "catches everything and goes on; name the errors")


def environment(source: Source) -> Iterator[Breach]:
    """Only the settings read the environment."""
    if not source.is_ours or str(source.path) in MAY_TOUCH_ENVIRONMENT:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"} and _is_os(node.value):
            yield source.breach(environment, node, f"os.{node.attr} outside {SETTINGS}")
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            for alias in node.names:
                if alias.name in {"environ", "environb", "getenv"}:
                    yield source.breach(environment, node, f"os.{alias.name} outside {SETTINGS}")


def lookup_by_name(source: Source) -> Iterator[Breach]:
    """No handler is found by the text of its name: a typo would be silence."""
    if not source.is_python:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "globals":
            yield source.breach(lookup_by_name, node, "globals() as a table of handlers; use match")


def reasoned_ignores(source: Source) -> Iterator[Breach]:
    """An ignored finding names its code and its reason in the same line."""
    if not source.is_python:
        return
    for number, line in enumerate(source.lines, 1):
        for kind, pattern in _REASONED.items():
            if re.search(rf"#\s*{kind}\b", line):
                found = pattern.search(line)
                if not found or len(found["reason"].strip()) < _SHORTEST_REASON:
                    yield source.breach(reasoned_ignores, number, f"{kind} without its code or its reason")


RULES = (
    float_money,
    dynamic_sql,
    sql_clock,
    broad_except,
    environment,
    lookup_by_name,
    reasoned_ignores,
)


def settings_without_entry(settings: Source, reference: str) -> list[Breach]:
    """Every field of ``Settings`` stands in the reference between backticks, by its name in either case."""
    fields = [
        item
        for node in ast.walk(settings.tree)
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    ]
    written = {word.casefold() for word in re.findall(r"`([A-Za-z_][A-Za-z0-9_]*)`", reference)}
    return [
        Breach(str(settings.path), item.lineno, "settings_without_entry", f"{item.target.id} is not in the reference")
        for item in fields
        if isinstance(item.target, ast.Name) and item.target.id.casefold() not in written
    ]


def _called(node: ast.Call) -> str:
    """Last part of the called name, or nothing."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _shape(node: ast.expr) -> str:
    """The text of a string expression with a hole for every part known only at run time."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_shape(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _addend(left) + _addend(right)
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod()):
            return text + HOLE
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
            return text + HOLE
    return HOLE


def _addend(node: ast.expr) -> str:
    """What one side of ``+`` adds; a constant's name (in capitals) is as good as its text."""
    return "" if isinstance(node, ast.Name) and node.id.isupper() else _shape(node)


def _is_sql(text: str) -> bool:
    """Whether a constant reads as a statement."""
    return bool(_SQL_CAPITALS.match(text) or _SQL_ANY_CASE.match(text))


def _is_float(node: ast.AST) -> bool:
    """A literal float or a call of ``float``."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"


def _annotations(node: ast.AST) -> list[ast.expr]:
    """Annotations that a node carries."""
    match node:
        case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
            return [annotation]
        case ast.FunctionDef(returns=ast.expr() as annotation):
            return [annotation]
    return []


def _names_float(annotation: ast.expr) -> bool:
    """Whether an annotation mentions ``float``."""
    return any(isinstance(node, ast.Name) and node.id == "float" for node in ast.walk(annotation))


def _is_fen(node: ast.AST) -> bool:
    """A name or attribute that holds an amount in fen."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name == "fen" or name.endswith("_fen")


def _mixes_fen_and_float(node: ast.AST) -> bool:
    """Whether an operation, comparison, keyword or annotation brings the two together."""
    match node:
        case ast.BinOp() | ast.Compare() | ast.AugAssign():
            inner = list(ast.walk(node))
            return any(map(_is_fen, inner)) and any(map(_is_float, inner))
        case ast.Call(func=ast.Name(id="float"), args=args):
            return any(_is_fen(inner) for arg in args for inner in ast.walk(arg))
        case ast.keyword(arg=str() as name, value=value) if name == "fen" or name.endswith("_fen"):
            return any(map(_is_float, ast.walk(value)))
        case ast.AnnAssign(target=target, annotation=annotation) if _is_fen(target):
            return _names_float(annotation)
        case ast.arg(arg=str() as name, annotation=ast.expr() as annotation) if name.endswith("fen"):
            return _names_float(annotation)
    return False


def _catches_all(kind: ast.expr | None) -> bool:
    """A bare ``except``, or one that names ``Exception`` or ``BaseException``."""
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"}) for name in names
    )


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether the handler ends by raising again what it caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_os(node: ast.expr) -> bool:
    """The module ``os`` by its name."""
    return isinstance(node, ast.Name) and node.id == "os"
