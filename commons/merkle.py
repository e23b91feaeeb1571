"""The Merkle tree of the public record: roots, and proofs that an entry is in it and that nothing was rewritten.

Invariants: a leaf can never be taken for a node (prefixes 0x00 and 0x01); a proof has exactly one right length;
verifying is total: whatever the proof holds, the answer is yes or no, never an exception.
Source: RFC 6962 section 2.1 and RFC 9162 section 2.1; the algorithms of verification are RFC 9162's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, assert_never

from commons.errors import Unavailable

HashName = Literal["sha256", "sm3"]
"""SM3 is GB/T 32905, for the parallel root."""

_LEAF = b"\x00"
_NODE = b"\x01"

Hasher = Callable[[bytes], bytes]


def leaf_hash(entry: bytes, *, hash_name: HashName = "sha256") -> bytes:
    """Hash of an entry as a leaf; all other functions here take leaves in this form."""
    return hasher(hash_name)(_LEAF + entry)


def node_hash(left: bytes, right: bytes, *, hash_name: HashName = "sha256") -> bytes:
    """Hash of an inner node over its two children."""
    return hasher(hash_name)(_NODE + left + right)


def root(leaves: Iterable[bytes], *, hash_name: HashName = "sha256") -> bytes:
    """Root over leaf hashes, in order; without leaves, the hash of nothing."""
    return Frontier(hash_name=hash_name).extended(leaves).root


@dataclass(frozen=True, slots=True)
class Frontier:
    """All a growing tree must keep: its size and the roots of its full subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()
    hash_name: HashName = "sha256"

    def __post_init__(self) -> None:
        """Refuse a frontier whose peaks do not match its size, as when it was kept wrongly."""
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            message = f"{len(self.peaks)} peaks do not make a tree of {self.size}"
            raise ValueError(message)

    def extended(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes, in order."""
        digest, size, peaks = hasher(self.hash_name), self.size, list(self.peaks)
        for leaf in leaves:
            peaks.append(leaf)
            complete = size
            while complete & 1:
                right = peaks.pop()
                peaks[-1] = digest(_NODE + peaks[-1] + right)
                complete >>= 1
            size += 1
        return Frontier(size, tuple(peaks), self.hash_name)

    @property
    def root(self) -> bytes:
        """Root of the tree so far."""
        digest = hasher(self.hash_name)
        if not self.peaks:
            return digest(b"")
        *others, folded = self.peaks
        for peak in reversed(others):
            folded = digest(_NODE + peak + folded)
        return folded


def inclusion_proof(leaves: Sequence[bytes], index: int, *, hash_name: HashName = "sha256") -> tuple[bytes, ...]:
    """Proof that the leaf at the index is in the tree of all the leaves; refuses an index outside (``ValueError``)."""
    if not 0 <= index < len(leaves):
        message = f"no leaf {index} in a tree of {len(leaves)}"
        raise ValueError(message)
    proof: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(root(leaves[middle:high], hash_name=hash_name))
            high = middle
        else:
            proof.append(root(leaves[low:middle], hash_name=hash_name))
            low = middle
    return tuple(reversed(proof))


def consistency_proof(leaves: Sequence[bytes], old_size: int, *, hash_name: HashName = "sha256") -> tuple[bytes, ...]:
    """Proof that the first ``old_size`` leaves stand unchanged in the tree of all; refuses a size outside 1…all."""
    if not 1 <= old_size <= len(leaves):
        message = f"no consistency of a tree of {len(leaves)} with one of {old_size}"
        raise ValueError(message)
    proof: list[bytes] = []
    low, high = 0, len(leaves)
    while old_size != high:
        middle = low + _split(high - low)
        if old_size <= middle:
            proof.append(root(leaves[middle:high], hash_name=hash_name))
            high = middle
        else:
            proof.append(root(leaves[low:middle], hash_name=hash_name))
            low = middle
    if low:
        proof.append(root(leaves[low:high], hash_name=hash_name))
    return tuple(reversed(proof))


def is_included(
    proof: Sequence[bytes], *, index: int, size: int, leaf: bytes, root: bytes, hash_name: HashName = "sha256"
) -> bool:
    """Whether the proof shows the leaf hash at this index of the tree with this size and root."""
    digest = hasher(hash_name)
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof), digest):
        return False
    fn, sn, folded = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            folded = digest(_NODE + sibling + folded)
            fn, sn = _past_missing(fn, sn)
        else:
            folded = digest(_NODE + folded + sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and folded == root


def is_consistent(
    proof: Sequence[bytes],
    *,
    old_size: int,
    size: int,
    old_root: bytes,
    root: bytes,
    hash_name: HashName = "sha256",
) -> bool:
    """Whether the proof shows that the new tree begins with the whole old one; an old tree without leaves shows no."""
    digest = hasher(hash_name)
    if not 1 <= old_size <= size or not _are_hashes((old_root, root, *proof), digest):
        return False
    if old_size == size:
        return not proof and old_root == root
    path = (old_root, *proof) if old_size & (old_size - 1) == 0 else tuple(proof)
    if not path:
        return False
    fn, sn = _past_odd(old_size - 1, size - 1)
    old_folded = folded = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old_folded = digest(_NODE + sibling + old_folded)
            folded = digest(_NODE + sibling + folded)
            fn, sn = _past_missing(fn, sn)
        else:
            folded = digest(_NODE + folded + sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old_folded == old_root and folded == root


def hasher(hash_name: HashName) -> Hasher:
    """The hash function itself; SM3 where this Python's OpenSSL has none is ``Unavailable``."""
    match hash_name:
        case "sha256":
            return _sha256
        case "sm3":
            return _sm3
        case _:
            assert_never(hash_name)


def _sha256(data: bytes) -> bytes:
    return sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError as missing:
        message = "the OpenSSL of this Python has no SM3: the SM3 root cannot be computed here"
        raise Unavailable(message) from missing


def _split(size: int) -> int:
    """The largest power of two below the size (2 and more): where the tree parts."""
    return 1 << (size - 1).bit_length() - 1


def _past_missing(fn: int, sn: int) -> tuple[int, int]:
    """Up the levels where the node at the right edge has no sibling."""
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _past_odd(fn: int, sn: int) -> tuple[int, int]:
    """Up to the largest full subtree that ends where the old tree ends."""
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _are_hashes(values: Iterable[bytes], digest: Hasher) -> bool:
    length = len(digest(b""))
    return all(len(value) == length for value in values)
