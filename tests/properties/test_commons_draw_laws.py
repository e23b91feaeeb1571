from __future__ import annotations

import hashlib
import hmac
from collections import Counter

from hypothesis import assume, given
from hypothesis import strategies as st

from commons.draws import Draw, hkdf_expand, tickets

DRAWS = st.builds(Draw, st.binary(min_size=1, max_size=80), st.binary(min_size=1, max_size=80))
IDS = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=6)
ID_LISTS = st.lists(IDS, unique=True, max_size=12)


def by_the_book(draw: Draw, label: str) -> bytes:
    """HKDF-Expand to 32 bytes over the standard library's HMAC object, apart from the code under test."""
    prk = hmac.new(draw.salt, draw.ikm, hashlib.sha256).digest()
    return hmac.new(prk, label.encode() + b"\x01", hashlib.sha256).digest()


@given(DRAWS, ID_LISTS)
def test_the_order_is_by_rank_and_the_rank_is_hkdf(draw: Draw, ids: list[str]) -> None:
    assert draw.order(ids) == tuple(sorted(ids, key=lambda label: by_the_book(draw, label)))
    assert all(draw.rank(id) == hkdf_expand(draw.prk, id.encode(), 32) == by_the_book(draw, id) for id in ids)


@given(DRAWS, st.dictionaries(IDS, st.integers(1, 9), max_size=8))
def test_the_weighted_order_is_by_the_smallest_of_all_tickets(draw: Draw, weights: dict[str, int]) -> None:
    def smallest(id: str) -> bytes:
        return min(by_the_book(draw, f"{id}/{ticket}") for ticket in range(1, weights[id] + 1))

    assert draw.weighted_order(weights.items()) == tuple(sorted(weights, key=smallest))
    assert all(draw.weighted_rank(id, weight) == smallest(id) for id, weight in weights.items())


@given(DRAWS, ID_LISTS, IDS)
def test_adding_or_removing_a_bidder_never_moves_the_others(draw: Draw, ids: list[str], other: str) -> None:
    assume(other not in ids)
    assert [id for id in draw.order([*ids, other]) if id != other] == list(draw.order(ids))
    assert draw.order(reversed(ids)) == draw.order(ids)


@given(DRAWS, IDS, st.integers(1, 20))
def test_one_more_ticket_never_makes_a_place_worse(draw: Draw, id: str, weight: int) -> None:
    assert draw.weighted_rank(id, weight + 1) <= draw.weighted_rank(id, weight)


@given(DRAWS, IDS, st.integers(-(10**30), 10**30), st.integers(1, 2**64))
def test_a_drawn_integer_lies_in_its_range_and_is_the_first_fair_value(draw: Draw, name: str, lo: int, n: int) -> None:
    drawn = draw.integer(name, lo, lo + n - 1)
    limit, attempt = 2**64 // n * n, 0
    while (value := int.from_bytes(by_the_book(draw, f"{name}/{attempt}")[:8], "big")) >= limit:
        attempt += 1
    assert drawn == lo + value % n


@given(st.integers())
def test_tickets_are_one_to_a_hundred(credit: int) -> None:
    assert 1 <= tickets(credit) <= 100
    assert tickets(credit) <= tickets(credit + 1)


def test_everybody_wins_in_proportion_to_the_tickets() -> None:
    # 3,000 draws of fixed inputs (so the figure never changes): 1, 2 and 3 tickets of six
    weights = [("a", 1), ("b", 2), ("c", 3)]
    wins = Counter(Draw(b"salt", number.to_bytes(4, "big")).weighted_order(weights)[0] for number in range(3_000))
    chi_square = sum((wins[id] - 500 * weight) ** 2 / (500 * weight) for id, weight in weights)
    assert 0.002 < chi_square < 13.8  # two degrees of freedom, p between 0.999 and 0.001
