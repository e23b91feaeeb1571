"""Tables of sections 1 to 4 of the selection document: modes, refusals, points, abnormally low prices."""

from __future__ import annotations

from tests.rules import test_selection_cell_numbers as cells
from tests.rules import test_selection_criteria as criteria
from tests.rules import test_selection_discount as discount
from tests.rules import test_selection_lots as lots
from tests.rules import test_selection_low_price as low
from tests.rules import test_selection_placed as placed
from tests.rules import test_selection_refusals as refusals
from tests.rules import test_selection_sensitivity as weights
from tests.rules.selection_tables import Table, code, codes, hundredths, percent, prices, table, yuan
from tests.rules.selections import DRAW, bids, decided, mean_price, order_of


def tables() -> list[Table]:
    """The tables of the sections by name, in order."""
    nearest, *other_modes = _modes()
    return [nearest, *_extremes(), *other_modes, *_refusals(), *_points(), *_cells(), *_low()]


def _modes() -> list[Table]:
    nearest = [
        (prices(by), code(terms), yuan(fen), " → ".join(order_of(mean_price(bids(by), draw=DRAW, **terms))))
        for by, terms, fen, _ in placed.NEAREST
    ]
    big = [
        ("，".join(f"{one} {hundredths(credit)}" for one, credit in credits.items()), size, "、".join(expected))
        for credits, size, expected in placed.BIG
    ]
    won = [
        ("；".join(prices(one) for one in by_lot), "—" if cap is None else cap, "、".join(winners).replace("-", "流标"))
        for by_lot, cap, winners in lots.WINNERS
    ]
    splits = [
        (yuan(price), "—" if split is None else "，".join(f"{item} {yuan(fen)}" for item, fen in split), codes(reasons))
        for price, split, reasons in lots.SPLITS
    ]
    return [
        table(
            "mean_price",
            "均价选取 Mean price",
            ["报价 offers", "条款 terms", "基准价 benchmark", "顺序 order"],
            nearest,
        ),
        table("big_list", "大名单 Big list", ["信用 credit", "`big_list`", "进入 on the list"], big),
        table("lots", "标段 Lots", ["各标段报价 offers by lot", "每家上限 cap", "各标段中选 winners"], won),
        table(
            "split",
            "分项金额 Split of a joint price（环评、能评）",
            ["总价 price", "分项 split", "结果 result"],
            splits,
        ),
    ]


def _extremes() -> list[Table]:
    may_not_win: dict[str, bool] = {"dropped_may_win": False}
    dropped = [
        (
            prices(by),
            drop_from,
            "、".join(out) or "—",
            decided(mean_price(bids(by), drop_from=drop_from, draw=DRAW, **may_not_win)).winner,
        )
        for by, drop_from, out, _ in placed.DROPPED
    ]
    counted = [
        (prices(by), drop_from, least, {"award": "中选", "unsuccessful": "流标"}[outcome], "、".join(out) or "—")
        for by, drop_from, least, outcome, out in placed.COUNTED
    ]
    return [
        table(
            "extremes",
            "极端报价不得中选 Extremes may not win",
            ["报价 offers", "几家起去除 drop_from", "出局 out", "中选 winner"],
            dropped,
        ),
        table(
            "extremes_counted",
            "极端报价与家数 Extremes count（最高限价 10,000.00 元，极端报价不得中选）",
            [
                "报价 offers",
                "几家起去除 drop_from",
                "最少家数 min_bidders",
                "结果 outcome",
                "因极端出局 out",
            ],
            counted,
        ),
    ]


def _refusals() -> list[Table]:
    own = [
        (yuan(price), days, "—" if max_days is None else max_days, codes(reasons))
        for price, days, max_days, reasons in refusals.OWN
    ]
    rates = [(yuan(ceiling), percent(rate), yuan(fen)) for ceiling, rate, fen in discount.RATES]
    refused = [(yuan(ceiling), percent(rate), codes(reasons)) for rate, ceiling, reasons in discount.REFUSED]
    least = [
        (yuan(ceiling), yuan(most), "—" if rate is None else percent(rate)) for ceiling, most, rate in discount.LEAST
    ]
    sign_ups = [(code(facts), code(terms), codes(reasons)) for facts, terms, reasons in placed.SIGN_UPS]
    return [
        table(
            "own",
            "报价自身 An offer by itself（最高限价 10,000.00 元）",
            ["报价 price", "天数 days", "最长 max", "结果 result"],
            own,
        ),
        table("rates", "下浮率折成的报价 What a rate means", ["最高限价 ceiling", "下浮率 rate", "报价 price"], rates),
        table(
            "rates_refused", "下浮率的拒绝 Rates refused", ["最高限价 ceiling", "下浮率 rate", "结果 result"], refused
        ),
        table(
            "least_rate",
            "不高于某价的最小下浮率 The least rate for a price",
            ["最高限价 ceiling", "价格至多 at most", "最小下浮率 least rate"],
            least,
        ),
        table("sign_ups", "抽取报名 Sign-ups for a draw", ["所填 facts", "条款 terms", "结果 result"], sign_ups),
    ]


def _points() -> list[Table]:
    lowest = [(yuan(other), yuan(own), hundredths(cell)) for other, own, cell in criteria.LOWEST]
    mean = [(yuan(own), code(facts), hundredths(cell)) for own, facts, cell in criteria.MEAN]
    bases = [("，".join(map(yuan, by)), code(facts), yuan(fen)) for by, facts, fen in criteria.BENCHMARKS]
    others = [
        (code(criterion), code(one), hundredths(first), code(other), hundredths(second))
        for criterion, one, other, first, second in criteria.OTHERS
    ]
    ranges = [
        (price, f"{low}–{high}", _beyond(below), _beyond(above)) for price, low, high, below, above in weights.ROWS
    ]
    return [
        table("lowest", "最低价为基准 Lowest（满分 60）", ["另一报价 other", "本报价 own", "得分 points"], lowest),
        table(
            "mean",
            "平均价为基准 Mean（满分 100，基准价 1,000.00 元，高 1% 扣 1.00、低 1% 扣 0.50）",
            ["本报价 own", "条款 terms", "得分 points"],
            mean,
        ),
        table("benchmark", "基准价 Benchmark", ["报价 offers", "条款 terms", "基准价 benchmark"], bases),
        table(
            "criteria", "其他评分项 Other criteria", ["评分项 criterion", "甲 one", "得分", "乙 other", "得分"], others
        ),
        table(
            "sensitivity",
            "权重敏感性 Sensitivity of the price weight（A 价低、信用 40；B 价高一倍、信用 80）",
            ["现权重 weight", "第一名不变 unchanged", "低于 below", "高于 above"],
            ranges,
        ),
    ]


def _cells() -> list[Table]:
    rows = [
        (code(criterion), code({key: fact for key, fact in given[0].items() if key != "bidder"}), code(numbers))
        for criterion, given, numbers in cells.CELLS
    ]
    title = "每格所用的数 The numbers of a cell（说明中公布的数；分值以百分之一分计）"
    return [table("cell_numbers", title, ["评分项 criterion", "本报价 own", "数 numbers"], rows)]


def _beyond(beyond: weights.Beyond | None) -> str:
    return "—" if beyond is None else f"{beyond.points} 分时 {beyond.bidder}"


def _low() -> list[Table]:
    rows = [(prices(by), code(lines), "、".join(sorted(flagged)) or "—") for by, lines, flagged in low.ROWS]
    return [
        table(
            "low_price",
            "谁被标记 Who is flagged（最高限价 10,000.00 元）",
            ["报价 offers", "界线 lines", "标记 flagged"],
            rows,
        )
    ]
