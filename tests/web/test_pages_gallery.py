"""The gallery says what the table of places says, and every picture of it is there and small."""

from __future__ import annotations

from tests.gallery.__main__ import DOCS, MOST_BYTES, PICTURES, document, shown
from tests.gallery.places import PLACES


def test_the_gallery_is_that_of_the_table_and_its_pictures_are_there_and_small() -> None:
    how = "run: .venv/bin/python -m tests.gallery"
    assert (DOCS / "pages.md").read_text("utf-8") == document(), how
    missing = [one.name for one in shown() if not (PICTURES / f"{one.name}.webp").is_file()]
    assert missing == [], how
    assert {path.stem for path in PICTURES.glob("*.webp")} == {one.name for one in shown()}, "none that nobody shows"
    assert [path.name for path in PICTURES.glob("*.webp") if path.stat().st_size > MOST_BYTES] == []


def test_every_place_has_a_name_of_its_own() -> None:
    names = [one.name for one in PLACES]
    assert len(names) == len(set(names))
    assert all(bool(one.title) == bool(one.words) for one in PLACES)
