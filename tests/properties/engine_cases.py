"""Random cases for the engine's laws: small numbers, so that ties, edges and boundaries are common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bidding.case import Case
from bidding.reading.case import parse_case
from commons.instants import format_instant

Raw = dict[str, Any]
START = datetime(2026, 11, 23, 1, tzinfo=UTC)
IDS = ["A", "B", "C", "D", "乙", "a"]
DRAWS = st.fixed_dictionaries({"salt": st.binary(min_size=1, max_size=4).map(bytes.hex), "ikm": st.just("01")})
PRICES = st.sampled_from([*range(10, 101, 10), *range(50, 101, 10), 0, 110])
DAYS = st.sampled_from([*range(1, 11), *range(1, 11), 0, 11])
CEILING = 100


def at(second: int) -> str:
    """So many seconds after the start."""
    return format_instant(START + timedelta(seconds=second))


def _weights(draw: st.DrawFn, kinds: list[Raw]) -> list[Raw]:
    cuts = sorted(draw(st.lists(st.integers(1, 99), min_size=len(kinds) - 1, max_size=len(kinds) - 1, unique=True)))
    bounds = [0, *cuts, 100]
    return [kind | {"points": high - low} for kind, low, high in zip(kinds, bounds, bounds[1:], strict=False)]


LOWEST = st.just({"kind": "price", "formula": "lowest"})
MEAN = st.fixed_dictionaries(
    {
        "kind": st.just("price"),
        "formula": st.just("mean"),
        "above": st.integers(0, 300),
        "below": st.integers(0, 300),
        "deviation": st.sampled_from(["exact", "whole_up"]),
        "drop_from": st.integers(3, 6),
        "factor_bp": st.sampled_from([[10_000], [9500, 9700], [9600]]),
    },
    optional={"above_max": st.integers(0, 3000), "below_max": st.integers(0, 3000)},
)
OTHERS = st.sampled_from(
    [
        {"kind": "days"},
        {"kind": "credit"},
        {"kind": "grade", "table": {"甲": 1, "乙": 0}},
        {"kind": "experience", "each": 150},
        {"kind": "plan"},
    ]
)
LOW_PRICES = st.fixed_dictionaries(
    {},
    optional={key: st.integers(5000, 10_000) for key in ("below_mean_bp", "below_second_bp", "below_ceiling_bp")},
)
TIES = st.lists(st.sampled_from(["price", "days", "credit"]), unique=True, max_size=3).map(lambda some: [*some, "draw"])
IDS_OF_SOME = st.integers(0, 6).flatmap(lambda size: st.lists(st.sampled_from(IDS), unique=True, min_size=size))
FACTS = {
    "days": DAYS,
    "credit": st.integers(-5, 10_005),
    "experience": st.integers(0, 9),
    "grade": st.sampled_from(["甲", "乙", "丙"]),
    "marks": st.lists(st.integers(0, 100), min_size=1, max_size=7),
    "explanation": st.sampled_from(["missing", "accepted", "rejected"]),
}


@st.composite
def sealed(draw: st.DrawFn, *, mean_based: bool = True, voids: bool = True) -> Raw:
    """A comprehensive case as JSON."""
    kinds = draw(st.lists(OTHERS, max_size=3, unique_by=lambda kind: kind["kind"]))
    kinds.insert(draw(st.integers(0, len(kinds))), draw(LOWEST | MEAN if mean_based else LOWEST))
    terms: Raw = {
        "mode": "comprehensive",
        "ceiling_fen": CEILING,
        "max_days": 10,
        "min_bidders": draw(st.integers(1, 3)),
        "criteria": _weights(draw, kinds),
        "ties": draw(TIES),
    }
    if mean_based and draw(st.booleans()):
        terms["low_price"] = draw(LOW_PRICES)
    optional = {"voided_at": st.just(at(5))} if voids else {}
    facts = st.fixed_dictionaries({"price_fen": PRICES} | FACTS, optional=optional)
    ids = draw(IDS_OF_SOME)
    raw: Raw = {"terms": terms, "bids": [draw(facts) | {"bidder": id} for id in ids]}
    if draw(st.booleans()):
        raw["draw"] = draw(DRAWS)
    return raw


@st.composite
def shelf(draw: st.DrawFn) -> Raw:
    """An instant case as JSON."""
    rule = draw(st.sampled_from(["cheapest", "best_value", "draw"]))
    terms: Raw = {"mode": "instant", "ceiling_fen": CEILING, "rule": rule, "quantity": draw(st.integers(1, 3))}
    terms |= {"max_days": 10, "ties": draw(TIES)}
    if rule == "best_value":
        terms["criteria"] = _weights(draw, [draw(LOWEST | MEAN), *draw(st.lists(OTHERS, max_size=2))])
    facts = st.fixed_dictionaries(
        {
            "unit_price_fen": PRICES,
            "minimum_fee_fen": PRICES,
            "capacity": st.sampled_from([0, 1, 1, 2]),
            "valid_from": st.integers(0, 12).map(at),
            "valid_until": st.integers(9, 20).map(at),
        }
        | {key: FACTS[key] for key in ("days", "credit", "experience", "grade", "marks")},
        optional={"voided_at": st.just(at(5))},
    )
    ids = draw(IDS_OF_SOME)
    raw: Raw = {"terms": terms, "offers": [draw(facts) | {"bidder": id} for id in ids], "at": at(10)}
    if draw(st.booleans()):
        raw["draw"] = draw(DRAWS)
    return raw


@st.composite
def rounds(draw: st.DrawFn) -> Raw:
    """A multi-round case as JSON: rounds of ten seconds or so, offers on every second, some at the very edges."""
    schedule: list[Raw] = []
    second = 5
    for index in range(count := draw(st.integers(1, 3))):
        opens = second + draw(st.integers(0, 4))
        second = opens + draw(st.integers(4, 12))
        one: Raw = {"kind": draw(st.sampled_from(["open", "sealed"])), "opens_at": at(opens), "closes_at": at(second)}
        if index < count - 1 and draw(st.booleans()):
            one["survivors"] = draw(st.integers(1, 3))
        schedule.append(one)
    terms: Raw = {
        "mode": "multi_round",
        "ceiling_fen": CEILING,
        "min_bidders": draw(st.integers(1, 3)),
        "step_fen": draw(st.sampled_from([1, 10, 20])),
        "step_basis": draw(st.sampled_from(["own", "leader"])),
        "rounds": schedule,
        "ties": draw(TIES) if schedule[-1]["kind"] == "sealed" else draw(st.sampled_from([["received"], ["draw"]])),
        "max_days": 10,
    }
    priced = draw(st.sampled_from(["plain", "multiple", "days", "preferences"]))
    if priced == "multiple":
        terms["step_multiple"] = True
    if priced == "days":
        terms["day_value_fen"] = draw(st.integers(1, 7))
    if priced == "preferences":
        terms["preferences"] = [{"code": "x", "max_bp": 1500}, {"code": "y", "max_bp": 1500}]
    if draw(st.booleans()):
        terms["extension"] = {"window_s": draw(st.integers(0, 5)), "extend_s": draw(st.integers(0, 5)), "limit": 2}
    if draw(st.booleans()):
        terms["low_price"] = draw(LOW_PRICES)
    bidders = [draw(_bidder(id, preferred=priced == "preferences")) for id in IDS[: draw(st.integers(0, 4))]]
    seconds = sorted(draw(st.lists(_seconds(schedule), min_size=draw(st.integers(0, 12)), max_size=25)))
    offers = [draw(_OFFERS) | {"at": at(when)} for when in seconds]
    raw: Raw = {"terms": terms, "bidders": bidders, "offers": offers}
    if draw(st.booleans()):
        raw["draw"] = draw(DRAWS)
    return raw


_OFFERS = st.fixed_dictionaries(
    {
        "bidder": st.sampled_from([*IDS[:3], *IDS[:4], "GHOST"]),
        "price_fen": PRICES | st.integers(1, 100),
        "days": DAYS,
    }
)


def _seconds(schedule: list[Raw]) -> st.SearchStrategy[int]:
    """Seconds of offers: mostly inside the declared rounds, the edges included, some around them."""
    spans = [(int(one["opens_at"][17:19]), int(one["closes_at"][17:19])) for one in schedule]
    inside = [second for opens, closes in spans for second in range(opens, closes + 1)]
    return st.sampled_from(inside) | st.sampled_from([*inside, *range(59)])


@st.composite
def _bidder(draw: st.DrawFn, id: str, *, preferred: bool) -> Raw:
    raw: Raw = {"bidder": id, "credit": draw(FACTS["credit"]), "explanation": draw(FACTS["explanation"])}
    if preferred:
        raw["preferences"] = draw(st.fixed_dictionaries({}, optional={"x": st.integers(0, 1500), "y": st.just(1500)}))
    if draw(st.integers(0, 3)) == 0:
        raw["voided_at"] = at(draw(st.integers(0, 60)))
    return raw


@st.composite
def nearest(draw: st.DrawFn) -> Raw:
    """A mean-price case as JSON."""
    terms: Raw = {"mode": "mean_price", "ceiling_fen": CEILING, "max_days": 10, "min_bidders": draw(st.integers(1, 3))}
    terms |= {"ties": draw(TIES), "drop_from": draw(st.integers(3, 6)), "dropped_may_win": draw(st.booleans())}
    terms["factor_bp"] = draw(st.sampled_from([[10_000], [9500, 9700], [9600]]))
    facts = st.fixed_dictionaries({"price_fen": PRICES} | FACTS, optional={"voided_at": st.just(at(5))})
    raw: Raw = {"terms": terms, "bids": [draw(facts) | {"bidder": id} for id in draw(IDS_OF_SOME)]}
    if draw(st.booleans()):
        raw["draw"] = draw(DRAWS)
    return raw


@st.composite
def lottery(draw: st.DrawFn) -> Raw:
    """A random draw or a credit draw as JSON."""
    terms: Raw = {"ceiling_fen": CEILING, "min_bidders": draw(st.integers(1, 3)), "ties": ["draw"]}
    terms["mode"] = draw(st.sampled_from(["random_draw", "credit_draw"]))
    if terms["mode"] == "credit_draw":
        terms |= {"big_list": draw(st.integers(1, 5)), "small_list": draw(st.integers(1, 4))}
    facts = st.fixed_dictionaries(
        {"credit": st.sampled_from([-5, 0, 99, 100, 101, 300, 300, 10_005])}, optional={"voided_at": st.just(at(5))}
    )
    raw: Raw = {"terms": terms, "bids": [draw(facts) | {"bidder": id} for id in draw(IDS_OF_SOME)]}
    if draw(st.booleans()):
        raw["draw"] = draw(DRAWS)
    return raw


def any_case() -> st.SearchStrategy[Raw]:
    """A case of any mode that the engine computes."""
    return sealed() | shelf() | rounds() | nearest() | lottery()


def parsed(raw: Raw) -> Case:
    """The case of a random JSON, which is never malformed but for a benchmark of 0."""
    return parse_case(raw)
