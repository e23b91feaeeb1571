"""Canonical JSON: the one sequence of bytes a value has, so that its hash means the same on every machine.

Invariants: equal values give equal bytes, and those bytes read back as the same value; members are ordered by the
UTF-16 code units of their names. Restricted: integers within ±(2⁵³−1), strings, booleans, null, lists, objects;
floats and lone surrogates are refused, never coerced. Source: RFC 8785, restricted as in trust.md section 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from json.encoder import JSONEncoder, encode_basestring
from typing import cast

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]
"""What may be written: these very types, not their subclasses."""

MAX_INTEGER = 2**53 - 1
"""Largest magnitude of an integer: beyond it, readers that hold numbers as doubles disagree (RFC 7493)."""

MAX_DEPTH = 100
"""Lists and objects inside each other at most; deeper values (a list that holds itself) are refused."""

_LAST_OF_ONE_UNIT = "\uffff"
_PLAIN = JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode
"""Writes what ``_is_plain`` lets through as ``_text`` does, several times as fast."""
_NAMES = frozenset({str})
_LEADS = tuple(bytes((lead,)) for lead in range(0xF0, 0xF5))
"""First bytes in UTF-8 of the characters that are two code units in UTF-16."""


def canonical(value: Json) -> bytes:
    """Canonical UTF-8 bytes of the value; anything outside the restriction is a ``ValueError`` that says where."""
    if _is_plain((value,), MAX_DEPTH):
        text = _PLAIN(value)
        if text.isascii():
            return text.encode()
        with suppress(UnicodeEncodeError):  # the long way says where it is
            written = text.encode()
            if not any(lead in written for lead in _LEADS):  # else names might be in another order
                return written
    return _text(value, MAX_DEPTH).encode()


class _Refusal(ValueError):
    """A refused value; the place (a JSON pointer) is put together on the way out, so that it costs nothing before."""

    def __init__(self, why: str, pointer: str = "") -> None:
        super().__init__(f"{why} at {pointer or 'the top'}")
        self.why = why
        self.pointer = pointer

    def within(self, step: str) -> _Refusal:
        """The same refusal seen from one level further out."""
        return _Refusal(self.why, f"/{step}{self.pointer}")


def _is_plain(values: Iterable[Json], depth: int) -> bool:
    """Whether nothing in the values is refused for its type or size, and they go no deeper than so many levels."""
    for one in values:
        kind = type(one)
        if kind is str or kind is bool or one is None:
            continue
        if kind is int:
            if not -MAX_INTEGER <= cast("int", one) <= MAX_INTEGER:
                return False
        elif not (depth and _is_plain(_members(one), depth - 1)):
            return False
    return True


def _members(value: Json) -> Iterable[Json]:
    """What stands in a list or an object; anything else, and an object with another name than text, is as it is."""
    if type(value) is list:
        return value
    if type(value) is dict and _NAMES.issuperset(map(type, value)):
        return value.values()
    return (value,)


def _text(value: Json, depth: int) -> str:
    if type(value) is str:
        return _quoted(value)
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return _integer(value)
    if type(value) is dict:
        return _object(value, depth - 1)
    if type(value) is list:
        return _array(value, depth - 1)
    why = f"no canonical form for {type(value).__name__}"
    raise _Refusal(why)


def _quoted(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            why = "lone surrogate"
            raise _Refusal(why) from None
    return encode_basestring(text)


def _integer(number: int) -> str:
    if -MAX_INTEGER <= number <= MAX_INTEGER:
        return str(number)
    why = "integer beyond ±(2^53−1)"
    raise _Refusal(why)


def _array(items: list[Json], depth: int) -> str:
    _require_room(depth)
    parts: list[str] = []
    for index, item in enumerate(items):
        try:
            parts.append(_text(item, depth))
        except _Refusal as refusal:
            raise refusal.within(str(index)) from None
    return f"[{','.join(parts)}]"


def _object(members: dict[str, Json], depth: int) -> str:
    _require_room(depth)
    parts: list[str] = []
    for name in _ordered(members):
        try:
            parts.append(f"{_quoted(name)}:{_text(members[name], depth)}")
        except _Refusal as refusal:
            raise refusal.within(_step(name)) from None
    return f"{{{','.join(parts)}}}"


def _require_room(depth: int) -> None:
    if depth < 0:
        why = f"more than {MAX_DEPTH} levels"
        raise _Refusal(why)


def _ordered(members: dict[str, Json]) -> list[str]:
    """Names by UTF-16 code units: the order of code points, unless some character takes two units."""
    by_code_point = True
    for name in members:
        if type(name) is not str:
            why = f"a member's name is no string but {type(name).__name__}"
            raise _Refusal(why)
        by_code_point = by_code_point and (name.isascii() or max(name) <= _LAST_OF_ONE_UNIT)
    return sorted(members) if by_code_point else sorted(members, key=_utf16)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _step(name: str) -> str:
    """One step of a JSON pointer (RFC 6901), printable whatever the name holds."""
    return name.replace("~", "~0").replace("/", "~1").encode(errors="backslashreplace").decode()
