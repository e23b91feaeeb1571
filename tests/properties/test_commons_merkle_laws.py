from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from commons.merkle import (
    Frontier,
    HashName,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root,
)

ENTRIES = st.lists(st.binary(max_size=4), min_size=1, max_size=40)
NAMES: st.SearchStrategy[HashName] = st.sampled_from(["sha256", "sm3"])


# The definitions of RFC 6962 section 2.1, word for word, over entries (not leaf hashes): slow and obviously right.


def hashed(data: bytes, name: str) -> bytes:
    return hashlib.new(name, data).digest()


def largest_power_of_two_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: list[bytes], name: str) -> bytes:
    if not d:
        return hashed(b"", name)
    if len(d) == 1:
        return hashed(b"\x00" + d[0], name)
    k = largest_power_of_two_below(len(d))
    return hashed(b"\x01" + mth(d[:k], name) + mth(d[k:], name), name)


def path(m: int, d: list[bytes], name: str) -> list[bytes]:
    if len(d) == 1:
        return []
    k = largest_power_of_two_below(len(d))
    return [*path(m, d[:k], name), mth(d[k:], name)] if m < k else [*path(m - k, d[k:], name), mth(d[:k], name)]


def subproof(m: int, d: list[bytes], name: str, *, complete: bool) -> list[bytes]:
    if m == len(d):
        return [] if complete else [mth(d, name)]
    k = largest_power_of_two_below(len(d))
    if m <= k:
        return [*subproof(m, d[:k], name, complete=complete), mth(d[k:], name)]
    return [*subproof(m - k, d[k:], name, complete=False), mth(d[:k], name)]


def leaves_of(entries: list[bytes], name: HashName) -> list[bytes]:
    return [leaf_hash(entry, hash_name=name) for entry in entries]


@given(ENTRIES, NAMES, st.data())
def test_roots_and_proofs_are_those_of_the_definition(
    entries: list[bytes], name: HashName, data: st.DataObject
) -> None:
    leaves = leaves_of(entries, name)
    index, old_size = data.draw(st.integers(0, len(entries) - 1)), data.draw(st.integers(1, len(entries)))
    assert root(leaves, hash_name=name) == mth(entries, name)
    assert list(inclusion_proof(leaves, index, hash_name=name)) == path(index, entries, name)
    expected = subproof(old_size, entries, name, complete=True)
    assert list(consistency_proof(leaves, old_size, hash_name=name)) == expected


@given(ENTRIES, NAMES, st.data())
def test_every_proof_that_is_made_holds(entries: list[bytes], name: HashName, data: st.DataObject) -> None:
    leaves = leaves_of(entries, name)
    index, old_size = data.draw(st.integers(0, len(entries) - 1)), data.draw(st.integers(1, len(entries)))
    top = mth(entries, name)
    included = inclusion_proof(leaves, index, hash_name=name)
    assert is_included(included, index=index, size=len(entries), leaf=leaves[index], root=top, hash_name=name)
    consistent = consistency_proof(leaves, old_size, hash_name=name)
    old = mth(entries[:old_size], name)
    assert is_consistent(consistent, old_size=old_size, size=len(entries), old_root=old, root=top, hash_name=name)


def damaged(proof: tuple[bytes, ...], data: st.DataObject) -> list[bytes]:
    """The proof with one bit, one node or one place wrong; never the same again."""
    parts, kind = list(proof), data.draw(st.sampled_from(["insert", "drop", "flip", "cut"] if proof else ["insert"]))
    at = data.draw(st.integers(0, len(parts) - (kind != "insert")))
    match kind:
        case "insert":
            parts.insert(at, data.draw(st.binary(min_size=31, max_size=32)))
        case "drop":
            del parts[at]
        case "flip":
            byte = data.draw(st.integers(0, 31))
            parts[at] = parts[at][:byte] + bytes((parts[at][byte] ^ 0x40,)) + parts[at][byte + 1 :]
        case "cut":
            parts[at] = parts[at][:-1]
    return parts


@given(st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=40, unique=True), st.data())
def test_a_damaged_proof_never_holds(entries: list[bytes], data: st.DataObject) -> None:
    leaves, size = leaves_of(entries, "sha256"), len(entries)
    index, old_size = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    top, old = root(leaves), root(leaves[:old_size])
    included = damaged(inclusion_proof(leaves, index), data)
    assert not is_included(included, index=index, size=size, leaf=leaves[index], root=top)
    consistent = damaged(consistency_proof(leaves, old_size), data)
    assert not is_consistent(consistent, old_size=old_size, size=size, old_root=old, root=top)


@given(st.lists(st.binary(min_size=8, max_size=8), min_size=2, max_size=40, unique=True), st.data())
def test_an_entry_that_was_changed_breaks_every_proof_over_it(entries: list[bytes], data: st.DataObject) -> None:
    leaves, size = leaves_of(entries, "sha256"), len(entries)
    at, index, old_size = (data.draw(st.integers(0, size - 1)) for _ in range(3))
    old_size += 1
    forged = [*leaves[:at], leaf_hash(b"forged"), *leaves[at + 1 :]]
    top = root(forged)
    assert not is_included(inclusion_proof(leaves, index), index=index, size=size, leaf=leaves[index], root=top)
    old = root(leaves[:old_size])
    holds = is_consistent(consistency_proof(forged, old_size), old_size=old_size, size=size, old_root=old, root=top)
    assert holds is (at >= old_size)


@given(st.lists(st.binary(max_size=40), max_size=4), st.integers(), st.integers(), st.binary(max_size=33), st.data())
def test_verifying_nonsense_is_a_no_and_never_an_error(
    proof: list[bytes], one: int, other: int, leaf: bytes, data: st.DataObject
) -> None:
    top = data.draw(st.binary(max_size=33).filter(lambda given: given != leaf))
    assert not is_included(proof, index=one, size=other, leaf=leaf, root=top)
    assert not is_consistent(proof, old_size=one, size=other, old_root=leaf, root=top)


@given(ENTRIES, NAMES, st.lists(st.integers(0, 40), max_size=4))
def test_a_tree_that_grew_in_steps_is_the_tree_built_at_once(
    entries: list[bytes], name: HashName, cuts: list[int]
) -> None:
    leaves = leaves_of(entries, name)
    frontier, done = Frontier(hash_name=name), 0
    for cut in [*sorted(cuts), len(leaves)]:
        frontier = Frontier(frontier.size, frontier.peaks, name).extended(leaves[done:cut])  # as if kept between
        done = max(done, min(cut, len(leaves)))
        assert frontier.root == mth(entries[:done], name)
    assert frontier == Frontier(hash_name=name).extended(leaves)
