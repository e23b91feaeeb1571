"""The benchmark price (基准价): a mean without its extremes, times a factor that may be drawn.

Invariants: one rounding, half-up to whole fen; of several factors one is drawn by its index among them, sorted.
Source: selection.md section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bidding.ranking import DrawNeeded
from commons.draws import Draw
from commons.errors import Fault, Malformed
from commons.money import BASIS


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark in fen and what it was made of: ``dropped`` prices are left out of the sum."""

    fen: int
    sum_fen: int
    count: int
    factor_bp: int
    dropped: tuple[int, ...]


def benchmark(prices: Sequence[int], *, drop_from: int, factor_bp: int) -> Benchmark:
    """The benchmark of one or more prices, all fen; from ``drop_from`` prices on, one highest and one lowest go.

    ``factor_bp`` are basis points of the mean; selection.md section 3.
    """
    assert prices, "a benchmark needs a price"
    total, count, dropped = sum(prices), len(prices), tuple[int, ...]()
    if count >= drop_from:
        dropped = (min(prices), max(prices))
        total, count = total - sum(dropped), count - 2
    divisor = count * BASIS
    return Benchmark((2 * total * factor_bp + divisor) // (2 * divisor), total, count, factor_bp, dropped)


def factor(choices: Sequence[int], draw: Draw | None) -> int | DrawNeeded:
    """The only choice, or the one drawn: basis points; several choices need draw inputs (selection.md section 7)."""
    if len(choices) == 1:
        return choices[0]
    if draw is None:
        return DrawNeeded()
    return sorted(choices)[draw.integer("factor", 0, len(choices) - 1)]


def refuse_zero(mean: Benchmark, pointer: str) -> None:
    """A benchmark that rounds to 0 fen is ``Malformed`` at the pointer of its factor: selection.md section 10."""
    if mean.fen == 0:
        detail = "the benchmark of these prices rounds to 0 fen: no deviation can be taken from it"
        raise Malformed((Fault(pointer, "benchmark_zero", detail),))
