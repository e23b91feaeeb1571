"""An archive package as one file: a zip whose bytes depend on its members alone.

Invariants: the same members give the same bytes on every machine (no compression, one date, names in order).
Source: market.md section 4.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows; when something happened is in the members."""
UNIX = 3
READABLE = 0o644 << 16


def pack(members: Mapping[str, bytes]) -> bytes:
    """The members as the bytes of a zip."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = UNIX, READABLE
            packed.writestr(entry, members[name])
    return whole.getvalue()
