"""Contracts in every state, each made by the acts that lead there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from commons.verdicts import Refused
from marketplace.catalogue.profiles import rule_profile
from marketplace.contracts.contract import Award, Contract, Happened, opened
from marketplace.contracts.folding import step
from marketplace.contracts.performing import accept, hand_in
from marketplace.contracts.signing import Signed, confirm, upload

GENERIC = rule_profile("generic-v1")
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""Monday 2 March 2026, ten in the morning in Beijing; no holiday near."""
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
AWARD = Award("S1", "D1", "A", "O", "330304", 1_000_000, 20, 60, AT, "0" * 64)
NEW = opened(AWARD, GENERIC)
SIGNED = Signed(1_000_000, 20, date(2026, 3, 3), same_terms=True)


def midnight(day: int, month: int = 3) -> datetime:
    """The start of a day of 2026 in Beijing."""
    return datetime(2026, month, day, tzinfo=UTC) - timedelta(hours=8)


def then(contract: Contract, happened: Happened | Refused | None, at: datetime) -> Contract:
    assert isinstance(happened, Happened), happened
    return step(contract, happened.type, happened.data, at=at)


def uploaded(by: Any = "owner", at: datetime = AT + DAY) -> Contract:
    return then(NEW, upload(NEW, SIGNED, by=by, profile=GENERIC, at=at), at)


def signed(at: datetime = AT + DAY) -> Contract:
    one = uploaded(at=at)
    return then(one, confirm(one, 1, by="agency", profile=GENERIC, at=at), at)


def delivered(at: datetime = AT + 2 * DAY) -> Contract:
    one = signed()
    return then(one, hand_in(one, "成果", (), profile=GENERIC, at=at), at)


def accepted() -> Contract:
    return then(delivered(), accept(delivered(), profile=GENERIC, at=AT + 3 * DAY), AT + 3 * DAY)
