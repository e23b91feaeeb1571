"""What a rule answers: allowed, or refused with every reason.

A reason is a stable code, the numbers it speaks of, and its source. Wording lives in ``marketplace/web/locale``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from commons.sources import Source

Param = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a refusal: ``code`` in snake case, stable for ever; ``params`` are plain JSON values."""

    code: str
    source: Source
    params: Mapping[str, Param] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Allowed:
    """The rule has no objection."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The rule says no, with all reasons that hold (at least one), in the rule's own order."""

    reasons: tuple[Reason, ...]

    def __post_init__(self) -> None:
        """A refusal without a reason is a bug."""
        assert self.reasons, "a refusal needs a reason"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes alone, in order."""
        return tuple(reason.code for reason in self.reasons)


Verdict = Allowed | Refused


def verdict(reasons: tuple[Reason, ...]) -> Verdict:
    """Allowed without reasons, else refused with all of them."""
    return Refused(reasons) if reasons else Allowed()
