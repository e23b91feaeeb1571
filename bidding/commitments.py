"""What stands for a bidder in public, and what is committed before a draw: keyed hashes and draw inputs.

Source: trust.md sections 3 and 5, selection.md section 7.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from bidding.selection import Selection
from commons.canonical import Json, canonical


def pseudonym(state: Selection, bidder: str) -> str:
    """What stands for a bidder in public events of a selection: a keyed hash under the selection's own salt.

    The salt is private until the result is public; with it anybody can tell who was who.
    """
    key = bytes.fromhex(state.salt)
    return f"b-{hmac.digest(key, b'bidder-v1' + bidder.encode(), 'sha256').hex()[:32]}"


def commitment_of(selection: str, preimage: bytes) -> str:
    """What is announced of the operator's draw input before sign-up closes: a hash bound to the selection."""
    return sha256(b"draw-preimage-v1" + selection.encode() + b"\x00" + preimage).hexdigest()


def draw_inputs(preimage: str, nonces: Mapping[str, str], owner_nonce: str) -> dict[str, Json]:
    """Salt and input key material in hex: the operator's preimage; the candidates' nonces in order of bidder ‖ owner's.

    Every candidate's nonce is there or the draw stalls: there are no default values (trust.md section 5).
    """
    listed: list[Json] = [[bidder, nonces[bidder]] for bidder in sorted(nonces)]
    return {"salt": preimage, "ikm": (canonical(listed) + bytes.fromhex(owner_nonce)).hex()}
