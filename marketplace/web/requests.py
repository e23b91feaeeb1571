"""Request bodies, read strictly: exact JSON first, the command's shape second, every fault with its pointer.

Invariants: no number is coerced, no unknown or repeated name passes, no text holds U+0000 (PostgreSQL keeps none);
only ``application/json`` is read. An empty body counts as ``{}``. Source: trust.md section 2, commons.documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from litestar.connection import Request
from litestar.exceptions import HTTPException
from pydantic import BaseModel, ValidationError

from commons.canonical import Json
from commons.documents import Faults, read_document, step
from commons.errors import Fault, Malformed

MAX_COMMAND_BYTES = 1024 * 1024
"""Bytes of a command at most."""

M = TypeVar("M", bound=BaseModel)


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON is read by the house's own strict reader into the model its handler declares."""

    async def body(self) -> bytes:
        """The body's bytes; ``{}`` stands for none, or the framework would never ask for JSON."""
        return await super().body() or b"{}"

    async def json(self) -> Any:
        """The body as an instance of the handler's ``data`` model; ``Malformed`` with every fault."""
        document = self._read(await super().body())
        declared = self.route_handler.parsed_data_field
        assert declared is not None, "only a handler with data asks for JSON"
        return shaped(declared.annotation, document)

    def _read(self, sent: bytes) -> Json:
        """Plain JSON; ``Malformed``, or 415 when a body is not declared as JSON."""
        if not sent:
            return {}
        require_json(self)
        document = read_document(sent, max_bytes=MAX_COMMAND_BYTES)
        if b"\\u0000" in sent:
            faults = Faults()
            _look_for_nul(document, "", faults)
            faults.raise_if_any()
        return document


def require_json(request: Request[Any, Any, Any]) -> None:
    """Refuses (415) a body that is not declared as ``application/json`` in UTF-8."""
    kind, options = request.content_type
    if kind != "application/json" or options.get("charset", "utf-8").casefold() not in {"utf-8", "utf8"}:
        raise HTTPException(status_code=415, detail="send the body as application/json in UTF-8")


def shaped(model: type[M], document: Json) -> M:
    """Plain JSON → model; ``Malformed`` with every fault, its pointer and its code."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise Malformed(faults_of(error)) from None


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """What a model refused, as faults with JSON pointers, in the order of the fields."""
    return tuple(
        Fault(_pointer(one["loc"]), one["type"], one["msg"])
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    )


def _pointer(place: Sequence[int | str]) -> str:
    return "".join(f"/{part}" if isinstance(part, int) else step(part) for part in place)


def _look_for_nul(value: Json, pointer: str, faults: Faults) -> None:
    """Note every text that holds U+0000; the reader has bounded the depth."""
    match value:
        case str() if "\x00" in value:
            faults.add(pointer, "null_character", "text may not hold U+0000")
        case list():
            for index, inner in enumerate(value):
                _look_for_nul(inner, f"{pointer}/{index}", faults)
        case dict():
            for name, inner in value.items():
                if "\x00" in name:
                    faults.add(pointer, "null_character", "a name may not hold U+0000")
                _look_for_nul(inner, pointer + step(name), faults)
        case _:
            return
