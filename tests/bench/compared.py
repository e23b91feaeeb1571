"""The engine and its control on one case: the naive exact reference, which must decide the same before it is timed.

All figures are processor time. A target in milliseconds holds on a quiet machine, a ratio on any: engine and control
slow down together. So every row has both bars, and each bench says where its own come from.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from bidding.engine import decide
from bidding.reading.case import parse_case
from marketplace.publication.decide import answer
from tests.bench.measuring import Row, medians, most, times
from tests.reference import selection

Raw = dict[str, Any]


def compare(what: str, case: Raw, *, smoke: bool, most_ms: float, least_times: float) -> list[Row]:
    """Milliseconds of the pure decision, and how many times faster than the control it is, each with its bar."""
    data = json.dumps(case).encode()
    if json.loads(json.dumps(answer(data))) != selection.decide(case):
        message = f"{what}: engine and control disagree"
        raise AssertionError(message)

    def engine() -> Callable[[], object]:
        parsed = parse_case(json.loads(data))  # afresh each time: nothing remembered from an earlier turn
        return lambda: decide(parsed)

    def control() -> Callable[[], object]:
        return lambda: selection.decide(case)

    taken = medians({"engine": engine, "control": control}, smoke=smoke, clock=time.process_time_ns)
    ratio = taken["control"] / taken["engine"]
    return [
        most(what, taken["engine"], "ms", None if smoke else most_ms),
        times(f"{what}: than naive exact fractions ({taken['control']:.1f} ms)", ratio, None if smoke else least_times),
    ]


def from_bytes(what: str, case: Raw, *, smoke: bool, most_ms: float) -> Row:
    """Milliseconds from the bytes of a case to its decision, reading and checking included."""
    data = json.dumps(case).encode()
    taken = medians({"command": lambda: lambda: answer(data)}, smoke=smoke, clock=time.process_time_ns)
    return most(what, taken["command"], "ms", None if smoke else most_ms)
