"""An instant selection in a table: the shelf as it was at the moment, who was out and why, who was taken."""

from __future__ import annotations

from rich.text import Text

from marketplace.demo.scenes.instant import TwoPicks
from marketplace.demo.show.asked import asked
from marketplace.demo.show.frame import GOOD, STRONG, Paper, chosen, saving, source_words
from marketplace.demo.show.sealed import Agencies, explained, show_draw, show_points, undecided
from marketplace.demo.stage import Played
from marketplace.web import formatting
from marketplace.web.locale.reasons import reason_text
from marketplace.web.views.results import ShelfResult, ShelfRow


def show_two_picks(paper: Paper, picks: TwoPicks, agencies: Agencies) -> None:
    """The first pick in a line, the second one whole."""
    first = explained(picks.first, agencies)
    assert first.winner is not None, "the first pick has its winner"
    assert first.price_fen is not None, "and its price"
    title = picks.first.scene.draft.title
    paper.line(
        f" 先有一次：{title}，选中{first.winner.name}，{formatting.yuan(first.price_fen)}，占用它的最后 1 次承接余量。"
    )
    show_instant(paper, picks.second, agencies)


def show_instant(paper: Paper, played: Played, agencies: Agencies, *, briefly: bool = False) -> None:
    """One instant selection from the demand to the award."""
    asked(paper, played.scene, briefly=briefly)
    if undecided(paper, played, agencies):
        return
    work = explained(played, agencies)
    assert isinstance(work.result, ShelfResult), "an instant selection has its shelf"
    best = next((row.price_fen for row in work.result.rows if row.bidder.is_winner), None)
    rows = [_row(row, best) for row in work.result.rows]
    right = "right"
    paper.table(
        ["上架机构", ("单价（元）", right), ("价格（元）", right), ("工作日", right), ("余量", right), "结果"], rows
    )
    if work.result.breakdown is not None:
        show_points(paper, work.result.breakdown)
    sources = {source_words(reason) for row in work.result.rows for reason in row.reasons}
    if sources:
        paper.line(f"   拒绝理由出处：{'；'.join(sorted(sources))}")
    if work.winner is None or work.price_fen is None:
        paper.line(f" ■ 流标：{reason_text(work.reason) if work.reason else work.outcome}", STRONG)
        return
    why = "有效的上架报价中排第一"
    if work.draw is not None:
        show_draw(paper, work.draw)
        why = "条件相同的几家中抽取在前" if work.result.rule != "draw" else "抽取在前"
    paper.line(f" ✓ 中选：{work.winner.name}，{formatting.yuan(work.price_fen)}，中选通知书即时生成", GOOD)
    ceiling = int(str(played.scene.plan.terms["ceiling_fen"]))
    paper.line(f"   理由：{why}；{saving(work.price_fen, ceiling)}")


def _row(row: ShelfRow, best_fen: int | None) -> list[str | Text]:
    cell = chosen if row.bidder.is_winner else Text
    if row.bidder.is_winner:
        result = chosen("中选")
    elif row.reasons:
        result = Text(f"✗ {'；'.join(reason_text(one) for one in row.reasons)}", style="red")
    else:
        gap = row.price_fen - (best_fen or 0)
        result = Text(f"高 {formatting.yuan(gap)}" if gap > 0 else "未选中")
    return [
        cell(formatting.short_name(row.bidder.agency.name)),
        cell(formatting.amount(row.unit_price_fen)),
        cell(formatting.amount(row.price_fen)),
        cell("—" if row.days is None else str(row.days)),
        cell("—" if row.capacity is None else str(row.capacity)),
        result,
    ]
