"""Passwords are hashed a few at a time, whichever event loop asks."""

from __future__ import annotations

import asyncio

from marketplace.identity.proofs import hash_password, is_password

SEVERAL = 4
"""More than are hashed at the same time."""


async def hashed() -> list[str]:
    return await asyncio.gather(*(hash_password("一把很长的雨伞") for _ in range(SEVERAL)))


def test_several_at_once_are_hashed_in_one_event_loop_after_another() -> None:
    first, second = asyncio.run(hashed()), asyncio.run(hashed())
    assert len({*first, *second}) == 2 * SEVERAL, "each with a salt of its own"
    assert asyncio.run(is_password(first[0], "一把很长的雨伞"))
    assert not asyncio.run(is_password(first[0], "一把很短的雨伞"))
