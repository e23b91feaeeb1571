"""``/static/…``: files under names that hold their hash, compressed for whoever takes that; nothing else is there."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from commons.errors import NotFound
from marketplace.web.addresses import STATIC
from marketplace.web.assets import by_address
from marketplace.web.compressing import takes_gzip


@get(STATIC + "/{name:path}", name="static", include_in_schema=False, sync_to_thread=True)
def static_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """One file; ``NotFound`` for every name that pages do not use."""
    found = by_address().get(name.removeprefix("/"))
    if found is None:
        raise NotFound("file", name)
    if takes_gzip(request.scope):
        packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(found.packed, media_type=found.kind, headers=packed)
    return Response(found.body, media_type=found.kind, headers={"Vary": "Accept-Encoding"})
