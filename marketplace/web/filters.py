"""Filters of the lists: from an address to a filter and back, so that every filter stands in the URL.

A value that cannot be read is a fault with its key, all of them at once; nothing is silently dropped. Amounts are
typed in 万元 with up to six decimals, exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, get_args

from commons.errors import Fault, Malformed
from commons.money import MAX_FEN, half_up
from marketplace.usecases.list_places import is_place
from marketplace.web.views.about import Layer, RestrictionFilter
from marketplace.web.views.agencies import AgencyFilter
from marketplace.web.views.awards import AwardFilter
from marketplace.web.views.demands import DemandFilter, StateGroup
from marketplace.web.views.parts import Mode

Pairs = tuple[tuple[str, str], ...]

MAX_TEXT = 100
"""Characters of one filter value at most."""

MAX_PAGE = 10_000
"""Highest page number that can be asked for."""

FEN_PER_WAN = 1_000_000
_WAN = re.compile(r"\d{1,7}(\.\d{1,6})?", re.ASCII)
_CODE = re.compile(r"[0-9A-Za-z_\-]{0,40}", re.ASCII)
_OUTCOME = Literal["all", "award", "unsuccessful"]


@dataclass(slots=True)
class _Reader:
    """Reads one query, gathering every fault."""

    query: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def text(self, key: str) -> str:
        value = self.query.get(key, "").strip()
        if len(value) > MAX_TEXT:
            self.faults.append(Fault(f"/{key}", "too_long", f"最多 {MAX_TEXT} 个字"))
            return ""
        return value

    def code(self, key: str) -> str:
        value = self.query.get(key, "").strip()
        if not _CODE.fullmatch(value):
            self.faults.append(Fault(f"/{key}", "not_a_code", "不是有效的代码"))
            return ""
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.query.get(key, "").strip()
        if value and value not in choices:
            self.faults.append(Fault(f"/{key}", "not_a_choice", "没有这个选项"))
            return ""
        return value

    def fen(self, key: str) -> int | None:
        value = self.query.get(key, "").strip()
        if not value:
            return None
        fen = half_up(Fraction(value) * FEN_PER_WAN) if _WAN.fullmatch(value) else MAX_FEN + 1
        if fen > MAX_FEN:
            self.faults.append(Fault(f"/{key}", "not_an_amount", "请填写万元数，如 12.5"))
            return None
        return fen

    def page(self) -> int:
        value = self.query.get("page", "").strip() or "1"
        if not (
            value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= MAX_PAGE and len(value) <= len(str(MAX_PAGE))
        ):
            self.faults.append(Fault("/page", "not_a_page", f"页码为 1 至 {MAX_PAGE} 的整数"))
            return 1
        return int(value)

    def box(self, key: str) -> bool:
        return self.choice(key, ("1",)) == "1"

    def finish(self) -> None:
        if self.faults:
            raise Malformed(tuple(self.faults))


def read_page(query: Mapping[str, str]) -> int:
    """The page number, 1 when absent; ``Malformed`` outside 1…``MAX_PAGE``."""
    reader = _Reader(query)
    number = reader.page()
    reader.finish()
    return number


def read_demand_filter(query: Mapping[str, str]) -> DemandFilter:
    """Filter of 需求公告; ``Malformed`` with every fault."""
    reader = _Reader(query)
    lowest, highest = reader.fen("min"), reader.fen("max")
    if lowest is not None and highest is not None and lowest > highest:
        reader.faults.append(Fault("/max", "range_reversed", "最高不能低于最低"))
    made = DemandFilter(
        q=reader.text("q"),
        item=reader.code("item"),
        city=reader.code("city"),
        ceiling_min_fen=lowest,
        ceiling_max_fen=highest,
        state=_state(reader.choice("state", get_args(StateGroup))),
        mode=_mode(reader.choice("mode", get_args(Mode))),
        regional_only=reader.box("ra"),
    )
    reader.finish()
    return made


def read_award_filter(query: Mapping[str, str]) -> AwardFilter:
    """Filter of 中选公告; ``Malformed`` with every fault."""
    reader = _Reader(query)
    made = AwardFilter(
        q=reader.text("q"),
        item=reader.code("item"),
        city=reader.code("city"),
        outcome=_outcome(reader.choice("outcome", get_args(_OUTCOME))),
        mode=_mode(reader.choice("mode", get_args(Mode))),
    )
    reader.finish()
    return made


def read_agency_filter(query: Mapping[str, str]) -> AgencyFilter:
    """Filter of 机构库; ``Malformed`` with every fault."""
    reader = _Reader(query)
    made = AgencyFilter(
        q=reader.text("q"),
        item=reader.code("item"),
        qualification=reader.text("qualification"),
        city=reader.code("city"),
        restricted_only=reader.box("restricted"),
        free_only=reader.box("free"),
        grade=reader.text("grade"),
        offering=reader.code("offering"),
    )
    if made.grade and not made.qualification:
        reader.faults.append(Fault("/grade", "kind_missing", "请先选资质种类"))
    reader.finish()
    return made


def read_turn(query: Mapping[str, str], parts: str = "") -> tuple[str, str]:
    """What a page goes on from, and what it goes back from; ``Malformed`` when both are given.

    It is a code, or with ``parts`` a place in a list that has these.
    """
    reader = _Reader(query)
    after, before = reader.code("after"), reader.code("before")
    for key, text in (("after", after), ("before", before)):
        if parts and text and not is_place(text, parts):
            reader.faults.append(Fault(f"/{key}", "not_a_place", "不是这个列表里的位置"))
    if after and before:
        reader.faults.append(Fault("/before", "both_ways", "只能从一个代码接续"))
    reader.finish()
    return after, before


def read_search_query(query: Mapping[str, str], kinds: tuple[str, ...]) -> tuple[str, str]:
    """What is searched for everywhere, and the kind that is shown; ``Malformed`` with every fault."""
    reader = _Reader(query)
    made = reader.text("q"), reader.choice("kind", kinds)
    reader.finish()
    return made


def read_restriction_filter(query: Mapping[str, str]) -> RestrictionFilter:
    """Filter of 信用公示; ``Malformed`` with every fault."""
    reader = _Reader(query)
    made = RestrictionFilter(
        q=reader.text("q"), layer=_layer(reader.choice("layer", get_args(Layer))), city=reader.code("city")
    )
    reader.finish()
    return made


def _mode(value: str) -> Mode | None:
    return next((mode for mode in get_args(Mode) if mode == value), None)


def _state(value: str) -> StateGroup:
    return next((group for group in get_args(StateGroup) if group == value), "all")


def _outcome(value: str) -> _OUTCOME:
    return next((outcome for outcome in get_args(_OUTCOME) if outcome == value), "all")


def _layer(value: str) -> Layer | None:
    return next((layer for layer in get_args(Layer) if layer == value), None)


def wan_text(fen: int | None) -> str:
    """An amount as it is typed into a filter: 万元 without needless zeros; "" for none."""
    if fen is None:
        return ""
    whole, rest = divmod(fen, FEN_PER_WAN)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def query_of(chosen: DemandFilter | AwardFilter | AgencyFilter | RestrictionFilter) -> Pairs:
    """The filter as query pairs, defaults left out; reading them again gives the same filter."""
    match chosen:
        case DemandFilter():
            pairs = [
                ("q", chosen.q),
                ("item", chosen.item),
                ("city", chosen.city),
                ("min", wan_text(chosen.ceiling_min_fen)),
                ("max", wan_text(chosen.ceiling_max_fen)),
                ("state", "" if chosen.state == "all" else chosen.state),
                ("ra", "1" if chosen.regional_only else ""),
                ("mode", chosen.mode or ""),
            ]
        case AwardFilter():
            outcome = "" if chosen.outcome == "all" else chosen.outcome
            pairs = [("q", chosen.q), ("item", chosen.item), ("city", chosen.city), ("outcome", outcome)]
            pairs.append(("mode", chosen.mode or ""))
        case AgencyFilter():
            pairs = [("q", chosen.q), ("item", chosen.item), ("offering", chosen.offering)]
            pairs += [("qualification", chosen.qualification), ("grade", chosen.grade), ("city", chosen.city)]
            pairs += [("restricted", "1" if chosen.restricted_only else ""), ("free", "1" if chosen.free_only else "")]
        case RestrictionFilter():
            pairs = [("q", chosen.q), ("layer", chosen.layer or ""), ("city", chosen.city)]
    return tuple((key, value) for key, value in pairs if value)


def without(pairs: Pairs, *keys: str) -> Pairs:
    """The pairs but those of these keys."""
    return tuple(pair for pair in pairs if pair[0] not in keys)


def with_value(pairs: Pairs, key: str, value: str) -> Pairs:
    """The pairs with one key set; "" takes it away."""
    rest = without(pairs, key)
    return (*rest, (key, value)) if value else rest
