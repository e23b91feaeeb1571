from __future__ import annotations

import hashlib
from typing import NoReturn

import pytest

from commons.errors import Unavailable
from commons.merkle import (
    Frontier,
    consistency_proof,
    hasher,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root,
)

LEAVES = [leaf_hash(bytes((number,))) for number in range(7)]


def test_the_empty_tree_and_the_empty_leaf_have_the_well_known_hashes() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_sm3_of_abc_is_the_standards_example() -> None:
    assert hasher("sm3")(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert root([], hash_name="sm3") == hashlib.new("sm3").digest()


def test_a_python_without_sm3_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_sm3(name: str, data: bytes) -> NoReturn:
        message = f"unsupported hash type {name}, {len(data)}"
        raise ValueError(message)

    monkeypatch.setattr("commons.merkle.hashlib.new", without_sm3)
    with pytest.raises(Unavailable, match="SM3"):
        leaf_hash(b"", hash_name="sm3")
    assert leaf_hash(b"")


def test_another_hash_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        hasher("md5")  # type: ignore[arg-type]  # what must not work


def test_the_proofs_of_the_seven_leaf_example_are_those_of_the_rfc() -> None:
    # RFC 9162 section 2.1.5: the tree of d0…d6, its nodes g…l, its proofs by name
    a, b, c, d, e, f, j = LEAVES
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, left = node_hash(i, j), node_hash(g, h)
    assert root(LEAVES) == node_hash(left, k)
    assert inclusion_proof(LEAVES, 0) == (b, h, k)
    assert inclusion_proof(LEAVES, 3) == (c, g, k)
    assert inclusion_proof(LEAVES, 4) == (f, j, left)
    assert inclusion_proof(LEAVES, 6) == (i, left)
    assert consistency_proof(LEAVES, 3) == (c, d, g, k)
    assert consistency_proof(LEAVES, 4) == (k,)
    assert consistency_proof(LEAVES, 6) == (i, j, left)
    assert consistency_proof(LEAVES, 7) == ()


@pytest.mark.parametrize("index", [-1, 7])
def test_no_proof_is_made_for_a_leaf_outside(index: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(LEAVES, index)


@pytest.mark.parametrize("old_size", [-1, 0, 8])
def test_no_proof_is_made_for_an_old_tree_that_is_empty_or_larger(old_size: int) -> None:
    with pytest.raises(ValueError, match="no consistency"):
        consistency_proof(LEAVES, old_size)


def test_a_leaf_is_not_included_under_another_index_size_or_root() -> None:
    proof = inclusion_proof(LEAVES, 2)

    def holds(index: int, size: int, top: bytes) -> bool:
        return is_included(proof, index=index, size=size, leaf=LEAVES[2], root=top)

    assert holds(2, 7, root(LEAVES))
    assert not any(holds(index, 7, root(LEAVES)) for index in (-1, 0, 1, 3, 4, 5, 6, 7, 2**64))
    # (in trees of 5, 6 and 8 the way up from leaf 2 is the same: a checkpoint signs size and root together)
    assert not any(holds(2, size, root(LEAVES)) for size in (-1, 0, 1, 2, 3, 4, 9, 2**64))
    assert not holds(2, 7, root(LEAVES[:6]))


def test_a_proof_of_consistency_without_its_first_node_is_refused() -> None:
    old, new = root(LEAVES[:3]), root(LEAVES)
    assert is_consistent(consistency_proof(LEAVES, 3), old_size=3, size=7, old_root=old, root=new)
    assert not is_consistent((), old_size=3, size=7, old_root=old, root=new)


def test_a_proof_that_goes_on_above_its_own_root_is_refused() -> None:
    # each of these folds up to the root that is claimed; only the sizes give it away
    left, right = LEAVES[:2]
    assert not is_included((left,), index=0, size=1, leaf=right, root=node_hash(left, right))
    longer = (*consistency_proof(LEAVES[:4], 3), left)
    old, new = node_hash(left, root(LEAVES[:3])), node_hash(left, root(LEAVES[:4]))
    assert not is_consistent(longer, old_size=3, size=4, old_root=old, root=new)


@pytest.mark.parametrize(("old_size", "size"), [(0, 0), (0, 1), (0, 7), (-1, 7), (-2, -1), (7, 6)])
def test_nothing_is_consistent_with_an_empty_old_tree_or_a_larger_one(old_size: int, size: int) -> None:
    assert not is_consistent((), old_size=old_size, size=size, old_root=root([]), root=root([]))
    assert not is_consistent((LEAVES[0],), old_size=old_size, size=size, old_root=root([]), root=LEAVES[0])


def test_a_tree_is_consistent_with_itself_by_the_empty_proof_alone() -> None:
    top = root(LEAVES)
    assert is_consistent((), old_size=7, size=7, old_root=top, root=top)
    assert not is_consistent((), old_size=7, size=7, old_root=LEAVES[0], root=top)
    assert not is_consistent((LEAVES[0],), old_size=7, size=7, old_root=top, root=top)


@pytest.mark.parametrize(("size", "peaks"), [(-1, ()), (0, (b"",)), (3, (b"",)), (4, (b"", b""))])
def test_a_frontier_whose_peaks_do_not_fit_its_size_is_refused(size: int, peaks: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(size, peaks)
