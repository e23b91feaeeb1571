"""A body for each write about a contract, as the OpenAPI document shows it. All is invented."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from commons.canonical import Json

_WHY: Json = {"reason": "项目范围调整（示例）"}

CONTRACT_EXAMPLES: Mapping[str, Json] = MappingProxyType(
    {
        "uploadContract": {
            "amount_fen": 16_800_000,
            "days": 45,
            "signed_on": "2026-12-08",
            "same_terms": True,
            "attachments": ["F261208-7K3F2Q9M"],
        },
        "confirmContract": {"number": 1},
        "proposeChange": {"kind": "extension", "days": 60, "reason": "连续降雨，外业顺延（示例）"},
        "answerChange": {"number": 1, "is_agreed": True, "reason": "情况属实（示例）"},
        "planMilestones": {"milestones": [{"name": "外业完成（示例）", "planned_on": "2026-12-28"}]},
        "reachMilestone": {"number": 1, "note": "外业已完成（示例）"},
        "arrangeVisit": {"meets_at": "2026-12-10T01:30:00Z", "place": "项目现场（示例）", "contact": "示例"},
        "noteVisit": {"number": 1, "note": "控制点完好（示例）"},
        "handInResult": {"note": "测绘成果一套（示例）", "attachments": ["F261228-7K3F2Q9M"]},
        "acceptResult": {"revision": 1},
        "returnResult": {"revision": 1, "reasons": "图幅缺失（示例）"},
        "recordReview": {"passed_first": True, "authority": "自然资源部门（示例）"},
        "noteInvoice": {"amount_fen": 16_800_000, "on": "2027-01-05", "number": "示例-0001"},
        "notePayment": {"amount_fen": 16_800_000, "on": "2027-01-08", "channel": "转账（示例）"},
        "openDispute": _WHY,
        "noteDispute": {"note": "已约谈双方（示例）"},
        "closeDispute": {"outcome": "双方和解（示例）"},
        "proposeTermination": _WHY,
        "terminateContract": _WHY,
        "rateContract": {
            "quality": 5,
            "time": 4,
            "attitude": 5,
            "charge": 4,
            "compliance": 5,
            "words": "成果规范，按期完成（示例）",
        },
        "answerRating": {"words": "感谢评价（示例）"},
        "archiveContract": {},
    }
)
"""By operation id."""
