"""Pairs of items that one agency may not both do for a project, as data. Source: data/README.md, market.md 4."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib import resources
from io import StringIO
from typing import cast

from agencies.own_work import OwnWork
from commons.errors import Fault, Malformed
from commons.sources import Source, TextSeen
from marketplace.catalogue.items import load_catalogue


def parse_pairs(text: str, items: Iterable[str]) -> tuple[OwnWork, ...]:
    """CSV ``one,other,source,place,text_seen`` → pairs; refuses (``Malformed``) unknown items, a pair twice."""
    known = frozenset(items)
    pairs: list[OwnWork] = []
    faults: list[Fault] = []
    for number, row in enumerate(csv.DictReader(StringIO(text))):
        faults += [
            Fault(f"/{number}/{key}", "unknown_item", f"{row[key]!r} is not in the catalogue")
            for key in ("one", "other")
            if row[key] not in known
        ]
        if any(pair.meets(row["one"], row["other"]) for pair in pairs):
            faults.append(Fault(f"/{number}/other", "not_unique", "this pair stands twice"))
        source = Source(row["source"], cast("TextSeen", row["text_seen"]), row["place"])
        pairs.append(OwnWork(row["one"], row["other"], source))
    if faults:
        raise Malformed(tuple(faults))
    return tuple(pairs)


@cache
def own_work_pairs() -> tuple[OwnWork, ...]:
    """The shipped pairs."""
    text = (resources.files("marketplace.catalogue") / "data" / "own_work.csv").read_text("utf-8")
    return parse_pairs(text, (item.code for item in load_catalogue().items))
