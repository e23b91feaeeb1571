"""What happened around an award that is confirmed, objected to or complained about, and to the terms, told in codes.

Private parts are never read: nobody is told who objected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from commons.canonical import Json
from commons.events import Recorded
from commons.instants import parse_instant
from commons.verdicts import Param

TOLD = frozenset(
    {
        "award.lapsed", "award.set_aside", "offers.not_reconfirmed", "selection.withdrawn", "selection.terms_changed",
        "selection.annulled",
    }
)  # fmt: skip
"""Events told here beside those of confirmations, objections and complaints."""
_UNTIL = ("until", "answer_until", "complain_until", "accept_until", "decide_until")
_WHY = ("reason", "grounds", "answer")


def disputes(one: Recorded, names: Mapping[str, str]) -> Iterable[tuple[datetime, str, dict[str, Param]]]:
    """The instant that counts, the code and its numbers; nothing of any other event."""
    kind, data = one.event.type, one.event.data
    if kind in TOLD or kind.startswith(("confirmation.", "objection.", "complaint.")):
        at = parse_instant(str(data["as_of"])) if "as_of" in data else one.event.at
        yield at, _named(kind, data), _params(data, names)


def _params(data: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Param]:
    params: dict[str, Param] = {}
    if isinstance(data.get("bidder"), str):
        bidder = str(data["bidder"])
        params["name"] = names.get(bidder, bidder)
    if "objection" in data:
        params["number"] = cast("int", data["objection"])
    if "bidders" in data:
        params["count"] = len(cast("list[Json]", data["bidders"]))
    for name, keys in (("reason", _WHY), ("until", _UNTIL)):
        if (said := next((data[key] for key in keys if data.get(key) is not None), None)) is not None:
            params[name] = str(said)
    return params


def _named(kind: str, data: Mapping[str, Json]) -> str:
    """The code: a finding says how an objection or complaint ended."""
    subject, _, what = kind.partition(".")
    if "finding" in data:
        return f"{subject}_{data['finding']}"
    return what if subject == "selection" else kind.replace(".", "_")
