"""Invented players of a sheet's demand: the same dice gives the same, prices stay in range, a split sums exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from bidding.joint_purchase import check_split
from bidding.terms import DirectTerms, MeanPriceTerms
from commons.verdicts import Allowed
from marketplace.demo.scenes.invented_offers import (
    HIGHEST_BP,
    LOWEST_BP,
    MAX_PLAYERS,
    ROUND_FEN,
    invented_bidder,
    invented_split,
    players,
)
from marketplace.seed.loading import load_seed, resolve

PLANS = resolve(load_seed(), at=datetime(2026, 11, 23, 1, tzinfo=UTC)).agencies
DIRECT = DirectTerms(ceiling_fen=18_000_000, max_days=30)
MEAN = MeanPriceTerms(
    ceiling_fen=18_000_000, ties=("draw",), drop_from=5, dropped_may_win=False, factor_bp=(10_000,), max_days=30
)


def dice(seed: int = 7) -> Random:
    return Random(seed)


def test_the_same_dice_gives_the_same_players_and_offers() -> None:
    def all_of(seed: int) -> list[object]:
        own = dice(seed)
        return [invented_bidder(plan, MEAN, own) for plan in players(PLANS, own)]

    assert all_of(7) == all_of(7)
    assert all_of(7) != all_of(8)
    assert len(all_of(7)) == MAX_PLAYERS
    assert len(players(PLANS[:2], dice())) == 2
    assert players((), dice()) == []


@pytest.mark.parametrize("terms", [DIRECT, MEAN], ids=lambda terms: terms.mode)
def test_prices_and_days_stay_inside_what_the_terms_allow(terms: DirectTerms | MeanPriceTerms) -> None:
    own = dice()
    for _ in range(200):
        one = invented_bidder(PLANS[0], terms, own)
        assert terms.ceiling_fen * LOWEST_BP // 10_000 - ROUND_FEN <= one.price_fen
        assert one.price_fen <= terms.ceiling_fen * HIGHEST_BP // 10_000
        assert 15 <= one.days <= 30
    assert invented_bidder(PLANS[0], replace(terms, ceiling_fen=1), own).price_fen == 1


@pytest.mark.parametrize("price_fen", [1, 2, 999, 17_463_001])
@pytest.mark.parametrize("items", [("RA03", "SV12"), ("RA03", "SV12", "SV23", "RA04")])
def test_a_joint_price_falls_to_its_items_to_the_last_fen(items: tuple[str, ...], price_fen: int) -> None:
    own = dice()
    for _ in range(50):
        assert isinstance(check_split(items, price_fen, invented_split(items, price_fen, own)), Allowed)


def test_the_price_of_one_item_is_not_split() -> None:
    assert invented_split(("RA03",), 100, dice()) == ()
