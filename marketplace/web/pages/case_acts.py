"""Acts of a regulator about one agency, one row each: notice, record, answer, repair, lift, hold, filing.

Source: credit.md sections 3 and 4; the rules decide, a row only asks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from commons.verdicts import Refused
from credit.repair import COMPLAINT
from credit.rulebook import rulebook
from marketplace.usecases.act import Message
from marketplace.usecases.answer_filing_objection import AnswerFilingObjection, answer_filing_objection
from marketplace.usecases.answer_objection import AnswerObjection, answer_objection
from marketplace.usecases.grant_repair import GrantRepair, grant_repair
from marketplace.usecases.lift_restriction import LiftRestriction
from marketplace.usecases.notice_restriction import NoticeRestriction, notice_restriction
from marketplace.usecases.record_credit_fact import RULEBOOK, RecordCreditFact, record_credit_fact
from marketplace.usecases.refuse_repair import RefuseRepair, refuse_repair
from marketplace.usecases.rule_hold import RuleHold
from marketplace.web.locale.names import AGENCY_KINDS, FILING_ANSWERS, HOLD_RULINGS
from marketplace.web.pages.agency_acts import AgencyAct, Doing
from marketplace.web.pages.regulating import chosen, logged, with_second
from marketplace.web.plans import Field, Plan

RULE_CHOICES = chosen({one.code: one.words for one in rulebook(RULEBOOK).rules.values()})
_REASON = Field("reason", "理由", "prose", hint="会公开", limit=500)
_EVIDENCE = Field(
    "evidence_sha256", "证据文件的 SHA-256", hint="64 位十六进制；文件由案卷保存", limit=64, is_needed=False
)


def _logged(
    operation: str, run: Callable[[Doing, Any], Awaitable[Message | Refused]]
) -> Callable[[Doing, Any], Awaitable[Message | Refused]]:
    """The act, written into the access log."""

    async def done(doing: Doing, command: Any) -> Message | Refused:
        return await logged(doing, operation, await run(doing, command))

    return done


NOTICE = AgencyAct(
    "notice", "事先告知", "送达告知书", Plan((
        Field("basis", "拟作出限制的事由和依据", "prose", hint="会公开", limit=500),
    )),
    NoticeRestriction,
    _logged("noticeRestriction", lambda doing, command: notice_restriction(
        doing.database, doing.caller, command, profile=doing.profile
    )),
    "restriction_noticed",
    ("告知书不停止任何行为。送达后机构可以陈述申辩，期满才能登记限制；紧急情形可以不经告知，但记录中会写明。",),
    receipt="notice", is_checked=True,
)  # fmt: skip
RECORD = AgencyAct(
    "record", "记录信用信息", "记录", Plan(
        (
            Field("code", "行为", "select", hint=f"按规则 {RULEBOOK} 计分", options=RULE_CHOICES),
            Field("basis", "依据", "prose", hint="会公开；写明事实和文书号", limit=500),
            Field("quantity", "逾期工作日数", "whole", hint="按天计分的行为才填", unit="个工作日", is_needed=False),
            _EVIDENCE,
        ),
        places={"unknown_rule": "code"},
    ),
    RecordCreditFact,
    _logged("recordCreditFact", lambda doing, command: record_credit_fact(doing.database, doing.caller, command)),
    "fact_recorded",
    ("自记录之时起计分，不追溯。记录不可修改，只能答复异议、修复或到期；行政处罚等由外部导入，不在此记录。",),
    receipt="fact", is_checked=True, is_grave=True,
)  # fmt: skip

FACT_ACTS: Mapping[str, AgencyAct[Any]] = {
    "answer": AgencyAct(
        "answer", "答复信用异议", "公布答复", Plan((
            Field("answer", "答复", "radios", options=chosen({
                "kept": "维持：信息无误", "corrected": "更正：改为下面的行为或数量", "revoked": "撤销：自始不计",
            })),
            Field("code", "更正为", "select", hint="只在更正时选", options=RULE_CHOICES, is_needed=False),
            Field("quantity", "更正后的逾期工作日数", "whole", hint="只在更正时填", is_needed=False),
            _REASON,
        )),
        AnswerObjection,
        _logged("answerObjection", lambda doing, command: answer_objection(
            doing.database, doing.caller, command, profile=doing.profile
        )),
        "objection_answered", ("答复后信用分和由此产生的限制按事实重新计算。",), is_checked=True,
    ),
    "repair": AgencyAct(
        "repair", "审核信用修复", "同意修复", Plan((_REASON,)), GrantRepair,
        _logged("grantRepair", lambda doing, command: grant_repair(doing.database, doing.caller, command)),
        "repair_approved",
        ("由两名监管人员各自同意；第二人同意后停止公示、停止计分，由此产生的限制同时解除。",), is_checked=True,
    ),
    "refuse-repair": AgencyAct(
        "refuse-repair", "不予信用修复", "不予修复", Plan((
            Field("reason", "理由", "prose", hint="会公开；写明缺什么、哪里没有纠正，机构据此补正", limit=500),
        )),
        RefuseRepair,
        _logged("refuseRepair", lambda doing, command: refuse_repair(doing.database, doing.caller, command)),
        "repair_refused",
        (f"信息照常计分、公示，已有的同意作废。机构{COMPLAINT}。",), is_checked=True, is_grave=True,
    ),
}  # fmt: skip
"""About a fact."""

LIFT = AgencyAct(
    "lift", "解除限制", "提交审批", Plan((_REASON,)), LiftRestriction,
    lambda doing, command: with_second(doing, "liftRestriction", command), "act_proposed",
    ("由第二名监管人员审批后即时恢复资格；限制期间作废的报价不恢复。所依据的信用信息仍计分时，应先修复或撤销该信息。",),
    receipt="proposal", is_checked=True,
)  # fmt: skip
HOLD = AgencyAct(
    "hold", "认定关联复核", "提交认定", Plan((
        Field("ruling", "认定", "radios", options=chosen(HOLD_RULINGS)), _REASON,
    )),
    RuleHold, lambda doing, command: with_second(doing, "ruleHold", command), "hold_ruled",
    ("未发现关联规避的，一人认定即可，待定的中选继续；认定属关联规避须两人，且应先对该机构另行作出限制。",),
    receipt="proposal", is_checked=True,
)  # fmt: skip
FILING = AgencyAct(
    "filing", "答复备案异议", "公布答复", Plan((
        Field("answer", "答复", "radios", options=chosen(FILING_ANSWERS)),
        Field("name", "更正后的机构名称", hint="只在更正时填", is_needed=False),
        Field("kind", "更正后的机构类型", "select", hint="只在更正时选", options=chosen(AGENCY_KINDS), is_needed=False),
        _REASON,
    )),
    AnswerFilingObjection,
    _logged("answerFilingObjection", lambda doing, command: answer_filing_objection(
        doing.database, doing.caller, command
    )),
    "filing_answered", ("撤回备案的，机构此后不能报名、报价、上架、中选和签约，由监管人员恢复。",), is_checked=True,
)  # fmt: skip
