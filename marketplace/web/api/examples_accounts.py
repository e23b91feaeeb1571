"""A body for each write about accounts, as the OpenAPI document shows it. All is invented."""

from __future__ import annotations

from collections.abc import Mapping

from commons.canonical import Json

_LONG = "correct horse battery"

ACCOUNT_EXAMPLES: Mapping[str, Json] = {
    "signIn": {"login": "zhang.san", "password": _LONG, "code": "123456"},
    "chooseRole": {"role": "M261123-7K3F2Q9M"},
    "proveAgain": {"password": _LONG},
    "endSession": {"session": 1},
    "openAccount": {"login": "zhang.san", "password": _LONG, "name": "张三（示例）", "contact": "13800000000"},
    "recoverAccount": {"login": "zhang.san", "code": "K7QM-2XWD-9R", "password": "another long password"},
    "changePassword": {"current": _LONG, "password": "another long password"},
    "setSecondFactor": {"step": "begin"},
    "makeToken": {"name": "业务系统（示例）", "scopes": ["post_demand", "publish_demand"], "days": 90},
    "revokeToken": {},
    "claimOrganisation": {"role": "agency", "organisation": "91990000MA0000001B"},
    "admitMember": {"role": "agency", "account": "P261123-7K3F2Q9M", "rank": "staff"},
    "leaveOrganisation": {},
    "endMember": {"role": "agency", "reason": "离职（示例）"},
    "giveMandate": {"delegate": "D-7K3F2Q9M", "days": 180},
    "endMandate": {},
    "appointOfficer": {
        "login": "wang.wu",
        "office": "regulator",
        "region": "330300",
        "line": "自然资源",
        "reason": "经批准任命（示例）",
    },
    "endOfficer": {"reason": "岗位调整（示例）"},
    "disableAccount": {"login": "li.si", "what": "close", "reason": "本人申请注销（示例）"},
    "rejectProposal": {"reason": "依据不足（示例）"},
    "approveProposal": {},
}
"""By operation."""
