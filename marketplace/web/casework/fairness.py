"""The fairness check as pages show it; the same part for everybody's page and for the owner's own.

Source: market.md section 3; what must change is the use case's word, never this module's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from commons.money import MAX_FEN
from marketplace.demands.reach import FEWEST
from marketplace.demands.similar import Spread
from marketplace.usecases.fairness import Fairness
from marketplace.web import formatting
from marketplace.web.fairness_charts import reach_bar, spread_chart
from marketplace.web.locale import fairness_words as words
from marketplace.web.locale.reasons import reason_text
from marketplace.web.locale.sources import source_words
from marketplace.web.views.fairness import CheckLine, FairnessPart, ReachRow, SpreadView

ENOUGH = 3
"""Similar awards from which on a figure is held against their middle half."""


def fairness_part(found: Fairness, *, ceiling_fen: int, max_days: int | None) -> FairnessPart:
    """The check of terms with this ceiling and these days."""
    reach, similar = found.reach, found.similar
    most = reach.cuts_most
    rows = tuple(
        ReachRow(
            words.CONDITIONS[one.code], one.left, one.cut, source_words(one.source), one is most,
            reach_bar(one.left, reach.filed),
        )
        for one in reach.conditions
    )  # fmt: skip
    return FairnessPart(
        at=found.at,
        on=found.on,
        filed=reach.filed,
        qualified=reach.qualified,
        fewest=FEWEST,
        filed_bar=reach_bar(reach.filed, reach.filed),
        rows=rows,
        checks=(*_must(found), *_should(found), *_figures(found, ceiling_fen, max_days), *_covered(found)),
        scope=words.SCOPES[similar.scope],
        since=similar.since,
        sample=similar.count,
        spreads=tuple(_spreads(found, ceiling_fen, max_days)),
    )


def _must(found: Fairness) -> Iterator[CheckLine]:
    for one in found.must_change:
        yield CheckLine(reason_text(one), "不解决不能发布", "bad", source_words(one.source))


def _should(found: Fairness) -> Iterator[CheckLine]:
    for one in found.warnings:
        yield CheckLine(one.zh, "可以保留；会减少竞争或与本意不符", "warn", source_words(one.source))


def _figures(found: Fairness, ceiling_fen: int, max_days: int | None) -> Iterator[CheckLine]:
    """Ceiling and days beside the middle half of what is similar."""
    yield _figure("最高限价", formatting.yuan(ceiling_fen), ceiling_fen, found.similar.price_fen, formatting.yuan)
    if max_days is None:
        yield CheckLine("服务期限不限", "各家自报期限", "ok")
    else:
        yield _figure("服务期限", formatting.days(max_days), max_days, found.similar.service_days, formatting.days)


def _figure(name: str, own_words: str, own: int, spread: Spread | None, say: Callable[[int], str]) -> CheckLine:
    title = f"{name} {own_words}"
    if spread is None or spread.count < ENOUGH:
        return CheckLine(title, "同类太少，没有可比的范围", "ok")
    if own < spread.quarter:
        return CheckLine(title, f"低于四分之三的同类（{say(spread.quarter)}以上），可能少有人响应", "warn")
    if own > spread.most:
        return CheckLine(title, f"高于全部同类（至多 {say(spread.most)}）", "warn")
    return CheckLine(title, f"在同类范围内（中位 {say(spread.median)}）", "ok")


def _covered(found: Fairness) -> Iterator[CheckLine]:
    if not found.covered:
        yield CheckLine("区域评价覆盖", "项目位置没有可用的区域评价，须单独编制", "ok")


def _spreads(found: Fairness, ceiling_fen: int, max_days: int | None) -> Iterator[SpreadView]:
    similar = found.similar
    for name, unit, spread, own, say in (
        ("中选价", "元", similar.price_fen, min(ceiling_fen, MAX_FEN), formatting.amount),
        ("服务期限", "个工作日", similar.service_days, max_days, formatting.number),
        ("从发布到出结果", "日", similar.award_days, None, formatting.number),
    ):
        if spread is not None:
            yield _spread(f"{name}（{unit}）", spread, own, say)


def _spread(name: str, spread: Spread, own: int | None, say: Callable[[int], str]) -> SpreadView:
    numbers = (
        ("最低", say(spread.least)), ("四分之一位", say(spread.quarter)), ("中位", say(spread.median)),
        ("四分之三位", say(spread.three_quarters)), ("最高", say(spread.most)),
    )  # fmt: skip
    drawn = {*(getattr(spread, one) for one in ("least", "quarter", "median", "three_quarters", "most"))}
    labels = {value: say(value) for value in (drawn if own is None else drawn | {own})}
    here = "" if own is None else f"，本次 {say(own)}"
    said = f"同类{name}：中位 {say(spread.median)}，{say(spread.least)} 至 {say(spread.most)}{here}"
    return SpreadView(name, spread.count, numbers, spread_chart(spread, own, labels, said))
