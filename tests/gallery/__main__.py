"""``python -m tests.gallery [NAME …]``: takes the pictures of the site's pages and writes docs/pages.md.

``text`` writes the texts of the pages in tests/golden/pages instead, which takes no browser, no database. The site is
seeded, served on loopback and closed again. The browser makes the pictures: WebP of ``MOST_BYTES`` at most.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from marketplace.database import Database
from marketplace.embedded.server import EmbeddedPostgres
from marketplace.migrate import migrate_forward
from tests.gallery.ground import Ground, seeded_site
from tests.gallery.places import PLACES, Place
from tests.gallery.plain import write_texts
from tests.gallery.shots import take_shots
from tests.store.fixtures import administer, base_folder, dsn_for
from tests.web.conftest import FLAGS, chromium

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "pictures"
MOST_BYTES = 120 * 1024
QUALITIES = (0.82, 0.7, 0.55, 0.4, 0.3)
LONGEST = 2_400
"""Pixels of height that a picture shows at most."""
DESK, SCALE = 1_000, 0.75
"""Pictures wider than this are drawn smaller."""
TEMPLATE = "gallery_template"
AS_WEBP = """async ([source, quality, scale]) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""
LOADED = """() => Promise.all([...document.images].map(one => { one.loading = "eager"; return one.decode(); }))"""
"""Pictures further down, which a reader's browser loads as he comes near."""
HEAD = """\
# Pages

What people see, taken from the seeded site by `.venv/bin/python -m tests.gallery`. Every page here, and those that need
no picture, are looked at in a browser by `tests/web_pages/test_pages_places.py`; `tests/gallery/places.py` lists both.
"""


def shown() -> tuple[Place, ...]:
    """The places that have a picture."""
    return tuple(one for one in PLACES if one.words)


def document() -> str:
    """docs/pages.md."""
    parts = [f"## {one.title}\n{one.words}\n\n![{one.title}](pictures/{one.name}.webp)\n" for one in shown()]
    return "\n".join((HEAD, *parts))


def take(browser: Browser, ground: Ground, place: Place, paper: Page) -> bytes:
    """The picture of a place."""
    context = ground.context(browser, place.role, place.width)
    try:
        page = context.new_page()
        page.goto(ground.address(place.address))
        page.evaluate(LOADED)
        page.wait_for_load_state("networkidle")
        height = page.evaluate("document.documentElement.scrollHeight") if place.is_whole else 844
        size = {"x": 0.0, "y": 0.0, "width": float(place.width), "height": float(min(height, LONGEST))}
        taken = page.screenshot(full_page=True, clip=size, animations="disabled")  # type: ignore[arg-type]  # a rectangle
    finally:
        context.close()
    source = "data:image/png;base64," + base64.b64encode(taken).decode()
    for quality in QUALITIES:
        made = base64.b64decode(paper.evaluate(AS_WEBP, [source, quality, SCALE if place.width > DESK else 1]))
        if len(made) <= MOST_BYTES:
            return made
    message = f"{place.name}: larger than {MOST_BYTES} bytes whatever the quality"
    raise RuntimeError(message)


@contextmanager
def server() -> Iterator[str]:
    """A database server of our own with a migrated template, set up as in earnest: its health is shown."""
    folder = base_folder() / f"shepi-gallery-{os.getpid()}"
    made = EmbeddedPostgres(folder)
    dsn = asyncio.run(made.start())
    try:
        asyncio.run(_make_template(dsn))
        yield dsn
    finally:
        asyncio.run(made.stop())
        shutil.rmtree(folder, ignore_errors=True)


async def _make_template(dsn: str) -> None:
    await administer(dsn, f"CREATE DATABASE {TEMPLATE}")
    database = await Database.open(dsn_for(dsn, TEMPLATE))
    try:
        await migrate_forward(database)
    finally:
        await database.close()


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures named, or all of them; docs/pages.md is written anew either way."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("name", nargs="*", metavar="NAME", help="pictures to take (default all); guides; text")
    chosen = parser.parse_args(arguments).name
    if chosen == ["text"]:
        write_texts()
        return 0
    unknown = [name for name in chosen if name not in {"guides", *(one.name for one in shown())}]
    if unknown:
        print(f"no such picture: {', '.join(unknown)}", file=sys.stderr)
        return 2
    with server() as dsn, seeded_site(dsn, TEMPLATE) as ground, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        paper = browser.new_page()
        for place in shown():
            if not chosen or place.name in chosen:
                made = take(browser, ground, place, paper)
                (PICTURES / f"{place.name}.webp").write_bytes(made)
                print(f"{place.name}.webp  {len(made) // 1024} KB")
        if not chosen or chosen == ["guides"]:
            take_shots(browser, ground, paper)
        browser.close()
    (DOCS / "pages.md").write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
