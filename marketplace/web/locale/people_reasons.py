"""Why something about the people behind an agency was refused, in words; codes are stable for ever."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

PEOPLE: Mapping[str, Phrase] = {
    "held_for_review": Phrase(
        "与受限机构存在关联，正在核查[（关联机构 {linked_to}）]，核查结束前不能即时成交[，应于 {due_at} 前作出结论]",
        "Held for review as linked to a restricted agency[ ({linked_to})]; nothing is bound at once[, due {due_at}]",
    ),
    "related_to_owner": Phrase(
        "与项目业主存在控股、管理或同一负责人关系[（{kinds}）]，应当回避",
        "Related to the project owner by control, management or the same person in charge[ ({kinds})]",
    ),
    "hold_is_over": Phrase("该核查已有结论或已终止[（{ruled_at}）]", "This hold is over[ since {ruled_at}]"),
    "restriction_missing": Phrase(
        "认定属关联规避的，须先依程序对该机构作出受限决定，并使其退出所有进行中的选取",
        "To find it linked, the agency has to be restricted first, and so out of everything that runs",
    ),
    "selection_not_closed": Phrase(
        "该选取尚未截止，截止前不作认定[（{selection}）]",
        "The selection is not closed; nothing is ruled before[ ({selection})]",
    ),
    "practitioner_claimed_already": Phrase(
        "本机构已登记该执业人员[（{claimed_at}）]", "The agency has claimed this practitioner already[ ({claimed_at})]"
    ),
    "practitioner_left_already": Phrase(
        "该执业人员的登记已注销[（{ended_at}）]", "This practitioner has left already[ ({ended_at})]"
    ),
    "too_many_practitioners": Phrase(
        "执业人员已达上限[（{most} 人）]", "The agency has as many practitioners as are kept[ ({most})]"
    ),
}
"""Links, holds for review and practitioners."""
