"""``python -m tests.bench.room_watchers PORT PATH COUNT``: so many watchers of one room in a process of their own.

Each is a bare socket that asks once and counts the updates it gets. When all have had their first one the line
``ready`` is written; then for each further update, once the last watcher has all of it, a line with when the first, the
middle and the last one had it (seconds of the machine's monotonic clock, the same in every process).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import cast

import uvloop

from tests.bench.room_site import more_files

AT_ONCE = 50
UPDATE = b"event: room\n"
END = b"\n\n\r\n"
"""Behind an event, at the end of its chunk."""


class Crowd:
    """Counts who has had the n-th update."""

    def __init__(self, count: int) -> None:
        self.count, self.times = count, list[list[float]]()

    def had(self, place: int) -> None:
        """One watcher has all of its update of that place from 0."""
        while len(self.times) <= place:
            self.times.append([])
        times = self.times[place]
        times.append(time.perf_counter())
        if len(times) < self.count:
            return
        if place == 0:
            print("ready", flush=True)
        else:
            print(json.dumps({"first": times[0], "middle": times[len(times) // 2], "last": times[-1]}), flush=True)


class Watcher(asyncio.Protocol):
    """One of them."""

    __slots__ = ("crowd", "place", "request", "tail")

    def __init__(self, crowd: Crowd, request: bytes) -> None:
        self.crowd, self.request = crowd, request
        self.place, self.tail = 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        cast("asyncio.Transport", transport).write(self.request)

    def data_received(self, data: bytes) -> None:
        """Look for whole updates; what is not whole waits."""
        data = self.tail + data
        while (start := data.find(UPDATE)) >= 0 and (end := data.find(END, start)) >= 0:
            self.crowd.had(self.place)
            self.place += 1
            data = data[end + len(END) :]
        self.tail = data[-len(UPDATE) :] if start < 0 else data

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody is to be sent away."""
        print(json.dumps({"lost": str(error)}), flush=True)


async def main() -> None:
    """Sit down, fifty at a time, and stay."""
    more_files()
    port, path, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    crowd, loop = Crowd(count), asyncio.get_running_loop()
    for first in range(0, count, AT_ONCE):
        made = [
            loop.create_connection(lambda number=number: Watcher(crowd, request(path, number)), "127.0.0.1", port)  # type: ignore[misc]  # a default binds it
            for number in range(first, min(first + AT_ONCE, count))
        ]
        await asyncio.gather(*made)
    await asyncio.get_running_loop().create_future()


def request(path: str, number: int) -> bytes:
    """One watcher's request, from an address of its own."""
    address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {address}\r\nAccept: text/event-stream\r\n\r\n"
    ).encode()


if __name__ == "__main__":
    uvloop.run(main())
