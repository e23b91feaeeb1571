"""Setting papers: typst in threads of its own, at most ``AT_ONCE`` together, what was set kept by its digest.

Invariants: the same paper gives the same bytes in any process (the document's date comes with the paper, fonts are our
own only, nothing is fetched); more than ``WAITING`` papers wait for nobody (``Unavailable``). Source: ADR 0025.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import segno
import typst

from commons.canonical import Json
from commons.errors import Unavailable
from commons.instants import BEIJING
from marketplace.papers.document import Paper

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parents[1] / "web" / "static" / "vendor" / "fonts"
"""Where the build hook puts the fonts (hatch_build.py)."""
FAMILY = "Noto Sans SC"
AT_ONCE, WAITING = 2, 32
KEPT_BYTES = 32 * 1024 * 1024
"""Bytes of set papers that are kept in memory."""
ISSUER = "涉批中介网上超市"


class Setter:
    """The fonts, the threads, and what was set last."""

    def __init__(self, fonts: Path = FONTS) -> None:
        """Set with the fonts of a folder; ``Unavailable`` where the Chinese one is missing."""
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])
        if FAMILY not in self._fonts.families():
            message = f"the font {FAMILY} is missing: install again with the npm registry in reach (docs/papers.md)"
            raise Unavailable(message)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="papers")
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._guard = threading.Lock()
        self._waiting = 0

    async def pdf(self, paper: Paper) -> bytes:
        """The paper as PDF."""
        data = data_of(paper)
        digest = sha256(data.encode()).hexdigest()
        with self._guard:
            if digest in self._kept:
                self._kept.move_to_end(digest)
                return self._kept[digest]
            if self._waiting >= WAITING:
                message = "too many papers are being set"
                raise Unavailable(message)
            self._waiting += 1
        try:
            made = await asyncio.get_running_loop().run_in_executor(self._threads, self._set, paper, data)
        finally:
            with self._guard:
                self._waiting -= 1
        self._keep(digest, made)
        return made

    def _set(self, paper: Paper, data: str) -> bytes:
        return typst.compile(
            TEMPLATES / f"{paper.kind}.typ",
            root=TEMPLATES,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": data},
            timestamp=paper.at.astimezone(BEIJING).replace(microsecond=0),
        )

    def _keep(self, digest: str, made: bytes) -> None:
        with self._guard:
            self._kept[digest] = made
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > KEPT_BYTES:
                self._kept.popitem(last=False)


@cache
def setter() -> Setter:
    """The one of this process; asked again where the font was missing."""
    return Setter()


async def pdf_of(paper: Paper) -> bytes:
    """The paper as PDF, the same bytes each time."""
    return await setter().pdf(paper)


def data_of(paper: Paper) -> str:
    """What the template reads: JSON, in one spelling."""
    local = paper.at.astimezone(BEIJING)
    data: dict[str, Json] = {
        "issuer": ISSUER,
        "kind": paper.kind,
        "title": paper.title,
        "subtitle": paper.subtitle,
        "number": paper.number,
        "date": [local.year, local.month, local.day],
        "at": f"{local:%Y-%m-%d %H:%M}",
        "leads_to": paper.leads_to,
        "leads_words": paper.leads_words,
        "code": _code(paper.leads_to),
        "is_example": paper.is_example,
        "blocks": list(paper.blocks),
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _code(address: str) -> str:
    """A QR code as SVG."""
    made = BytesIO()
    segno.make(address, error="m", micro=False).save(made, kind="svg", border=0, xmldecl=False, dark="#17212b")
    return made.getvalue().decode()
