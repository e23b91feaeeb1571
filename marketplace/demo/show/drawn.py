"""A draw in a table: everybody's credit, tickets and number, the short list, the owner's choice with its reason."""

from __future__ import annotations

from rich.text import Text

from marketplace.demo.show.asked import asked
from marketplace.demo.show.frame import GOOD, STRONG, Paper, chosen, told
from marketplace.demo.show.sealed import Agencies, explained, short_names, show_failure, undecided
from marketplace.demo.stage import Played
from marketplace.web import formatting
from marketplace.web.views.results import DrawnResult, TicketRow

SHOWN_DIGITS = 16
"""Hex digits of a drawn number that are shown; the whole ones follow from the case file."""
RULES = frozenset({"公布金额", "大名单", "抽取票数", "小名单", "业主择定"})


def show_drawn(paper: Paper, played: Played, agencies: Agencies, *, briefly: bool = False) -> None:
    """One draw from the demand to the award."""
    asked(paper, played.scene, briefly=briefly, also=RULES)
    if undecided(paper, played, agencies):
        return
    work = explained(played, agencies)
    if isinstance(work.result, DrawnResult):
        _show_numbers(paper, work.result)
    paper.refusals(told(played.scene.turned_away, short_names(agencies)))
    if work.winner is None or work.price_fen is None:
        show_failure(paper, played, work)
        return
    show_choice(paper, played, agencies)
    paper.line(f" ✓ 中选：{work.winner.name}，公布金额 {formatting.yuan(work.price_fen)}", GOOD)
    if played.state.picked is None:
        paper.line("   理由：抽取号最小；各家不另报价，按公布金额承接")
    else:
        paper.line("   可以重算的是大名单、票数和小名单；选小名单中的哪一家是业主的决定，不经计算")


def show_choice(paper: Paper, played: Played, agencies: Agencies) -> None:
    """Whom the owner chose and the reason that is published, or that it let the time pass."""
    picked = played.state.picked
    if picked is None:
        return
    if picked.reason is None:
        paper.line(f" 业主在 {formatting.instant(picked.at)} 的期限前没有选，按规则由小名单第一名中选", STRONG)
        return
    name = formatting.short_name(agencies[picked.bidder].name)
    paper.line(f" 业主选定 {name}，公布的理由：{picked.reason}", STRONG)


def _show_numbers(paper: Paper, result: DrawnResult) -> None:
    """Everybody drawn, smallest number first; who did not reach the big list; the inputs."""
    is_credit = result.small_list is not None
    right = "right"
    columns: list[str | tuple[str, str]] = ["顺序", "机构"]
    columns += [("信用分", right), ("票数", right), ("最小的一票", right)] if is_credit else []
    columns += [f"抽取号（前 {SHOWN_DIGITS} 位）", "结果"]
    rows: list[list[str | Text]] = []
    for place, row in enumerate(result.rows, start=1):
        cell = chosen if row.bidder.is_winner else Text
        facts = [str(place), formatting.short_name(row.bidder.agency.name)]
        facts += [formatting.points(row.credit or 0), str(row.tickets), f"第 {row.ticket} 票"] if is_credit else []
        rows.append([cell(fact) for fact in (*facts, f"{row.number[:SHOWN_DIGITS]}…", _result(row))])
    paper.table(columns, rows)
    for bidder, credit in result.below:
        name = formatting.short_name(bidder.agency.name)
        edge = formatting.points(result.edge or 0)
        paper.line(f" 未进大名单：{name}，信用分 {formatting.points(credit)}（大名单末位 {edge}）")
    label = "机构代码/票号" if is_credit else "机构代码"
    paper.line(f" 抽取号 = HKDF-Expand(HKDF-Extract(salt, ikm), {label})，小者在前；salt 和 ikm 见案例文件")


def _result(row: TicketRow) -> str:
    if row.bidder.is_winner:
        return "中选"
    return "小名单" if row.is_listed else "—"
