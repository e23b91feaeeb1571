"""What a tidy rule looks at: one file with its text and syntax tree, and the list of files that belong to the product.

A rule is a function ``(Source) -> Iterator[Breach]``; its name is the name by which a line may set it aside
(``tidy: allow <rule> - <reason>`` in a comment on the line or the line above). Source: docs/adr/0002.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agencies", "bidding", "commons", "credit", "marketplace")
PURE_PACKAGES = ("agencies", "bidding", "commons", "credit")
PURE_INSIDE_MARKETPLACE = ("attachments", "catalogue", "contracts", "demands")
EDGES = ("tables.py", "store.py", "piccolo_app.py")
BINARY_SUFFIXES = frozenset((".png", ".jpg", ".webp", ".ico", ".gz", ".zip", ".xlsx", ".pdf", ".bin", ".db"))
MOST_SHOWN = 40
UNTRACKED_FOLDERS = frozenset({"build", "dist", "node_modules", "htmlcov", "__pycache__"})

_ESCAPE = re.compile(r"#\s*tidy: allow (?P<rule>[a-z_]+)\s*(?P<reason>.*)$")


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """One place where a rule does not hold."""

    path: str
    line: int
    rule: str
    words: str

    def __str__(self) -> str:
        """As compilers write it, so that editors can jump there."""
        return f"{self.path}:{self.line}: [{self.rule}] {self.words}"


@dataclass(frozen=True)
class Source:
    """One file: its path inside the project and its text."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")

    @property
    def top(self) -> str:
        """First part of the path."""
        return self.path.parts[0]

    @property
    def is_python(self) -> bool:
        """Whether it is Python."""
        return self.path.suffix == ".py"

    @property
    def is_ours(self) -> bool:
        """Whether it belongs to one of the five packages."""
        return self.is_python and self.top in PACKAGES

    @property
    def is_pure(self) -> bool:
        """Whether it is a module of a pure room."""
        if not self.is_ours or self.path.name in EDGES:
            return False
        if self.top in PURE_PACKAGES:
            return True
        inner = self.path.parts[1:]
        return inner[0] in PURE_INSIDE_MARKETPLACE or inner == ("publication", "verify.py")

    def breach(self, rule: Rule, where: ast.AST | int, words: str) -> Breach:
        """A breach at a node or a line of this file."""
        line = where if isinstance(where, int) else getattr(where, "lineno", 1)
        return Breach(str(self.path), line, rule.__name__, words)

    def escapes(self, line: int) -> dict[str, str]:
        """Rules set aside for a line (counted from 1), by a comment on it or on the line above, with their reasons."""
        near = self.lines[max(line - 2, 0) : line]
        found = (_ESCAPE.search(text) for text in near)
        return {match["rule"]: match["reason"] for match in found if match}


Rule = Callable[[Source], Iterator[Breach]]


def check(rule: Rule, sources: Iterable[Source]) -> list[Breach]:
    """All breaches of one rule in the given files, less those that a comment sets aside, in file order."""
    return sorted(
        {breach for source in sources for breach in rule(source) if rule.__name__ not in source.escapes(breach.line)}
    )


def report(breaches: Sequence[Breach]) -> str:
    """One breach a line, for an assertion's message; the count when there are many."""
    more = [f"and {len(breaches) - MOST_SHOWN} more"] if len(breaches) > MOST_SHOWN else []
    return "\n" + "\n".join([*map(str, breaches[:MOST_SHOWN]), *more])


def project_files(root: Path = ROOT) -> list[PurePosixPath]:
    """Files of the product: tracked or about to be; without git (an unpacked archive) all but the made folders."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0 and (root / ".git").exists():
        names = [name for name in listing.stdout.decode().split("\0") if name]
        return sorted(PurePosixPath(name) for name in names if (root / name).is_file())
    return sorted(_walk(root))


def _walk(root: Path) -> Iterator[PurePosixPath]:
    """Every file below the root, less folders that are made on the spot."""
    for path in root.rglob("*"):
        inner = path.relative_to(root)
        made = any(part in UNTRACKED_FOLDERS or part.endswith(".egg-info") for part in inner.parts)
        hidden = inner.parts[0].startswith(".") and inner.parts[0] != ".ci" and len(inner.parts) > 1
        if path.is_file() and not made and not hidden and inner.parts[:3] != ("marketplace", "web", "static", "vendor"):
            yield PurePosixPath(inner.as_posix())


def is_text(path: PurePosixPath) -> bool:
    """Whether the file is text: everything that is not known to be something else."""
    return path.suffix not in BINARY_SUFFIXES


def project_sources(root: Path = ROOT) -> list[Source]:
    """Every text file of the product, read as UTF-8 (bytes that are not are kept visible as U+FFFD)."""
    return [
        Source(path, (root / path).read_bytes().decode("utf-8", errors="replace"))
        for path in project_files(root)
        if is_text(path)
    ]
