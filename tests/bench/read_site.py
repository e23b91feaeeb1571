"""``python -m tests.bench.read_site DSN``: the application in a process of its own, with a page that has nothing in it.

It listens on a free port of loopback and writes the port as its one line. ``/bench/empty`` is the frame of every page:
what a page costs before anything is read for it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import uvicorn
import uvloop
from litestar import Response, get
from litestar.enums import MediaType

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.serving import BACKLOG, listen, settle_heap
from marketplace.settings import Settings
from marketplace.web.pages.asking import NOT_KEPT, PageRequest, frame_of
from marketplace.web.render import environment
from marketplace.web.signed_in import look_for_reader

POOL = 4


@get("/bench/empty", include_in_schema=False, guards=[look_for_reader])
async def empty_page(request: PageRequest) -> Response[str]:
    """Nothing but the frame."""
    frame = frame_of(request, now=datetime.now(UTC), is_example=True)
    body = environment().get_template("base.html").render(frame=frame)
    return Response(body, media_type=MediaType.HTML, headers=NOT_KEPT)


async def main() -> None:
    """Serve until ended; no ticker runs beside."""
    made = listen("127.0.0.1", 0)
    database = await Database.open(sys.argv[1], minimum=POOL, maximum=POOL)
    ENGINE.attach(database)
    bind(all_tables())
    app = create_app(Settings(), database)
    app.register(empty_page)
    settle_heap()
    print(made.getsockname()[1], flush=True)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, backlog=BACKLOG
    )
    await uvicorn.Server(config).serve(sockets=[made])
    await database.close()


if __name__ == "__main__":
    uvloop.run(main())
