from __future__ import annotations

from time import process_time

import pytest

from commons.draws import MAX_EXPANDED, Draw, hkdf_expand, hkdf_extract, tickets

DRAW = Draw(bytes.fromhex("00112233"), bytes.fromhex("aabbcc"))
# computed apart, with hmac.new alone
ORDER = ("b", "a", "c", "d")
WEIGHTED_ORDER = ("b", "c", "a", "d")
INTEGERS = [0, 0, 1, 8, 140156, 1460814720555399898]


@pytest.mark.parametrize(
    ("ikm", "salt", "info", "prk", "okm"),
    [
        (
            "0b" * 22, "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)).hex(), bytes(range(0x60, 0xB0)).hex(), bytes(range(0xB0, 0x100)).hex(),
            "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            ("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
             "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"),
        ),
        (
            "0b" * 22, "", "",
            "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
    ids=["A.1", "A.2", "A.3"],
)  # fmt: skip
def test_hkdf_gives_the_values_of_rfc_5869(ikm: str, salt: str, info: str, prk: str, okm: str) -> None:
    key = hkdf_extract(bytes.fromhex(salt), bytes.fromhex(ikm))
    assert key.hex() == prk
    assert hkdf_expand(key, bytes.fromhex(info), len(okm) // 2).hex() == okm


def test_expansion_has_the_bounds_of_the_rfc() -> None:
    assert hkdf_expand(b"key", b"", 0) == b""
    assert len(hkdf_expand(b"key", b"", MAX_EXPANDED)) == 8160
    for length in (-1, MAX_EXPANDED + 1):
        with pytest.raises(ValueError, match="length"):
            hkdf_expand(b"key", b"", length)


@pytest.mark.parametrize(("salt", "ikm"), [(b"", b"x"), (b"x", b""), (b"", b"")])
def test_a_draw_without_inputs_does_not_exist(salt: bytes, ikm: bytes) -> None:
    with pytest.raises(ValueError, match="both"):
        Draw(salt, ikm)


def test_equal_inputs_are_the_same_draw() -> None:
    again = Draw(bytes.fromhex("00112233"), bytes.fromhex("aabbcc"))
    assert again == DRAW
    assert again.rank("a") == DRAW.rank("a")
    assert Draw(b"other", b"ikm").rank("a") != DRAW.rank("a")


def test_ids_are_utf_8_in_labels() -> None:
    assert DRAW.rank("甲") == hkdf_expand(DRAW.prk, "甲".encode(), 32)


@pytest.mark.parametrize(
    ("credit", "held"),
    [(-500, 1), (0, 1), (99, 1), (100, 1), (199, 1), (200, 2), (8950, 89), (9999, 99), (10_000, 100), (99_999, 100)],
)
def test_credit_gives_one_ticket_for_each_whole_point_and_one_at_least(credit: int, held: int) -> None:
    assert tickets(credit) == held


def test_the_order_of_a_known_draw_never_changes() -> None:
    assert DRAW.order(["a", "b", "c", "d"]) == ORDER
    assert DRAW.weighted_order([("a", 1), ("b", 2), ("c", 3), ("d", 1)]) == WEIGHTED_ORDER
    assert [DRAW.integer("factor", 0, last) for last in (0, 1, 2, 9, 10**6, 2**64 - 1)] == INTEGERS


@pytest.mark.parametrize("ids", [["a", "b", "a"], ["a", "a/1"]])
def test_an_id_that_would_hold_two_places_is_refused(ids: list[str]) -> None:
    with pytest.raises(ValueError, match="id"):
        DRAW.order(ids)
    with pytest.raises(ValueError, match="id"):
        DRAW.weighted_order([(id, 1) for id in ids])


@pytest.mark.parametrize("weight", [0, -1])
def test_nobody_takes_part_without_a_ticket(weight: int) -> None:
    with pytest.raises(ValueError, match="ticket"):
        DRAW.weighted_rank("a", weight)


@pytest.mark.parametrize(("lo", "hi"), [(1, 0), (0, 2**64)])
def test_an_integer_needs_a_range_that_can_be_drawn_from(lo: int, hi: int) -> None:
    with pytest.raises(ValueError, match="cannot draw"):
        DRAW.integer("factor", lo, hi)


def test_a_value_that_would_favour_small_results_is_drawn_again() -> None:
    # over a range of 2^63 + 1 nearly every second u64 is refused: of forty names some need a second attempt
    count = 2**63 + 1
    names = [f"n{number}" for number in range(40)]
    firsts = {name: int.from_bytes(hkdf_expand(DRAW.prk, f"{name}/0".encode(), 8), "big") for name in names}
    again = [name for name in names if firsts[name] >= count]
    assert 5 < len(again) < 35
    for name in names:
        if name not in again:
            assert DRAW.integer(name, 7, 7 + count - 1) == 7 + firsts[name]
        else:
            attempts = (int.from_bytes(hkdf_expand(DRAW.prk, f"{name}/{i}".encode(), 8), "big") for i in range(1, 99))
            assert DRAW.integer(name, 7, 7 + count - 1) == 7 + next(value for value in attempts if value < count)


def test_ten_thousand_bidders_are_ordered_in_a_moment() -> None:
    ids = [f"bidder-{number}" for number in range(10_000)]
    start = process_time()
    assert len(DRAW.order(ids)) == 10_000
    assert process_time() - start < 2
