"""The relays to the neighbours: a desk that addresses, a relay for each neighbour, lanes for people and subscribers.

Invariants: none of them waits for another; at most ``AT_ONCE`` subscribers are called at the same time, and one that
is slow holds one place for as long as a sending may take; a failure ends no relay, and of it only its kind is logged;
late, dead or doubled they lose nothing, because all is in the outbox. Source: trust.md section 1, docs/adr/0026.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from marketplace.database import Database
from marketplace.jobs.repeating import beside, for_ever
from marketplace.record import outbox
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.deliver_letters import Post, deliver_letter
from marketplace.usecases.look_up_project import look_up_waiting
from marketplace.usecases.send_digests import make_digests
from marketplace.usecases.take_inbound import catch_up

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks when nothing is due, and before a letter is tried again (doubled each time)."""
CATCHING_UP, LOOKING_UP, DIGESTING = 60.0, 5.0, 60.0
"""Seconds between two looks for what neighbours sent, for projects that wait, for digests that are due."""
AT_ONCE = 8
"""Subscribers that are called at the same time at most."""
WEBHOOKS = "webhook/%"
Step = Callable[[], Awaitable[bool | None]]


async def relay(database: Database, post: Post, *, pause: float = PAUSE) -> None:
    """Address and deliver for ever; ends by cancellation alone."""
    neighbours = post.neighbours
    async with asyncio.TaskGroup() as group:

        def start(name: str, step: Step, rest: float = pause) -> None:
            group.create_task(for_ever(f"the relay {name}", step, rest), name=f"relay {name}")

        start("desk", lambda: address_next(database, pause=pause))
        for name in neighbours.receivers:
            start(name, lambda lane=name: deliver_letter(database, post, lane, pause=pause))  # type: ignore[misc]  # the name of this turn
        if neighbours.sms is not None:
            start("sms", lambda: deliver_letter(database, post, "sms/%", pause=pause))
        if neighbours.mail is not None:
            start("email", lambda: deliver_letter(database, post, "email/%", pause=pause))
        start("webhooks", lambda: _call_round(database, post, pause=pause))
        start("digests", lambda: make_digests(database), DIGESTING)
        if neighbours.projects is not None:
            start("projects", lambda: look_up_waiting(database, post.neighbours), LOOKING_UP)
        for name, one in neighbours.correspondents.items():
            start(f"from {name}", lambda who=name, its=one: catch_up(database, who, its), CATCHING_UP)  # type: ignore[misc]  # as above


async def _call_round(database: Database, post: Post, *, pause: float) -> bool | None:
    """One letter for each of some subscribers, at the same time; none waits for another but for the round."""
    async with database.read() as connection:
        waiting = await outbox.waiting(connection, WEBHOOKS, limit=AT_ONCE)
    if not waiting:
        return None
    calls = [deliver_letter(database, post, one, pause=pause) for one in waiting]
    done = await asyncio.gather(*calls, return_exceptions=True)
    for one in done:
        if isinstance(one, Exception):
            log.warning("a webhook failed: %s", type(one).__name__)
    return any(one is True for one in done)


def relaying_neighbours(
    database: Database, post: Post, *, pause: float = PAUSE
) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Relay for the length of the block; every relay has ended when it is left."""
    return beside("neighbours", relay(database, post, pause=pause))
