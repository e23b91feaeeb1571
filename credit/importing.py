"""Decisions of authorities as a file of JSON lines: read whole, with every fault of every line, or not at all.

A line is a decision, or the correction or revocation of an earlier one, each with its own document. Invariants: nothing
unknown is taken, nothing is guessed; the same document about the same subject is one line however often it comes; a
correction or revocation names the document it follows. Source: credit.md section 1; data/import.schema.json says the
same to machines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from commons.codes import Uscc
from commons.errors import Fault, Malformed
from credit.facts import STATUTORY_CODES, Severity

MAX_LINES = 200
"""A file is loaded in one transaction that holds its subjects: half a second of it at most, when all is about one."""
MAX_LINE = 4_000
"""Characters of one line at most."""
MAX_TEXT = 500
MAX_NAME = 120
TEXTS: Mapping[str, int] = {
    "authority": MAX_NAME, "document_number": MAX_NAME, "follows": MAX_NAME, "basis": MAX_TEXT,
    "legal_ground": MAX_TEXT,
}  # fmt: skip
"""Words of a line and their characters at most: what a fact has room for; spaces around them are no part of them."""
VERSION = 1

LineKind = Literal["decision", "correction", "revocation"]
SEVERITIES: tuple[Severity, ...] = ("minor", "general", "severe")
_COMMON = ("v", "type", "subject", "authority", "document_number", "decided_on", "basis")
FIELDS: Mapping[LineKind, tuple[str, ...]] = {
    "decision": (*_COMMON, "code", "severity", "legal_ground"),
    "correction": (*_COMMON, "follows"),
    "revocation": (*_COMMON, "follows"),
}
"""What each line has to have."""
OPTIONAL: Mapping[LineKind, tuple[str, ...]] = {
    "decision": ("evidence_sha256",),
    "correction": ("code", "severity"),
    "revocation": (),
}
"""What it may have beside; a correction has one of its own at least."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One line; ``number`` counts from 1 in its file, ``follows`` is the document that it corrects or revokes."""

    number: int
    kind: LineKind
    subject: str
    authority: str
    document_number: str
    decided_on: date
    basis: str
    code: str | None = None
    severity: Severity | None = None
    legal_ground: str | None = None
    follows: str | None = None
    evidence_sha256: str | None = None

    @property
    def document(self) -> tuple[str, str, str]:
        """What makes it the same line: subject, authority and number."""
        return (self.subject, self.authority, self.document_number)

    @property
    def target(self) -> tuple[str, str, str]:
        """The document that it is about: its own, or the one it follows."""
        return (self.subject, self.authority, self.follows or self.document_number)

    def content(self) -> dict[str, str | None]:
        """Everything it says, without where it stood; ``line_of`` reads it back."""
        return {
            "type": self.kind, "subject": self.subject, "authority": self.authority,
            "document_number": self.document_number, "decided_on": self.decided_on.isoformat(), "basis": self.basis,
            "code": self.code, "severity": self.severity, "legal_ground": self.legal_ground, "follows": self.follows,
            "evidence_sha256": self.evidence_sha256,
        }  # fmt: skip


def line_of(content: Mapping[str, Any], *, number: int) -> DecisionLine:
    """What ``content`` gave → the line."""
    values = {key: value for key, value in content.items() if key not in {"type", "decided_on"}}
    return DecisionLine(number, content["type"], decided_on=date.fromisoformat(content["decided_on"]), **values)


def read_lines(text: str, *, today: date) -> tuple[DecisionLine, ...]:
    """Every line of the file, or ``Malformed`` with every fault by line; a day after ``today`` has not come yet.

    A document that stands twice with the same words is one line; with other words it is a fault.
    """
    raw = text.removesuffix("\n").split("\n") if text else []
    if not raw:
        raise Malformed((Fault("/lines", "no_lines", "the file has no lines"),))
    if len(raw) > MAX_LINES:
        raise Malformed((Fault("/lines", "too_many_lines", f"at most {MAX_LINES} lines a file"),))
    faults: list[Fault] = []
    read: dict[tuple[str, str, str], DecisionLine] = {}
    for number, one in enumerate(raw, start=1):
        try:
            line = _read_line(one, number=number, today=today)
        except Malformed as malformed:
            faults.extend(malformed.faults)
            continue
        earlier = read.setdefault(line.document, line)
        if earlier.content() != line.content():
            detail = f"line {earlier.number} says something else of this document"
            faults.append(line_fault(number, "document_number", "differs_from_earlier", detail))
    if faults:
        raise Malformed(tuple(faults))
    return tuple(read.values())


def line_fault(number: int, field: str, code: str, detail: str) -> Fault:
    """A fault of one line; the pointer names the line as people count it, from 1."""
    return Fault(f"/lines/{number}/{field}" if field else f"/lines/{number}", code, f"line {number}: {detail}")


def _read_line(text: str, *, number: int, today: date) -> DecisionLine:
    """One line, or everything that is wrong with it."""
    given = _object(text, number)
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        raise Malformed((line_fault(number, "type", "unknown_type", "one of " + ", ".join(FIELDS)),))
    given |= {name: given[name].strip() for name in TEXTS if isinstance(given.get(name), str)}
    faults = list(_shape_faults(given, cast("LineKind", kind), number))
    if not faults:
        faults = list(_value_faults(given, number, today=today))
    if faults:
        raise Malformed(tuple(faults))
    values = {key: value for key, value in given.items() if key not in {"v", "type", "decided_on"}}
    values["subject"] = Uscc.parse(given["subject"]).code
    return DecisionLine(number, cast("LineKind", kind), decided_on=date.fromisoformat(given["decided_on"]), **values)


def _object(text: str, number: int) -> dict[str, Any]:
    if len(text) > MAX_LINE:
        raise Malformed((line_fault(number, "", "line_too_long", f"at most {MAX_LINE} characters"),))
    try:
        given = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Malformed((line_fault(number, "", "not_json", "not one JSON object with each name once"),)) from None
    if not isinstance(given, dict):
        raise Malformed((line_fault(number, "", "not_an_object", "a line is one JSON object"),))
    return given


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice (``ValueError``)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found


def _shape_faults(given: Mapping[str, Any], kind: LineKind, number: int) -> Iterable[Fault]:
    """Missing and unknown members, and members that are no text."""
    for name in FIELDS[kind]:
        if name not in given:
            yield line_fault(number, name, "missing", "has to be given")
    for name, value in given.items():
        if name not in {*FIELDS[kind], *OPTIONAL[kind]}:
            yield line_fault(number, name, "unknown_member", "nothing of this name is read")
        elif name == "v":
            if value != VERSION or isinstance(value, bool):
                yield line_fault(number, name, "unknown_version", f"this is version {VERSION}")
        elif not _is_text(value, most := TEXTS.get(name, MAX_TEXT)):
            yield line_fault(number, name, "not_a_text", f"text of 1 to {most} characters on one line")
    if kind == "correction" and not set(OPTIONAL[kind]) & given.keys():
        yield line_fault(number, "", "correction_changes_nothing", "a correction gives code or severity")


def _is_text(value: object, most: int) -> bool:
    """Whether a fact would take it: something to be seen, on one line, not too long."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= most and value.isprintable()


def _value_faults(given: Mapping[str, str], number: int, *, today: date) -> Iterable[Fault]:
    """Values that mean nothing: codes, days, classes."""
    try:
        Uscc.parse(given["subject"])
    except Malformed as malformed:
        yield line_fault(number, "subject", malformed.faults[0].code, malformed.faults[0].detail)
    if not _DAY.fullmatch(given["decided_on"]) or (day := _day(given["decided_on"])) is None:
        yield line_fault(number, "decided_on", "not_a_day", "a day is text of the form YYYY-MM-DD")
    elif day > today:
        yield line_fault(number, "decided_on", "day_to_come", "nobody has decided yet")
    if given.get("code", "penalty") not in STATUTORY_CODES:
        yield line_fault(number, "code", "unknown_rule", "one of " + ", ".join(sorted(STATUTORY_CODES)))
    if given.get("severity", "minor") not in SEVERITIES:
        yield line_fault(number, "severity", "unknown_severity", "one of " + ", ".join(SEVERITIES))
    if not _HASH.fullmatch(given.get("evidence_sha256", "0" * 64)):
        yield line_fault(number, "evidence_sha256", "not_a_hash", "64 hex digits in lower case")
    if given.get("follows") == given["document_number"]:
        yield line_fault(number, "follows", "follows_itself", "a document follows an earlier one")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
