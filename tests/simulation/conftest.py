"""A server for the markets of the simulation; each market has a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.faults import seeded_secrets
from tests.store.fixtures import *  # noqa: F403 - pytest finds fixtures by their names here


@pytest.fixture(autouse=True)
def secrets_of_the_seed() -> Iterator[None]:
    """Whatever the product draws at random comes from the seed here."""
    with seeded_secrets():
        yield
