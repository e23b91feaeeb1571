"""``import-decisions FILE``: load a signed file of authorities' decisions from the command line, as the API loads it.

Invariants: one use case decides, whatever the way in; the file is read whole, and one fault loads nothing; the same
file again changes nothing. Source: docs/adr/0020.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console

from commons.errors import Fault, Malformed
from commons.events import Actor
from commons.verdicts import Refused
from marketplace.opening import Purpose, open_database
from marketplace.settings import Settings
from marketplace.usecases.act import Caller
from marketplace.usecases.import_decisions import MAX_FILE, DecisionsImported, ImportDecisions, import_decisions

BYTES_A_CHARACTER = 4
MAX_SIGNATURE = 1_000
"""Bytes of a signature's file at most: 128 hex digits, and spaces."""
OPERATOR = Actor("operator", "command-line")


@dataclass(frozen=True, slots=True)
class SignedFile:
    """The file, its feed, and the file with the feed's signature in hex."""

    lines: Path
    feed: str
    signature: Path


async def run_import(settings: Settings, given: SignedFile, console: Console) -> int:
    """Load the file and say what it brought; the exit status. Raises what the use case raises."""
    command = read_signed(given)
    async with open_database(settings, Purpose.SERVE) as database:
        done = await import_decisions(database, Caller(OPERATOR), command, feeds=settings.credit_feeds)
    assert not isinstance(done, Refused), "an import is taken or faulted, never refused"
    console.print(summary(done), soft_wrap=True, highlight=False)
    return 0


def summary(done: DecisionsImported) -> str:
    """What the file brought, in one sentence."""
    if done.is_repeated:
        return f"这个文件以前已经导入（{done.import_id}），没有变化：共 {done.lines} 行。"
    return (
        f"已导入 {done.import_id}：共 {done.lines} 行，新增信用信息 {done.recorded} 条，更正或撤销 {done.followed} 条，"
        f"此前已有 {done.known} 行，主体未备案、待其备案时生效 {done.waiting} 行。"
    )


def read_signed(given: SignedFile) -> ImportDecisions:
    """The files as a command; ``Malformed`` for what cannot be one, ``OSError`` for what cannot be read."""
    lines = _text(given.lines, MAX_FILE * BYTES_A_CHARACTER)
    signature = "".join(_text(given.signature, MAX_SIGNATURE).split())
    try:
        return ImportDecisions(lines=lines, feed=given.feed, signature=signature)
    except ValidationError as error:
        faults = tuple(Fault("/" + "/".join(map(str, one["loc"])), one["type"], one["msg"]) for one in error.errors())
        raise Malformed(faults) from None


def _text(path: Path, most: int) -> str:
    with path.open("rb") as file:
        body = file.read(most + 1)
    if len(body) > most:
        raise Malformed((Fault("", "too_long", f"{path}: at most {most} bytes"),))
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed((Fault("", "not_a_text", f"{path}: not UTF-8"),)) from None
