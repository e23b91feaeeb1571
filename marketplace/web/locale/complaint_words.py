"""投诉与异议 in words: the forms, what follows from each, the steps of a matter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COMPLAINT_DONE: Mapping[str, str] = MappingProxyType(
    {
        "public_objected": "异议已收到，办理情况在本页公开",
        "public_complained": "投诉已收到，办理情况在本页公开",
        "public_filing_objected": "备案异议已收到，办理情况在本页公开",
    }
)
"""What was just done."""
CLOCKS = (
    "publicity", "award_objection_answer", "complaint", "complaint_acceptance", "complaint_decision",
    "filing_objection", "filing_objection_answer",
)  # fmt: skip
"""Values of the profile that the page names."""
FINDINGS: Mapping[str, tuple[str, str]] = MappingProxyType({"upheld": ("成立", "ok"), "dismissed": ("不成立", "")})
FILING_TONES: Mapping[str, str] = MappingProxyType({"rejected": "", "corrected": "ok", "withdrawn": "ok"})
