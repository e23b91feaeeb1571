"""``python -m marketplace check-archive FILE``: is an archive package whole, and was the award right?

Every member has the hash that the index gives, nothing is missing or beside it; every event has the hash that its
bytes give and follows the one before; the decision is computed again from the case; the contract is about that award.
Runs on the standard library and the rules alone. One JSON line for each file; exit status 0 all right, 1 something is
not, 2 a file that is no package. Source: market.md section 4, docs/adr/0023.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.canonical import Json, canonical
from commons.documents import read_document
from commons.errors import Malformed
from commons.events import FIRST
from marketplace.contracts.archive import INDEX, PROOFS, index_of

WRONG, NO_PACKAGE = 1, 2
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 512 * 1024 * 1024
TOO_LARGE, TWICE = "larger than an archive package is", "a name stands in it twice"
USAGE = """\
用法：python -m marketplace check-archive 文件…
核验归档包：每个成员的哈希、每条记录的哈希链、重算选取结果；每个文件输出一行。退出码 0 无误，1 有误，2 不是归档包。

usage: python -m marketplace check-archive FILE…
Checks archive packages: the hash of each member, the chains of the record, the decision; one line for each file.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what it found wrong; None when nothing."""

    check: str
    wrong: str | None


class NoPackageError(Exception):
    """The file is no archive package, or one beyond the bounds."""


def main(files: list[str]) -> int:
    """Check each file; the exit status."""
    if not files or any(one in {"-h", "--help"} for one in files):
        sys.stdout.buffer.write(USAGE.encode())
        return 0 if files else NO_PACKAGE
    status = 0
    for file in files:
        try:
            findings = check(members_of(Path(file)))
        except (NoPackageError, OSError) as error:
            _say({"file": file, "ok": False, "problem": str(error)})
            status = NO_PACKAGE
            continue
        wrong: list[Json] = [{"check": one.check, "wrong": one.wrong} for one in findings if one.wrong is not None]
        checks: list[Json] = [one.check for one in findings]
        _say({"file": file, "ok": not wrong, "checks": checks, "wrong": wrong})
        status = max(status, WRONG if wrong else 0)
    return status


def members_of(path: Path) -> dict[str, bytes]:
    """The members of a zip by name; refuses (``NoPackageError``) what is none, or larger than a package is."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_MEMBERS or sum(one.file_size for one in entries) > MAX_TOTAL_BYTES:
                raise NoPackageError(TOO_LARGE)
            if len({one.filename for one in entries}) != len(entries):
                raise NoPackageError(TWICE)
            return {one.filename: packed.read(one) for one in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise NoPackageError(str(error)) from None


def check(members: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Every check in order, each with what is wrong, if anything."""
    return tuple(Finding(name, _first(look, members)) for name, look in CHECKS)


def _first(look: Callable[[Mapping[str, bytes]], Iterator[str]], members: Mapping[str, bytes]) -> str | None:
    try:
        return next(look(members), None)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, Malformed) as error:
        return f"cannot be read: {type(error).__name__} {error}"


def _document(members: Mapping[str, bytes], name: str) -> Any:
    return read_document(members[name], max_bytes=MAX_MEMBER_BYTES)


def _members(members: Mapping[str, bytes]) -> Iterator[str]:
    """The index lists every member with its hash, and nothing else lies in the package but proofs."""
    inside = {name: body for name, body in members.items() if name != INDEX and not name.startswith(PROOFS)}
    index = _document(members, INDEX)
    listed = {one["name"]: one["sha256"] for one in index["members"]}
    for name in sorted(listed.keys() | inside.keys()):
        if name not in inside:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} is not in the index"
        elif sha256(inside[name]).hexdigest() != listed[name]:
            yield f"{name} was altered"
    if members[INDEX] != index_of(index["contract"], inside):
        yield "the index is not the one that these members have"


def _chains(members: Mapping[str, bytes]) -> Iterator[str]:
    """Every event has the hash of its bytes and follows the one before it; the archive follows what was archived."""
    tips: dict[str, tuple[int, str]] = {}
    for one in _document(members, "record.json"):
        event = one["event"]
        seq, digest = tips.get(event["subject"], (0, FIRST))
        if sha256(canonical(event)).hexdigest() != one["digest"]:
            yield f"{event['subject']} {event['seq']} was altered"
        if event["seq"] != seq + 1 or event["prev"] != digest:
            yield f"{event['subject']} {event['seq']} does not follow the event before it"
        tips[event["subject"]] = (event["seq"], one["digest"])


def _decision(members: Mapping[str, bytes]) -> Iterator[str]:
    """The case gives the decision, and both are those of the record; a direct choice has no case."""
    ruled = [one["event"] for one in _document(members, "record.json") if one["event"]["type"] == "selection.decided"]
    if not ruled:
        yield "the record has no decision"
        return
    data = ruled[-1]["data"]
    if data["case"] is None:
        if "case.json" in members:
            yield "a direct choice has no case"
        return
    kept = _document(members, "case.json")
    if kept != {"case": data["case"], "decision": data["decision"]}:
        yield "the case is not the one in the record"
    if decide(parse_case(kept["case"])).as_json() != kept["decision"]:
        yield "the case does not give this decision"


def _contract(members: Mapping[str, bytes]) -> Iterator[str]:
    """The contract begins with the award of the record, to its winner at its price."""
    events = [one["event"] for one in _document(members, "record.json")]
    awards = [one["data"] for one in events if one["type"] == "award.proposed"]
    opened = next((one["data"] for one in events if one["type"] == "contract.opened"), None)
    if opened is None or not awards:
        yield "there is no contract, or no award"
        return
    last = awards[-1]
    if (opened["agency"], opened["amount_fen"]) != (last["bidder"], last["price_fen"]):
        yield "the contract is not about the award"
    for one in events:
        if one["type"] == "contract.uploaded" and one["data"]["amount_fen"] != opened["amount_fen"]:
            yield "a contract departs from the award"


CHECKS: tuple[tuple[str, Callable[[Mapping[str, bytes]], Iterator[str]]], ...] = (
    ("members", _members),
    ("chains", _chains),
    ("decision", _decision),
    ("contract", _contract),
)


def _say(line: dict[str, Json]) -> None:
    sys.stdout.buffer.write(f"{json.dumps(line, ensure_ascii=False)}\n".encode())
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
