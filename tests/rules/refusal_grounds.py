"""What may refuse an agency that files, signs up, states an item or goes on the shelf: a short list.

``python -m tests.rules.refusal_grounds`` prints the list into ``docs/reference/refusals.md``; a test holds the document
to it, and the list to what the code can give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from marketplace.web.locale.reasons import REASONS

PATH = Path(__file__).parents[2] / "docs" / "reference" / "refusals.md"

ACTS: Mapping[str, tuple[str, str]] = {
    "marketplace.usecases.file_agency.file_agency": ("备案", "filing"),
    "marketplace.usecases.sign_up.sign_up": ("报名", "sign-up"),
    "marketplace.usecases.offer_item.offer_item": ("登记事项", "stating an item"),
    "marketplace.usecases.put_shelf_offer.put_shelf_offer": ("上架", "the shelf"),
}
"""The acts, in the order of the columns."""

GROUNDS: Mapping[str, tuple[tuple[str, ...], tuple[str, str]]] = {
    "law": (
        (
            "qualification_missing", "qualification_below_grade", "qualification_not_yet_valid",
            "qualification_expired_at_close", "qualification_ended", "qualification_out_of_scope", "item_abolished",
        ),
        ("法定资质；事项本身已取消", "a legal qualification; the item itself is abolished"),
    ),
    "restriction": (("restricted",), ("失信限制", "a restriction")),
    "clock": (
        ("sign_up_closed", "selection_suspended", "selection_cancelled"),
        ("时间：已截止、暂停或终止", "the clock: closed, suspended, cancelled"),
    ),
    "terms": (
        ("terms_have_changed",),
        ("条件：所看的不是现行条件", "the terms: others are in force than those looked at"),
    ),
    "commitment": (("commitment_not_signed",), ("承诺书", "the signed commitment")),
    "recusal": (
        ("own_demand", "recused", "related_to_owner", "own_work"),
        ("回避", "recusal"),
    ),
    "own_act": (
        ("agency_not_in_force", "already_filed", "already_offered", "already_on_shelf", "offer_not_on_shelf"),
        ("机构自己的行为：已暂停、已办过", "the agency's own act: it stands back, or has done it already"),
    ),
    "empty_offer": (
        ("price_not_positive", "days_not_positive", "no_capacity", "validity_is_over"),
        ("上架报价没有内容：金额、期限、数量或有效期为零", "an offer of nothing: no price, days, capacity or time"),
    ),
}  # fmt: skip
"""By ground: its codes, and the ground in words."""

LISTED: Mapping[str, frozenset[str]] = {
    "marketplace.usecases.file_agency.file_agency": frozenset({"commitment_not_signed", "already_filed"}),
    "marketplace.usecases.sign_up.sign_up": frozenset(
        {
            *GROUNDS["law"][0], *GROUNDS["restriction"][0], *GROUNDS["clock"][0], *GROUNDS["terms"][0],
            *GROUNDS["commitment"][0], *GROUNDS["recusal"][0], "agency_not_in_force",
        }
    ) - {"item_abolished"},
    "marketplace.usecases.offer_item.offer_item": frozenset(
        {
            *GROUNDS["law"][0], *GROUNDS["restriction"][0], *GROUNDS["commitment"][0], "agency_not_in_force",
            "already_offered", "own_demand", "recused", "own_work",
        }
    ),
    "marketplace.usecases.put_shelf_offer.put_shelf_offer": frozenset(
        {
            *GROUNDS["law"][0], *GROUNDS["restriction"][0], *GROUNDS["empty_offer"][0], "agency_not_in_force",
            "already_on_shelf", "offer_not_on_shelf", "own_demand", "recused", "own_work",
        }
    ),
}  # fmt: skip
"""By act: the codes that it may refuse with. Where no demand is named, a recusal of the same rule cannot arise."""

REQUEST = frozenset({"role_not_allowed", "not_yours", "already_signed_up", "no_sign_up_here"})
"""What is wrong with the request and not with the agency: another's, twice, or where nobody signs up."""

_ROWS = re.compile(r"<!-- rows: grounds -->\n.*?<!-- end of rows -->\n", re.DOTALL)
_GAP = re.compile(r"\[[^\]]*\]")


def table() -> str:
    """The list as rows: ground, code, words, and the acts that may give it."""
    heads = [f"{zh} {en}" for zh, en in ACTS.values()]
    lines = [f"| 依据 ground | 代码 code | 理由 reason | {' | '.join(heads)} |", "|---|---|---|" + "---|" * len(heads)]
    for codes, (zh, en) in GROUNDS.values():
        for code in codes:
            marks = ["✓" if code in LISTED[act] else "" for act in ACTS]
            words = _GAP.sub("", phrase(code))
            lines.append(f"| {zh} {en} | `{code}` | {words} | {' | '.join(marks)} |")
    return "\n".join(lines)


def phrase(code: str) -> str:
    """The words of a code; those of an engine's price have them elsewhere."""
    known = REASONS.get(code)
    return known.zh if known is not None else {
        "price_not_positive": "金额须为正数", "days_not_positive": "期限须为正数", "no_capacity": "数量须为正数",
    }[code]  # fmt: skip


def document(text: str) -> str:
    """The document with its rows printed anew."""
    return _ROWS.sub(lambda _: f"<!-- rows: grounds -->\n{table()}\n<!-- end of rows -->\n", text)


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text(encoding="utf-8")), encoding="utf-8")
