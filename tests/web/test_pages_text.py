"""Every page reads as its kept text says; the difference is printed, and one command takes the new text over."""

from __future__ import annotations

from difflib import unified_diff

from tests.gallery.plain import TEXTS, plain, texts

HOW = "if it is meant: .venv/bin/python -m tests.gallery text"
MOST_BYTES = 400 * 1024
MOST_LINES = 80


def test_every_page_reads_as_its_kept_text_says() -> None:
    made = texts()
    kept = {path.name: path.read_text("utf-8") for path in TEXTS.glob("*.txt")}
    assert sorted(kept) == sorted(made), HOW
    changed = [
        line
        for name, text in made.items()
        if text != kept[name]
        for line in unified_diff(kept[name].splitlines(), text.splitlines(), f"kept/{name}", name, n=1, lineterm="")
    ]
    more = [f"... {len(changed) - MOST_LINES} more lines"] if len(changed) > MOST_LINES else []
    assert not changed, "\n".join([HOW, *changed[:MOST_LINES], *more])
    assert sum(len(text.encode()) for text in made.values()) < MOST_BYTES


def test_a_text_has_what_is_heard_and_nothing_of_the_markup() -> None:
    page = """<main><h1 class="a">题</h1><svg><title>画</title></svg><svg role="img" aria-label="图意"><path/></svg>
    <form action="/x" method="post"><input type="hidden" name="_csrf" value="secret"><p>
    <label>理由</label><textarea name="reason">旧</textarea><select name="city"><option>甲</option>
    <option selected>乙</option></select><input type="hidden" name="fact" value="F1"></p>
    <input type="checkbox" name="sure" value="1" checked><button disabled>提交</button></form>
    <table><tr><th>项<br>目</th><td>1</td><td>2</td></tr></table><a href="/y">去</a></main>"""
    assert plain(page) == (
        "# 题\n<图 图意>\n<表单 post /x>\n理由 <多行 reason> <选择 city：甲 / *乙> <隐藏 fact：F1>\n"
        "[x sure=1] 【提交】（不可用）\n项 目 | 1 | 2\n去</y>\n"
    )
