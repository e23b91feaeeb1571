"""A real Chromium over a loopback server that sends the example pages with the real headers.

Chromium is found by ``CHROMIUM`` or on the path; without it the browser's tests are skipped and say so, under
``CI=true`` they fail. The browser lives for one module: its event loop must not meet that of the asynchronous tests.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from marketplace.web.assets import by_address
from marketplace.web.page_frame import parse_display
from marketplace.web.render import CONTENT_SECURITY_POLICY
from tests.web import examples

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
)  # fmt: skip


class ExampleHandler(BaseHTTPRequestHandler):
    """``/example/NAME?display=…`` and ``/static/…``, which a browser keeps."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """One page or one static file."""
        parts = urlsplit(self.path)
        if parts.path.startswith("/example/"):
            display = parse_display(parse_qs(parts.query).get("display", [""])[0])
            page = examples.rendered(parts.path.removeprefix("/example/"), display)
            self._send("text/html; charset=utf-8", page.encode())
            return
        if parts.path.endswith("/events"):
            self._send("text/event-stream", b"retry: 60000\n\n")  # a room in which nothing happens
            return
        file = by_address().get(parts.path.removeprefix("/static/"))
        if file is not None:
            self._send(file.kind, file.body, keeps="public, max-age=31536000, immutable")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _send(self, kind: str, body: bytes, *, keeps: str = "no-store") -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", keeps)
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def chromium() -> str:
    """Where Chromium is; skips without one, fails under ``CI=true``."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    message = "no Chromium here: set CHROMIUM or install it to see the pages in a real browser"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the example pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), ExampleHandler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module."""
    path = chromium()
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where pictures of the pages are left to be looked at; those of the examples when ``SCREENS`` is set."""
    folder = Path(__file__).resolve().parents[2] / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
