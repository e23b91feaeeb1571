"""Cases for example pages: decided by the engine itself, so that pages show what really follows from the facts.

The first is the award of the mock (invented names and figures); the others plant what pages must cope with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bidding.case import Case
from bidding.reading.case import parse_case
from commons.canonical import Json
from marketplace.web.views.parts import AgencyRef

OPENING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
DRAW: dict[str, Json] = {"salt": "3129903ac1d45597a242fdf11f8f2b1a", "ikm": "39f3c3e693114351dcbed407e3e6b605"}

NAMES = (
    "温州瓯越水保工程咨询有限公司（示例）",
    "浙江楠溪生态环境勘察规划设计研究院有限公司（示例）",
    "杭州湾北水利规划咨询有限公司（示例）",
    "丽水石帆技术服务有限公司（示例）",
    "宁波甬江环境科技有限公司（示例）",
    "绍兴稽山工程咨询有限公司（示例）",
    "金华婺江勘察有限公司（示例）",
)
LONG_NAME = "浙江省瓯越山海生态环境保护与水土资源综合治理勘察规划设计咨询研究院有限责任公司温州第一分公司（示例）"


def code(number: int) -> str:
    """A code that stands for an invented agency."""
    return f"9199000{number % 10}MA{number:07d}X"


def agency(number: int) -> AgencyRef:
    """An invented agency."""
    name = NAMES[number] if number < len(NAMES) else f"温州第{number}技术服务有限公司（示例）"
    return AgencyRef(code(number), name)


def people(count: int) -> Mapping[str, AgencyRef]:
    """Bidders ``B0``, ``B1``, … and who they are."""
    return {f"B{number}": agency(number) for number in range(count)}


def instant(minutes: float) -> str:
    """So many minutes after the opening, as cases write it."""
    return (OPENING + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def mock_case() -> Case:
    """The four bidders of the mock's award page."""
    rows = (
        (13_860_000, 18, 9_600, 6, (1_300, 1_300, 1_360, 1_250, 1_300)),
        (12_980_000, 25, 8_900, 9, (1_290, 1_240, 1_230, 1_180, 1_241)),
        (12_150_000, 30, 8_250, 2, (1_077, 1_077, 1_077, 1_077, 1_077)),
        (15_200_000, 20, 9_125, 3, (1_207, 1_207, 1_207, 1_207, 1_207)),
    )
    criteria: list[Json] = [
        {"kind": "price", "points": 45, "formula": "lowest"},
        {"kind": "days", "points": 15},
        {"kind": "credit", "points": 20},
        {"kind": "experience", "points": 5, "each": 100},
        {"kind": "plan", "points": 15},
    ]
    return parse_case(
        {
            "terms": {
                "mode": "comprehensive", "ceiling_fen": 18_000_000, "min_bidders": 3, "max_days": 40,
                "criteria": criteria, "low_price": {"below_mean_bp": 8_000}, "ties": ["price", "draw"],
            },
            "bids": [
                {"bidder": f"B{at}", "price_fen": price, "days": days, "credit": credit, "experience": count,
                 "marks": list(marks)}
                for at, (price, days, credit, count, marks) in enumerate(rows)
            ],
        }
    )  # fmt: skip


def wide_case(count: int = 12) -> Case:
    """Many bidders, the mean formula, grades, one rejected for its price and one above the ceiling."""
    bids: list[Json] = [
        {"bidder": f"B{at}", "price_fen": 10_000_000 + at * 321_000, "days": 20 + at % 7, "credit": 8_000 + at * 10,
         "grade": ("甲级", "乙级", "丙级")[at % 3]}
        for at in range(count)
    ]  # fmt: skip
    bids.append({"bidder": f"B{count}", "price_fen": 99_000_000, "days": 10, "credit": 9_000, "grade": "甲级"})
    bids.append(
        {"bidder": f"B{count + 1}", "price_fen": 1_000_000, "days": 9, "credit": 9_000, "explanation": "rejected"}
    )
    criteria: list[Json] = [
        {
            "kind": "price", "points": 60, "formula": "mean", "above": 60, "below": 30, "below_max": 2_000,
            "deviation": "whole_up", "drop_from": 5, "factor_bp": [9_700],
        },
        {"kind": "days", "points": 20},
        {"kind": "grade", "points": 20, "table": {"甲级": 20, "乙级": 12}},
    ]  # fmt: skip
    terms: dict[str, Json] = {
        "mode": "comprehensive", "ceiling_fen": 20_000_000, "min_bidders": 3, "criteria": criteria, "ties": ["draw"],
        "low_price": {"below_mean_bp": 7_000, "below_ceiling_bp": 4_500},
    }  # fmt: skip
    return parse_case({"terms": terms, "bids": bids, "draw": DRAW})


def few_case() -> Case:
    """Two bidders where three are needed."""
    return parse_case(_priced([11_000_000, 12_000_000], 3))


def tied_case() -> Case:
    """Two equal offers that only the draw tells apart."""
    return parse_case({**_priced([11_000_000, 11_000_000, 12_000_000], 3), "draw": DRAW})


def undrawn_case() -> Case:
    """The same without inputs."""
    return parse_case(_priced([11_000_000, 11_000_000, 12_000_000], 3))


def low_case() -> Case:
    """The first is abnormally low and has not explained itself."""
    raw = _priced([5_000_000, 11_000_000, 12_000_000], 3)
    terms = raw["terms"]
    assert isinstance(terms, dict)
    return parse_case({**raw, "terms": {**terms, "low_price": {"below_second_bp": 7_000}}})


def _priced(prices: Sequence[int], least: int) -> dict[str, Json]:
    return {
        "terms": {
            "mode": "comprehensive", "ceiling_fen": 18_000_000, "min_bidders": least,
            "criteria": [{"kind": "price", "points": 100, "formula": "lowest"}], "ties": ["draw"],
        },
        "bids": [{"bidder": f"B{at}", "price_fen": price} for at, price in enumerate(prices)],
    }  # fmt: skip


def rounds_case() -> Case:
    """Six bidders, three rounds (sealed, open, open): an extension, a bid too late, an elimination, refusals."""
    offers = [
        ("B0", 3, 25_300_000, 20), ("B1", 5, 24_000_000, 25), ("B2", 7, 23_500_000, 20), ("B3", 9, 24_900_000, 25),
        ("B4", 12, 25_000_000, 22), ("B5", 14, 25_500_000, 40), ("B9", 15, 20_000_000, 20),
        ("B0", 41, 22_000_000, 20), ("B1", 44, 21_500_000, 25), ("B5", 45, 20_000_000, 20),
        ("B2", 47, 21_600_000, 20), ("B2", 48, 21_400_000, 20), ("B0", 59, 20_800_000, 20),
        ("B1", 60.5, 20_300_000, 25), ("B2", 63, 20_200_000, 20), ("B2", 81, 20_050_000, 20),
        ("B1", 84, 19_800_000, 25), ("B0", 87.5, 19_600_000, 20), ("B2", 120, 19_000_000, 20),
    ]  # fmt: skip
    rounds: list[Json] = [
        {"kind": "sealed", "opens_at": instant(0), "closes_at": instant(30), "survivors": 5},
        {"kind": "open", "opens_at": instant(40), "closes_at": instant(60), "survivors": 3},
        {"kind": "open", "opens_at": instant(70), "closes_at": instant(90)},
    ]
    terms: dict[str, Json] = {
        "mode": "multi_round", "ceiling_fen": 26_000_000, "min_bidders": 3, "step_fen": 50_000, "step_basis": "leader",
        "rounds": rounds, "extension": {"window_s": 120, "extend_s": 120, "limit": 5}, "day_value_fen": 20_000,
        "max_days": 45, "ties": ["price", "received"],
    }  # fmt: skip
    return parse_case(
        {
            "terms": terms,
            "bidders": [{"bidder": f"B{at}"} for at in range(6)],
            "offers": [
                {"bidder": bidder, "at": instant(minutes), "price_fen": price, "days": days}
                for bidder, minutes, price, days in offers
            ],
        }
    )


def shelf_case(rule: str = "cheapest") -> Case:
    """Five shelf offers, two of them out."""
    rows = (
        (25_000, 500_000, 8, 2, 30), (20_000, 2_600_000, 15, 0, 30), (21_000, 100_000, 6, 4, 30),
        (22_000, 2_600_000, 12, 1, 30), (15_000, 0, 10, 3, -1),
    )  # fmt: skip
    criteria: list[Json] = [
        {"kind": "price", "points": 70, "formula": "lowest"},
        {"kind": "credit", "points": 30},
    ]
    terms: dict[str, Json] = {
        "mode": "instant", "rule": rule, "ceiling_fen": 3_000_000, "max_days": 20, "quantity": 120, "min_bidders": 1,
        "ties": ["price", "days", "draw"], **({"criteria": criteria} if rule == "best_value" else {}),
    }  # fmt: skip
    return parse_case(
        {
            "terms": terms,
            "at": instant(0),
            "offers": [
                {
                    "bidder": f"B{at}", "unit_price_fen": unit, "minimum_fee_fen": least, "days": days,
                    "capacity": capacity, "credit": 8_000 + at * 100, "valid_from": instant(-60 * 24 * 30),
                    "valid_until": instant(60 * 24 * valid),
                }
                for at, (unit, least, days, capacity, valid) in enumerate(rows)
            ],
        }
    )  # fmt: skip
