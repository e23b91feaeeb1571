from __future__ import annotations

from collections.abc import Callable
from typing import Any

from commons.draws import hkdf_expand, hkdf_extract
from commons.merkle import hasher

Load = Callable[[str], Any]


def test_sm3_is_equal_on_all_three_messages(public_vectors: Load) -> None:
    rows = public_vectors("sm3.json")["vectors"]
    assert [hasher("sm3")(bytes.fromhex(row["msg_hex"])).hex() for row in rows] == [row["sm3"] for row in rows]
    assert len(rows) == 3


def test_hkdf_is_equal_in_key_and_output(public_vectors: Load) -> None:
    rows = public_vectors("rfc8032_rfc5869.json")["hkdf_sha256"]
    assert len(rows) == 1
    for row in rows:
        prk = hkdf_extract(bytes.fromhex(row["salt"]), bytes.fromhex(row["ikm"]))
        assert prk.hex() == row["prk"]
        assert hkdf_expand(prk, bytes.fromhex(row["info"]), row["L"]).hex() == row["okm"]
