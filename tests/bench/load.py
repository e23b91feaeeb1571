"""Clients that cost little: so many connections, each sends its next request as soon as it has its answer.

Requests are bytes made before; of an answer only the status, the length and, where asked for, the body are looked at.
A load has an end in time and in number. Latencies are seconds from the last byte sent to the last byte received.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

PROJECT = Path(__file__).parents[2]
STARTING = 60.0
ENDING = 15.0
TOO_LONG = 30.0
"""Seconds that a load may go on after its end until its last answers are in."""


@dataclass(slots=True)
class Answered:
    """What came back: how long each took by status, in seconds; and over how many seconds."""

    taken: dict[int, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    began: float = 0.0

    def count(self, *statuses: int) -> int:
        """How many were answered so; all, where none is named."""
        return sum(len(each) for status, each in self.taken.items() if not statuses or status in statuses)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.count() / self.seconds

    def percentile(self, part: float) -> float:
        """The latency in seconds below which that part of all lies."""
        every = sorted(one for each in self.taken.values() for one in each)
        return every[min(len(every) - 1, int(part * len(every)))]


Seen = Callable[[int, float, float, bytes], None]
"""Told of each answer: its status, when it was sent and when it came, and its body."""


class _Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Iterator[bytes], answered: Answered, until: float, seen: Seen | None) -> None:
        self.requests, self.answered, self.until, self.seen = requests, answered, until, seen
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self.read = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by name
        self.send()

    def send(self) -> None:
        assert self.transport is not None, "connected"
        self.sent_at = time.perf_counter()
        request = next(self.requests, None) if self.sent_at < self.until else None
        if request is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.read = self.read + data if self.read else data
        head = self.read.find(b"\r\n\r\n")
        if head < 0:
            return
        place = self.read.lower().find(b"content-length:", 0, head)
        length = int(self.read[place + 15 : self.read.find(b"\r", place)])
        if len(self.read) < head + 4 + length:
            return
        now = time.perf_counter()
        status = int(self.read[9:12])
        self.answered.taken.setdefault(status, []).append(now - self.sent_at)
        if self.seen is not None:
            self.seen(status, self.sent_at, now, self.read[head + 4 :])
        self.read = b""
        self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionResetError("the site closed the connection"))


async def load(
    ports: list[int], requests: Iterator[bytes], *, connections: int, seconds: float, seen: Seen | None = None
) -> Answered:
    """Send what there is over so many connections, spread over the ports, for so many seconds."""
    answered = Answered()
    loop = asyncio.get_running_loop()
    answered.began = began = time.perf_counter()
    clients = [_Client(requests, answered, began + seconds, seen) for _ in range(connections)]
    async with asyncio.timeout(seconds + TOO_LONG):
        for number, client in enumerate(clients):
            await loop.create_connection(lambda client=client: client, "127.0.0.1", ports[number % len(ports)])  # type: ignore[misc]  # a default binds it
        await asyncio.gather(*(client.done for client in clients))
    answered.seconds = time.perf_counter() - began
    return answered


def post(path: str, actor: str, body: bytes, key: str | None = None) -> bytes:
    """A POST as bytes."""
    named = "" if key is None else f"Idempotency-Key: {key}\r\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Development-Actor: {actor}\r\n{named}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextlib.asynccontextmanager
async def site(dsn: str) -> AsyncIterator[int]:
    """The port of a site of the bench in a process of its own, ended by its process id at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.site", dsn, cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None, "a pipe"
        async with asyncio.timeout(STARTING):
            port = (await process.stdout.readline()).decode().strip()
        assert port.isdigit(), "the site did not start"
        yield int(port)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(ENDING):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
