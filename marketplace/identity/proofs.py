"""How somebody proves who he is: passwords by argon2id, codes by time (TOTP), recovery codes, bearer secrets.

Invariants: no secret is kept that could be used as it is kept (a TOTP key is sealed, all else hashed); comparing takes
as long for an unknown login as for a known one. Source: trust.md section 2; RFC 6238 by ``cryptography``, argon2-cffi.
"""

from __future__ import annotations

import hmac
import re
from asyncio import get_running_loop
from base64 import b32encode
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from hashlib import sha256
from secrets import choice, token_bytes, token_hex, token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

ISSUER = "涉批中介网上超市"
DIGITS, STEP_S = 6, 30
SKEW_STEPS = 1
"""Steps that a clock may be before or behind."""
RECOVERY_CODES = 10
TOKEN_PREFIX = "mkt_"  # noqa: S105 - marks a token of ours in a leak, and is none itself
TOKEN_BYTES = 32
MASK_BYTES = sha256().digest_size
_FORM_TOKEN = re.compile(rf"[0-9a-f]{{{4 * MASK_BYTES}}}", re.ASCII)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_HASHER = PasswordHasher()
_AT_ONCE = ThreadPoolExecutor(2, thread_name_prefix="passwords")
"""Hashes computed at the same time at most, in whatever event loop: each takes 64 MiB and a core."""


async def hash_password(password: str) -> str:
    """What is kept of a password, in argon2's own text with its parameters."""
    return await get_running_loop().run_in_executor(_AT_ONCE, _HASHER.hash, password)


async def is_password(kept: str | None, given: str) -> bool:
    """Whether it is the one; without a kept one the same work is done for nothing, so that time tells nothing."""
    return await get_running_loop().run_in_executor(_AT_ONCE, _compare, kept, given)


@cache
def _nobody() -> str:
    """A hash that nothing matches, made at the first unknown login."""
    return _HASHER.hash(token_hex(16))


def _compare(kept: str | None, given: str) -> bool:
    try:
        return _HASHER.verify(kept or _nobody(), given) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_totp_key() -> bytes:
    """The key of a second factor: 160 bits."""
    return token_bytes(20)


def totp_uri(key: bytes, login: str) -> str:
    """What an authenticator reads from a QR code (otpauth)."""
    return _totp(key).get_provisioning_uri(login, ISSUER)


def totp_text(key: bytes) -> str:
    """The key as it is typed by hand, in groups of four."""
    text = b32encode(key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def totp_step_of(key: bytes, code: str, *, at: datetime, after: int | None) -> int | None:
    """The time step whose code it is, None when it is no code of now; a step used before (``after``) counts no more."""
    if not _CODE.fullmatch(code):
        return None
    now = int(at.timestamp()) // STEP_S
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        if after is not None and step <= after:
            continue
        try:
            _totp(key).verify(code.encode(), step * STEP_S)
        except InvalidToken:
            continue
        return step
    return None


def _totp(key: bytes) -> TOTP:
    return TOTP(key, DIGITS, SHA1(), STEP_S)  # noqa: S303 - what authenticators compute


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 50 bits, each used once: ``K7QM-2XWD-9R``."""
    return tuple("-".join(_letters(4) for _ in range(2)) + "-" + _letters(2) for _ in range(RECOVERY_CODES))


def _letters(count: int) -> str:
    return "".join(choice(_ALPHABET) for _ in range(count))


def recovery_digest(account: str, code: str) -> bytes:
    """What is kept of a recovery code: how it is spelt does not matter."""
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())
    return sha256(f"recovery-v1\n{account}\n{plain}".encode()).digest()


def new_secret() -> str:
    """A cookie's value or a state: 256 random bits as text."""
    return token_urlsafe(TOKEN_BYTES)


def new_token() -> str:
    """A token for programs."""
    return TOKEN_PREFIX + token_urlsafe(TOKEN_BYTES)


def secret_digest(secret: str) -> bytes:
    """What is kept of a bearer secret."""
    return sha256(secret.encode()).digest()


def form_token(secret: str) -> str:
    """What a form of this session carries against forged requests (CSRF): it follows from the session alone.

    Masked anew each time, so that compressed pages tell nothing of it (BREACH).
    """
    mask = token_bytes(MASK_BYTES)
    return (mask + _masked(mask, _form_proof(secret))).hex()


def is_form_token(secret: str, given: str) -> bool:
    """Whether a form was made for this session."""
    if not _FORM_TOKEN.fullmatch(given):
        return False
    sent = bytes.fromhex(given)
    return hmac.compare_digest(_masked(sent[:MASK_BYTES], sent[MASK_BYTES:]), _form_proof(secret))


def _form_proof(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"form-v1", sha256).digest()


def _masked(mask: bytes, plain: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, plain, strict=True))
