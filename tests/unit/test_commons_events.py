from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import pytest

from commons.canonical import Json, canonical
from commons.errors import Conflict, Fault, Forbidden, Malformed, MarketplaceError, NotFound, Unavailable
from commons.events import FIRST, Actor, Draft, Event, Tip, chain, private_hash
from commons.instants import BEIJING
from commons.sources import Source
from commons.verdicts import Allowed, Reason, Refused, verdict

AGENCY = Actor("agency", "a-1")
AT = datetime(2026, 11, 23, 9, 30, 0, 5, tzinfo=BEIJING)
PLACED = Draft(
    "e-1", "offer.placed", MappingProxyType({"price_fen": 100, "名称": "示例"}), refs=("e-0",), priv="ab" * 32
)
DOCUMENT = (
    '{"actor":{"id":"a-1","role":"agency"},"at":"2026-11-23T01:30:00.000005Z","data":{"price_fen":100,"名称":"示例"},'
    '"id":"e-1","prev":"' + FIRST + '","priv":"' + "ab" * 32 + '","refs":["e-0"],"seq":1,"subject":"s-1",'
    '"type":"offer.placed","v":1}'
)


def placed() -> Event:
    return chain(Tip(), (PLACED,), subject="s-1", actor=AGENCY, at=AT)[0]


def test_the_hash_of_an_event_is_over_its_canonical_envelope() -> None:
    event = placed()
    assert event.envelope() == json.loads(DOCUMENT)
    assert event.digest == sha256(DOCUMENT.encode()).hexdigest()
    assert event.digest == "2ab1db68d78bf74041cbf386de42308aeec5f0ba238adf5cd0c14c58c01b4e02"


@pytest.mark.parametrize("text", ["x", '","data":', '"},"id":"', ',"data":{},"id":', "\\", '\\"', "名称"])
def test_the_data_is_kept_as_it_was_written_whatever_the_texts_imitate(text: str) -> None:
    data: dict[str, Json] = {text: [text, {"data": text, "id": text}], "id": text}
    draft = replace(PLACED, id=text, data=data, type=text, refs=(text, text), priv=text)
    event = chain(Tip(3, text), (draft,), subject=text, actor=Actor("owner", text), at=AT)[0]
    assert event.written.encode() == canonical(data)
    assert event.digest == sha256(canonical(event.envelope())).hexdigest()


def test_drafts_of_one_act_follow_the_tip_in_order() -> None:
    tip = Tip(7, "cd" * 32)
    first, second = chain(tip, (PLACED, replace(PLACED, id="e-2", v=2)), subject="s-1", actor=AGENCY, at=AT)
    assert (first.seq, first.prev) == (8, tip.digest)
    assert (second.seq, second.prev, second.v) == (9, first.digest, 2)
    assert (first.at, first.actor, first.subject) == (second.at, second.actor, second.subject)
    assert chain(tip, (), subject="s-1", actor=AGENCY, at=AT) == ()


@pytest.mark.parametrize(
    "change",
    [{"id": "e-9"}, {"type": "offer.voided"}, {"subject": "s-2"}, {"seq": 2}, {"prev": "cd" * 32}, {"v": 2},
     {"refs": ()}, {"priv": None}, {"data": {"price_fen": 101}}, {"actor": Actor("owner", "a-1")},
     {"at": AT.replace(microsecond=6)}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_whatever_changes_in_an_event_changes_its_hash(change: dict[str, Any]) -> None:
    assert replace(placed(), **change).digest != placed().digest


def test_an_event_is_not_edited_and_holds_no_floats() -> None:
    with pytest.raises(FrozenInstanceError):
        placed().seq = 2  # type: ignore[misc]  # what must not work
    with pytest.raises(ValueError, match="float at /data/price"):
        replace(placed(), data={"price": 1.5})  # type: ignore[dict-item]  # what must not work


def test_the_private_part_stays_as_a_salted_hash() -> None:
    salt = bytes(16)
    assert private_hash(salt, b"body") == sha256(b"private-v1" + salt + b"body").hexdigest()
    with pytest.raises(AssertionError, match="16 bytes"):
        private_hash(bytes(15), b"body")


def test_a_verdict_is_allowed_without_reasons_and_refused_with_all_of_them() -> None:
    source = Source("综合比选办法（示例）", "no")
    reasons = (Reason("days_exceeded", source, {"days": 9}), Reason("price_not_positive", source))
    refused = verdict(reasons)
    assert isinstance(refused, Refused)
    assert refused.codes == ("days_exceeded", "price_not_positive")
    assert refused.reasons == reasons
    assert verdict(()) == Allowed()
    with pytest.raises(AssertionError, match="reason"):
        Refused(())


def test_each_kind_of_failure_says_what_it_is_about() -> None:
    faults = (Fault("/a", "missing", "is missing"), Fault("/b", "unknown", "is unknown"))
    failures: list[MarketplaceError] = [
        Malformed(faults), Malformed((Fault("", "empty", "is empty"),)), NotFound("demand", "d-1"),
        Conflict("key_reused", "the key was used"), Forbidden("not_owner", "not yours"), Unavailable("no database"),
    ]  # fmt: skip
    texts = ["/a: is missing", "/: is empty", "no demand 'd-1'", "the key was used", "not yours", "no database"]
    assert [str(failure) for failure in failures] == texts
    with pytest.raises(AssertionError, match="fault"):
        Malformed(())
