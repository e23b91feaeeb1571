"""Service items that were cleaned up (清理规范): from the day a document abolished them nobody may ask for them.

Invariants: half-open in Beijing days: an item is abolished on ``day ≥ valid_to``; the document is named in the refusal.
Source: data/README.md, market.md section 3.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from io import StringIO
from types import MappingProxyType
from typing import cast

from commons.errors import Fault, Malformed
from commons.sources import Source, TextSeen
from commons.verdicts import Reason


@dataclass(frozen=True, slots=True)
class AbolishedItem:
    """An item that no demand may ask for from ``valid_to`` on; ``document`` abolished it."""

    code: str
    name: str
    valid_to: date
    document: Source


def parse_abolished(text: str) -> Mapping[str, AbolishedItem]:
    """CSV ``code,name,valid_to,document,place,text_seen`` → items by code; refuses (``Malformed``) a code twice."""
    found: dict[str, AbolishedItem] = {}
    faults: list[Fault] = []
    for number, row in enumerate(csv.DictReader(StringIO(text))):
        if not row["code"] or row["code"] in found:
            faults.append(Fault(f"/{number}/code", "not_unique", f"code {row['code']!r} is empty or stands twice"))
            continue
        document = Source(row["document"], cast("TextSeen", row["text_seen"]), row["place"])
        found[row["code"]] = AbolishedItem(row["code"], row["name"], date.fromisoformat(row["valid_to"]), document)
    if faults:
        raise Malformed(tuple(faults))
    return MappingProxyType(found)


@cache
def abolished_items() -> Mapping[str, AbolishedItem]:
    """The shipped list, by code (data/README.md)."""
    return parse_abolished(
        (resources.files("marketplace.catalogue") / "data" / "abolished_items.csv").read_text("utf-8")
    )


def abolished(codes: Iterable[str], *, on: date, known: Mapping[str, AbolishedItem]) -> tuple[Reason, ...]:
    """A reason for each of the items that is abolished on that day, with the document that did it."""
    gone = (known[code] for code in codes if code in known and known[code].valid_to <= on)
    return tuple(
        Reason(
            "item_abolished",
            one.document,
            {
                "item": one.code,
                "name": one.name,
                "valid_to": one.valid_to.isoformat(),
                "document": one.document.title,
                "place": one.document.place,
            },
        )
        for one in gone
    )
