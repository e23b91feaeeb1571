"""The envelope of every decisive act: what happened, when, by whom, after what.

Invariants: an event is never edited or deleted, only followed; ``type`` tags are stable for ever and a change of
shape raises ``v``; ``data`` holds no personal data (that goes to the private part, of which only a salted hash
stays in the event), so that erasing a row leaves every hash valid. Source: trust.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal

from commons.canonical import Json, canonical
from commons.instants import format_instant

_DATA, _ID = b',"data":', b',"id":'
"""What stands before and behind the data in the bytes that are hashed; no text holds a quotation mark unescaped."""

Role = Literal["owner", "agency", "regulator", "operator", "auditor", "delegate", "public", "system"]

FIRST = "0" * 64
"""``prev`` of the first event of a subject."""

MIN_SALT_BYTES = 16
"""Shortest salt that keeps a private part from being guessed back out of its hash."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a role and a pseudonym (never a person's name)."""

    role: Role
    id: str


@dataclass(frozen=True, slots=True)
class Event:
    """One act about one subject; ``seq`` counts the subject's events from 1, ``prev`` is the hash of the one before."""

    id: str
    type: str
    at: datetime
    actor: Actor
    subject: str
    seq: int
    prev: str
    data: Mapping[str, Json]
    v: int = 1
    refs: tuple[str, ...] = ()
    priv: str | None = None
    digest: str = field(init=False)
    written: str = field(init=False, repr=False, compare=False)
    """The data as canonical text, kept so that a large one is not written twice."""

    def __post_init__(self) -> None:
        """Compute the hash once: SHA-256 over the canonical bytes of the envelope, in hex.

        The data stands in them between the actor and the instant, which hold no other object, and the id.
        """
        whole = canonical(self.envelope())
        object.__setattr__(self, "digest", sha256(whole).hexdigest())
        object.__setattr__(self, "written", whole[whole.index(_DATA) + len(_DATA) : whole.rindex(_ID)].decode())

    def envelope(self) -> dict[str, Json]:
        """The public form, as it is hashed and later becomes a leaf of the record."""
        return {
            "v": self.v,
            "id": self.id,
            "type": self.type,
            "at": format_instant(self.at),
            "actor": {"role": self.actor.role, "id": self.actor.id},
            "subject": self.subject,
            "seq": self.seq,
            "prev": self.prev,
            "data": dict(self.data),
            "refs": list(self.refs),
            "priv": self.priv,
        }


@dataclass(frozen=True, slots=True)
class Tip:
    """Where a subject's chain ends: the last ``seq``, hash and instant; (0, ``FIRST``, None) before its first event."""

    seq: int = 0
    digest: str = FIRST
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An act that is about to be appended: everything but its place in the chain."""

    id: str
    type: str
    data: Mapping[str, Json]
    refs: tuple[str, ...] = ()
    priv: str | None = None
    v: int = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it is kept: with its private part, or None when it has none or was erased."""

    event: Event
    private: Mapping[str, Json] | None


def chain(tip: Tip, drafts: tuple[Draft, ...], *, subject: str, actor: Actor, at: datetime) -> tuple[Event, ...]:
    """Drafts of one act → events that follow the tip, in order, one instant and actor; never before the tip."""
    assert tip.at is None or tip.at <= at, f"{subject}: time ran backwards"
    events: list[Event] = []
    for draft in drafts:
        event = Event(
            id=draft.id, type=draft.type, at=at, actor=actor, subject=subject, seq=tip.seq + 1, prev=tip.digest,
            data=draft.data, v=draft.v, refs=draft.refs, priv=draft.priv,
        )  # fmt: skip
        events.append(event)
        tip = Tip(event.seq, event.digest, at)
    return tuple(events)


def private_hash(salt: bytes, body: bytes) -> str:
    """Hex of SHA-256(``"private-v1"`` ‖ salt ‖ body); the salt is 16 bytes or more, kept with the private row."""
    assert len(salt) >= MIN_SALT_BYTES, "a salt of 16 bytes or more"
    return sha256(b"private-v1" + salt + body).hexdigest()
