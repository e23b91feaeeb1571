"""A case file (案卷): the case alone, or ``{"case": …}`` with what was decided, whose award it is, why it was kept.

Read strictly: exact JSON, known keys, integers alone; every fault with its pointer. Source: selection.md section 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from bidding.reading.fields import Fields
from commons.canonical import Json
from commons.documents import Faults, read_document

MAX_CASE_BYTES = 16 * 1024 * 1024
"""Bytes of one case at most: selection.md, head."""

KEYS = ("case", "decision", "why", "award")


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The case as it stands in the file and the pointer to it; what the file says was decided, and of which award.

    ``decision`` and ``award`` are as they stand there, None where they do not.
    """

    case: Json
    pointer: str
    decision: Json = None
    award: Json = None


def read_case_file(data: bytes, *, max_bytes: int = MAX_CASE_BYTES) -> CaseFile:
    """Bytes of a file → what stands in it; ``Malformed`` where it is no JSON, too large, or holds anything else."""
    document = read_document(data, max_bytes=max_bytes)
    if not isinstance(document, dict) or "case" not in document:
        return CaseFile(document, "")
    faults = Faults()
    Fields(document, "", KEYS, faults)
    faults.raise_if_any()
    return CaseFile(document["case"], "/case", document.get("decision"), document.get("award"))
