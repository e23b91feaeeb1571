"""The few kinds of failure that leave a rule or a store; none of them knows HTTP.

A rule that says no returns ``Refused`` (see verdicts.py); these are for input that cannot be read and for
failures of the outside. ``marketplace.web.errors`` turns each kind into one problem document.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_FAULTS = 100
"""Faults listed at most in one answer; the count of all is given beside them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where (JSON pointer, RFC 6901), a stable code, and words for people."""

    pointer: str
    code: str
    detail: str


class MarketplaceError(Exception):
    """Base of the kinds below; never raised itself."""


class Malformed(MarketplaceError):
    """Input that does not have the declared shape; carries every fault found, in document order."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults; the message is the first one, for logs."""
        assert faults, "a malformed input has at least one fault"
        self.faults = faults
        super().__init__(f"{faults[0].pointer or '/'}: {faults[0].detail}")


class NotFound(MarketplaceError):
    """Nothing is kept under this identifier."""

    def __init__(self, kind: str, identifier: str) -> None:
        """Name what was looked for."""
        self.kind = kind
        self.identifier = identifier
        super().__init__(f"no {kind} {identifier!r}")


class Conflict(MarketplaceError):
    """The request contradicts what is recorded (a used idempotency key, an act done already)."""

    def __init__(self, code: str, detail: str) -> None:
        """Carry a stable code beside the words."""
        self.code = code
        super().__init__(detail)


class Forbidden(MarketplaceError):
    """This actor may not do this."""

    def __init__(self, code: str, detail: str) -> None:
        """Carry a stable code beside the words."""
        self.code = code
        super().__init__(detail)


class Unrecognised(MarketplaceError):
    """Who asks could not be told: nothing that proves it, or not enough."""

    def __init__(self, code: str, detail: str) -> None:
        """Carry a stable code beside the words."""
        self.code = code
        super().__init__(detail)


class TooOften(MarketplaceError):
    """Tried more often than is allowed; worth trying again after so many seconds."""

    def __init__(self, code: str, retry_after_s: int) -> None:
        """Carry a stable code and the seconds to wait."""
        self.code = code
        self.retry_after_s = retry_after_s
        super().__init__(f"too many tries; try again in {retry_after_s} s")


class Unavailable(MarketplaceError):
    """Something outside (the database above all) does not answer; the outcome may be unknown."""
