"""What anybody may see of rounds under way, for the readings; the rules are the live room's (``rooms.course``)."""

from __future__ import annotations

from marketplace.rooms.course import (
    BestSince,
    Room,
    RoundNow,
    StandingNow,
    numbers,
    room_and_rounds,
    room_of,
)

__all__ = ["BestSince", "Room", "RoundNow", "StandingNow", "numbers", "room_and_rounds", "room_of"]
