"""One JSON object at a time, key by key: nothing is coerced, every fault is noted with its pointer.

Invariants: after a fault a stand-in of the right type goes on, so that one reading finds all faults; whoever reads
calls ``Faults.raise_if_any`` before the values are used. Source: selection.md, head and section 10.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import TypeVar

from commons.canonical import Json
from commons.documents import Faults, step
from commons.instants import parse_instant

MAX_NUMBER = 10**12
"""Largest magnitude of a number in a case; for amounts, fen (10 billion yuan)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Word = TypeVar("_Word", bound=str)
_Read = TypeVar("_Read")


def keys(names: str) -> frozenset[str]:
    """The names in a text, apart by blanks."""
    return frozenset(names.split())


class Fields:
    """One object at a pointer; ``known`` are the keys that may stand in it, whichever are used."""

    def __init__(self, raw: Json, pointer: str, known: Collection[str], faults: Faults) -> None:
        """Take the object, note unknown keys; anything but an object is a fault and reads as an empty one."""
        self.pointer, self.faults = pointer, faults
        self.readable = isinstance(raw, dict)
        self.raw: dict[str, Json] = raw if isinstance(raw, dict) else {}
        if not self.readable:
            faults.add(pointer, "not_an_object", "must be an object")
        for key in self.raw:
            if key not in known:
                self.fault(key, "unknown_key", "no mode knows this key here")

    def has(self, key: str) -> bool:
        """Whether the key stands in the object."""
        return key in self.raw

    def at(self, key: str) -> str:
        """Pointer of a member."""
        return self.pointer + step(key)

    def fault(self, key: str, code: str, detail: str) -> None:
        """Note a fault at a member; nothing more is said about an object that is none."""
        if self.readable:
            self.faults.add(self.at(key), code, detail)

    def missing(self, key: str, why: str) -> None:
        """Note a member that has to be there."""
        self.fault(key, "missing", why)

    def integer(self, key: str, low: int = -MAX_NUMBER, high: int = MAX_NUMBER) -> int | None:
        """An integer in low…high, None when the key is absent."""
        if key not in self.raw:
            return None
        value = self.raw[key]
        if type(value) is not int:
            self.fault(key, "not_an_integer", "must be an integer, written without point, exponent or quotes")
            return low
        if not low <= value <= high:
            self.fault(key, "out_of_range", f"must be from {low} to {high}")
            return low
        return value

    def needed_integer(self, key: str, low: int = -MAX_NUMBER, high: int = MAX_NUMBER) -> int:
        """An integer in low…high that has to be there."""
        value = self.integer(key, low, high)
        if value is None:
            self.missing(key, "has to be given")
            return low
        return value

    def boolean(self, key: str, *, default: bool = False) -> bool:
        """A boolean, the default when the key is absent."""
        value = self.raw.get(key, default)
        if type(value) is not bool:
            self.fault(key, "not_a_boolean", "must be true or false")
            return default
        return value

    def text(self, key: str) -> str | None:
        """A string, None when the key is absent."""
        value = self.raw.get(key, "")
        if type(value) is not str:
            self.fault(key, "not_a_text", "must be a string")
            return ""
        return value if key in self.raw else None

    def needed_text(self, key: str) -> str:
        """A string that has to be there."""
        value = self.text(key)
        if value is None:
            self.missing(key, "has to be given")
            return ""
        return value

    def word(self, key: str, words: tuple[_Word, ...], default: _Word | None = None) -> _Word:
        """One of some words; has to be there unless there is a default."""
        value = self.raw.get(key, default)
        for word in words:
            if type(value) is str and value == word:
                return word
        if value is None and key not in self.raw:
            self.missing(key, f"has to be given: {', '.join(words)}")
        else:
            self.fault(key, "not_one_of", f"must be one of {', '.join(words)}")
        return words[0]

    def instant(self, key: str) -> datetime | None:
        """An RFC 3339 instant in UTC, None when the key is absent."""
        value = self.text(key)
        if value is None:
            return None
        try:
            return parse_instant(value)
        except ValueError:
            if type(self.raw[key]) is str:
                self.fault(key, "not_an_instant", "must be an RFC 3339 instant in UTC, to microseconds at most")
            return _EPOCH

    def needed_instant(self, key: str) -> datetime:
        """An instant that has to be there."""
        value = self.instant(key)
        if value is None:
            self.missing(key, "has to be given")
            return _EPOCH
        return value

    def items(self, key: str, read: Callable[[Json, str], _Read]) -> tuple[_Read, ...] | None:
        """A list, each item read with its pointer; None when the key is absent."""
        if key not in self.raw:
            return None
        value = self.raw[key]
        if type(value) is not list:
            self.fault(key, "not_a_list", "must be a list")
            return ()
        place = self.at(key)
        return tuple([read(item, f"{place}/{index}") for index, item in enumerate(value)])

    def needed_items(self, key: str, read: Callable[[Json, str], _Read]) -> tuple[_Read, ...]:
        """A list that has to be there."""
        value = self.items(key, read)
        if value is None:
            self.missing(key, "has to be given")
            return ()
        return value

    def integers(self, key: str) -> tuple[int, ...] | None:
        """A list of integers, None when the key is absent."""
        return self.items(key, self._item)

    def _item(self, raw: Json, pointer: str) -> int:
        if type(raw) is not int:
            self.faults.add(pointer, "not_an_integer", "must be an integer, written without point, exponent or quotes")
            return 0
        if not -MAX_NUMBER <= raw <= MAX_NUMBER:
            self.faults.add(pointer, "out_of_range", f"must be from {-MAX_NUMBER} to {MAX_NUMBER}")
            return 0
        return raw
