"""A fresh database for each test of the neighbours."""

from __future__ import annotations

from tests.store.fixtures import *  # noqa: F403 - pytest finds fixtures by their names here
