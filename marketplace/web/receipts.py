"""What was just done, said on the page one is sent on to: its words by code, and the receipt's number.

It travels in the address, signed with the session, so that nobody else's link can claim that something was done;
whoever is not signed in is told by the page itself. Source: pages.md (confirmation with a number); ADR 0030.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode, urlsplit, urlunsplit

from marketplace.web.locale.done_words import DONE
from marketplace.web.page_frame import Told

TOLD_KEY = "told"
_TOLD = re.compile(r"([a-z_]{1,60})\.([0-9A-Za-z_-]{0,64})\.([0-9a-f]{32})", re.ASCII)
_RECEIPT = re.compile(r"[0-9A-Za-z_-]{0,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Done:
    """Where one goes on, what was done (a code of ``locale.done_words``), and the number of its receipt."""

    address: str
    what: str = ""
    receipt: str = ""

    def __post_init__(self) -> None:
        """A code that has words, a number without spaces."""
        assert not self.what or self.what in DONE, self.what
        assert _RECEIPT.fullmatch(self.receipt), self.receipt


def told_query(done: Done, secret: str) -> str:
    """The address to go on to, telling what was done where somebody is signed in."""
    if not done.what or not secret:
        return done.address
    parts = urlsplit(done.address)
    told = urlencode({TOLD_KEY: f"{done.what}.{done.receipt}.{_seal(secret, parts.path, done.what, done.receipt)}"})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, told)))))


def read_told(given: str, secret: str, path: str) -> Told | None:
    """What an address tells; None unless this session was told so for this very page."""
    found = _TOLD.fullmatch(given)
    if found is None or found[1] not in DONE:
        return None
    if not hmac.compare_digest(_seal(secret, path, found[1], found[2]), found[3]):
        return None
    return Told(DONE[found[1]], found[2])


def _seal(secret: str, path: str, what: str, receipt: str) -> str:
    return hmac.new(secret.encode(), f"told-v1\n{path}\n{what}\n{receipt}".encode(), sha256).hexdigest()[:32]
