"""Why an act of credit was refused, in words: hearings, inspections; codes are stable for ever (credit.md)."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

CREDIT: Mapping[str, Phrase] = {
    "statement_was_made": Phrase("已作过陈述申辩", "The case was stated before"),
    "hearing_is_over": Phrase(
        "陈述申辩期已过[（至 {hearing_until}）]", "The hearing is over[; it lasted to {hearing_until}]"
    ),
    "statement_not_answered": Phrase(
        "当事机构已陈述申辩，作出决定须予以答复", "The agency stated its case; the decision has to answer it"
    ),
    "no_statement_made": Phrase(
        "当事机构未作陈述申辩，无可答复", "Nothing was stated at a hearing, so nothing is answered"
    ),
    "restriction_is_over": Phrase("该限制已不在生效[（至 {ends_at}）]", "This restriction is over[ since {ends_at}]"),
    "fact_still_counts": Phrase(
        "由信用信息引起的限制，随该信用信息修复或撤销而解除[（{fact}）]",
        "What a credit fact caused ends with its repair or revocation[ ({fact})]",
    ),
    "too_few_candidates": Phrase(
        "可抽取的机构[（{given} 家）]少于抽取数[（{targets} 家）]",
        "Fewer agencies may be drawn[ ({given})] than are to be[ ({targets})]",
    ),
    "too_many_candidates": Phrase(
        "可抽取的机构超过一次公布的上限[（{most} 家）]，须按较小区域分别制定计划",
        "More agencies may be drawn than one announcement names[ ({most})]; plan for smaller regions",
    ),
    "inspectors_all_related": Phrase(
        "[{department}]对[{agency}]没有足够的无利害关系检查人员[（需 {needed} 名）]",
        "[{department}] has too few inspectors unrelated to[ {agency}][; {needed} needed]",
    ),
    "draw_input_missing": Phrase("缺少[{department}]的抽取随机数", "The part of the draw of[ {department}] is missing"),
    "plan_is_used_up": Phrase("超出年度抽查计划[（余 {left} 家）]", "Beyond the year's plan[; {left} visits are left]"),
    "draw_is_open": Phrase(
        "本计划已有一次抽查尚未抽取或作废", "An inspection of this plan is announced and neither drawn nor voided"
    ),
    "nonce_was_used": Phrase("该随机数承诺已用于此前的抽查", "This part was committed to in an earlier draw"),
}
"""By code."""
