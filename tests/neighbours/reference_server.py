"""Neighbours as they should be: one server on loopback that plays any of them, with switches for how it misbehaves.

It checks signatures as the market's own partner would, keeps what it was handed by the message's id (so that a message
that comes twice is one), and answers look-ups from what a test has put in.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commons.errors import Unrecognised
from marketplace.neighbours.seals import sealed_bytes
from marketplace.neighbours.signing import check_signed

KEY = b"\x07" * 32
Mood = Literal["well", "down", "slow", "garbage", "failing", "refusing", "redirecting", "endless", "lost answer"]


@dataclass
class Neighbour:
    """One neighbour: its mood, what it was handed, what it knows."""

    mood: Mood = "well"
    key: bytes = KEY
    handed: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrivals: list[str] = field(default_factory=list)
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    outgoing: list[dict[str, Any]] = field(default_factory=list)
    unsigned: int = 0
    seal: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    is_seal: bool = False
    address: str = ""
    _server: asyncio.Server | None = None
    _port: int = 0
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        """Listen, on the port it had before if it had one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}/api"

    async def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None:
            self._server.close()
            for task in self._open:
                task.cancel()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = dict(one.split(": ", 1) for one in head[1:] if ": " in one)
        length = int({name.lower(): value for name, value in headers.items()}.get("content-length", "0"))
        body = await reader.readexactly(length)
        match self.mood:
            case "slow":
                await asyncio.sleep(60)
            case "garbage":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<ok/>")
            case "failing":
                writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
            case "refusing":
                writer.write(b"HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n")
            case "redirecting":
                writer.write(b"HTTP/1.1 307 There\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
            case "endless":
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while True:
                    writer.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
                    await writer.drain()
            case _:
                status, answer = self._answer(method, target, headers, body)
                if self.mood == "lost answer":
                    return False
                text = json.dumps(answer).encode()
                head_line = (
                    f"HTTP/1.1 {status} So\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
                )
                writer.write(head_line.encode() + text)
        await writer.drain()
        return True

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        try:
            message_id = check_signed(headers, self.key, method, target, body, at=datetime.now(UTC))
        except Unrecognised:
            self.unsigned += 1
            return 401, {}
        path = target.removeprefix("/api")
        if method == "POST" and path == "/messages":
            return self._take(message_id, json.loads(body))
        if path.startswith("/messages?after="):
            after = int(path.rpartition("=")[2])
            return 200, [one for one in self.outgoing if one["sequence"] > after]
        kind, _, name = path.removeprefix("/").partition("/")
        found = {"projects": self.projects, "organisations": self.organisations}.get(kind, {}).get(name)
        return (404, {}) if found is None else (200, found)

    def _take(self, message_id: str, document: dict[str, Any]) -> tuple[int, Any]:
        self.arrivals.append(message_id)
        self.handed.setdefault(message_id, document)
        if self.is_seal:
            digest, paper = document["data"]["digest"], document["data"]["paper"]
            return 200, {"digest": digest, "signature": self.seal.sign(sealed_bytes(digest, paper)).hex()}
        return 200, {"receipt": f"R-{message_id[:8]}"}


@asynccontextmanager
async def running(neighbour: Neighbour | None = None) -> AsyncIterator[Neighbour]:
    """A neighbour for the length of the block."""
    one = neighbour or Neighbour()
    await one.start()
    try:
        yield one
    finally:
        await one.stop()
