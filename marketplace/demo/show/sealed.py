"""A selection with sealed offers in tables: who offered what, points cell by cell, who won and why, the draw if any."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from bidding.reading.case import parse_case
from marketplace.demo.show.asked import asked
from marketplace.demo.show.frame import BAD, GOOD, STRONG, Paper, chosen, saving, told
from marketplace.demo.show.offers import show_offers
from marketplace.demo.stage import Played
from marketplace.seed.plans import AgencyPlan
from marketplace.web import formatting
from marketplace.web.casework.explained import explain
from marketplace.web.casework.made import Explained
from marketplace.web.locale import names
from marketplace.web.locale.formulas import numbers_words, rate_words
from marketplace.web.locale.reasons import reason_text
from marketplace.web.views.parts import AgencyRef
from marketplace.web.views.results import Breakdown, DrawView

Agencies = Mapping[str, AgencyPlan]
DRAWN_DIGITS = 24
"""Hex digits of a drawn number that are shown; the whole ones follow from the case file."""
IKM_DIGITS = 48


def explained(played: Played, agencies: Agencies) -> Explained:
    """The decision worked out again from the recorded case."""
    assert played.state.case is not None, "a decided selection has its case"
    refs = {uscc: AgencyRef(uscc, plan.name) for uscc, plan in agencies.items()}
    picked = played.state.picked.bidder if played.state.picked is not None else None
    return explain(parse_case(dict(played.state.case)), refs, winner=played.state.proposed, picked=picked)


def short_names(agencies: Agencies) -> dict[str, str]:
    """Names for running text, without mark and legal form."""
    return {uscc: formatting.short_name(plan.name) for uscc, plan in agencies.items()}


def show_sealed(paper: Paper, played: Played, agencies: Agencies, *, briefly: bool = False) -> None:
    """One sealed selection from the demand to the award."""
    asked(paper, played.scene, briefly=briefly, also=("最少家数", "报价形式"))
    if undecided(paper, played, agencies):
        return
    work = explained(played, agencies)
    labels = _labels(work)
    if played.state.case is not None and played.state.case["bids"]:
        show_offers(paper, played, agencies, labels)
    if isinstance(work.result, Breakdown):
        show_points(paper, work.result, has_table=not briefly or work.draw is not None)
    paper.refusals(told(played.scene.turned_away, short_names(agencies)))
    show_voided(paper, work)
    if work.draw is not None:
        show_draw(paper, work.draw)
    show_outcome(paper, played, work)


def undecided(paper: Paper, played: Played, agencies: Agencies) -> bool:
    """Say so when there is no final decision: nothing suitable on the shelf, or an explanation is awaited."""
    if played.state.case is not None:
        return False
    paper.refusals(told(played.scene.turned_away, short_names(agencies)))
    is_instant = played.scene.draft.mode == "instant"
    words = (
        "流标：货架上没有可用的上架报价" if is_instant else "暂无结果：评审未完成（如最低报价触发低价核查，等待说明）"
    )
    paper.line(f" ■ {words}", STRONG)
    return True


def _labels(work: Explained) -> dict[str, str]:
    if not isinstance(work.result, Breakdown):
        return {}
    return {one.agency.uscc: one.label for one in work.result.bidders}


def show_points(paper: Paper, result: Breakdown, *, has_table: bool = True) -> None:
    """Criteria by rows, bidders by columns, totals and places below; then the winner's formulas."""
    if has_table:
        _show_cells(paper, result)
    winner = next((at for at, one in enumerate(result.bidders) if one.is_winner), None)
    if winner is None:
        return
    parts = [
        f"{names.CRITERIA[row.criterion.kind]} {formatting.points(row.cells[winner].points)}"
        f" = {numbers_words(row, row.cells[winner])}"
        for row in result.rows
    ]
    paper.line(f" {result.bidders[winner].label} 的得分：{'；'.join(parts)}")


def _show_cells(paper: Paper, result: Breakdown) -> None:
    rows: list[list[str | Text]] = []
    for row in result.rows:
        head = f"{names.CRITERIA[row.criterion.kind]}（{row.criterion.points} 分）"
        rows.append([head, *(formatting.points(cell.points) for cell in row.cells)])
    rows.append(
        [Text("合计（100 分）", style=STRONG), *(Text(formatting.points(one), STRONG) for one in result.totals)]
    )
    rows.append(["名次", *(f"第 {one.rank}" if one.rank else "—" for one in result.bidders)])
    for at, one in enumerate(result.bidders, start=1):
        if one.is_winner:
            for cells in rows:
                cells[at] = chosen(str(cells[at]))
    paper.table(["得分", *((one.label, "right") for one in result.bidders)], rows)


def show_voided(paper: Paper, work: Explained) -> None:
    """Who fell out before the ranking, and why."""
    for one in work.left:
        if one.rank is None and one.reasons:
            words = "；".join(reason_text(reason) for reason in one.reasons)
            paper.line(f" ✗ 失效 {formatting.short_name(one.agency.name)}：{words}", BAD)


def show_draw(paper: Paper, draw: DrawView) -> None:
    """The inputs of the draw and the drawn numbers of every group of equals."""
    paper.line(" 并列，按事先公布的承诺抽取：抽取号 = HKDF-Expand(HKDF-Extract(salt, ikm), 机构代码)，小者在前")
    rows = [
        [str(place), formatting.short_name(row.agency.name), row.label, f"{row.number[:DRAWN_DIGITS]}…"]
        for group in draw.groups
        for place, row in enumerate(group, start=1)
    ]
    paper.table(["顺序", "并列机构", "标签（统一社会信用代码）", "抽取号（前 24 位）"], rows)
    paper.line(f" salt {draw.salt}")
    paper.line(f" ikm  {draw.ikm[:IKM_DIGITS]}…（共 {len(draw.ikm) // 2} 字节：各家与业主的随机数，见案例文件）")


def show_outcome(paper: Paper, played: Played, work: Explained) -> None:
    """The last lines: the winner, its price, why, what it saves; or why there is none."""
    if work.winner is None or work.price_fen is None:
        show_failure(paper, played, work)
        return
    days = f"，{formatting.days(work.offered_days)}" if work.offered_days is not None else ""
    price = formatting.yuan(work.price_fen) + rate_words(work.discount_bp)
    paper.line(f" ✓ 中选：{work.winner.name}，{price}{days}", GOOD)
    paper.line(f"   理由：{_why(work)}；{saving(work.price_fen, int(str(played.scene.plan.terms['ceiling_fen'])))}")


def show_failure(paper: Paper, played: Played, work: Explained) -> None:
    """No award: the reason, with the number of offers that the terms ask for."""
    least = played.scene.plan.terms.get("min_bidders", 1)
    asked_for = f"（本需求：{least} 家）" if work.reason is not None and work.reason.code == "too_few_bidders" else ""
    words = reason_text(work.reason) if work.reason else work.outcome
    paper.line(f" ■ 流标：{words}{asked_for}", STRONG)


def _why(work: Explained) -> str:
    """What put the winner first, in numbers."""
    second = next((one for one in work.left if one.rank is not None and one.behind is not None), None)
    if work.total is None:
        return "名列第一"
    total = formatting.points(work.total)
    if second is None or second.behind is None:
        return f"综合得分 {total} 分，唯一的有效报价"
    name = formatting.short_name(second.agency.name)
    if second.behind == 0 and work.draw is not None:
        return f"与{name}同为 {total} 分，抽取在前"
    if second.behind == 0:
        return f"与{name}同为 {total} 分，按并列规则在前"
    return f"综合得分 {total} 分最高，比第二名（{name}）高 {formatting.points(second.behind)} 分"
