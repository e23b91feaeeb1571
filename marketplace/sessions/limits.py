"""How often something may be tried, and how long a session lasts. Source: trust.md section 2 (12 hours)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

SESSION_LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
"""A session that nothing was asked in for so long is over."""
FRESH = timedelta(minutes=5)
"""How long a proof of who somebody is counts for acts that ask for one (step-up)."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a session was last used."""
ATTEMPT_LASTS = timedelta(minutes=10)
"""How long somebody may take at an identity provider."""
TOKEN_DAYS = 366
"""Days that a token for programs lasts at most."""
SWEPT_AFTER = timedelta(days=30)
PROPOSAL_LASTS = timedelta(days=7)
MANDATE_DAYS = 366


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of a kind in a window of so many seconds."""

    kind: str
    most: int
    window_s: int


SIGN_IN_PAIR = Limit("sign-in/login-address", 10, 900)
"""One login name from one address: so nobody locks somebody else out from elsewhere."""
SIGN_IN_LOGIN = Limit("sign-in/login", 300, 900)
"""One login name from everywhere: 300 guesses in a quarter of an hour at a password of ten characters."""
SIGN_IN_ADDRESS = Limit("sign-in/address", 60, 900)
PROVE_AGAIN = Limit("prove/account", 10, 900)
OPEN_ACCOUNT = Limit("open-account/address", 20, 3600)
RECOVER = Limit("recover/login-address", 5, 3600)
RECOVER_LOGIN = Limit("recover/login", 100, 3600)
RECOVER_ADDRESS = Limit("recover/address", 20, 3600)
ATTEMPTS = Limit("provider/address", 60, 900)
VERIFY_ADDRESS = Limit("verify/address", 60, 600)
"""Files from elsewhere that one address may have computed anew."""
