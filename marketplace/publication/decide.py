"""``python -m marketplace decide``: cases in, decisions out, one line each, without a database.

Owners try terms out with it before publishing (试算), anyone re-runs an award. A case that cannot be read, or a file
that cannot be opened, gives a problem line (RFC 9457) in its place and exit status 2, never a traceback; at most
16 MiB and one byte of a file are read. Source: selection.md section 8.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bidding.engine import decide
from bidding.explain import explain
from bidding.reading.case import parse_case
from bidding.reading.terms import parse_terms
from bidding.sensitivity import sensitivity
from bidding.terms_check import check_terms
from commons.canonical import Json
from commons.errors import MAX_FAULTS, Fault, Malformed
from marketplace.publication.case_file import MAX_CASE_BYTES, read_case_file

__all__ = ["MAX_CASE_BYTES", "answer", "main", "problem", "warnings"]

MALFORMED = 2
"""Exit status when some case was malformed, or the command was not understood."""

USAGE = """\
用法：python -m marketplace decide [--explain] [--sensitivity] 文件… （- 表示标准输入）
      python -m marketplace decide --check 文件…
每个文件一个案例（JSON），每个案例输出一行选取结果；--explain 附上逐格计算说明，--sensitivity 附上各项权重的稳定区间。
--check 只看选取条件（terms），每个案例输出一行提示：矛盾、达不到或偏向一方之处。

usage: python -m marketplace decide [--explain] [--sensitivity] FILE… (- reads standard input)
       python -m marketplace decide --check FILE…
One case a file (JSON), one decision a line; --explain adds how every cell was computed, --sensitivity within which
weights the first stays first. --check looks at the terms alone and prints one line of warnings for each case.
Exit status: 0 all decided, 2 some case malformed (a problem line stands in its place).
"""

OPTIONS = frozenset({"--explain", "--sensitivity"})
CHECK = "--check"


def main(arguments: list[str]) -> int:
    """Decide every file in order; the exit status."""
    options = [word for word in arguments if word.startswith("-") and word != "-"]
    files = [word for word in arguments if word not in options]
    if "-h" in options or "--help" in options:
        _write(USAGE)
        return 0
    if not files or (set(options) - OPTIONS and set(options) != {CHECK}):
        sys.stderr.write(USAGE)
        return MALFORMED
    status = 0
    try:
        for line, is_decision in _lines(files, frozenset(options)):
            status = status if is_decision else MALFORMED
            _write(line)
    except BrokenPipeError:  # the reader left: whatever it wanted, it has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def answer(data: bytes, *, explained: bool = False, weighed: bool = False) -> dict[str, Json]:
    """Bytes of one case, bare or in ``{"case": …}`` → the decision as JSON; ``Malformed`` with pointers into them."""
    file = read_case_file(data)
    raw, place = file.case, file.pointer
    try:
        case = parse_case(raw)
        out = decide(case).as_json()
        if explained:
            out["explanation"] = explain(case).as_json()
        if weighed:
            out["sensitivity"] = [one.as_json() for one in sensitivity(case)]
    except Malformed as error:
        raise Malformed(tuple(replace(fault, pointer=place + fault.pointer) for fault in error.faults)) from None
    return out


def warnings(data: bytes) -> dict[str, Json]:
    """Bytes of one case → the warnings about its terms; of the rest only the number of bidders is read."""
    file = read_case_file(data)
    raw, place = file.case, file.pointer
    if not isinstance(raw, dict) or "terms" not in raw:
        raise Malformed((Fault(f"{place}/terms", "missing", "has to be given"),))
    terms, bidders = parse_terms(raw["terms"], f"{place}/terms"), raw.get("bidders")
    admitted = len(bidders) if isinstance(bidders, list) and bidders else None
    return {"warnings": [one.as_json() for one in check_terms(terms, admitted=admitted)]}


def problem(error: Malformed, *, file: str) -> dict[str, Json]:
    """The problem document of a malformed case (RFC 9457), with the first hundred faults and the count of all."""
    first, count = error.faults[0], len(error.faults)
    where = first.pointer or "the document"
    return {
        "type": "/problems/malformed",
        "title": "Malformed",
        "status": 400,
        "detail": f"{where}: {first.detail}" + (f" (and {count - 1} more)" if count > 1 else ""),
        "code": "malformed",
        "file": file,
        "error_count": count,
        "errors": [
            {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail}
            for fault in error.faults[:MAX_FAULTS]
        ],
    }


def _lines(files: list[str], options: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """One line for each file, and whether it is what was asked for."""
    for file in files:
        try:
            data = _read(file)
            if CHECK in options:
                yield _line(warnings(data)), True
                continue
            made = answer(data, explained="--explain" in options, weighed="--sensitivity" in options)
            yield _line(made), True
        except Malformed as error:
            yield _line(problem(error, file=file)), False


def _read(file: str) -> bytes:
    """The bytes of a file, one more than allowed at most."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_CASE_BYTES + 1)
        with Path(file).open("rb") as stream:
            return stream.read(MAX_CASE_BYTES + 1)
    except OSError as error:
        raise Malformed((Fault("", "unreadable", f"cannot be read: {error.strerror}"),)) from None


def _line(document: dict[str, Json]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _write(text: str) -> None:
    """UTF-8 whatever the terminal says: the same bytes on every machine."""
    sys.stdout.buffer.write(text.encode(errors="backslashreplace"))
    sys.stdout.buffer.flush()
