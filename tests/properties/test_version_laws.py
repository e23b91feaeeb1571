"""Laws of versions: the last one in force, the nearest region, and answers about the past that never change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commons.regions import REGIONS
from commons.sources import Source
from marketplace.catalogue.versions import Version, after, content_at, content_of, diff, digest_of

START = datetime(2026, 11, 23, tzinfo=UTC)
CHAIN = ("330000", "330300", "330304")
KEYS = ("a", "b", "c")
BASE = {key: {"value": 0, "place": "base"} for key in KEYS}


@st.composite
def histories(draw: st.DrawFn) -> list[Version]:
    """Versions as the operator may publish them: in force not before published, nor before the region's last."""
    made: list[Version] = []
    for number in range(draw(st.integers(0, 8))):
        region = draw(st.sampled_from(CHAIN))
        published = START + timedelta(minutes=number)
        earlier = [one for one in made if one.region == region]
        first = max([published, *(one.in_force_from for one in earlier)])
        begins = first + timedelta(minutes=draw(st.integers(0, 6)))
        own = earlier[-1].rows if earlier else {}
        changed = {key: {"value": number + 1, "place": region} for key in draw(st.sets(st.sampled_from(KEYS)))}
        released = draw(st.sets(st.sampled_from(KEYS))) - set(changed)
        rows = after(own, changed, released)
        made.append(Version(f"V{number}", "profile", "p", region, begins, published, rows, "x", Source("x", "no")))
    return made


minutes = st.integers(0, 20).map(lambda number: START + timedelta(minutes=number))


@given(histories(), minutes, st.sampled_from((*CHAIN, "330302", "330100")))
def test_a_row_is_the_nearest_regions_last_one_in_force(made, at, region) -> None:
    expected = {}
    for key in KEYS:
        for code in (one.code for one in reversed(REGIONS.chain(region))):
            begun = [one for one in made if one.region == code and one.in_force_from <= at]
            if begun and key in begun[-1].rows:  # published in order, and in force in that order
                expected[key] = begun[-1].rows[key]
                break
        else:
            expected[key] = BASE[key]
    assert content_at(BASE, made, region=region, at=at) == expected


@given(histories(), minutes)
def test_what_is_published_later_changes_no_answer_about_before(made, at) -> None:
    known = [one for one in made if one.published_at <= at]
    for region in CHAIN:
        before = content_at(BASE, known, region=region, at=at)
        assert content_at(BASE, made, region=region, at=at) == before
        assert content_at(BASE, list(reversed(made)), region=region, at=at) == before


@given(histories())
def test_a_difference_leads_from_the_one_to_the_other_and_back(made) -> None:
    contents = [dict(BASE), {}, *(content_of(BASE, made, one) for one in made)]
    for old in contents:
        for new in contents:
            changes = diff(old, new)
            walked = {key: dict(row) for key, row in old.items()}
            for one in changes:
                if one.what == "removed":
                    del walked[one.code]
                    continue
                row = walked.setdefault(one.code, {})
                row |= {cell.field: cell.new for cell in one.cells}
            assert walked == new
            assert [(one.code, [(c.field, c.new, c.old) for c in one.cells]) for one in changes] == [
                (one.code, [(c.field, c.old, c.new) for c in one.cells]) for one in diff(new, old)
            ]
            assert (digest_of(old) == digest_of(new)) is (not changes)
