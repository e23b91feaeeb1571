"""Acts of an owner in its contracts: those of both sides, and the owner's own, by the names of the permissions.

No rating stands there before it is given: no star is filled in, and silence is no praise. Source: market.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commons.canonical import Json
from marketplace.usecases.accept_result import AcceptResult, accept_result
from marketplace.usecases.archive_contract import ArchiveContract, archive_contract
from marketplace.usecases.note_payment import NotePayment, note_payment
from marketplace.usecases.rate_contract import RateContract, rate_contract
from marketplace.usecases.return_result import ReturnResult, return_result
from marketplace.web.pages.acting import Sent
from marketplace.web.pages.agency_acts import AgencyAct
from marketplace.web.pages.agency_contract_acts import CONTRACT_ACTS
from marketplace.web.plans import Field, Plan, read_whole
from marketplace.web.views.forms import Choice

SCORES = (
    Choice("5", "5 分", "很好"), Choice("4", "4 分", "好"), Choice("3", "3 分", "一般"), Choice("2", "2 分", "差"),
    Choice("1", "1 分", "很差"),
)  # fmt: skip
DIMENSIONS = (
    ("quality", "质量", "成果是否一次过审、是否符合要求"), ("time", "时效", "是否按期"), ("attitude", "态度", ""),
    ("charge", "收费", "是否按约定收费"), ("compliance", "合规", "是否守法、守约"),
)  # fmt: skip
_BOTH = (
    "confirm-contract", "plan-milestones", "arrange-visit", "note-visit", "propose-change", "answer-change",
    "open-dispute", "close-dispute", "propose-termination", "terminate-contract",
)  # fmt: skip
_REVISION = Field("revision", "", "hidden", limit=6)


def _revised(sent: Sent) -> dict[str, Json]:
    """Which hand-in of the result is meant."""
    number = read_whole(sent.get("revision"))
    return {} if number is None else {"revision": number}


def _scored(sent: Sent) -> dict[str, Json]:
    """The five scores as numbers."""
    found = {name: read_whole(sent.get(name)) for name, _, _ in DIMENSIONS}
    return {name: number for name, number in found.items() if number is not None}


OWNER_CONTRACT_ACTS: Mapping[str, AgencyAct[Any]] = {
    one.name: one
    for one in (
        replace(
            CONTRACT_ACTS["upload-contract"], done="contract_uploaded_here",
            lead=("上传后由机构确认；双方确认后合同生效，期限开始计算。",),
        ),
        *(CONTRACT_ACTS[name] for name in _BOTH),
        AgencyAct(
            "accept-result", "验收成果", "验收通过", Plan((_REVISION,)), AcceptResult,
            lambda doing, command: accept_result(doing.database, doing.caller, command), "result_accepted",
            ("验收后不能撤回；有问题的请退回并说明。期限内不验收也不退回的，视为验收，不代表好评。",), _revised,
            is_checked=True,
        ),
        AgencyAct(
            "return-result", "退回成果", "退回", Plan((
                _REVISION, Field("reasons", "哪里不符合", "prose", hint="会公开；机构据此修改后再交", limit=500),
            )),
            ReturnResult, lambda doing, command: return_result(doing.database, doing.caller, command),
            "result_returned", read=_revised,
        ),
        AgencyAct(
            "note-payment", "付款登记", "登记", Plan((
                Field("amount_fen", "金额", "amount"), Field("on", "付款日期", "day"),
                Field("channel", "付款方式", hint="如：银行转账、统一支付平台"),
            )),
            NotePayment, lambda doing, command: note_payment(doing.database, doing.caller, command), "payment_noted",
            ("只作登记，不经本平台付款。",),
        ),
        AgencyAct(
            "rate-contract", "评价服务", "提交评价", Plan((
                *(Field(name, label, "radios", hint=hint, options=SCORES) for name, label, hint in DIMENSIONS),
                Field("words", "评语", "prose", hint="会公开", limit=5000),
            )),
            RateContract, lambda doing, command: rate_contract(doing.database, doing.caller, command),
            "contract_rated", ("五项分别打分，一次为限，公开；不评价不算好评。机构可以回应一次。",), _scored,
            is_checked=True,
        ),
        AgencyAct(
            "archive-contract", "归档", "归档", Plan(()), ArchiveContract,
            lambda doing, command: archive_contract(doing.database, doing.caller, command), "contract_archived",
            ("归档后形成一份可下载、可核验的归档包，不再办理其他事项。",), is_checked=True,
        ),
    )
}  # fmt: skip
"""By the name in the address."""
