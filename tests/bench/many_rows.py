"""Rows of a large market, made by seeded dice: the same for the same seed, sizes and day, whatever is asked for first.

Titles are put together from the province's counties, words of places and works, and the catalogue's items; states are
those of a market some years old: a few hundredths still collect, an eighth came to nothing. Every name is invented and
carries （示例）.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from agencies.store import agency_words
from commons.grams import grams_of
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.demands.store import demand_words
from tests.usecases.market import code, sealed_terms

PLACES = (
    "梧田", "三垟", "永强", "霓屿", "珊溪", "百丈", "清江", "昆阳", "灵溪", "南塘", "北塘", "柳市", "虹桥", "瓯北",
    "沙城", "白象", "龙港", "楠溪江", "飞云江", "桃花岛", "云和湖", "东湖", "西溪", "南浔", "新丰", "盐官", "长街",
    "石浦", "慈城", "章安", "路桥", "黄龙", "双溪", "金清", "大溪", "松门", "衢江", "廿里", "古城", "凤凰山",
    "六横", "衢山", "嵊山", "壶镇", "新碧", "船寮", "温溪",
)  # fmt: skip
WORKS = (
    "旅游集散中心", "水库库周公路边坡整治", "片区排涝泵站", "渔港避风锚地", "湿地水环境提升工程",
    "农场地块土地复垦", "大道改建工程", "光伏复合发电项目", "工业园区二期", "城中片区改造一期", "中心小学扩建",
    "人民医院门诊楼", "污水处理厂提标改造", "标准厂房", "跨江大桥", "轨道交通车辆段", "变电站配套", "养老服务中心",
    "冷链物流园", "安置房壹号地块", "海塘安澜工程", "智能制造产业园", "文化礼堂", "停车综合体", "码头泊位改造",
    "垃圾焚烧发电厂", "数据中心", "饮用水源地保护", "高标准农田", "河道综合治理",
)  # fmt: skip
OWNERS = (
    "建设投资有限公司", "城市发展集团有限公司", "水利建设中心", "交通投资有限公司", "教育局", "卫生健康局",
    "开发区管理委员会", "文旅发展有限公司", "自然资源和规划局", "国有资本运营有限公司",
)  # fmt: skip
SURNAMES = "华信中正恒远同诚东方瑞丰宏达金桥天平瓯越浙禾立德博雅铭泰信义科创海川盛世安邦永嘉润泽明德"
TRADES = (
    "工程咨询", "勘测设计", "环境科技", "测绘地理信息", "安全技术", "土地房产评估", "检测技术", "造价咨询",
    "规划设计",
)  # fmt: skip
OPEN = (("published", 86), ("evaluating", 4), ("choosing", 3), ("suspended", 4), ("offers_closed", 3))
DONE = (
    ("archived", 60), ("rated", 8), ("accepted", 6), ("delivered", 6), ("contracted", 10), ("awarded", 4),
    ("publicity", 3), ("award_proposed", 3),
)  # fmt: skip
FAILED = (("unsuccessful", 8), ("cancelled", 3), ("withdrawn", 2))
MODES = (
    ("comprehensive", 34), ("multi_round", 24), ("instant", 18), ("mean_price", 8), ("random_draw", 7),
    ("credit_draw", 5), ("direct", 4),
)  # fmt: skip
COUNTIES = tuple(one for one in REGIONS.rows if one.level == "county" and one.validity.until is None)
OWNER_CODES = tuple(code(number, "11990000MA") for number in range(1, 2_001))
DAYS = 1_095
"""How old the oldest demand is."""
TERMS = json.dumps(sealed_terms())
DEMAND_COLUMNS = (
    "id", "selection", "state", "title", "owner_code", "owner_name", "buyer_class", "project_code", "project_name",
    "region", "city", "place", "item", "quantity", "ceiling_fen", "max_days", "mode", "terms", "recusals", "profile",
    "is_regional_assessment", "is_example", "posted_at", "published_at", "sign_up_closes_at", "closes_at", "outcome",
    "reason", "winner", "winning_fen", "decided_at", "further_items", "rules", "declared", "words", "winner_words",
    "grams", "publicity_until",
)  # fmt: skip
SELECTION_COLUMNS = ("id", "demand", "mode", "state", "last_at")
AGENCY_COLUMNS = ("uscc", "name", "kind", "region", "city", "filed_at", "is_example", "words", "grams")


class Word(NamedTuple):
    """A word by weight: the running sum of weights up to it."""

    word: str
    upto: int


def weighed(words: tuple[tuple[str, int], ...]) -> tuple[Word, ...]:
    """Words with their running weights."""
    total, made = 0, []
    for word, weight in words:
        total += weight
        made.append(Word(word, total))
    return tuple(made)


OPEN_W, DONE_W, FAILED_W, MODE_W = weighed(OPEN), weighed(DONE), weighed(FAILED), weighed(MODES)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows, by which dice, as of which instant."""

    demands: int = 1_000_000
    agencies: int = 100_000
    seed: int = 20261123
    open_share: float = 0.03


@dataclass(frozen=True, slots=True)
class Filed:
    """An agency that may win."""

    uscc: str
    name: str
    words: str


def _publicity(state: str, decided: datetime, at: datetime, outcome: str | None) -> datetime | None:
    """When the award is no longer publicised: three days after it, or still to come."""
    if outcome != "award":
        return None
    return (at if state in {"award_proposed", "publicity"} else decided) + timedelta(days=3)


def pick(dice: random.Random, words: tuple[Word, ...]) -> str:
    """One by weight."""
    at = dice.random() * words[-1].upto
    return next(one.word for one in words if at < one.upto)


def agencies(sizes: Sizes, at: datetime) -> Iterator[tuple[Any, ...]]:
    """Rows of the directory, by number."""
    dice = random.Random(sizes.seed)
    counties = COUNTIES
    for number in range(1, sizes.agencies + 1):
        county = dice.choice(counties)
        city = REGIONS.chain(county.code)[1]
        brand = dice.choice(SURNAMES) + dice.choice(SURNAMES)
        name = f"{city.name.removesuffix('市')}{brand}{dice.choice(TRADES)}有限公司（示例{number}）"
        words = agency_words(code(number), name)
        filed_at = at - timedelta(days=dice.randrange(DAYS), seconds=number)
        yield code(number), name, "company", county.code, city.code, filed_at, True, words, grams_of(words)


def demands(sizes: Sizes, at: datetime, filed: list[Filed]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Rows of demands with their selections, by number; winners are of the agencies ``filed``."""
    dice = random.Random(sizes.seed + 1)
    counties, items = COUNTIES, load_catalogue().items
    for number in range(1, sizes.demands + 1):
        county, item = dice.choice(counties), dice.choice(items)
        share = dice.random()
        is_open = share < sizes.open_share
        mode = pick(dice, MODE_W)
        state = pick(dice, OPEN_W if is_open else FAILED_W if share > 1 - 0.12 else DONE_W)
        outcome = None if is_open else "unsuccessful" if state == "unsuccessful" else "award"
        outcome = None if state in {"cancelled", "withdrawn"} else outcome
        age = dice.random() * (20 if is_open else DAYS)
        published = at - timedelta(days=age, microseconds=number)
        closes = None if mode in {"instant", "direct"} else published + timedelta(days=21 + dice.random() * 20)
        decided = None if is_open else published + timedelta(days=dice.random() * min(30, age))
        ceiling = dice.randrange(20_000, 5_000_000) * 100
        winner = dice.choice(filed) if outcome == "award" and filed else None
        work = f"{county.name}{dice.choice(PLACES)}{dice.choice(WORKS)}"
        title, owner = f"{work}{item.name}（示例）", f"{county.name}{dice.choice(OWNERS)}（示例）"
        identifier, project = f"D{number:09d}", f"2609-{county.code}-04-01-{number % 1_000_000:06d}"
        city = REGIONS.chain(county.code)[1].code
        words = demand_words(title, work, owner, project, "", region=county.code)
        winner_words = winner.words if winner else ""
        yield (
            identifier, f"S{number:09d}", state, title, OWNER_CODES[number % 2_000], owner,
            "fiscal", project, work, county.code, city, "", item.code, 1, ceiling, dice.choice((None, 10, 20, 30, 60)),
            mode, TERMS, "[]", "generic-v1", item.regional_assessment, True, published, published,
            None if closes is None else published + timedelta(days=5), closes, outcome,
            "too_few_bidders" if outcome == "unsuccessful" else None, winner.uscc if winner else None,
            ceiling * dice.randrange(60, 100) // 100 if winner else None, decided, [], "{}", "{}", words, winner_words,
            grams_of(f"{words}\n{winner_words}"), _publicity(state, at if decided is None else decided, at, outcome),
        ), (f"S{number:09d}", identifier, mode, "open" if is_open else "settled", published)  # fmt: skip
