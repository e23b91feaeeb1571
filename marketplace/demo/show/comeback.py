"""Coming back in lines: a certificate at midnight, a restriction, its double, a namesake, the repair."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from commons.verdicts import Reason
from marketplace.demo.scenes.comeback import BASIS, NAMES, NAMESAKE, OLD, SUCCESSOR, Comeback
from marketplace.demo.show.frame import BAD, Paper, chosen
from marketplace.web import formatting
from marketplace.web.locale.reasons import reason_text


def show_comeback(paper: Paper, found: Comeback) -> None:
    """Each step with what was answered."""
    at = found.midnight
    paper.line(f" 资质到期由规则按时刻判断，不靠任何夜间任务（{at.kind}）：")
    paper.table(
        ["时刻（北京时间）", "结论"],
        [
            ["到期日前一天 23:59:59.999999", _answer(at.reasons_before, "✓ 有效")],
            [formatting.instant(at.after), _answer(at.reasons_after, "✓ 有效")],
        ],
    )
    old, successor, namesake = NAMES[OLD], NAMES[SUCCESSOR], NAMES[NAMESAKE]
    paper.line(f" {old}因“{BASIS}”受限，直至修复。此后：")
    early = found.too_early[0].params.get("repairable_from", "") if found.too_early else ""
    steps: list[list[str | Text]] = [
        ["它到外市报名", _answer(found.barred, "✓ 接受")],
        [f"{successor}备案，申报承继该机构", _held(found.successor.held_for_review)],
        [f"{namesake}备案，法定代表人同名、证件号不同", _held(found.namesake.held_for_review)],
        ["立即申请信用修复", Text("✗ 未到最短期限" if early else "✓ 受理", style=BAD if early else "")],
        [f"{found.seconds:.0f} 秒后（演示规则的最短期限）再申请", chosen("✓ 受理")],
        ["两名监管人员先后批准", chosen(f"✓ 修复，解除 {len(found.approvals[-1].restrictions_lifted)} 项限制")],
        ["它再到外市报名", _answer(found.admitted, "✓ 接受，权利恢复")],
        ["对承继机构的核查", chosen("✓ 随限制解除而终止") if found.holds == (1, 0) else Text("✗ 仍在", style=BAD)],
    ]
    paper.table(["做了什么", "结果"], steps)


def _answer(reasons: Sequence[Reason], otherwise: str) -> Text:
    """Every reason in its first words, or what it means that there is none."""
    if not reasons:
        return chosen(otherwise)
    return Text("✗ " + "；".join(reason_text(one).split("：")[0].split("，")[0] for one in reasons), style=BAD)


def _held(holds: Sequence[str]) -> Text:
    return Text("备案生效，列入关联核查，中选暂缓生效") if holds else chosen("✓ 备案生效，不列入核查")
