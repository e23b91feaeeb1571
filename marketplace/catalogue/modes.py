"""Which modes a buyer may choose, and what the profile asks of each: one table, read from the profile's values.

Buyer class × item class × mode, in a region by its overlay. The most particular key says it:
``mode_MODE_BUYER_ITEMCLASS``, then ``mode_MODE_BUYER``; for the direct choice ``direct_BUYER``. Invariants: what no key
allows is not allowed; the table is total. Source: market.md sections 1 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import get_args

from commons.profiles import ProfileValue, RuleProfile
from commons.sources import Source
from commons.verdicts import Param, Reason
from marketplace.catalogue.items import ItemClass

BUYERS = ("fiscal", "entrusted", "voluntary")
MODES = ("comprehensive", "multi_round", "instant", "mean_price", "random_draw", "credit_draw", "direct")
CLASSES: tuple[str, ...] = get_args(ItemClass)
CLOCKLESS = ("instant", "direct")
"""Modes without a sign-up."""

MODES_RULE = Source("涉批中介网上超市选取方式规则（generic-v1）", "no", "market.md 4")

_KEYS = frozenset(
    name
    for mode, buyer in product(MODES[:-1], BUYERS)
    for name in (f"mode_{mode}_{buyer}", *(f"mode_{mode}_{buyer}_{one}" for one in CLASSES))
)


def is_mode_key(key: str) -> bool:
    """Whether a key says that a mode is allowed to a buyer class, for every item or for a class of items."""
    return key in _KEYS


@dataclass(frozen=True, slots=True)
class ModeRule:
    """One row: whether a mode is open to a buyer of this class for items of that class, and with what.

    ``minimum`` bidders (None: a direct choice has none), ``sign_up`` and ``publicity`` are the profile's values.
    """

    buyer: str
    item_class: str
    mode: str
    allowed: bool
    source: Source
    minimum: ProfileValue | None
    sign_up: ProfileValue | None
    publicity: ProfileValue


def mode_rule(profile: RuleProfile, buyer: str, item_class: str, mode: str) -> ModeRule:
    """The row of the table."""
    said = _said(profile, buyer, item_class, mode)
    minimum = None if mode == "direct" else profile[minimum_key(mode, buyer)]
    return ModeRule(
        buyer, item_class, mode, said is not None and bool(said.value), MODES_RULE if said is None else said.source,
        minimum, None if mode in CLOCKLESS else profile["sign_up"],
        profile["publicity_voluntary" if buyer == "voluntary" else "publicity"],
    )  # fmt: skip


def mode_table(profile: RuleProfile) -> Iterator[ModeRule]:
    """Every row, by buyer class, item class, mode."""
    for buyer, item_class, mode in product(BUYERS, CLASSES, MODES):
        yield mode_rule(profile, buyer, item_class, mode)


def minimum_key(mode: str, buyer: str) -> str:
    """The key of the fewest bidders: a voluntary buyer has one for all modes but the shelf."""
    if mode == "instant":
        return "minimum_bidders_instant"
    return "minimum_bidders_voluntary" if buyer == "voluntary" else f"minimum_bidders_{mode}"


def judge_mode(profile: RuleProfile, buyer: str, item_classes: Iterable[str], mode: str) -> tuple[Reason, ...]:
    """Refuses a mode that the profile does not open to this buyer for these items; a direct choice has its own rule."""
    if mode == "direct":
        return ()
    for one in dict.fromkeys(item_classes):
        rule = mode_rule(profile, buyer, one, mode)
        if not rule.allowed:
            params: dict[str, Param] = {"buyer_class": buyer, "mode": mode, "item_class": one}
            return (Reason("mode_not_allowed", rule.source, params),)
    return ()


def _said(profile: RuleProfile, buyer: str, item_class: str, mode: str) -> ProfileValue | None:
    keys = (f"mode_{mode}_{buyer}_{item_class}", f"mode_{mode}_{buyer}") if mode != "direct" else (f"direct_{buyer}",)
    return next((profile.values[key] for key in keys if key in profile.values), None)
