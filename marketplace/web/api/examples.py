"""A body for each write, as the OpenAPI document shows it; a test reads each through its command. All is invented."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from commons.canonical import Json
from marketplace.web.api.examples_accounts import ACCOUNT_EXAMPLES

AGENCY = "91990000MA0000001B"
OWNER = "11990000MA0000001K"
NONCE = "5f2b1c0de4a39788" * 4

_SEALED: Json = {
    "mode": "comprehensive",
    "ceiling_fen": 20_000_000,
    "max_days": 60,
    "min_bidders": 3,
    "criteria": [
        {"kind": "price", "points": 60, "formula": "lowest"},
        {"kind": "days", "points": 20},
        {"kind": "credit", "points": 20},
    ],
    "ties": ["price", "credit", "draw"],
}

_DEMAND: dict[str, Json] = {
    "owner_code": OWNER,
    "owner_name": "示例业主",
    "buyer_class": "fiscal",
    "project_code": "2610-330304-04-01-104270",
    "project_name": "示例项目",
    "region": "330304",
    "item": "SV22",
    "title": "地形测量（示例）",
    "terms": _SEALED,
    "sign_up_closes_at": "2026-11-30T09:00:00Z",
    "closes_at": "2026-12-02T09:00:00Z",
    "nonce": NONCE,
    "is_example": True,
}

_LINE = (
    f'{{"v":1,"type":"decision","subject":"{AGENCY}","authority":"示例局","document_number":"示罚〔2026〕1号",'
    '"decided_on":"2026-01-05","basis":"出具虚假报告（示例）","code":"penalty","severity":"severe",'
    '"legal_ground":"示例法第一条"}'
)

EXAMPLES: Mapping[str, Json] = MappingProxyType(
    {
        **ACCOUNT_EXAMPLES,
        "fileAgency": {
            "uscc": AGENCY,
            "name": "瓯越测绘有限公司（示例）",
            "kind": "company",
            "region": "330302",
            "legal_representative": "示例",
            "commitment_signed": True,
            "is_example": True,
        },
        "stateRelations": {
            "relations": {
                "legal_representative": {"name": "示例", "id_number": "330302199001011234"},
                "shareholders": [{"name": "示例控股（示例）", "uscc": OWNER, "share_bp": 5_100}],
                "predecessors": [],
                "address": "温州市鹿城区示例路 1 号",
                "contact": "0577-00000000",
            }
        },
        "claimPractitioner": {
            "person": {"name": "示例", "id_number": "330302199001011234"},
            "certificate_kind": "注册测绘师",
            "certificate_number": "示例-0001",
            "valid_from": "2024-01-01",
            "valid_until": "2027-01-01",
        },
        "askEnquiry": {"agency": AGENCY, "question": "成果是否需要电子签章（示例）"},
        "answerEnquiry": {"enquiry": 1, "answer": "需要（示例）"},
        "changeDemand": {
            "reason": "补充测量范围（示例）",
            "sign_up_closes_at": "2026-12-02T09:00:00Z",
            "closes_at": "2026-12-04T09:00:00Z",
            "terms": _SEALED,
        },
        "withdrawDemand": {"reason": "项目调整（示例）"},
        "reconfirmOffer": {"agency": AGENCY},
        "confirmAward": {"agency": AGENCY},
        "objectToAward": {"grounds": "拟中选机构的项目负责人正在其他项目任职（示例）"},
        "answerAwardObjection": {"objection": 1, "finding": "dismissed", "answer": "已核实，负责人已变更（示例）"},
        "withdrawAwardObjection": {"objection": 1},
        "lodgeComplaint": {"objection": 1, "grounds": "答复未附证明（示例）"},
        "acceptComplaint": {"objection": 1, "is_accepted": True, "reason": "属于受理范围（示例）"},
        "decideComplaint": {
            "objection": 1,
            "finding": "upheld",
            "reason": "负责人未变更（示例）",
            "remedy": "next",
        },
        "decideCase": {
            "terms": {
                "mode": "comprehensive",
                "ceiling_fen": 20_000_000,
                "min_bidders": 2,
                "criteria": [{"kind": "price", "points": 100, "formula": "lowest"}],
                "ties": ["price", "credit", "draw"],
            },
            "bids": [
                {"bidder": "A1", "price_fen": 16_800_000, "credit": 8_000},
                {"bidder": "A2", "price_fen": 17_500_000, "credit": 9_000},
            ],
        },
        "tryTerms": {"terms": _SEALED},
        "tryInvented": {
            "terms": _SEALED,
            "bidders": 5,
            "price_bp": {"low": 7_000, "high": 9_500},
            "days": {"low": 20, "high": 60},
            "credit": {"low": 6_000, "high": 9_500},
            "seed": "示例",
        },
        "checkTerms": {"terms": _SEALED, "item": "SV22", "owner_code": OWNER, "closes_at": "2026-12-02T09:00:00Z"},
    }
)
"""By operation id."""
