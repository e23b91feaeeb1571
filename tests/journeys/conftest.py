"""Databases for the journeys over HTTP; what their steps assert is explained as in a test."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "tests.journeys.people",
    "tests.journeys.roles_disputes",
    "tests.journeys.roles_market",
    "tests.journeys.roles_offices",
    "tests.web_api.browser",
    "tests.web_api.caller",
)

from tests.store.fixtures import *  # noqa: E402, F403 - after the registration; pytest finds fixtures by their names here
