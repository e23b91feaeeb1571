"""A body for each write, as the OpenAPI document shows it; a test reads each through its command. All is invented."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from commons.canonical import Json
from marketplace.web.api.examples_accounts import ACCOUNT_EXAMPLES
from marketplace.web.api.examples_contracts import CONTRACT_EXAMPLES
from marketplace.web.api.examples_neighbours import NEIGHBOUR_EXAMPLES

AGENCY = "91990000MA0000001B"
OWNER = "11990000MA0000001K"
NONCE = "5f2b1c0de4a39788" * 4
TERMS_DIGEST = "c3d07a915be2f846" * 4

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
        "publishCatalogueVersion": {
            "region": "330304",
            "in_force_from": "2026-12-01T00:00:00Z",
            "reason": "清理规范中介服务事项（示例）",
            "source": "关于公布清理规范中介服务事项的决定（示例）",
            "text_seen": "no",
            "abolished": [
                {
                    "code": "SV26",
                    "name": "土地评估",
                    "valid_to": "2026-12-01",
                    "document": "关于公布清理规范中介服务事项的决定（示例）",
                    "text_seen": "no",
                }
            ],
        },
        "publishProfileVersion": {
            "region": "330300",
            "reason": "延长报名时间（示例）",
            "source": "温州市中介服务管理办法（示例）",
            "text_seen": "no",
            "values": [{"key": "sign_up", "value": 5, "unit": "workdays"}],
        },
        "recordCoverage": {
            "region": "330304",
            "zone": "瓯海经济开发区（示例）",
            "items": ["RA01"],
            "result": "地质灾害危险性小（示例）",
            "access_standard": "开挖深度不超过 6 米（示例）",
            "negative_list": ["爆破作业"],
            "document": "区域地质灾害危险性评估报告（示例）",
            "text_seen": "no",
            "valid_from": "2026-01-01",
            "valid_to": "2031-01-01",
            "polygon": {
                "type": "Polygon",
                "coordinates": [
                    [["120.60", "27.95"], ["120.65", "27.95"], ["120.65", "28.00"], ["120.60", "27.95"]],
                ],
            },
            "is_example": True,
        },
        "withdrawCoverage": {"reason": "评估条件变化（示例）"},
        "announce": {
            "kind": "maintenance",
            "title": "系统维护（示例）",
            "text": "维护期间暂停报价，已排定的选取不受影响（示例）。",
            "until": "2026-12-05T16:00:00Z",
            "work_from": "2026-12-05T12:00:00Z",
            "work_until": "2026-12-05T16:00:00Z",
            "is_example": True,
        },
        "takeDownAnnouncement": {"reason": "时间有变（示例）"},
        "useCoverage": {},
        "stateMilestone": {"milestone": "coded", "reached_on": "2026-10-12", "is_standard_land": True},
        "releasePractitioner": {"reason": "离职（示例）"},
        "ruleHold": {"ruling": "unlinked", "reason": "经核查，仅姓名相同（示例）"},
        "addQualification": {
            "kind": "测绘资质",
            "grade": "乙级",
            "number": "示例-0001",
            "issuer": "示例机关",
            "valid_from": "2024-01-01",
            "valid_until": "2029-01-01",
        },
        "putShelfOffer": {
            "item": "SV22",
            "unit_price_fen": 120_000,
            "minimum_fee_fen": 500_000,
            "days": 10,
            "capacity": 5,
            "valid_from": "2026-11-23T00:00:00Z",
            "valid_until": "2027-05-23T00:00:00Z",
            "nonce": NONCE,
        },
        "objectToFiling": {"reason": "注册地与实际不符（示例）", "evidence_sha256": NONCE},
        "answerFilingObjection": {"answer": "corrected", "reason": "核查属实（示例）", "region": "330304"},
        "changeAgency": {"name": "瓯越勘测有限公司（示例）"},
        "suspendAgency": {"reason": "年度检修（示例）"},
        "withdrawAgency": {"reason": "业务调整（示例）"},
        "returnAgency": {"reason": "检修完成（示例）"},
        "followQualification": {"what": "renewed", "reason": "证书延续（示例）", "valid_until": "2034-01-01"},
        "offerItem": {"item": "RA02", "commitment_signed": True},
        "stopItem": {},
        "withdrawShelfOffer": {},
        "giveSatisfaction": {"step": "filing", "subject": AGENCY, "stars": 4, "words": "手续简便（示例）"},
        "recordCreditFact": {"code": "award_abandoned", "basis": "放弃中选（示例）"},
        "restrictAgency": {
            "layer": "market",
            "basis": "出具虚假报告（示例）",
            "region": "330302",
            "ends_at": None,
        },
        "noticeRestriction": {"basis": "出借资质（示例）", "region": "330302"},
        "liftRestriction": {"reason": "经复核，依据不成立（示例）"},
        "stateAtHearing": {"statement": "资质证书系他人伪造，已报案（示例）", "evidence_sha256": NONCE},
        "importDecisions": {"lines": _LINE, "feed": "zj-credit", "signature": "0" * 128},
        "planInspections": {
            "year": 2026,
            "region": "330300",
            "departments": ["自然资源部门（示例）", "水行政部门（示例）"],
            "targets": 20,
            "basis": "年度联合抽查计划（示例）",
        },
        "announceInspection": {
            "targets": 2,
            "inspectors": [
                {"id": "J1", "department": "自然资源部门（示例）", "related": [AGENCY]},
                {"id": "J2", "department": "自然资源部门（示例）"},
                {"id": "J3", "department": "水行政部门（示例）"},
            ],
            "commitments": [
                {"department": "自然资源部门（示例）", "nonce_sha256": NONCE},
                {"department": "水行政部门（示例）", "nonce_sha256": NONCE[::-1]},
            ],
        },
        "drawInspection": {"parts": [{"department": "自然资源部门（示例）", "nonce": NONCE}]},
        "voidInspection": {"reason": "水行政部门逾期未公开随机数（示例）"},
        "recordFinding": {"agency": AGENCY, "basis": "现场检查合格（示例）"},
        "objectToFact": {"reason": "成果已按期交付，附签收单（示例）"},
        "answerObjection": {"answer": "corrected", "reason": "逾期六个工作日（示例）", "quantity": 6},
        "applyForRepair": {
            "correction": "已补交成果并赔付（示例）",
            "is_corrected": True,
            "commitment_signed": True,
        },
        "refuseRepair": {"reason": "整改材料未附检测报告（示例）"},
        "grantRepair": {"reason": "已达最短公示期，义务已履行（示例）"},
        "postDemand": _DEMAND,
        "postNotice": {
            "title": "地形与房产测量两个标段（示例）",
            "lot_cap": 1,
            "lots": [_DEMAND, {**_DEMAND, "item": "SV23", "title": "房产测绘（示例）"}],
        },
        "publishNotice": {},
        "pickFromShortlist": {"agency": AGENCY, "reason": "同类项目经验更近（示例）"},
        "awardDirectly": {
            "agency": AGENCY,
            "price_fen": 9_000_000,
            "days": 30,
            "reason": "延续前期勘察（示例）",
        },
        "publishDemand": {},
        "takeInstantAward": {"expected": AGENCY},
        "signUp": {"agency": AGENCY, "commitment_signed": True, "similar_jobs": 3},
        "placeOffer": {
            "agency": AGENCY,
            "price_fen": 16_800_000,
            "days": 45,
            "nonce": NONCE,
            "terms_digest": TERMS_DIGEST,
        },
        "settleSelection": {},
        "publishAgain": {
            "reason": "报价不足三家（示例）",
            "sign_up_closes_at": "2026-12-07T09:00:00Z",
            "closes_at": "2026-12-09T09:00:00Z",
        },
        "cancelSelection": {"reason": "项目取消（示例）"},
        "suspendSelection": {"reason": "收到异议，核查期间暂停（示例）"},
        "resumeSelection": {"reason": "异议不成立（示例）"},
        "explainLowPrice": {"agency": AGENCY, "text": "自有设备，项目临近在测区域（示例）"},
        "ruleLowPrice": {"agency": AGENCY, "is_accepted": True, "reason": "成本测算合理（示例）"},
        "abandonAward": {"agency": AGENCY, "reason": "项目组人员另有安排（示例）"},
        "askEnquiry": {"agency": AGENCY, "question": "成果是否需要电子签章（示例）"},
        "answerEnquiry": {"enquiry": 1, "answer": "需要（示例）"},
        "changeDemand": {
            "reason": "补充测量范围（示例）",
            "sign_up_closes_at": "2026-12-02T09:00:00Z",
            "closes_at": "2026-12-04T09:00:00Z",
            "terms": _SEALED,
        },
        "changeDraft": {**_DEMAND, "title": "地形测量（更正，示例）"},
        "discardDraft": {"reason": "项目调整（示例）"},
        "withdrawDemand": {"reason": "项目调整（示例）"},
        "reconfirmOffer": {"agency": AGENCY, "terms_digest": TERMS_DIGEST},
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
        **CONTRACT_EXAMPLES,
        **NEIGHBOUR_EXAMPLES,
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
        "verifyCase": {
            "award": "D261120-8F3K2M7Q",
            "case": {
                "terms": {
                    "mode": "comprehensive",
                    "ceiling_fen": 20_000_000,
                    "min_bidders": 1,
                    "criteria": [{"kind": "price", "points": 100, "formula": "lowest"}],
                    "ties": ["price", "draw"],
                },
                "bids": [{"bidder": AGENCY, "price_fen": 16_800_000}],
            },
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
