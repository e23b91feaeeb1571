"""What a check of health may say stands in the reader's words on its page: every fault of a server, every figure."""

from __future__ import annotations

import pytest

from marketplace.server_check import ServerFacts, reasons_against
from marketplace.web.locale.operating_words import found_words

WORST = ServerFacts(140_000, "LATIN1", "serializable", "off", "off", "off", "off", "Asia/Shanghai")


@pytest.mark.parametrize("reason", reasons_against(WORST))
def test_every_fault_of_a_server_has_words(reason: str) -> None:
    said = found_words(reason)
    assert said
    assert said != reason


def test_faults_are_said_together() -> None:
    said = found_words("; ".join(reasons_against(WORST)))
    assert said.count("；") == len(reasons_against(WORST)) - 1


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("keeps what it acknowledges", "已确认的写入不会丢失"),
        ("3 apart, credit_2026 first", "相差 3 个，最先是 credit_2026"),
        ("8 due, 131 s behind", "到期未办 8 件，最久 131 秒"),
        ("219 waiting, the oldest 137 s; 1 dead letters", "等待 219 件，最久 137 秒；停止重试 1 件"),
        ("64876 MB free, not writable", "空闲 64876 MB，但不能写入"),
        ("cannot be told: OSError", "检查不了（OSError）"),
        ("something new", ""),
    ],
)
def test_what_is_found_is_said_in_words(found: str, words: str) -> None:
    assert found_words(found) == words
