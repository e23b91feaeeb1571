"""A fresh database for each test of the use cases, in which time passes slowly unless a test sets it forward."""

from __future__ import annotations

import pytest

from tests.store.fixtures import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.moved_time import SLOW


@pytest.fixture
def pace() -> float:
    """Whoever arranges a market here has time for it, however busy the machine is."""
    return SLOW
