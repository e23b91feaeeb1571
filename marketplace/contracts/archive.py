"""The index of an archive package (归档目录): what lies in it, with the hash of each member.

Invariants: the same members give the same index; the digest that the record keeps is of the members that anybody may
have, so that erasing what is private leaves it valid; where proofs of the record will lie is named from the start.
Source: market.md section 4, docs/adr/0023.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from commons.canonical import Json, canonical

INDEX = "index.json"
PROOFS = "proofs/"
"""Where proofs of inclusion will lie; they join a package later and are in no digest of it."""
PRIVATE = "private/"
"""What lies here is for the two sides, regulators and auditors: notes, ratings' words, files."""
VERSION = 1


def index_of(contract: str, members: Mapping[str, bytes]) -> bytes:
    """The index as canonical JSON: every member by name with size and SHA-256, and the digest of the public ones."""
    listed: list[Json] = [_entry(name, members[name]) for name in sorted(members)]
    return canonical(
        {
            "v": VERSION,
            "contract": contract,
            "public_sha256": public_digest(members),
            "members": listed,
            "proofs": PROOFS,
        }
    )


def public_digest(members: Mapping[str, bytes]) -> str:
    """SHA-256 in hex over names and hashes of the members that are not private."""
    named: list[Json] = [
        {"name": name, "sha256": sha256(members[name]).hexdigest()}
        for name in sorted(members)
        if not name.startswith(PRIVATE)
    ]
    return sha256(canonical(named)).hexdigest()


def _entry(name: str, body: bytes) -> dict[str, Json]:
    return {"name": name, "sha256": sha256(body).hexdigest(), "size": len(body), "private": name.startswith(PRIVATE)}
