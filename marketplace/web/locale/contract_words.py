"""Contracts in words: where one stands, what happened in it, who owes what; codes are stable for ever."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.contracts.cycle import State
from marketplace.web.locale.phrases import Phrase

STATES: Mapping[State, Phrase] = {
    "awarded": Phrase("已中选，待签合同", "To be signed"),
    "contracted": Phrase("已签约", "Signed"),
    "delivered": Phrase("已交付，待验收", "Handed in, to be accepted"),
    "accepted": Phrase("已验收", "Accepted"),
    "rated": Phrase("已评价", "Rated"),
    "archived": Phrase("已归档", "Archived"),
    "disputed": Phrase("争议处理中", "In dispute"),
    "terminated": Phrase("已解除", "Ended"),
}
"""Where a contract stands."""

EVENTS: Mapping[str, Phrase] = {
    "contract.opened": Phrase("中选生效，开始办理合同", "The award stands; its contract is due"),
    "contract.uploaded": Phrase("上传合同，待对方确认", "Uploaded, for the other side to confirm"),
    "contract.confirmed": Phrase("双方确认，合同生效", "Confirmed by both sides"),
    "contract.change_proposed": Phrase("提出变更或延期", "A change or a longer time was proposed"),
    "contract.change_agreed": Phrase("变更或延期经双方同意", "Agreed by both sides"),
    "contract.change_declined": Phrase("变更或延期未获同意", "Declined"),
    "contract.milestones_planned": Phrase("编排里程碑", "Milestones were planned"),
    "contract.milestone_reached": Phrase("节点完成", "A milestone was reached"),
    "contract.visit_arranged": Phrase("安排踏勘", "A site visit was arranged"),
    "contract.visit_held": Phrase("踏勘完成", "A site visit was held"),
    "contract.delivered": Phrase("提交成果", "The result was handed in"),
    "contract.returned": Phrase("成果退回", "The result was returned"),
    "contract.accepted": Phrase("验收通过", "Accepted"),
    "contract.deemed_accepted": Phrase(
        "逾期未验收，视为验收；不代表对质量的评价", "Deemed accepted: nobody answered in time; no word of quality"
    ),
    "contract.reviewed": Phrase("登记审查结果", "The authority's review was recorded"),
    "contract.invoiced": Phrase("开票登记", "An invoice was noted"),
    "contract.paid": Phrase("付款登记", "A payment was noted"),
    "contract.dispute_opened": Phrase("提出争议，时限暂停", "A dispute was opened; the clocks stop"),
    "contract.dispute_noted": Phrase("监管部门记录争议情况", "A regulator noted something"),
    "contract.dispute_closed": Phrase("争议解决，时限顺延", "The dispute is over; every end has moved"),
    "contract.termination_proposed": Phrase("提出解除，待对方同意", "Ending it was proposed"),
    "contract.terminated": Phrase("合同解除", "The contract was ended"),
    "contract.rated": Phrase("业主评价", "Rated by the owner"),
    "contract.rating_answered": Phrase("机构回应评价", "The agency answered the rating"),
    "contract.fact_noted": Phrase("记入信用信息", "A credit fact followed"),
    "contract.archived": Phrase("归档", "Archived"),
}
"""What happened in a contract, by the type of its event."""

DUTIES: Mapping[str, Phrase] = {
    "upload_contract": Phrase("签订并上传合同", "Sign and upload the contract"),
    "confirm_contract": Phrase("确认合同", "Confirm the contract"),
    "hand_in_result": Phrase("提交成果", "Hand the result in"),
    "reach_milestone": Phrase("完成节点", "Reach a milestone"),
    "accept_result": Phrase("验收成果", "Accept or return the result"),
    "rate_contract": Phrase("评价", "Rate"),
    "answer_rating": Phrase("回应评价（可不回应）", "Answer the rating, if at all"),
}
"""What somebody owes."""

SIDES: Mapping[str, Phrase] = {"owner": Phrase("业主", "The owner"), "agency": Phrase("机构", "The agency")}
