"""What is stored and what is handed out to a browser are sealed apart: by another key and another label."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from cryptography.exceptions import InvalidTag

from commons.errors import Unrecognised
from marketplace.database import Database
from marketplace.identity.identifiers import DEVELOPMENT, Identifiers
from marketplace.usecases.sign_in import take_second_step
from marketplace.usecases.signing_in import Device

ONE_KEY = replace(DEVELOPMENT, handing=DEVELOPMENT.sealing)
"""As if both were sealed under one key: the label alone tells them apart."""


def test_what_was_sealed_opens_again_under_keys_made_from_the_same_one() -> None:
    same = Identifiers.of("7f" * 32)
    assert Identifiers.of("7f" * 32).open(same.seal("张三（示例）")) == "张三（示例）"
    assert Identifiers.of("7f" * 32).open_ticket(same.seal_ticket("张三（示例）")) == "张三（示例）"
    assert len({same.hashing, same.sealing, same.handing}) == 3


@pytest.mark.parametrize("keys", [DEVELOPMENT, ONE_KEY], ids=["two keys", "the label alone"])
def test_a_ticket_is_no_personal_data_and_personal_data_no_ticket(keys: Identifiers) -> None:
    with pytest.raises(InvalidTag):
        keys.open(keys.seal_ticket("张三（示例）"))
    with pytest.raises(InvalidTag):
        keys.open_ticket(keys.seal("张三（示例）"))


def test_the_key_alone_tells_them_apart_too() -> None:
    with pytest.raises(InvalidTag):
        replace(DEVELOPMENT, handing=DEVELOPMENT.sealing).open_ticket(DEVELOPMENT.seal_ticket("张三（示例）"))


def test_personal_data_that_reads_like_a_ticket_signs_nobody_in() -> None:
    """Who may choose a name, and read what it was sealed to, has no way past the password."""
    ends = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    forged = urlsafe_b64encode(DEVELOPMENT.seal(json.dumps(["second-step-v1", "P-ANYBODY", 1, ends]))).decode()
    nowhere = cast("Database", None)  # it is refused before anything is read
    with pytest.raises(Unrecognised) as refused:
        asyncio.run(take_second_step(nowhere, forged, "123456", Device("192.0.2.1"), identifiers=DEVELOPMENT))
    assert refused.value.code == "step_over"
