"""JSON from outside, read strictly: what is not plain, exact JSON is refused with its place, never coerced.

Refused: more bytes than allowed, anything but UTF-8 without a byte order mark, repeated names, numbers with a point or
an exponent, NaN and infinities, integers of more than 20 digits (never converted), lone surrogates, more than 64
levels. Invariant: no input makes this raise anything but ``Malformed``. Source: selection.md, head; RFC 8259, RFC 7493.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from json import JSONDecodeError, JSONDecoder

from commons.canonical import Json
from commons.errors import Fault, Malformed

MAX_DEPTH = 64
"""Lists and objects inside each other at most."""

MAX_DIGITS = 20
"""Digits of an integer at most: more than any amount here has, few enough to convert without a thought."""

MAX_KEPT = 1_000
"""After so many faults reading stops: nobody mends more at once."""

SHOWN = 64
"""Characters of a foreign name that a pointer shows at most."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A JSON string, or the rest of a document whose last string does not end: linear whatever comes."""

_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_UP_AND_DOWN = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")


class Faults:
    """The faults found so far, in the order of reading."""

    def __init__(self) -> None:
        """Start without any."""
        self.found: list[Fault] = []

    def add(self, pointer: str, code: str, detail: str) -> None:
        """Note one; the thousandth ends the reading at once, as ``Malformed``."""
        self.found.append(Fault(pointer, code, detail))
        if len(self.found) >= MAX_KEPT:
            self.raise_if_any()

    def raise_if_any(self) -> None:
        """End the reading as ``Malformed`` when there are faults."""
        if self.found:
            raise Malformed(tuple(self.found))


def step(name: str) -> str:
    """One step of a JSON pointer (RFC 6901), printable whatever the name holds; a very long name is cut."""
    shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}…"
    escaped = shown.replace("~", "~0").replace("/", "~1")
    return "/" + escaped.encode(errors="backslashreplace").decode()


def read_document(data: bytes, *, max_bytes: int) -> Json:
    """Bytes of one JSON document → its value; ``Malformed`` with every fault that can be placed."""
    if len(data) > max_bytes:
        raise _refusal("too_large", f"more than {max_bytes} bytes")
    if data.startswith(_BYTE_ORDER_MARK):
        raise _refusal("byte_order_mark", "starts with a byte order mark")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _refusal("not_utf8", f"not UTF-8 at byte {error.start}") from None
    if _depth(data) > MAX_DEPTH:
        raise _refusal("too_deep", f"more than {MAX_DEPTH} levels")
    hooks = _Hooks()
    try:
        value: Json = hooks.decoder.decode(text)
    except JSONDecodeError as error:
        where = f"{error.msg}: line {error.lineno}, column {error.colno}"
        raise _refusal("not_json", where) from None
    except _TooManyError:
        raise _refusal("too_many_faults", f"more than {MAX_KEPT} values that are refused") from None
    if hooks.refused or b"\\u" in data:
        faults = Faults()
        _look(value, [], faults)
        faults.raise_if_any()
    return value


def _depth(data: bytes) -> int:
    """Levels of lists and objects inside each other, counted before anything is built."""
    brackets = _STRING.sub(b"", data).translate(None, _NO_BRACKETS).translate(_UP_AND_DOWN)
    return max(accumulate(memoryview(brackets).cast("b")), default=0)


class _TooManyError(Exception):
    """So much is refused that its places are not worth finding."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """Stands where a value was that may not be one."""

    code: str
    detail: str


class _Repeated(dict[str, Json]):
    """An object some of whose names stand in it more than once."""

    repeated: tuple[str, ...]


class _Hooks:
    """What the standard decoder asks about objects and numbers; counts what it refused."""

    def __init__(self) -> None:
        self.refused = 0
        self.decoder = JSONDecoder(
            object_pairs_hook=self.members,
            parse_int=self.integer,
            parse_float=self.fraction,
            parse_constant=self.constant,
        )

    def members(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        self._count()
        repeated = _Repeated(members)
        repeated.repeated = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return repeated

    def integer(self, digits: str) -> int | _Refused:
        if len(digits) <= MAX_DIGITS or len(digits.lstrip("-")) <= MAX_DIGITS:
            return int(digits)
        self._count()
        return _Refused("integer_too_long", f"an integer of more than {MAX_DIGITS} digits")

    def fraction(self, _: str) -> _Refused:
        self._count()
        return _Refused("not_an_integer", "numbers are integers here, written without point or exponent")

    def constant(self, name: str) -> _Refused:
        self._count()
        return _Refused("not_a_number", f"{name} is no number")

    def _count(self) -> None:
        self.refused += 1
        if self.refused > MAX_KEPT:
            raise _TooManyError


def _look(value: object, path: list[str | int], faults: Faults) -> None:
    """Walk the value (no deeper than ``MAX_DEPTH``) and note what was refused."""
    if isinstance(value, _Refused):
        faults.add(_pointer(path), value.code, value.detail)
    elif isinstance(value, str):
        _look_text(value, path, faults)
    elif isinstance(value, dict | list):
        if isinstance(value, _Repeated):
            for name in value.repeated:
                faults.add(_pointer([*path, name]), "duplicate_key", "this name stands in the object more than once")
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            path.append(key)
            if isinstance(key, str):
                _look_text(key, path, faults)
            _look(inner, path, faults)
            path.pop()


def _look_text(text: str, path: list[str | int], faults: Faults) -> None:
    if not _is_text(text):
        faults.add(_pointer(path), "lone_surrogate", "half of a surrogate pair stands alone")


def _is_text(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{part}" if isinstance(part, int) else step(part) for part in path)


def _refusal(code: str, detail: str) -> Malformed:
    return Malformed((Fault("", code, detail),))
