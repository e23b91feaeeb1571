"""核验: a case file computed anew and held against what the market published, or against itself where nobody knows it.

Invariants: nothing is kept; a file is read as strictly as ``decide`` reads it; whatever it says, the engine's own
decision is what stands against the published one. Signed proofs join by another check (``bidding.comparing.CHECKS``).
Source: selection.md section 8, trust.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from bidding.comparing import Computed, Published, Step, compare
from bidding.engine import decide
from bidding.reading.case import parse_case
from commons.canonical import Json, canonical
from commons.errors import Fault, Malformed
from marketplace.publication.case_file import CaseFile


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 in hex of the file's bytes, and of the canonical forms of its case and of its terms."""

    file: str
    case: str
    terms: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What the engine makes of the file, and each step; ``is_known``: the market's own figures stood against it."""

    decision: Mapping[str, Json]
    case: Mapping[str, Json]
    digests: Digests
    steps: tuple[Step, ...]
    is_known: bool

    @property
    def differing(self) -> tuple[Step, ...]:
        """The steps that differ, in order."""
        return tuple(one for one in self.steps if one.state == "differs")


def verify(data: bytes, file: CaseFile, published: Published | None) -> Verified:
    """Decide the case of a file and compare; ``Malformed`` with every fault of the case, as ``decide`` says it."""
    try:
        case = parse_case(file.case)
        decision = decide(case).as_json()
    except Malformed as error:
        raise Malformed(tuple(replace(one, pointer=file.pointer + one.pointer) for one in error.faults)) from None
    raw = file.case
    assert isinstance(raw, dict), "a case that can be read is an object"
    try:
        digests = Digests(sha256(data).hexdigest(), _digest(raw), _digest(raw["terms"]))
    except ValueError as refused:
        raise Malformed((Fault(file.pointer, "not_canonical", str(refused)),)) from None
    claimed = file.decision
    if claimed is not None and not isinstance(claimed, dict):
        raise Malformed((Fault("/decision", "not_an_object", "must be an object"),))
    steps = compare(published, Computed(raw, decision, claimed))
    return Verified(decision, raw, digests, steps, published is not None)


def _digest(value: Json) -> str:
    return sha256(canonical(value)).hexdigest()
