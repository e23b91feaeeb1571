"""A mean-price selection in a table: rate and fen, the benchmark with its numbers, who is nearest, who is out."""

from __future__ import annotations

from rich.text import Text

from marketplace.demo.show.asked import asked
from marketplace.demo.show.frame import GOOD, Paper, chosen, saving, told
from marketplace.demo.show.sealed import Agencies, explained, short_names, show_draw, show_failure, undecided
from marketplace.demo.stage import Played
from marketplace.web import formatting
from marketplace.web.casework.made import Explained
from marketplace.web.locale.formulas import rate_words
from marketplace.web.views.results import NearResult, NearRow

RULES = frozenset({"报价形式", "基准价", "平均", "最高、最低"})


def show_near(paper: Paper, played: Played, agencies: Agencies, *, briefly: bool = False) -> None:
    """One mean-price selection from the demand to the award."""
    asked(paper, played.scene, briefly=briefly, also=RULES)
    if undecided(paper, played, agencies):
        return
    work = explained(played, agencies)
    if isinstance(work.result, NearResult):
        _show_distances(paper, work.result)
        paper.line(f" {_benchmark(work.result)}")
    paper.refusals(told(played.scene.turned_away, short_names(agencies)))
    if work.draw is not None:
        show_draw(paper, work.draw)
    _outcome(paper, played, work)


def _show_distances(paper: Paper, result: NearResult) -> None:
    """Every valid price and how far it is from the benchmark, nearest first, those out of the race last."""
    has_rates = any(row.discount_bp is not None for row in result.rows)
    right = "right"
    columns: list[str | tuple[str, str]] = ["", "报价机构", *([("下浮率", right)] if has_rates else [])]
    columns += [("报价（元）", right), ("与基准价相差（元）", right), "结果"]
    rows: list[list[str | Text]] = []
    for row in sorted(result.rows, key=lambda one: (len(one.bidder.label), one.bidder.label)):
        cell = chosen if row.bidder.is_winner else Text
        facts = [row.bidder.label, formatting.short_name(row.bidder.agency.name)]
        facts += [formatting.rate(row.discount_bp or 0)] if has_rates else []
        facts += [formatting.amount(row.price_fen), _distance(row, result.benchmark_fen), _result(row, result)]
        rows.append([cell(fact) for fact in facts])
    paper.table(columns, rows)


def _distance(row: NearRow, benchmark_fen: int) -> str:
    side = "高 " if row.price_fen > benchmark_fen else "低 " if row.price_fen < benchmark_fen else ""
    return f"{side}{formatting.amount(row.distance_fen)}"


def _result(row: NearRow, result: NearResult) -> str:
    end = {min(result.left_out, default=None): "最低价", max(result.left_out, default=None): "最高价"}
    if row.reasons:
        return f"✗ {end.get(row.price_fen, '')}，去掉"
    place = "中选" if row.bidder.is_winner else f"第 {row.bidder.rank}"
    return place if row.is_averaged else f"{place}（{end.get(row.price_fen, '')}，不计入平均）"


def _benchmark(result: NearResult) -> str:
    """The benchmark worked out from the prices that count."""
    averaged = [row.price_fen for row in result.rows if row.is_averaged]
    assert sum(averaged) == result.sum_fen, "the mean is of the prices that are shown as counting"
    prices = " + ".join(formatting.amount(fen) for fen in sorted(averaged))
    drawn = f"（系数从 {len(result.choices)} 个中抽取）" if result.index is not None else ""
    factor = f"{formatting.whole_percent(result.factor_bp)}%{drawn}"
    return f"基准价 {formatting.amount(result.benchmark_fen)} = ({prices}) ÷ {result.count} × {factor}"


def _outcome(paper: Paper, played: Played, work: Explained) -> None:
    if work.winner is None or work.price_fen is None or not isinstance(work.result, NearResult):
        show_failure(paper, played, work)
        return
    price = formatting.yuan(work.price_fen) + rate_words(work.discount_bp)
    paper.line(f" ✓ 中选：{work.winner.name}，{price}", GOOD)
    ceiling = int(str(played.scene.plan.terms["ceiling_fen"]))
    paper.line(f"   理由：{_why(work.result)}；{saving(work.price_fen, ceiling)}")


def _why(result: NearResult) -> str:
    """How near, and how near the next is."""
    own = next(row for row in result.rows if row.bidder.is_winner)
    words = f"与基准价相差 {formatting.yuan(own.distance_fen)}，最接近"
    second = next((row for row in result.rows if row.bidder.rank is not None and not row.bidder.is_winner), None)
    if second is None:
        return words
    name = formatting.short_name(second.bidder.agency.name)
    if second.distance_fen == own.distance_fen:
        return f"{words}；{name}相差同样多，按并列规则在后"
    return f"{words}（第二名{name} {formatting.yuan(second.distance_fen)}）"
