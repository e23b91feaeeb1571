"""Why something about an account was refused, in words; codes are stable for ever."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

ACCOUNTS: Mapping[str, Phrase] = {
    "password_length": Phrase(
        "密码应为 {shortest} 至 {longest} 个字符", "A password has {shortest} to {longest} characters"
    ),
    "password_too_plain": Phrase("密码中不同的字符太少", "The password has too few different characters"),
    "password_common": Phrase("该密码过于常见，容易被猜到", "This password is among the first that are guessed"),
    "password_holds_login": Phrase("密码不能包含登录名", "The password may not hold the login name"),
    "appointment_needs_approver": Phrase(
        "监管、运营岗位的任命须由另一名运营人员复核", "Another operator approves an appointment to this office"
    ),
}
"""Passwords, and who gives an office."""
