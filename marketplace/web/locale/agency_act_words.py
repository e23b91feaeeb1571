"""What an agency commits itself to, and what stands on the pages of its acts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COMMITMENT: tuple[str, ...] = (
    "所填信息真实、准确，有变化时及时更新；",
    "具备所承接事项的法定资质和能力，不出借、不借用资质和人员；",
    "按中选条件签约、按期按质交付，不无故放弃中选；",
    "不串通报价，不弄虚作假，接受监督检查；",
    "违反承诺的，按公布的信用规则记录和处理。",
)
"""承诺书, line by line."""

CONFLICTS: Mapping[str, str] = MappingProxyType(
    {
        "already_signed_up": "本机构已经报名，不必重复报名",
        "no_sign_up_here": "这一选取方式不设报名",
        "no_offers_here": "这一选取方式不接受报价",
        "nothing_to_reconfirm": "没有需要重新确认的报价",
        "idempotency_key_reused": "这份表单已经用过，请重新打开页面再填",
        "contact_is_its_own": "联系方式只能由机构本身填写",
        "not_your_attachment": "这份文件是由别人上传的",
        "no_agency": "本机构还没有备案，请先入驻",
        "no_attachment": "没有这份文件，请重新选择",
        "no_contract": "没有这份合同",
        "no_qualification": "没有这项资质，或已经终止",
        "no_practitioner": "没有这名执业人员，或已经注销登记",
        "no_notice": "没有这份告知",
        "no_milestone": "没有这个节点",
        "no_visit": "没有这次踏勘",
        "no_shelf_offer": "没有这份上架报价",
        "no_credit_fact": "没有这条信用信息",
        "no_selection": "没有这次选取",
        "no_demand": "没有这宗需求",
    }
)
"""By code."""

PART_STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "waits": ("条件已变更，须重新确认", "warn"),
        "counts": ("当前有效", "ok"),
        "replaced": ("已被后一次报价取代", ""),
        "refused": ("未接收", "bad"),
        "voided": ("已失效", "bad"),
    }
)
"""How an offer of one's own stands: its word and the tone of its tag."""

AGENCY_DONE: Mapping[str, str] = MappingProxyType(
    {
        "agency_filed": "备案已生效，全省有效",
        "agency_changed": "备案信息已变更",
        "qualification_added": "资质已登记",
        "qualification_followed": "资质已更新，历史保留",
        "practitioner_claimed": "执业人员已登记",
        "practitioner_released": "执业人员登记已注销",
        "item_offered": "服务事项已登记",
        "item_stopped": "服务事项已停止",
        "relations_stated": "关联信息已申报",
        "shelf_offer_put": "报价已上架",
        "shelf_offer_withdrawn": "上架报价已撤下",
        "agency_suspended": "已暂停承接",
        "agency_returned": "已恢复承接",
        "agency_withdrawn": "已退出平台",
        "signed_up": "报名已收到，已准入",
        "offer_placed": "报价已收到",
        "offer_reconfirmed": "报价已按新条件确认有效",
        "enquiry_asked": "询问已提出，答复会公开",
        "explanation_given": "低价说明已提交",
        "award_confirmed": "中选已确认",
        "award_abandoned": "已放弃中选",
        "award_objected": "异议已提出，签约暂停",
        "award_objection_withdrawn": "异议已撤回",
        "complaint_lodged": "投诉已提交监管部门",
        "contract_moved": "已记入合同",
        "contract_uploaded": "合同已上传，待业主确认",
        "contract_confirmed": "合同已确认，双方生效",
        "result_handed_in": "成果已提交，待业主验收",
        "fact_objected": "异议已受理，答复前标注争议",
        "repair_applied": "修复申请已提交",
        "statement_made": "陈述申辩已提交",
    }
)
"""What was done, by the code that the acts name."""
