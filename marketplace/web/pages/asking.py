"""What the address asks of a page, and how a page is answered.

Invariants: a value that cannot be read is a fault with its key, never a crash; a page says the server's time it was
made at and is not kept by caches, since what it shows moves with the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.enums import MediaType

from commons.errors import Fault, Malformed, NotFound
from marketplace.usecases.read_listing import Slice
from marketplace.web.board import bulletin_of
from marketplace.web.filters import read_page, read_turn
from marketplace.web.page_frame import DISPLAY_KEY, PageFrame, parse_display
from marketplace.web.reading import reader_shown
from marketplace.web.receipts import TOLD_KEY, read_told
from marketplace.web.render import render
from marketplace.web.signed_in import reader_of
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Entered, Paging

PageRequest = Request[Any, Any, Any]
F = TypeVar("F")

PAGE_ROWS = 20
"""Rows of a list page."""
NOT_KEPT = {"Cache-Control": "no-store"}

_IDENTIFIER = re.compile(r"[0-9A-Z-]{1,32}", re.ASCII)


def query_of(request: PageRequest) -> dict[str, str]:
    """The query's values by key, the first of each; ``Malformed`` for one that holds U+0000."""
    query: dict[str, str] = {}
    for key, value in request.query_params.multi_items():
        query.setdefault(key, value)
    faults = tuple(
        Fault(f"/{key}", "null_character", "不能含有空字符") for key, value in query.items() if "\x00" in key + value
    )
    if faults:
        raise Malformed(faults)
    return query


def turned_of(query: dict[str, str], read: Callable[[Mapping[str, str]], F], parts: str = "") -> tuple[F, str, str]:
    """The filter and the place to go on from, or back from; ``Malformed`` with the faults of both."""
    faults: list[Fault] = []
    for each in (read, partial(read_turn, parts=parts)):
        try:
            each(query)
        except Malformed as malformed:
            faults.extend(malformed.faults)
    if faults:
        raise Malformed(tuple(faults))
    return (read(query), *read_turn(query, parts))


def asked_of(query: dict[str, str], read: Callable[[Mapping[str, str]], F]) -> tuple[F, Slice]:
    """The filter and the page asked for; ``Malformed`` with the faults of both."""
    faults: list[Fault] = []
    for each in (read, read_page):
        try:
            each(query)
        except Malformed as malformed:
            faults.extend(malformed.faults)
    if faults:
        raise Malformed(tuple(faults))
    return read(query), Slice(read_page(query), PAGE_ROWS)


def entered_of(query: dict[str, str], malformed: Malformed) -> Entered:
    """What was typed, with the first fault of each key, for the form to show again."""
    faults: dict[str, str] = {}
    for fault in malformed.faults:
        faults.setdefault(fault.pointer.removeprefix("/"), fault.detail)
    return Entered({key: value for key, value in query.items() if key != DISPLAY_KEY}, faults)


NO_ROWS = Paging(1, PAGE_ROWS, 0)
"""The paging of a list that was not looked up."""


def paging_of(part: Slice, total: int) -> Paging:
    """The page shown, for the pager."""
    return Paging(part.page, part.size, total)


def identifier_of(kind: str, text: str) -> str:
    """An identifier from an address; what cannot be one names nothing (``NotFound``)."""
    if not _IDENTIFIER.fullmatch(text):
        raise NotFound(kind, text)
    return text


def page(
    request: PageRequest,
    view: PageView,
    *,
    now: datetime,
    is_example: bool,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """The rendered page, as asked for in large type or high contrast."""
    sent = {**NOT_KEPT, **(headers or {})}
    frame = frame_of(request, now=now, is_example=is_example)
    return Response(render(view, frame), status_code=status, media_type=MediaType.HTML, headers=sent)


def frame_of(request: PageRequest, *, now: datetime, is_example: bool) -> PageFrame:
    """What stands around every page: where it is, who reads it, what was just done."""
    query, visitor, path = query_of(request), reader_of(request), request.scope["path"]
    secret = visitor.secret if visitor is not None else None
    return PageFrame(
        path=path,
        at=now,
        query=tuple((key, value) for key, value in query.items() if key not in {DISPLAY_KEY, TOLD_KEY}),
        display=parse_display(query.get(DISPLAY_KEY, "")),
        is_example=is_example,
        reader=reader_shown(request),
        told=None if secret is None else read_told(query.get(TOLD_KEY, ""), secret, path),
        bulletin=bulletin_of(request, at=now),
    )
