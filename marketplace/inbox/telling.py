"""What people are told of an event: its words in both languages, its kind, and whether it is urgent.

One row for each type of event in the record's table of routes that has people. Urgent ones go out by short message
unless somebody does not want them; all can come by e-mail, or once a day in a digest. Nothing is said of prices, and
nobody is named: whoever wants to know more follows the link. The end of a job (docs/adr/0035) is no event: whoever
asked for it is told on the site alone. Source: market.md section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["selection", "award", "dispute", "contract", "credit"]
Channel = Literal["sms", "email", "digest"]
KINDS: tuple[Kind, ...] = ("selection", "award", "dispute", "contract", "credit")
CHANNELS: tuple[Channel, ...] = ("sms", "email", "digest")
Outcome = Literal["done", "partly", "refused", "cancelled", "failed"]
"""How a job ended; partly: all of it was done, and something in it did not pass, or differs."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The words of a notification, before the matter's title."""

    kind: Kind | Literal["job"]
    zh: str
    en: str
    is_urgent: bool = False


TELLINGS: Mapping[str, Telling] = MappingProxyType(
    {
        "demand.published_again": Telling("selection", "需求已再次发布", "The demand was published again"),
        "enquiry.asked": Telling("selection", "有新的提问待答复", "An enquiry waits for an answer", is_urgent=True),
        "enquiry.answered": Telling("selection", "提问已公开答复", "An enquiry was answered in public"),
        "selection.terms_changed": Telling(
            "selection",
            "条件已变更，已报价的须重新确认",
            "The terms changed; offers must be confirmed anew",
            is_urgent=True,
        ),
        "selection.decided": Telling("selection", "选取结果已产生", "The selection was decided"),
        "selection.evaluated": Telling("selection", "评审已完成，等待后续办理", "Evaluated; more is to be done"),
        "explanation.asked": Telling(
            "selection", "报价偏低，请在期限内说明", "Explain the low price in time", is_urgent=True
        ),
        "choice.asked": Telling("selection", "请在期限内择定", "Choose from the short list in time", is_urgent=True),
        "selection.suspended": Telling("selection", "选取已暂停", "The selection was suspended"),
        "selection.resumed": Telling("selection", "选取已恢复", "The selection goes on"),
        "selection.cancelled": Telling("selection", "选取已终止", "The selection was cancelled"),
        "selection.unsuccessful": Telling("selection", "选取未成功", "The selection was unsuccessful"),
        "selection.withdrawn": Telling("selection", "需求已撤回", "The demand was withdrawn"),
        "selection.annulled": Telling("selection", "选取已作废", "The selection was annulled"),
        "award.proposed": Telling("award", "中选结果已公示", "An award is proposed and in publicity", is_urgent=True),
        "award.confirmed": Telling("award", "中选已确定", "The award is final", is_urgent=True),
        "award.abandoned": Telling("award", "中选机构已放弃", "The award was abandoned"),
        "award.lapsed": Telling("award", "逾期未确认，中选已失效", "The award lapsed unconfirmed"),
        "award.set_aside": Telling("award", "中选已撤销", "The award was set aside"),
        "confirmation.asked": Telling("award", "请在期限内确认中选", "Confirm the award in time", is_urgent=True),
        "confirmation.given": Telling("award", "中选机构已确认", "The agency confirmed the award"),
        "objection.raised": Telling("dispute", "收到异议", "An objection was raised", is_urgent=True),
        "objection.answered": Telling("dispute", "异议已答复", "The objection was answered"),
        "complaint.lodged": Telling("dispute", "收到投诉", "A complaint was lodged", is_urgent=True),
        "complaint.accepted": Telling("dispute", "投诉已受理", "The complaint was accepted"),
        "complaint.refused": Telling("dispute", "投诉不予受理", "The complaint was not accepted"),
        "complaint.decided": Telling("dispute", "投诉已处理", "The complaint was decided"),
        "contract.opened": Telling("contract", "请在期限内签订合同", "Sign the contract in time", is_urgent=True),
        "contract.uploaded": Telling("contract", "合同已上传，等待对方确认", "The contract was uploaded"),
        "contract.confirmed": Telling("contract", "合同已确认", "The contract was confirmed"),
        "contract.change_proposed": Telling("contract", "收到合同变更申请", "A change of the contract is proposed"),
        "contract.change_agreed": Telling("contract", "合同变更已同意", "A change of the contract was agreed"),
        "contract.visit_arranged": Telling("contract", "已约定现场踏勘", "A site visit was arranged"),
        "contract.milestone_reached": Telling("contract", "服务节点已完成", "A milestone was reached"),
        "contract.delivered": Telling(
            "contract", "成果已提交，请及时验收", "Accept the result in time", is_urgent=True
        ),
        "contract.returned": Telling("contract", "成果被退回，请修改", "The result was returned", is_urgent=True),
        "contract.accepted": Telling("contract", "成果已验收", "The result was accepted"),
        "contract.deemed_accepted": Telling("contract", "逾期未验收，视为通过", "The result is deemed accepted"),
        "contract.reviewed": Telling("contract", "审查意见已记录", "The authority's review was recorded"),
        "contract.invoiced": Telling("contract", "收到发票", "An invoice was noted"),
        "contract.paid": Telling("contract", "付款已登记", "A payment was noted"),
        "contract.dispute_opened": Telling("contract", "合同发生争议", "A dispute was opened", is_urgent=True),
        "contract.dispute_closed": Telling("contract", "合同争议已了结", "The dispute was closed"),
        "contract.termination_proposed": Telling("contract", "收到解除合同的提议", "A termination is proposed"),
        "contract.terminated": Telling("contract", "合同已解除", "The contract was terminated"),
        "contract.rated": Telling("contract", "收到服务评价", "The service was rated"),
        "contract.archived": Telling("contract", "合同已归档", "The contract was archived"),
        "credit_fact.recorded": Telling("credit", "新增信用信息", "A credit fact was recorded"),
        "credit_fact.repair_refused": Telling("credit", "修复申请未获准", "A repair was refused", is_urgent=True),
        "restriction.noticed": Telling("credit", "收到限制的事先告知", "Prior notice of a restriction", is_urgent=True),
        "restriction.lifted": Telling("credit", "限制已解除", "A restriction was lifted"),
        "agency.restricted": Telling("credit", "已被限制", "A restriction is in force", is_urgent=True),
    }
)

_WORK: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "import_agencies": ("批量备案机构", "，有未通过的行", "Filing of agencies", ", with rows that did not pass"),
        "import_demands": ("批量起草需求", "，有未通过的行", "Drafting of demands", ", with rows that did not pass"),
        "export_demands": ("导出全部需求公告", "", "Export of all demands", ""),
        "export_awards": ("导出全部中选公告", "", "Export of all awards", ""),
        "export_agencies": ("导出全部机构", "", "Export of all agencies", ""),
        "verify_awards": ("批量核验", "，有不一致", "Verification of awards", ", with differences"),
    }
)
"""What a job did, and what is said when something in it did not pass; twice."""
_ENDED: Mapping[Outcome, tuple[str, str]] = MappingProxyType(
    {
        "done": ("已完成", "done"),
        "partly": ("已完成", "done"),
        "refused": ("未导入，表格有错误", "nothing imported: the sheet has errors"),
        "cancelled": ("已取消", "cancelled"),
        "failed": ("未能完成", "could not be completed"),
    }
)


def job_type(work: str, outcome: Outcome) -> str:
    """The type of the notification that a job has ended: ``work`` is its kind, of an export with its list."""
    return f"job.{work}.{outcome}"


JOB_TELLINGS: Mapping[str, Telling] = MappingProxyType(
    {
        job_type(work, outcome): Telling(
            "job",
            zh + ended_zh + (some_zh if outcome == "partly" else ""),
            f"{en}: {ended_en}{some_en if outcome == 'partly' else ''}",
        )
        for work, (zh, some_zh, en, some_en) in _WORK.items()
        for outcome, (ended_zh, ended_en) in _ENDED.items()
    }
)
"""The same for jobs; none is urgent, and none has a channel besides the site."""


def is_wanted(channel: Channel, *, is_urgent: bool, chosen: bool | None) -> bool:
    """Whether somebody is told by a channel: as he chose, else urgent things by short message and nothing otherwise."""
    return (channel == "sms" and is_urgent) if chosen is None else chosen


def words_of(type: str, title: str) -> tuple[str, str]:
    """The notification in Chinese and in English."""
    telling = TELLINGS.get(type) or JOB_TELLINGS[type]
    return (f"{telling.zh}：{title}", f"{telling.en}: {title}") if title else (telling.zh, telling.en)
