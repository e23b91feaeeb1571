"""The house from outside: what lies at its top, what may be kept in it, and what its texts never name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from tests.tidy.tree import Breach, Source

FOLDERS = frozenset(
    ("agencies", "bidding", "commons", "credit", "marketplace", "migrations", "tests", "docs", "deploy", ".ci")
)
PAGES = frozenset(("README.md", "CHANGELOG.md", "GLOSSARY.md", "LICENSE"))
BUILD = frozenset(("pyproject.toml", "constraints.txt", "package.json", "package-lock.json", "hatch_build.py", "run"))
FILES = PAGES | BUILD
REQUIRED = (
    "CHANGELOG.md",
    "GLOSSARY.md",
    "LICENSE",
    "README.md",
    "constraints.txt",
    "pyproject.toml",
    "run",
    ".ci/run",
    "docs/adr/0001-record-architecture-decisions.md",
)
_MACHINE_PATH = re.compile(r"(?<![\w.~$}-])/(?:work|root|home|Users)/")
_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pypi", "python", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs"),
            ("npmmirror", "com"),
            ("yarnpkg", "com"),
            ("deb", "debian", "org"),
            ("archive", "ubuntu", "com"),
        )
    )
)
_REGISTRY_SETTING = re.compile("|".join(("index" + "-url", "find" + "-links", "^registry" + r"\s*=")), re.MULTILINE)
_PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.!+]*")
_GIVEN = frozenset({".csv", ".json"})
"""Data is kept byte for byte as it was given, end and all."""
_BORROWED_SUFFIXES = (".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".whl", ".jar", ".so", ".dll")
_BORROWED_FOLDERS = frozenset({"node_modules", "vendor", "third_party", "site-packages", ".venv"})


def machine_path(source: Source) -> Iterator[Breach]:
    """No path of somebody's machine."""
    yield from _found(source, machine_path.__name__, _MACHINE_PATH, "a path of one machine")


def registry_host(source: Source) -> Iterator[Breach]:
    """No package registry's address: where packages come from is the machine's own setting."""
    yield from _found(source, registry_host.__name__, _HOSTS, "the host of a package registry")
    if source.path.suffix in {".toml", ".txt", ".cfg", ".ini", ".sh", ".json", ""} or source.path.name == ".npmrc":
        yield from _found(source, registry_host.__name__, _REGISTRY_SETTING, "a setting of a package registry")


def lock_without_addresses(source: Source) -> Iterator[Breach]:
    """Lock files pin versions and checksums, never places."""
    if source.path.name == "package-lock.json":
        for name, package in _packages(json.loads(source.text)):
            if "resolved" in package:
                yield source.breach(lock_without_addresses, 1, f"{name or 'the root'} has an address")
    if source.path.name == "constraints.txt":
        for number, line in enumerate(source.text.splitlines(), 1):
            if line and not line.startswith("#") and not _PIN.fullmatch(line):
                yield source.breach(lock_without_addresses, number, f"not name==version: {line!r}")


def clean_text(source: Source) -> Iterator[Breach]:
    """UTF-8 without a mark, line feeds (CR LF in tables: RFC 4180), no spaces at line ends, one feed at the end."""
    if source.text.startswith("\ufeff"):
        yield source.breach(clean_text, 1, "starts with a byte order mark")
    written = source.path.suffix not in _GIVEN
    if written and source.text and (not source.text.endswith("\n") or source.text.endswith("\n\n")):
        yield source.breach(clean_text, len(source.lines), "ends with exactly one line feed")
    for number, line in enumerate(source.lines, 1):
        if "\ufffd" in line and source.path.suffix != ".py":
            yield source.breach(clean_text, number, "not UTF-8")
        if "\r" in line and source.path.suffix != ".csv":
            yield source.breach(clean_text, number, "a carriage return")
        elif line.removesuffix("\r") != line.rstrip():
            yield source.breach(clean_text, number, "spaces at the end of the line")


RULES = (machine_path, registry_host, lock_without_addresses, clean_text)


def top_level(paths: Iterable[PurePosixPath]) -> list[Breach]:
    """Nothing grows at the top without a reason written in docs/adr."""
    return [
        Breach(str(path), 1, "top_level", f"{path.parts[0]} is not part of the fixed top level")
        for path in paths
        if not (path.parts[0] in FOLDERS if len(path.parts) > 1 else path.name in FILES or path.name.startswith("."))
    ]


def required_files(paths: Iterable[PurePosixPath]) -> list[Breach]:
    """The files without which the house is not one."""
    present = {str(path) for path in paths}
    return [Breach(name, 1, "required_files", "missing") for name in REQUIRED if name not in present]


def borrowed_files(paths: Iterable[PurePosixPath]) -> list[Breach]:
    """Third-party code, fonts and built assets are fetched and built, never kept."""
    return [
        Breach(str(path), 1, "borrowed_files", "third-party or built; fetch it when installing")
        for path in paths
        if path.name.endswith(_BORROWED_SUFFIXES) or _BORROWED_FOLDERS.intersection(path.parts)
    ]


def _found(source: Source, rule: str, pattern: re.Pattern[str], words: str) -> Iterator[Breach]:
    """One breach for every line in which the pattern occurs."""
    for number, line in enumerate(source.lines, 1):
        found = pattern.search(line)
        if found:
            yield Breach(str(source.path), number, rule, f"{words}: {found[0]}")


def _packages(lock: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every package of a lock file, nested ones too."""
    for kind in ("packages", "dependencies"):
        for name, package in lock.get(kind, {}).items():
            if isinstance(package, dict):
                yield name, package
                yield from _packages({kind: package.get(kind, {})})
