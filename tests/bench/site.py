"""``python -m tests.bench.site DSN``: the application in a process of its own, with the endpoints it is compared with.

It listens on a free port of loopback and writes the port as its one line. Beside the product's own routes stand those
of the bench: two empty pages, and three made by the same ``Write`` rows, so that guards, body, answer and headers are
the same:

* ``empty``: the authenticated POST with the body of an offer that does nothing;
* ``insert``: the same, and one row inserted and committed;
* ``naive``: one transaction a request: the row ``FOR UPDATE``, the restrictions read, the offer judged against what it
  itself names, appended to the chain. It forgets everything that costs more, and holds the row until its commit.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import uvicorn
import uvloop
from litestar import Response, Router, get

from agencies import store as agencies
from bidding import store as bidding
from commons.events import Actor
from credit import store as credit
from marketplace.app import create_app
from marketplace.database import Connection, Database
from marketplace.jobs.ticker import ticking
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.record.store import Act, append
from marketplace.serving import BACKLOG, listen, settle_heap
from marketplace.settings import Settings
from marketplace.usecases.act import clock
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer
from marketplace.usecases.read_snapshot import reading
from marketplace.web.api.routing import Visit, Write, handler_of
from marketplace.web.page_frame import PageFrame
from marketplace.web.pages.asking import PageRequest, frame_of
from marketplace.web.render import environment
from marketplace.web.signed_in import look_for_reader

BENCH = "/api/v1/bench"
POOL = 20
NOTHING = datetime(2026, 11, 23, tzinfo=UTC)


def answer_of(command: PlaceOffer, seq: int, at: datetime, digest: str) -> OfferPlaced:
    """An answer of the shape and size of an offer's."""
    return OfferPlaced(
        selection=command.selection, agency=command.agency, seq=seq, at=at, price_fen=command.price_fen or 0,
        digest=digest,
    )  # fmt: skip


async def empty(_: Visit, command: PlaceOffer) -> OfferPlaced:
    """Nothing."""
    return answer_of(command, 1, NOTHING, "0" * 64)


async def insert(visit: Visit, command: PlaceOffer) -> OfferPlaced:
    """One row."""
    async with visit.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO bench_row (id, agency, price_fen) VALUES ($1, $2, $3)",
            uuid4(), command.agency, command.price_fen,
        )  # fmt: skip
    return answer_of(command, 1, NOTHING, "0" * 64)


async def naive(visit: Visit, command: PlaceOffer) -> OfferPlaced:
    """One offer, one transaction."""

    async def work(connection: Connection) -> OfferPlaced:
        lock = await bidding.lock_selection(connection, command.selection)
        assert lock is not None, "the bench's own selection"
        await agencies.lock_shared(connection, [command.agency])
        await credit.restrictions(connection, [command.agency])
        at = await clock(connection, lock.last_at)
        private: Any = {"bidder": command.agency, "price_fen": command.price_fen, "days": command.days}
        private |= {"nonce": command.nonce, "reason": None}
        act = Act("offer.placed", {"bidder": "b-naive"}, private=private)
        subject, actor = f"selection/{command.selection}", Actor("agency", "b-naive")
        (event,) = await append(connection, subject, [act], actor=actor, at=at)
        await bidding.note(connection, command.selection, at=at)
        return answer_of(command, event.seq, at, event.digest)

    return await visit.database.retrying(work)


NOTHING_IN_IT = environment().from_string('{% extends "base.html" %}')


@get("/bench/empty", include_in_schema=False)
async def empty_page(request: PageRequest) -> Response[str]:
    """The frame of every page, made in a snapshot of the database that nothing is read in."""
    async with reading(request.app.state.database) as snapshot:
        frame = frame_of(request, now=snapshot.now, is_example=True)
    return nothing(frame)


@get("/bench/frame", include_in_schema=False)
async def frame_page(request: PageRequest) -> Response[str]:
    """The same without asking the database."""
    return nothing(frame_of(request, now=datetime.now(UTC), is_example=True))


def nothing(frame: PageFrame) -> Response[str]:
    """The frame around nothing."""
    return Response(NOTHING_IN_IT.render(frame=frame), media_type="text/html", headers={"Cache-Control": "no-store"})


def bench_routes() -> Router:
    """The endpoints to compare with."""
    writes = {"empty": empty, "insert": insert, "naive": naive}
    rows = [
        Write(
            f"/{name}/selections/{{selection:str}}/offers", f"bench{name.title()}", "bench", name, PlaceOffer,
            OfferPlaced, partial(run), ("selection",),
        )
        for name, run in writes.items()
    ]  # fmt: skip
    return Router(BENCH, route_handlers=[handler_of(row) for row in rows])


async def main() -> None:
    """Serve until ended."""
    made = listen("127.0.0.1", 0)
    database = await Database.open(sys.argv[1], maximum=POOL)
    ENGINE.attach(database)
    bind(all_tables())
    app = create_app(Settings(), database)
    app.register(bench_routes())
    app.register(Router("/", route_handlers=[empty_page, frame_page], guards=[look_for_reader]))
    settle_heap()
    print(made.getsockname()[1], flush=True)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, backlog=BACKLOG
    )
    async with ticking(database):
        await uvicorn.Server(config).serve(sockets=[made])
    await database.close()


if __name__ == "__main__":
    uvloop.run(main())
