"""An attachment (附件): a file that somebody added, by its content.

Invariants: ``sha256`` is of the bytes that were sent, and stays in evidence; the public copy has other bytes (its
metadata is taken out) and a hash of its own. Source: market.md section 4, pages.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

FileKind = Literal["pdf", "png", "jpeg", "docx", "xlsx"]

MEDIA_TYPES: Mapping[FileKind, str] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "png": "image/png",
        "jpeg": "image/jpeg",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""What each kind is served as, whatever it was sent as."""

MAX_FILE_BYTES = 20 * 1024 * 1024
"""Bytes of one file."""
MAX_FILES_A_DAY = 200
"""Files that one actor adds in a Beijing day."""
MAX_BYTES_A_DAY = 500 * 1024 * 1024
"""Bytes that one actor adds in a Beijing day."""
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
"""Bytes that the parts of an Office file unpack to."""
MAX_PARTS = 5_000
"""Parts of an Office file, and of a picture."""
MAX_ATTACHED = 20
"""Attachments that one act refers to."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file as kept; ``uploaded_by`` is ``role:id``, sizes are bytes, hashes SHA-256 in hex."""

    id: str
    sha256: str
    name: str
    size: int
    kind: FileKind
    uploaded_by: str
    uploaded_at: datetime
    public_sha256: str
    public_size: int
