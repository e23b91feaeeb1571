"""What a golden log holds, and what it must give in every later version.

A log is the record of one selection: the envelope, hash, salt and private part of each event, and the instants at
which bidders were voided. Beside it stands what followed then: the fold, and for each ruling its case and decision.
Later versions may know more of the same record (new fields of the fold, new keys of a decision): what was written then
must come out unchanged, to the byte. Logs are only ever added: none is edited, rewritten or taken away, and a change of
the product after which one of them does not replay is not made.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from bidding.assembling import case_of, draw_nonces
from bidding.commitments import draw_inputs
from bidding.selection import Selection, fold
from commons.events import Actor, Event, Recorded
from commons.instants import format_instant, parse_instant

LOGS = Path(__file__).parent / "logs"
SUMS = LOGS / "SHA256SUMS"
"""The hash of every log ever written, one a line, as ``sha256sum`` writes them; lines are only ever added."""


def sum_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    return sha256(path.read_bytes()).hexdigest()


def read_log(name: str) -> dict[str, Any]:
    """The log of that name."""
    return cast("dict[str, Any]", json.loads((LOGS / f"{name}.json").read_text("utf-8")))


def recorded_of(log: Mapping[str, Any]) -> tuple[Recorded, ...]:
    """The log's events as the product reads them."""
    return tuple(Recorded(_event(one["envelope"]), one["private"]) for one in log["events"])


def _event(envelope: Mapping[str, Any]) -> Event:
    rest = {key: envelope[key] for key in ("v", "id", "type", "subject", "seq", "prev", "data", "priv")}
    actor = Actor(envelope["actor"]["role"], envelope["actor"]["id"])
    return Event(at=parse_instant(envelope["at"]), actor=actor, refs=tuple(envelope["refs"]), **rest)


def voids_of(log: Mapping[str, Any], *, before: datetime | None = None) -> dict[str, datetime]:
    """When bidders were voided, only those before an instant when one is given."""
    voided = {bidder: parse_instant(at) for bidder, at in log["voids"].items()}
    return {bidder: at for bidder, at in voided.items() if before is None or at < before}


def folded(log: Mapping[str, Any], *, up_to: int | None = None) -> Selection:
    """The state that the log's events make, of the first ``up_to`` of them when given."""
    return fold(log["selection"], recorded_of(log)[:up_to], voids_of(log))


def rebuilt_case(log: Mapping[str, Any], ruling: Mapping[str, Any]) -> dict[str, Any] | None:
    """The case of a ruling from the events before it; credit scores are not the record's and come from the case.

    A direct choice has no case: nothing is computed.
    """
    state = folded(log, up_to=ruling["seq"] - 1)
    case = ruling["case"]
    if state.mode == "direct":
        return None
    if state.mode == "instant":
        return {**case, "terms": dict(state.terms)}
    credits = {one["bidder"]: one["credit"] for one in case.get("bidders", case.get("bids", []))}
    credits = {bidder: credits.get(bidder, 0) for bidder in state.participants}
    as_of = parse_instant(ruling["as_of"])
    before = as_of if state.evaluation is None else as_of + timedelta(microseconds=1)
    draw = None
    if "draw" in case:
        draw = draw_inputs(str(state.preimage), draw_nonces(state) or {}, str(state.owner_nonce))
    return cast("dict[str, Any]", case_of(state, credits, draw=draw, before=before))


def plain(value: Any) -> Any:
    """A folded state as JSON: instants as text, records as objects, tuples as arrays."""
    if isinstance(value, datetime):
        return format_instant(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, tuple | list) else value


def as_known_then(now: Any, then: Any) -> Any:
    """``now`` without the keys that ``then`` did not have yet."""
    if isinstance(now, Mapping) and isinstance(then, Mapping):
        return {key: as_known_then(one, then[key]) for key, one in now.items() if key in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [as_known_then(one, old) for one, old in zip(now, then, strict=True)]
    return now
