"""Databases for the journeys over HTTP."""

from __future__ import annotations

from tests.store.fixtures import *  # noqa: F403 - pytest finds fixtures by their names here
