"""Why something around an agency's own life was refused, in words; codes are stable for ever (market.md)."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

LIFE: Mapping[str, Phrase] = {
    "already_suspended": Phrase("机构已暂停", "The agency is suspended already"),
    "already_withdrawn": Phrase("机构已退出", "The agency has withdrawn already"),
    "agency_is_active": Phrase("机构状态正常，无须恢复", "The agency is active; there is nothing to return from"),
    "withdrawn_by_regulator": Phrase(
        "备案由监管部门撤回，只能由监管部门恢复", "A regulator withdrew the filing; only a regulator brings it back"
    ),
    "left_by_itself": Phrase(
        "机构自行暂停或退出的，由机构自行恢复", "The agency left by itself, and returns by itself"
    ),
    "change_changes_nothing": Phrase("变更内容与原信息相同", "The change changes nothing"),
    "objection_window_over": Phrase("备案异议期已过[（{until}）]", "The time for objections is over[ ({until})]"),
    "too_many_objections": Phrase(
        "该备案的异议已达上限[（{most} 件）]", "This filing has as many objections as are kept[ ({most})]"
    ),
}
"""Filing, changes, suspension and return."""

PAPERS: Mapping[str, Phrase] = {
    "qualification_out_of_scope": Phrase(
        "[{kind}（{number}）]的业务范围不含本事项或本地区",
        "The qualification[ {kind} ({number})] does not cover the item or place",
    ),
    "qualification_ended": Phrase(
        "[{kind}（{number}）]已更正、注销或撤销[（{ended_at}）]",
        "The qualification[ {kind} ({number})] was corrected, withdrawn or revoked[ at {ended_at}]",
    ),
    "qualification_is_over": Phrase(
        "证书[ {number} ]已更正、注销或撤销[（{ended_at}）]，不能再变更",
        "The certificate[ {number}] was corrected, withdrawn or revoked before[, at {ended_at}]",
    ),
    "already_renewed": Phrase(
        "证书[ {number} ]已延续过，请变更延续后的证书",
        "The certificate[ {number}] was renewed before; follow the one after it",
    ),
    "already_offered": Phrase("该事项已登记[（{item}）]", "This item is stated already[ ({item})]"),
    "not_offered": Phrase("没有登记该事项[（{item}）]", "This item is not stated[ ({item})]"),
    "offer_not_on_shelf": Phrase("该上架报价不在架上[（{offer}）]", "This offer is not on the shelf[ ({offer})]"),
    "item_abolished": Phrase(
        "该事项[（{name}）]已清理取消[，自 {valid_to} 起][，依据：{document}][{place}]",
        "The item[ {name}] was abolished[ from {valid_to}][ by {document}][ {place}]",
    ),
    "own_work": Phrase(
        "本机构已承担同一项目的[（{earlier_item}）]相关事项[：{title}（{demand}）]，不得承担本事项[（{item}）]",
        "Its own work stands against this item[ {item}][: {title} ({demand}, {earlier_item})]",
    ),
}
"""Certificates, items and the shelf."""
