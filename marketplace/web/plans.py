"""What a form asks: its fields as data, read into the very command that the API takes, and shown again when it fails.

Invariants: what cannot be read is a fault at its field, all of them at once; an amount is exact, a time typed is
Beijing time; passwords, codes and files are never shown again. Source: pages.md (manners).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeVar
from unicodedata import normalize

from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.instants import BEIJING, format_instant
from commons.money import MAX_FEN, capitals
from marketplace.usecases.act import Message
from marketplace.web.locale.field_words import fault_words
from marketplace.web.requests import shaped
from marketplace.web.views.forms import Anew, Choice, FieldKind, FieldShown, FormShown, Wrong

M = TypeVar("M", bound=Message)
HIDDEN_KINDS: frozenset[FieldKind] = frozenset({"password", "file"})
"""Kinds that are never shown again."""
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_RATE = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?", re.ASCII)
_GROUPED = re.compile(r"(?<=\d)[,，](?=\d{3}(?:\D|$))|\s")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``name`` as it is sent, ``at`` its JSON pointer in the command where that is another one.

    ``asks`` says what may be typed, and is what a fault at the field says; ``limit`` counts characters.
    ``anew`` is what a script asks again when another choice is made.
    """

    name: str
    label: str
    kind: FieldKind = "line"
    hint: str = ""
    asks: str = ""
    unit: str = ""
    limit: int = 120
    is_needed: bool = True
    options: tuple[Choice, ...] = ()
    complete: str = "off"
    accept: str = ""
    at: str = ""
    anew: Anew | None = None

    @property
    def pointer(self) -> str:
        """Where the command has it."""
        return self.at or f"/{self.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The fields of a form, and at which field the codes of refusals and conflicts are shown."""

    fields: tuple[Field, ...]
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def with_options(self, **options: tuple[Choice, ...]) -> Plan:
        """The plan with the choices of today."""
        return replace(self, fields=tuple(_chosen_from(one, options.get(one.name)) for one in self.fields))

    def named(self, name: str) -> Field | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)

    def field_at(self, pointer: str) -> Field | None:
        """The field that a fault of the command is about: the longest pointer that the fault's begins with."""
        under = [one for one in self.fields if f"{pointer}/".startswith(f"{one.pointer}/")]
        return max(under, key=lambda one: len(one.pointer), default=None)


def _chosen_from(one: Field, options: tuple[Choice, ...] | None) -> Field:
    return one if options is None else replace(one, options=options)


def values_of(plan: Plan, sent: Mapping[str, tuple[str, ...]]) -> dict[str, Json]:
    """What was typed as plain JSON by the fields' names; what was left empty is left out.

    ``Malformed`` with a fault for every field that is needed and empty, or that cannot be read.
    """
    found: dict[str, Json] = {}
    faults: list[Fault] = []
    for one in plan.fields:
        if one.kind == "file":
            continue
        value, fault = _read(one, tuple(text.strip() for text in sent.get(one.name, ()) if text.strip()))
        if fault:
            faults.append(Fault(one.pointer, fault, fault_words(one, fault)))
        elif value is not None:
            found[one.name] = value
    if faults:
        raise Malformed(tuple(faults))
    return found


def _read(one: Field, typed: tuple[str, ...]) -> tuple[Json, str]:
    """What was typed into a field, and the code of what is wrong with it; None for nothing."""
    if one.kind == "box":
        return bool(typed), ""
    if not typed:
        return None, "missing" if one.is_needed else ""
    if one.kind == "boxes":
        return list(typed), ""
    if len(typed[0]) > one.limit:
        return None, "string_too_long"
    value = READERS[one.kind](typed[0])
    return value, f"not_{one.kind}" if value is None else ""


def command_from(plan: Plan, model: type[M], sent: Mapping[str, tuple[str, ...]], /, **fixed: Json) -> M:
    """The command that the form makes, with what the address or the session says; ``Malformed`` with every fault."""
    document: dict[str, Json] = {}
    read = values_of(plan, sent)
    for one in plan.fields:
        if one.name in read:
            _put(document, one.pointer, read[one.name])
    return shaped(model, {**document, **fixed})


def _put(document: dict[str, Any], pointer: str, value: Json) -> None:
    """Put a value at its place, with the objects on the way there."""
    *above, last = pointer.strip("/").split("/")
    inner = document
    for step in above:
        inner = inner.setdefault(step, {})
    inner[last] = value


def shown_form(
    plan: Plan,
    action: str,
    key: str,
    *,
    sent: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    wrong: tuple[Wrong, ...] = (),
    id: str = "",
) -> FormShown:
    """The form with what was typed, or is proposed, and what is wrong with it."""
    faults: dict[str, str] = {}
    for one in wrong:
        if one.field:
            faults[one.field] = "；".join(filter(None, (faults.get(one.field), one.words)))
    fields = {one.name: _shown(one, id, sent.get(one.name, ()), faults.get(one.name, "")) for one in plan.fields}
    has_files = any(one.kind == "file" for one in plan.fields)
    return FormShown(action, MappingProxyType(fields), key, id, wrong, has_files=has_files)


def _shown(one: Field, form: str, typed: tuple[str, ...], fault: str) -> FieldShown:
    chosen = () if one.kind in HIDDEN_KINDS else typed
    value = chosen[0] if chosen else ""
    fen = read_amount(value) if one.kind == "amount" else None
    return FieldShown(
        f"{form}-{one.name}" if form else one.name, one.name, one.label, one.kind, one.hint, one.unit, one.limit,
        one.is_needed, one.options, one.complete, one.accept, value, chosen, fault,
        capitals(fen) if fen is not None else "", one.anew,
    )  # fmt: skip


def proposed(**values: str | int | None) -> dict[str, tuple[str, ...]]:
    """Values to begin with, as they would be typed."""
    return {name: (str(value),) for name, value in values.items() if value is not None}


def read_amount(text: str) -> int | None:
    """Yuan as typed, grouped or not → fen; None for what is no amount."""
    plain = _GROUPED.sub("", normalize("NFKC", text)).removesuffix("元")
    fen = Fraction(plain) * 100 if _AMOUNT.fullmatch(plain) else None
    return int(fen) if fen is not None and fen <= MAX_FEN else None


def read_rate(text: str) -> int | None:
    """Percent as typed → basis points."""
    plain = normalize("NFKC", text).removesuffix("%").strip()
    return int(Fraction(plain) * 100) if _RATE.fullmatch(plain) else None


def read_whole(text: str) -> int | None:
    """A whole number."""
    plain = _GROUPED.sub("", normalize("NFKC", text))
    return int(plain) if _WHOLE.fullmatch(plain) else None


def read_day(text: str) -> str | None:
    """A civil day as ``YYYY-MM-DD``."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat() if _DAY.fullmatch(text) else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def read_local(text: str) -> str | None:
    """Beijing time as typed → an instant in UTC (RFC 3339)."""
    if not _LOCAL.fullmatch(text):
        return None
    try:
        return format_instant(datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def local_text(at: datetime) -> str:
    """An instant as it is typed into a field of Beijing time."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def _as_typed(text: str) -> str:
    return text


READERS: Mapping[FieldKind, Callable[[str], Json]] = MappingProxyType(
    {
        "line": _as_typed,
        "prose": _as_typed,
        "password": _as_typed,
        "hidden": _as_typed,
        "proposed": _as_typed,
        "select": _as_typed,
        "radios": _as_typed,
        "amount": read_amount,
        "rate": read_rate,
        "whole": read_whole,
        "day": read_day,
        "instant": read_local,
    }
)
"""How each kind is read; None for what it does not take."""
