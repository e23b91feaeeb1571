"""Who may choose which mode, and what no demand may ask for: rows that are tested and printed.

``python -m tests.rules.rules_document`` prints them into ``docs/reference/publication.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agencies.qualifications import Requirement
from commons.profiles import RuleProfile
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.catalogue.conditions import Asked, judge_conditions, judge_tender, judge_wording
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.modes import BUYERS, MODES, mode_table
from marketplace.catalogue.profiles import rule_profile

PATH = Path(__file__).parents[2] / "docs" / "reference" / "publication.md"
GENERIC = rule_profile("generic-v1")
KINDS = {kind.kind: kind.grades_best_first for kind in load_catalogue().kinds}
LAW = Source("某法（示例）", "no", "第一条")
SURVEYING = Requirement("测绘资质", ("甲级", "乙级"), LAW, "SV22")
ANY_GRADE = Requirement("工程咨询资信", None, LAW, "SV13")
MILLION = 100_000_000

CONDITIONS: tuple[tuple[str, Asked, Requirement | None, str], ...] = (
    ("法定资质本身", Asked("qualification", "测绘资质"), SURVEYING, ""),
    ("法定资质、法定等级", Asked("qualification", "测绘资质", "乙级"), SURVEYING, ""),
    ("更高等级", Asked("qualification", "测绘资质", "甲级"), SURVEYING, "qualification_beyond_law"),
    ("该种资质没有的等级", Asked("qualification", "测绘资质", "特级"), SURVEYING, "qualification_beyond_law"),
    (
        "法律不问等级而指定最高等级",
        Asked("qualification", "工程咨询资信", "甲级"),
        ANY_GRADE,
        "qualification_beyond_law",
    ),
    ("法律不问等级，最低等级即可", Asked("qualification", "工程咨询资信", "乙级"), ANY_GRADE, ""),
    ("另一种资质", Asked("qualification", "工程设计资质", "乙级"), SURVEYING, "qualification_beyond_law"),
    ("法律不要求资质的事项要求资质", Asked("qualification", "测绘资质"), None, "qualification_beyond_law"),
    ("另加证书", Asked("certificate", "质量管理体系认证"), SURVEYING, "qualification_beyond_law"),
    ("营业额", Asked("turnover", amount=500_000_000), SURVEYING, "qualification_beyond_law"),
    ("注册资本", Asked("capital", amount=1_000_000_000), SURVEYING, "qualification_beyond_law"),
    ("以往业绩数量", Asked("performance", amount=5), SURVEYING, "qualification_beyond_law"),
    ("入围名录", Asked("roster", "某名录（示例）"), SURVEYING, "qualification_beyond_law"),
    ("本地业绩", Asked("local_performance", region="330300", amount=2), SURVEYING, "regional_barrier"),
    ("注册地", Asked("registered_in", region="330300"), SURVEYING, "regional_barrier"),
    ("本地分支机构", Asked("branch_in", region="330300"), SURVEYING, "regional_barrier"),
    ("本地纳税", Asked("tax_in", region="330300"), SURVEYING, "regional_barrier"),
    ("本地奖项", Asked("local_award", region="330300"), SURVEYING, "regional_barrier"),
    ("本地人员", Asked("local_staff", region="330300"), SURVEYING, "regional_barrier"),
    ("以证书之名限定注册地", Asked("certificate", "注册地在温州的证明"), SURVEYING, "regional_barrier"),
    ("法定资质另加地域", Asked("qualification", "测绘资质", "乙级", "330300"), SURVEYING, "regional_barrier"),
)
"""In words, the condition, what the law asks, the code of the refusal ("": allowed)."""

WORDINGS: tuple[tuple[str, str, bool], ...] = (
    ("recusal", "与本项目设计单位有隶属关系", False),
    ("recusal", "曾因本项目与业主发生诉讼，市外事办公室已备案", False),
    ("recusal", "外地企业，不便管理", True),
    ("recusal", "在本市未设分支机构", True),
    ("recusal", "非本市注册", True),
    ("recusal", "不在本县设有分公司", True),
    ("criterion", "甲级", False),
    ("criterion", "本地企业", True),
    ("criterion", "local_award", False),
    ("criterion", "local award", True),
)
"""Where it stands, the words, whether they are a barrier."""

TENDERS: tuple[tuple[str, str, tuple[str, ...], int, bool, bool], ...] = (
    ("设计，差一分到标准", "fiscal", ("SV19",), MILLION - 1, False, False),
    ("设计，正好到标准", "fiscal", ("SV19",), MILLION, False, True),
    ("勘察，超过标准", "entrusted", ("SV18",), MILLION + 1, False, True),
    ("监理与其他事项合并采购", "fiscal", ("SV22", "SV20"), MILLION, False, True),
    ("其他服务，不论金额", "fiscal", ("SV22",), 10 * MILLION, False, False),
    ("自愿采购的业主未声明", "voluntary", ("SV19",), 10 * MILLION, False, False),
    ("业主声明依法必须招标", "voluntary", ("SV22",), 1, True, True),
)
"""In words, buyer class, items, the most it may cost in fen, declared by the owner, refused."""

_ROWS = re.compile(r"<!-- rows: (\w+) -->\n.*?<!-- end of rows -->\n", re.DOTALL)


def judged(asked: Asked, legal: Requirement | None) -> tuple[Reason, ...]:
    """The refusals of one condition."""
    return judge_conditions([asked], [legal], KINDS)


def barriers(where: str, words: str) -> tuple[Reason, ...]:
    """The refusals of one wording."""
    return tuple(judge_wording([(where, words)]))


def tenders(row: tuple[str, str, tuple[str, ...], int, bool, bool]) -> tuple[Reason, ...]:
    """The refusals of one demand as a public tender."""
    _, buyer, items, whole, declared, _ = row
    return judge_tender(GENERIC, buyer, items, whole_fen=whole, declared=declared)


def mode_rows(profile: RuleProfile = GENERIC) -> Iterator[str]:
    """The table of modes: a line each buyer and mode; item classes together where they do not differ."""
    yield "| 业主 buyer | 方式 mode | 事项 items | 可用 | 最少家数 minimum | 报名 sign-up | 公示 publicity | 依据 |"
    yield "|---|---|---|---|---|---|---|---|"
    every = list(mode_table(profile))
    for buyer in BUYERS:
        for mode in MODES:
            rows = [one for one in every if (one.buyer, one.mode) == (buyer, mode)]
            same = len({one.allowed for one in rows}) == 1
            for one in rows[:1] if same else rows:
                numbers = (
                    "" if value is None else f"{value.value} {value.unit}"
                    for value in (one.minimum, one.sign_up, one.publicity)
                )  # fmt: skip
                kind = "*" if same else one.item_class
                yield (
                    f"| `{buyer}` | `{mode}` | {kind} | {'✓' if one.allowed else '✗'} | {' | '.join(numbers)} "
                    f"| {one.source.title} |"
                )


def condition_rows() -> Iterator[str]:
    """The conditions, wordings and tenders with what becomes of them."""
    yield "| 所提 asked | 结果 outcome |"
    yield "|---|---|"
    for words, _, _, code in CONDITIONS:
        yield f"| {words} | {f'`{code}`' if code else '✓'} |"
    for where, words, is_barrier in WORDINGS:
        place = "回避理由" if where == "recusal" else "评分项"
        yield f"| {place}“{words}” | {'`regional_barrier`' if is_barrier else '✓'} |"
    for words, *_, refused in TENDERS:
        yield f"| {words} | {'`public_tender_required`' if refused else '✓'} |"


def document(text: str) -> str:
    """The page with its rows printed anew."""
    tables = {"modes": mode_rows, "conditions": condition_rows}
    return _ROWS.sub(
        lambda found: "\n".join((f"<!-- rows: {found[1]} -->", *tables[found[1]](), "<!-- end of rows -->\n")), text
    )


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text(encoding="utf-8")), encoding="utf-8")
