"""What goes wrong is said in both languages: every code, as a problem, as a page and as the part a script asked for."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from litestar.testing import RequestFactory

from commons.errors import Conflict, Fault, Forbidden, Malformed, NotFound, TooOften, Unavailable
from commons.sources import Source
from commons.verdicts import Reason, Refused
from marketplace.database import OutcomeUnknown
from marketplace.web.errors import BY_STATUS, Trouble, answer, malformed, refusal, trouble_of
from marketplace.web.languages import preferred
from marketplace.web.locale.code_words import FAULTS_ENGLISH, denial_words, fault_said, has_chinese
from marketplace.web.locale.phrases import Language
from marketplace.web.locale.reasons import REASONS
from marketplace.web.locale.trouble_words import KINDS
from marketplace.web.page_frame import PageFrame
from marketplace.web.pages.acting import new_key, wrong_of, wrong_reason
from marketplace.web.plans import Field, Plan, shown_form
from marketplace.web.render import render_part
from tests.web_api.caller import made

ROOT = Path(__file__).parents[2]
ROOMS = ("agencies", "bidding", "commons", "credit", "marketplace")
UNHEARD = (
    "commands/", "demo/", "seed/", "embedded/", "backups/", "settings.py", "importing_file.py", "neighbours/opened.py",
    "restore_backup.py", "mark_load.py",
)  # fmt: skip
"""What is only ever said on the machine itself, by its command line."""
DENIALS = {"Conflict": 0, "Forbidden": 0, "Unrecognised": 0, "TooOften": 0, "Denied": 0}
CHINESE = re.compile(r"[\u3400-\u9fff]")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
OWN = Source("规则（示例）", "no", "3")


@cache
def raised() -> tuple[tuple[str, str, str, str], ...]:
    """Kind, code, words and file of every failure that the code raises with a code that stands."""
    found = []
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        place = path.relative_to(ROOT).as_posix()
        if any(part in place for part in UNHEARD):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            at = 1 if name == "Fault" else DENIALS.get(name)
            if not isinstance(node, ast.Call) or at is None or len(node.args) <= at:
                continue
            code, said = node.args[at], node.args[at + 1] if len(node.args) > at + 1 else None
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                parts = ast.walk(said) if said is not None else ()
                words = "".join(str(one.value) for one in parts if isinstance(one, ast.Constant))
                found.append((name, code.value, words, place))
    return tuple(found)


def test_every_code_has_both_languages() -> None:
    kinds = raised()
    assert len(kinds) > 250
    denials = {code for kind, code, _, _ in kinds if kind != "Fault"}
    faults = {code for kind, code, _, _ in kinds if kind == "Fault"}
    assert not sorted(code for code in denials | faults if not has_chinese(code))
    chinese = {code for kind, code, words, _ in kinds if kind == "Fault" and CHINESE.search(words)}
    assert not sorted(chinese - set(FAULTS_ENGLISH)), "what pages say in Chinese has English words"
    english = [one for one in kinds if one[0] != "Fault" and CHINESE.search(one[2])]
    assert not english, "whoever raises a denial says it in English"
    for code in sorted(denials):
        assert CHINESE.search(denial_words(code, "words", "zh")), code
        assert "（" not in denial_words(code, "words", "zh"), code
    for code in sorted(faults):
        assert CHINESE.search(fault_said(Fault("", code, "words"), "zh")), code
        assert not CHINESE.search(fault_said(Fault("", code, "有误"), "en")), code


def troubles() -> Iterator[Trouble]:
    """A trouble of every kind, of every code of a denial, of every reason."""
    denials = {code: kind for kind, code, _, _ in raised() if kind in {"Conflict", "Forbidden", "Unrecognised"}}
    status = {"Conflict": (409, "conflict"), "Forbidden": (403, "forbidden"), "Unrecognised": (401, "actor_missing")}
    for code, kind in sorted(denials.items()):
        yield Trouble(*status[kind], code, "words of whoever raised it")
    yield from (trouble_of(one) for one in (NotFound("agency", "9"), TooOften("too_many_tries", 30), Unavailable("x")))
    missing = Malformed((Fault("/a", "missing", "x"),))
    yield from (trouble_of(one) for one in (OutcomeUnknown("x"), ZeroDivisionError("x"), missing))
    yield from (Trouble(number, kind, kind, KINDS[kind].en) for number, kind in BY_STATUS.items())
    for code in sorted(REASONS):
        yield refusal(Refused((Reason(code, OWN),)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["problem", "page", "part"])
def test_every_code_is_said_in_each_form(form: str, language: Language) -> None:
    asked = {"Accept-Language": language} | ({"HX-Request": "true"} if form == "part" else {})
    path = "/api/v1/x" if form == "problem" else "/x"
    request = RequestFactory(app=made()).get(path, headers=asked)
    count = 0
    for trouble in troubles():
        answered = answer(request, trouble)
        count += 1
        own = "zh-CN" if language == "zh" else "en"
        assert answered.headers["Content-Language"].split(", ")[0] == own
        assert "Accept-Language" in answered.headers["Vary"]
        assert answered.headers["Cache-Control"] == "no-store"
        if form == "problem":
            told = answered.content
            assert (CHINESE.search(told["title"]) is not None) == (language == "zh"), trouble
            words = [told["detail"]] if not trouble.reasons else [told["reasons"][0]["words"], told["detail"]]
            if language == "zh":
                assert all(CHINESE.search(one) for one in words), trouble
            else:
                assert not CHINESE.search(re.sub("[“”—（）：]", "", told["detail"])) or trouble.reasons, trouble
                assert all(list(one)[-2:] == ["words_en", "words"] for one in told.get("reasons", ()))
            json.dumps(told)
        else:
            own_part = answered.content.partition("<main")[2] if form == "page" else answered.content
            assert ('lang="en"' in own_part.partition("</main>")[0]) == (language == "en"), trouble
            assert trouble.code in answered.content
    assert count > 250


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en", "en"), ("en-US,en;q=0.9", "en"), ("EN-gb", "en"),
        ("en;q=0.5,zh;q=0.8", "zh"), ("zh;q=0.5,en;q=0.8", "en"), ("en,zh", "zh"), ("fr, de;q=0.9", "zh"),
        ("*", "zh"), ("en,*;q=0.5", "en"), ("*,zh;q=0.1", "en"), ("zh;q=0", "zh"), ("*;q=0.5,zh;q=0", "en"),
        ("en;q=0", "zh"), ("en;q=2", "zh"), ("en;q=0.0001", "zh"), ("; ;,=", "zh"), ("en ; q = 0.9 , zh;q=0.8", "en"),
        ("english,zh", "zh"), ("x," * 10_000 + "en", "zh"),
    ],
)  # fmt: skip
def test_english_is_chosen_only_where_it_is_rather_had(header: str, language: Language) -> None:
    assert preferred(header) == language


def test_several_faults_are_counted_and_said_in_either_language() -> None:
    faults = (Fault("/min", "not_an_amount", "请填写万元数，如 12.5"), Fault("/days", "missing", "Field required"))
    request = RequestFactory(app=made()).get("/api/v1/x", headers={"Accept-Language": "en"})
    told = answer(request, malformed(faults)).content
    assert told["detail"] == "/min: an amount in ten thousand yuan, as 12.5 (and 1 more)"
    assert [one["detail"] for one in told["errors"]] == [FAULTS_ENGLISH["not_an_amount"], "Field required"]
    request = RequestFactory(app=made()).get("/api/v1/x")
    told = answer(request, malformed(faults)).content
    assert told["detail"] == "/min：请填写万元数，如 12.5（另有 1 处）"
    assert told["errors"][1]["detail"] == "缺少这一项"


def test_the_summary_of_a_form_is_said_in_english_to_a_script_that_asks_for_it() -> None:
    plan = Plan((Field("price", "报价", "amount"), Field("reason", "理由", "prose")), places={"restricted": "reason"})
    wrong = (
        *wrong_of(plan, Malformed((Fault("/price", "not_amount", "x"), Fault("/nowhere", "x", "x"))), "en"),
        *wrong_of(plan, Conflict("already_published", "this demand is published"), "en"),
        *wrong_of(plan, Forbidden("not_yours", "this belongs to somebody else"), "en"),
        *wrong_of(plan, NotFound("agency", "9"), "en"),
        wrong_reason(plan, Reason("restricted", OWN), "en"),
    )
    assert not any(CHINESE.search(one.words) for one in wrong), wrong
    form = shown_form(plan, "/x", new_key(), wrong=wrong)
    frame = PageFrame(path="/x", at=datetime(2026, 11, 23, tzinfo=UTC))
    shown = render_part("parts/faults.html", frame, form=replace(form, language="en"))
    assert "Not sent. To be mended: 6." in shown
    assert '<a href="#price" lang="zh-CN">报价</a>: an amount in yuan' in shown
    assert "没有提交：有 6 处要改。" in render_part("parts/faults.html", frame, form=form)
    assert "lang=" not in render_part("parts/faults.html", frame, form=form)
