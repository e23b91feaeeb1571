from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest

from commons.merkle import HashName, is_consistent, is_included, leaf_hash, node_hash, root

Load = Callable[[str], Any]


@pytest.fixture
def vectors(public_vectors: Load) -> dict[str, Any]:
    found: dict[str, Any] = public_vectors("rfc6962_merkle.json")
    return found


def test_the_basic_hashes_are_equal(vectors: dict[str, Any]) -> None:
    empty, empty_leaf, leaf, node = vectors["hash_basics"]
    assert root([]).hex() == empty["hex"]
    assert leaf_hash(bytes.fromhex(empty_leaf["leaf"])).hex() == empty_leaf["hex"]
    assert leaf_hash(bytes.fromhex(leaf["leaf"])).hex() == leaf["hex"]
    assert node_hash(bytes.fromhex(node["left"]), bytes.fromhex(node["right"])).hex() == node["hex"]


@pytest.mark.parametrize("hash_name", ["sha256", "sm3"])
def test_the_roots_of_all_nine_trees_are_equal(vectors: dict[str, Any], hash_name: HashName) -> None:
    leaves = [leaf_hash(bytes.fromhex(entry), hash_name=hash_name) for entry in vectors["leaves_hex"]]
    roots = {str(size): root(leaves[:size], hash_name=hash_name).hex() for size in range(len(leaves) + 1)}
    assert len(roots) == 9
    assert roots == vectors[f"roots_{hash_name}"]


def test_of_49_inclusion_proofs_the_2_right_ones_hold_and_the_47_others_are_refused(vectors: dict[str, Any]) -> None:
    answers = [
        is_included(
            [b64decode(part) for part in row["proof"] or ()],
            index=row["leafIdx"],
            size=row["treeSize"],
            leaf=b64decode(row["leafHash"] or ""),
            root=b64decode(row["root"] or ""),
        )
        for row in vectors["inclusion"]
    ]
    assert answers == [not row["wantErr"] for row in vectors["inclusion"]]
    assert (answers.count(True), answers.count(False)) == (2, 47)


def test_of_49_consistency_proofs_the_2_right_ones_hold_and_the_47_others_are_refused(vectors: dict[str, Any]) -> None:
    answers = [
        is_consistent(
            [b64decode(part) for part in row["proof"] or ()],
            old_size=row["size1"],
            size=row["size2"],
            old_root=b64decode(row["root1"] or ""),
            root=b64decode(row["root2"] or ""),
        )
        for row in vectors["consistency"]
    ]
    assert answers == [not row["wantErr"] for row in vectors["consistency"]]
    assert (answers.count(True), answers.count(False)) == (2, 47)
