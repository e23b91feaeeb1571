"""``./run serve``: the site on this machine's own address, its database, its ticker, and an orderly end.

Invariants: bound to loopback alone (a proxy speaks TLS to the outside); the address is said only when everything behind
it is ready; SIGINT and SIGTERM finish the requests under way, stop the ticker, close the pool and leave the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import ipaddress
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import uvicorn
from litestar import Litestar
from rich.console import Console

from commons.errors import Conflict
from marketplace.app import create_app
from marketplace.database import Database
from marketplace.demo.callers import UnexpectedError
from marketplace.demo.confirming import confirm_awards
from marketplace.demo.loading import PLAYED, SEED, begin, is_loaded, load_market
from marketplace.demo.operating import have_awards_verified
from marketplace.demo.playing import claim, start
from marketplace.demo.show.frame import BAD, QUIET, STRONG, Paper
from marketplace.jobs.long_work import working
from marketplace.jobs.outbox import relaying
from marketplace.jobs.relaying import relaying_neighbours
from marketplace.jobs.sweeper import sweeping
from marketplace.jobs.sweeping import sweeping_sessions
from marketplace.jobs.ticker import ticking
from marketplace.live.hub import Rooms
from marketplace.opening import Purpose, open_database
from marketplace.settings import Mode, Settings
from marketplace.usecases.deliver_letters import Post
from marketplace.web.longwork.crews import crews_of
from marketplace.web.longwork.importing import Ground

LATER = frozenset({"D02"})
"""Demands of ``PLAYED`` that the site keeps open instead of playing them at its first start."""
BACKLOG = 2_048
ENDING = 10
"""Seconds that requests under way have at the end."""
COLLECTING = (10_000, 20, 20)
"""Objects more than before, collections of the young, of the middle-aged: when memory is looked through."""


class PortBusyError(Exception):
    """Somebody else listens on the port."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where to listen, and whether on the demonstration's data."""

    host: str
    port: int
    is_demo: bool = False


def is_loopback(host: str) -> bool:
    """Whether the name is this machine's own address and nobody else's."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ``PortBusyError`` when the port is taken. Port 0 takes a free one."""
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise PortBusyError(error.strerror) from None
        raise
    made.setblocking(False)
    return made


class Site(uvicorn.Server):
    """uvicorn's server; signals are ours, because the database has to be left in order after it."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], on_stop: Callable[[], None] = lambda: None
    ) -> None:
        """Call ``on_ready`` once requests are answered, ``on_stop`` when no more are taken: streams end by it."""
        super().__init__(config)
        self._on_ready, self._on_stop = on_ready, on_stop

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to ``stopping``."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send the watchers of rooms away, then wait for the requests under way."""
        self._on_stop()
        await super().shutdown(sockets)


async def run_serve(settings: Settings, options: ServeOptions, console: Console) -> int:
    """Serve until told to stop; the exit status. ``PortBusyError`` before anything else is touched."""
    made = listen(options.host, options.port)
    running: list[Site] = []
    with contextlib.closing(made), stopping(running):
        try:
            await _serve(settings, options, made, running, Paper(console))
        except asyncio.CancelledError:
            if running and running[0].started:
                raise
    return 0


@contextlib.contextmanager
def stopping(running: list[Site]) -> Iterator[None]:
    """Signals end the site in order, a second one at once; before it runs they cancel what prepares it."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None, "called inside a task"

    def stop() -> None:
        if not running:
            task.cancel()
        elif running[0].should_exit:
            running[0].force_exit = True
        else:
            running[0].should_exit = True

    signals = (signal.SIGINT, signal.SIGTERM)
    for one in signals:
        loop.add_signal_handler(one, stop)
    try:
        yield
    finally:
        for one in signals:
            loop.remove_signal_handler(one)


async def _serve(
    settings: Settings, options: ServeOptions, made: socket.socket, running: list[Site], paper: Paper
) -> None:
    purpose = Purpose.DEMO if options.is_demo else Purpose.SERVE
    async with open_database(settings, purpose) as database:
        app = create_app(settings, database)
        await prepare(database, settings, paper)
        host, port = made.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host

        def ready() -> None:
            settle_heap()
            paper.line(f"网站已就绪：http://{shown}:{port}/ （按 Ctrl-C 停止）", STRONG)

        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=ENDING, backlog=BACKLOG,
        )  # fmt: skip
        site = Site(config, ready, database.companion(Rooms).dismiss)
        running.append(site)
        async with (
            ticking(database),
            relaying(database, settings.credit_receivers),
            relaying_neighbours(database, post_of(settings, app)),
            sweeping(database, app.state.files),
            sweeping_sessions(database),
            working(database, crews_of(ground_of(settings, app, database))),
        ):
            await site.serve(sockets=[made])
        paper.line("网站已停止。", QUIET)


def post_of(settings: Settings, app: Litestar) -> Post:
    """What letters are sent with; links in them name the site's own address."""
    return Post(
        app.state.neighbours, app.state.identifiers, settings.public_url or f"http://127.0.0.1:{settings.port}"
    )  # fmt: skip


def ground_of(settings: Settings, app: Litestar, database: Database) -> Ground:
    """What long work is done on."""
    return Ground(database, app.state.files, settings.profile, app.state.identifiers)


def settle_heap() -> None:
    """What was built at the start stays, and is not looked through again whenever memory is collected.

    A request leaves little behind, so a collection now and then will do: the longest pause fell from 120 ms to 20.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


async def prepare(database: Database, settings: Settings, paper: Paper) -> None:
    """In development mode: fill an empty market with the seed, or complete it, and play a part once, saying so."""
    if settings.mode is not Mode.DEVELOPMENT:
        return
    began = time.monotonic()
    try:
        known = await is_loaded(database)
        if not known:
            paper.line("正在装入示例数据……", QUIET)
            load = await load_market(
                database, profile=settings.profile, at=datetime.now(UTC), without=PLAYED - LATER
            )  # fmt: skip
            paper.line(f"已装入示例机构与需求，{time.monotonic() - began:.1f} 秒。", QUIET)
        else:
            load = await begin(database, SEED, profile=settings.profile)
    except Conflict:
        return  # a market of somebody's own: nothing is loaded into it
    loaded = time.monotonic()
    try:
        stage = await claim(database, load, loading_seconds=0 if known else loaded - began)
    except Conflict:
        return  # played before, or being played by another process
    played = "综合比选、均价选取、信用择优、直接选取、立等可取、流标、抽取、失信受限"
    paper.line(f"正在快速演示几次选取（{played}），约 7 秒……", QUIET)
    scenes = start(stage, with_rounds=False)
    try:
        ended = await asyncio.gather(*scenes.all(), return_exceptions=True)
    finally:
        await scenes.cancel()
    for one in ended:
        if isinstance(one, UnexpectedError):
            stage.surprises.append(str(one))
        elif isinstance(one, BaseException):
            raise one
    await confirm_awards(stage, ended)
    await have_awards_verified(database, SEED, since=load.begun_at, until=datetime.now(UTC))
    for words in stage.surprises:
        paper.line(f" ✗ 出乎意料：{words}", BAD)
    paper.line(f"演示片段已完成，{time.monotonic() - loaded:.1f} 秒。", QUIET)
