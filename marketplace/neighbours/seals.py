"""The electronic seal (电子印章) for a paper, asked for by its digest alone; the answer is verified before it counts.

The seal service answers with the digest, its key's name and an Ed25519 signature over ``seal-v1``, digest and name of
the paper; what does not verify under the configured key is no seal. Source: market.md section 4 (a port).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from marketplace.neighbours.client import MESSAGES, Client
from marketplace.neighbours.port import Answer, Letter

WRONG = 422


def sealed_bytes(digest: str, paper: str) -> bytes:
    """What the seal service signs."""
    return f"seal-v1\n{digest}\n{paper}\n".encode()


@dataclass(slots=True)
class Seals(Client):
    """The seal service; ``public_key`` is its Ed25519 key (32 bytes)."""

    public_key: bytes = field(default=b"", repr=False)

    async def take(self, letter: Letter) -> Answer:
        """Ask for the seal of one paper; taken only with a signature that verifies, which is the receipt."""
        asked = json.loads(letter.body)["data"]
        reply = await self.ask("POST", MESSAGES, message_id=letter.id, body=letter.body)
        if reply is None:
            return Answer(None, "no-answer")
        document = reply.document()
        if reply.status != 200 or document is None:  # noqa: PLR2004 - nothing else brings a seal
            return Answer(reply.status if reply.status >= 300 else None, f"status-{reply.status}")  # noqa: PLR2004 - as above
        signature = document.get("signature")
        if document.get("digest") != asked["digest"] or not isinstance(signature, str):
            return Answer(None, "seal-of-another")
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(
                bytes.fromhex(signature), sealed_bytes(asked["digest"], asked["paper"])
            )
        except (InvalidSignature, ValueError):
            return Answer(WRONG, "seal-wrong")
        return Answer(reply.status, "taken", signature)
