"""The static files as pages get them: one sheet and one script for every page, under names that hold their hash.

Sheets and scripts stay split in the source and are joined when they are first asked for; third-party files come from
``static/vendor`` (hatch_build.py), and pages do without where they are not there. Invariants: the same content has the
same name in every process; a name never changes its content, so that it may be kept for ever. Source: ADR 0030.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "static"
"""Our own static files, and third-party ones below ``vendor``."""

SHEET, SCRIPT = "css/site.css", "js/site.js"
"""What every page asks for."""

FIRST_SHEETS = ("base", "parts", "figures")
LAST_SHEETS = ("adapt",)
"""Sheets whose place matters; every other sheet below ``css`` comes between them, by name."""

LIVE = ("vendor/htmx/htmx.min.js", "vendor/htmx/hx-sse.min.js")
"""Third-party scripts that go before our own."""

SINGLE: Mapping[str, str] = MappingProxyType(
    {
        "mark.svg": "mark.svg",
        "api/docs.css": "api/docs.css",
        "api/docs.js": "api/docs.js",
        "api/swagger-ui.css": "vendor/swagger-ui/swagger-ui.css",
        "api/swagger-ui.js": "vendor/swagger-ui/swagger-ui-bundle.js",
    }
)
"""Files that are served as they are: by the name that pages use, and their place."""

KINDS: Mapping[str, str] = MappingProxyType(
    {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".webp": "image/webp"}
)
HASH_DIGITS = 12
_REMARK = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)
_INDENT = re.compile(rb"\n\s+")


@dataclass(frozen=True)
class Asset:
    """One file: its name with the hash in it, its media type, its bytes."""

    name: str
    kind: str
    body: bytes

    @cached_property
    def packed(self) -> bytes:
        """The same, compressed once (gzip)."""
        return gzip.compress(self.body, 9, mtime=0)


@cache
def assets() -> Mapping[str, Asset]:
    """Every file by the name that pages use."""
    made = {SHEET: _sheet(), SCRIPT: _script()}
    made |= {name: (FOLDER / place).read_bytes() for name, place in SINGLE.items() if (FOLDER / place).is_file()}
    made |= {f"guides/{path.name}": path.read_bytes() for path in sorted((FOLDER / "guides").glob("*.webp"))}
    return MappingProxyType({name: _asset(name, body) for name, body in made.items()})


@cache
def by_address() -> Mapping[str, Asset]:
    """Every file by the name it is served under."""
    return MappingProxyType({one.name: one for one in assets().values()})


def address_of(name: str) -> str:
    """The name under which a file is served; a ``KeyError`` for one that is not there."""
    return assets()[name].name


def _asset(name: str, body: bytes) -> Asset:
    stem, dot, suffix = name.rpartition(".")
    return Asset(f"{stem}.{sha256(body).hexdigest()[:HASH_DIGITS]}{dot}{suffix}", KINDS[dot + suffix], body)


def _sheet() -> bytes:
    """All sheets as one, without remarks and indents."""
    joined = b"\n".join(path.read_bytes() for path in sheets())
    return _INDENT.sub(b"\n", _REMARK.sub(b"", joined))


def sheets() -> Iterator[Path]:
    """The sheets in their order: what comes later wins."""
    places = {path.stem: path for path in sorted((FOLDER / "css").glob("*.css"))}
    between = [name for name in places if name not in {*FIRST_SHEETS, *LAST_SHEETS}]
    return (places[name] for name in (*FIRST_SHEETS, *between, *LAST_SHEETS))


def _script() -> bytes:
    """The third-party scripts that are there, then our own by name; each ends its last statement."""
    places = [*(FOLDER / one for one in LIVE), *sorted((FOLDER / "js").glob("*.js"))]
    return b";\n".join(path.read_bytes().rstrip() for path in places if path.is_file()) + b"\n"
