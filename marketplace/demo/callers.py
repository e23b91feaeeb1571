"""Who acts in a demonstration, and what is expected of the answers."""

from __future__ import annotations

from hashlib import sha256
from typing import TypeVar

from commons.events import Actor
from commons.verdicts import Refused
from marketplace.usecases.act import Caller, Message
from marketplace.web.locale.reasons import reason_text

Answer = TypeVar("Answer", bound=Message)


class UnexpectedError(Exception):
    """Something that a demonstration relies on did not happen; the words say what."""


def agency(uscc: str, key: str | None = None) -> Caller:
    """An agency, speaking for itself."""
    return Caller(Actor("agency", uscc), key)


def owner(uscc: str, key: str | None = None) -> Caller:
    """A project owner, speaking for itself."""
    return Caller(Actor("owner", uscc), key)


def operator(key: str | None = None) -> Caller:
    """The platform's operator."""
    return Caller(Actor("operator", "O-1"), key)


def regulator(region: str) -> Caller:
    """The first regulator of a region."""
    return Caller(Actor("regulator", regulators(region)[0]))


def regulators(region: str) -> list[str]:
    """The two regulators of a region who approve a restriction."""
    return [f"R-{region}-1", f"R-{region}-2"]


def derived_nonce(*words: str) -> str:
    """64 hex digits that follow from the words: for example data that is loaded again as it was."""
    return sha256("\x00".join(words).encode()).hexdigest()


def granted(answer: Answer | Refused, what: str) -> Answer:
    """The answer; ``UnexpectedError`` with every reason when it is a refusal."""
    if isinstance(answer, Refused):
        raise UnexpectedError(f"{what}：{'；'.join(reason_text(one) for one in answer.reasons)}")
    return answer
