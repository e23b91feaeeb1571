"""Which page numbers a pager shows: first, last, and those around the current one; None stands for a gap."""

from __future__ import annotations

from marketplace.web.views.parts import Paging

AROUND = 2


def window(paging: Paging) -> tuple[int | None, ...]:
    """Numbers in order with None where some are left out; a gap of one number is shown as that number."""
    current = min(paging.number, paging.last)
    shown = sorted({1, paging.last, *range(max(1, current - AROUND), min(paging.last, current + AROUND) + 1)})
    numbers: list[int | None] = []
    before = 0
    for number in shown:
        if number - before == 2:  # noqa: PLR2004  one number between two: show it
            numbers.append(number - 1)
        elif number - before > 1:
            numbers.append(None)
        numbers.append(number)
        before = number
    return tuple(numbers)
