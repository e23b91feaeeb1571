"""Invented credit facts of the seed's agencies, so that scores differ; each basis is marked as an example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class CreditRow(NamedTuple):
    """A rule's code and the basis that is shown with it."""

    code: str
    basis: str


_WORDS = {
    "inspection_passed": "双随机抽查合格（示例）",
    "commendation": "年度诚信服务表扬（示例）",
    "rating_high": "十次以上评价均分 4.80 以上（示例）",
    "milestones_early": "十次以上节点全部提前（示例）",
    "result_late": "成果逾期交付（示例）",
    "contract_late": "逾期签订合同（示例）",
    "complaint_upheld": "投诉成立（示例）",
}

_PATTERNS = (
    ("inspection_passed", "commendation"),
    (),
    ("inspection_passed",),
    ("rating_high", "inspection_passed", "inspection_passed"),
    ("result_late",),
    ("commendation", "milestones_early"),
    ("inspection_passed", "contract_late"),
    ("rating_high", "commendation", "inspection_passed"),
    ("result_late", "complaint_upheld"),
)
"""Histories dealt out in turn, in the order of the agencies."""


def credit_history(index: int) -> Iterator[CreditRow]:
    """The facts of the agency with this place in the seed."""
    for code in _PATTERNS[index % len(_PATTERNS)]:
        yield CreditRow(code, _WORDS[code])
