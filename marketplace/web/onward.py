"""Where somebody goes on to after a step on the way: signing in, claiming, joining, registering a certificate.

It is a page of this site, never another one (no open redirect). It travels in the address of the step (``onward``), and
is read by ``onward_of`` each time that somebody is sent on.

Invariants: the address begins with one slash, names no host, holds nothing that a browser reads as one (``//``, a
backslash, a tab), and its path is a page of ours. Source: trust.md section 2; OWASP ASVS 5 (open redirects).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from marketplace.web.addresses import ACCOUNT, SIGN_IN, SIGN_OUT, STATIC, is_known
from marketplace.web.page_frame import Display, address

ONWARD = "onward"
"""The query key, and the name of a form's field."""
LONGEST = 500
_PLAIN = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", re.ASCII)
_NOWHERE = (SIGN_IN, SIGN_OUT, STATIC)


def leading(path: str, onward: str, *query: tuple[str, str], fragment: str = "") -> str:
    """The address of a step that leads on to that page; "" for one that leads nowhere."""
    return address(path, (*query, (ONWARD, onward)), Display(), fragment)


def choosing_path(onward: str) -> str:
    """Where one chooses as what to act, and goes on from there."""
    return ACCOUNT if onward == ACCOUNT else leading(ACCOUNT, onward, fragment="roles")


def onward_of(text: str | None, *, otherwise: str = ACCOUNT) -> str:
    """The address when it is a page of this site, else the other one."""
    if text is None or len(text) > LONGEST or not _PLAIN.fullmatch(text):
        return otherwise
    try:
        parts = urlsplit(text)
    except ValueError:
        return otherwise
    if parts.scheme or parts.netloc or not is_known(parts.path) or "//" in parts.path:
        return otherwise
    if any(parts.path == one or parts.path.startswith(f"{one}/") for one in _NOWHERE):
        return otherwise
    return text
