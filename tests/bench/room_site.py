"""``python -m tests.bench.room_site DSN``: the application alone in a process of its own; writes its port.

Watchers come from addresses that a proxy tells, as in earnest: the caps count them one by one.
"""

from __future__ import annotations

import resource
import sys

import uvicorn
import uvloop

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.jobs.ticker import ticking
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.serving import BACKLOG, listen, settle_heap
from marketplace.settings import Settings

POOL = 10
PROXY = ("127.0.0.1/32",)


def more_files() -> None:
    """Take as many file descriptors as the machine allows: each watcher is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def main() -> None:
    """Serve until ended."""
    more_files()
    made = listen("127.0.0.1", 0)
    database = await Database.open(sys.argv[1], maximum=POOL)
    ENGINE.attach(database)
    bind(all_tables())
    app = create_app(Settings(trusted_proxies=PROXY), database)
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
