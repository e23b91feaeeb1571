"""Passwords are hashed a few at a time, whichever event loop asks, at the cost that RFC 9106 recommends."""

from __future__ import annotations

import asyncio

import pytest

from marketplace.identity import proofs
from marketplace.identity.proofs import hash_password, is_password
from tests.store.fixtures import SOUND

SEVERAL = 4
"""More than are hashed at the same time."""


async def hashed() -> list[str]:
    return await asyncio.gather(*(hash_password("一把很长的雨伞") for _ in range(SEVERAL)))


@pytest.fixture(autouse=True)
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own hashing: a test with a database in this process may have left a quicker one."""
    monkeypatch.setattr(proofs, "_HASHER", SOUND)


def test_a_password_is_kept_as_argon2id_with_64_mib_three_passes_and_four_lanes() -> None:
    assert asyncio.run(hash_password("一把很长的雨伞")).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_several_at_once_are_hashed_in_one_event_loop_after_another() -> None:
    first, second = asyncio.run(hashed()), asyncio.run(hashed())
    assert len({*first, *second}) == 2 * SEVERAL, "each with a salt of its own"
    assert asyncio.run(is_password(first[0], "一把很长的雨伞"))
    assert not asyncio.run(is_password(first[0], "一把很短的雨伞"))
