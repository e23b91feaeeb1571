"""Why the rules in force keep a demand from being published, or a version or coverage from being kept, in words."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

RULES_IN_FORCE: Mapping[str, Phrase] = {
    "mode_not_allowed": Phrase(
        "规则不允许这类业主以该方式选取这类事项[（{buyer_class}、{mode}、{item_class}）]",
        "The rules do not open this mode to this buyer for these items[ ({buyer_class}, {mode}, {item_class})]",
    ),
    "public_tender_required": Phrase(
        "依法必须招标，不得在网上超市选取[（标准 {threshold_fen}，本次 {given_fen}）][；请到{platform}办理]",
        "The law makes this a public tender[ (from {threshold_fen}, here {given_fen})][; go to {platform}]",
    ),
    "qualification_beyond_law": Phrase(
        "条款要求高于该事项的法定资质[：所提“{asked}”][，法定为“{legal}”]",
        "The terms ask for more than the law does[: asked {asked}][, the law asks {legal}]",
    ),
    "regional_barrier": Phrase(
        "条款限定注册地或设置本地门槛[：“{asked}”]",
        "The terms tie taking part or points to a place[: {asked}]",
    ),
    "already_covered": Phrase(
        "该事项已由“{zone}”区域评估覆盖[，有效期至 {valid_to}（不含）][；准入要求：{access_standard}]"
        "[；负面清单：{negative_list}]",
        "A regional assessment of {zone} stands for it[, valid to {valid_to}][; access standard: {access_standard}]"
        "[; negative list: {negative_list}]",
    ),
    "coverage_is_over": Phrase("该区域评估已失效或终止[（{coverage}）]", "This coverage is over[ ({coverage})]"),
    "not_covered": Phrase("没有覆盖该需求全部事项的区域评估", "No regional assessments stand for all of its items"),
}
"""Refusals of publication by the catalogue, the profile and coverage (market.md section 3)."""
