"""The composition root: the only place that builds the web application out of its parts.

``create_app(settings, database)`` takes an opened, migrated database and leaves closing it to whoever opened it.
The development header is no way in outside development (``web.guards``).
"""

from __future__ import annotations

import logging

import uvicorn
from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide

from marketplace.database import Database
from marketplace.files.opened import open_files
from marketplace.identity.identifiers import Identifiers
from marketplace.neighbours.opened import open_neighbours
from marketplace.providers.asking import providers_of
from marketplace.settings import Settings
from marketplace.web.api.decide import decide_case
from marketplace.web.api.openapi import openapi_config
from marketplace.web.api.reads import READ_ROUTES
from marketplace.web.api.sessions import SESSION_ROUTES
from marketplace.web.api.trials import TRIAL_ROUTES
from marketplace.web.api.writes import WRITE_ROUTES
from marketplace.web.api.writes_neighbours import take_message
from marketplace.web.board import look_at_board
from marketplace.web.compressing import compressing
from marketplace.web.errors import respond
from marketplace.web.front import answering_head, before_send
from marketplace.web.guards import require_host, require_plain_address
from marketplace.web.health import HEALTH_ROUTES
from marketplace.web.pages.forms import require_own_form
from marketplace.web.pages.routes import PAGE_ROUTES
from marketplace.web.signed_in import look_for_reader
from marketplace.web.static_files import static_file
from marketplace.web.unread import look_for_unread

API = "/api/v1"
LOOPBACK = "127.0.0.1"
"""The only address that is listened on: a proxy in front of it speaks TLS to the outside."""
PATIENCE_S = 10
"""Seconds that running requests have when the server is told to stop."""


def create_app(settings: Settings, database: Database) -> Litestar:
    """Build the site and the API."""
    api = Router(
        API, route_handlers=[*SESSION_ROUTES, *WRITE_ROUTES, *READ_ROUTES, *TRIAL_ROUTES, decide_case, take_message]
    )
    pages = Router(
        "/",
        route_handlers=PAGE_ROUTES,
        include_in_schema=False,
        guards=[look_for_reader, look_for_unread, look_at_board],
        before_request=require_own_form,
    )

    around = open_neighbours(settings)

    async def close_neighbours() -> None:
        await around.close()

    async def provide_database(state: State) -> Database:
        found: Database = state.database
        return found

    app = Litestar(
        route_handlers=[api, pages, static_file, *HEALTH_ROUTES],
        state=State(
            {
                "settings": settings,
                "database": database,
                "identifiers": Identifiers.from_settings(settings),
                "files": open_files(settings),
                "neighbours": around,
                "providers": providers_of(settings.oidc_providers),
            }
        ),
        dependencies={"database": Provide(provide_database)},
        on_shutdown=[close_neighbours],
        guards=[require_host, require_plain_address],
        exception_handlers={Exception: respond},
        before_send=[before_send],
        openapi_config=openapi_config(),
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    app.asgi_handler = answering_head(compressing(app.asgi_handler))
    return app


def server_config(app: Litestar, settings: Settings) -> uvicorn.Config:
    """How the application is served: on loopback, without a server header, without uvicorn's log of whole addresses."""
    logging.getLogger("uvicorn.access").disabled = True  # access_log=False alone yields to any handler put on it later
    return uvicorn.Config(
        app,
        host=LOOPBACK,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=PATIENCE_S,
    )
