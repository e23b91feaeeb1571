"""Every page of the table in a real Chromium over the seeded site: holds on a desk and on a phone, keeps the policy."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.gallery.ground import Ground, seeded_site
from tests.gallery.looking import watched
from tests.gallery.places import PLACES, Place
from tests.web.conftest import FLAGS, chromium

DESK, PHONE = 1280, 390
MISSING = {"nowhere"}
"""Places that are an error on purpose: the browser says so in its console."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all of them."""
    path = chromium()
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def ground(database_server: str, migrated_template: str) -> Iterator[Ground]:
    """The site, with its example market."""
    with seeded_site(database_server, migrated_template) as made:
        yield made


@pytest.mark.parametrize("place", PLACES, ids=lambda one: one.name)
def test_a_place_of_the_site_holds_on_a_desk_and_on_a_phone(browser: Browser, ground: Ground, place: Place) -> None:
    context = ground.context(browser, place.role, DESK)
    try:
        one = watched(context, ground.url)
        answered = one.page.goto(ground.address(place.address))
        assert answered is not None
        assert answered.status == (404 if place.name in MISSING else 200), place.address
        if place.name in MISSING:
            one.complaints.clear()
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in answered.headers["content-security-policy"]
        assert one.page.locator("h1").count() == 1
        assert one.page.locator(".who").count() == bool(place.role), "read as whom it says"
        one.is_narrow()
        assert one.violations() == []
        one.page.set_viewport_size({"width": PHONE, "height": 844})
        one.is_narrow()
        one.is_kept()
    finally:
        context.close()


def test_the_reader_of_the_api_reads_and_tries_from_our_own_files_alone(browser: Browser, ground: Ground) -> None:
    context = ground.context(browser, "", DESK)
    try:
        one = watched(context, ground.url)
        one.page.goto(f"{ground.url}/api/docs#/{quote('需求 Demands')}/listDemands")
        operation = one.page.locator("[id$=-listDemands].is-open")
        operation.wait_for()
        assert one.page.locator(".opblock-tag").count() > 5
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        operation.locator(".live-responses-table").wait_for()
        one.is_narrow()
        one.is_kept()
    finally:
        context.close()
