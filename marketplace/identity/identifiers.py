"""Identifiers of people and places: kept encrypted, matched by keyed hash, shown masked.

Invariants: without the key nobody can tell who is meant, nor try names against what is stored; the same identifier
always gives the same digest under one key; changing the key needs every digest made anew. Source: credit.md section 6.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Literal
from unicodedata import normalize

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from marketplace.settings import Settings

NONCE_BYTES = 12
KEY_BYTES = 32
_KEPT, _TICKET = b"identifier", b"second-step ticket"
"""What a text was sealed for: the label that is authenticated with it (AAD)."""
_DEVELOPMENT = sha256(b"an identifier key for development and tests alone").hexdigest()
_DASHES = re.compile(r"[\-‐‑‒–—―－〜~～]+")
_MARKS = re.compile(r"[\s·・,，.。、()（）#＃]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9a-z]) (?=[0-9a-z])")
LEAST_DIGITS, LEAST_ADDRESS = 5, 6
"""Digits of a telephone number, and characters of an address, below which it points at nobody."""


Domain = Literal["person", "contact", "address"]


def normal_form(domain: Domain, text: str) -> str | None:
    """One spelling of an identifier, or None where too little is left of it to point at anybody.

    A number of a person: letters and digits. A telephone number: its digits. An address: without spaces and marks, but
    numbers stay apart, so that no. 1 room 12 is not no. 11 room 2.
    """
    plain = normalize("NFKC", text).casefold()
    if domain == "person":
        return _MARKS.sub("", plain) or None
    if domain == "contact":
        digits = "".join(one for one in plain if one.isascii() and one.isdigit())
        return digits if len(digits) >= LEAST_DIGITS else None
    spaced = _MARKS.sub(" ", _DASHES.sub("-", plain)).strip()
    kept = _BETWEEN_DIGITS.sub("\x00", spaced).replace(" ", "").replace("\x00", " ")
    return kept if len(kept) >= LEAST_ADDRESS else None


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The keys made from the one in the settings: one hashes, one encrypts what is kept, one what is handed out."""

    hashing: bytes
    sealing: bytes
    handing: bytes

    @classmethod
    def of(cls, key_hex: str) -> Identifiers:
        """Keys from 64 hex digits."""
        key = bytes.fromhex(key_hex)
        assert len(key) == KEY_BYTES, "the settings have checked it"
        made = HKDF(SHA256(), 2 * KEY_BYTES, salt=None, info=b"shepi identifiers v1").derive(key)
        handing = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"shepi tickets v1").derive(key)
        return cls(made[:KEY_BYTES], made[KEY_BYTES:], handing)

    @classmethod
    def from_settings(cls, settings: Settings) -> Identifiers:
        """The installation's own; in development without a key, the one for development."""
        return cls.of(settings.identifier_key or _DEVELOPMENT)

    def digest(self, domain: Domain, text: str) -> str | None:
        """What is matched: 64 hex digits of a keyed hash over one spelling of it; None: it points at nobody.

        ``domain`` keeps kinds of identifiers apart, so that a telephone number never matches a certificate.
        """
        plain = normal_form(domain, text)
        if plain is None:
            return None
        return hmac.new(self.hashing, f"{domain}\n{plain}".encode(), sha256).hexdigest()

    def seal(self, text: str) -> bytes:
        """What is stored: nonce, then AES-256-GCM."""
        return _sealed(self.sealing, text, _KEPT)

    def open(self, sealed: bytes) -> str:
        """The identifier again, for whoever is entitled to see it; altered bytes are an error of ``cryptography``."""
        return _opened(self.sealing, sealed, _KEPT)

    def seal_ticket(self, text: str) -> bytes:
        """What goes out to a browser and comes back, under a key and a label of its own.

        Neither passes for what is stored, nor the other way round.
        """
        return _sealed(self.handing, text, _TICKET)

    def open_ticket(self, sealed: bytes) -> str:
        """What the ticket says; anything else is an error of ``cryptography``."""
        return _opened(self.handing, sealed, _TICKET)


def _sealed(key: bytes, text: str, label: bytes) -> bytes:
    nonce = token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), label)


def _opened(key: bytes, sealed: bytes, label: bytes) -> str:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], label).decode()


DEVELOPMENT = Identifiers.of(_DEVELOPMENT)
"""For tests and the demo."""
