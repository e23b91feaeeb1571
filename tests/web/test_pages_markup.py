"""The pages as text: every link leads somewhere, nothing is inline, everything is escaped, sizes stay small."""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jinja2 import UndefinedError

from marketplace.web import render as rendering
from marketplace.web import views
from marketplace.web.addresses import is_known
from marketplace.web.assets import FOLDER, SCRIPT, SHEET, assets, by_address
from marketplace.web.compressing import LEVEL
from marketplace.web.page_frame import Display, PageFrame, address, parse_display
from marketplace.web.render import CONTENT_SECURITY_POLICY, TEMPLATES, environment, render
from marketplace.web.views.pages import PageView
from tests.web import example_awards, example_cases, examples

PAGES_MADE = {name: examples.rendered(name) for name in examples.NAMES}
EVIL = "<script>alert(1)</script>\"'><b>（示例）"
LONGEST_TEMPLATE, LONGEST_SHEET = 150, 400
LARGEST_FIRST_LOAD, LARGEST_LATER_LOAD = 60 * 1024, 20 * 1024
"""Bytes that travel, compressed, for the first page and for every page after it."""


class Reader(HTMLParser):
    """Gathers ids, addresses, element names and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.sources: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if given.get("href") and tag != "link":
            self.hrefs.append(str(given["href"]))
        self.sources += [str(given[key]) for key in ("src", "action") if given.get(key)]
        if tag == "link":
            self.sources.append(str(given["href"]))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and data.strip():
            self.inline.append(data)


@pytest.mark.parametrize("name", PAGES_MADE)
def test_every_link_of_a_page_leads_to_a_page_there_is_or_to_a_place_on_it(name: str) -> None:
    reader = Reader(PAGES_MADE[name])
    places = {f"/{name}": set(Reader(PAGES_MADE[name]).ids) for name in ("rules", "account", "statistics")}
    for href in reader.hrefs:
        parts = urlsplit(href)
        assert not parts.netloc, href
        if not parts.path:
            assert parts.fragment in reader.ids, href
            continue
        assert is_known(parts.path), href
        if parts.fragment:
            assert parts.fragment in places[parts.path], href
    for source in reader.sources:
        if source.startswith("data:image/svg+xml;"):
            continue
        assert is_known(urlsplit(source).path), source


def test_every_static_file_that_pages_name_is_there() -> None:
    named = {one for page in PAGES_MADE.values() for one in Reader(page).sources if one.startswith("/static/")}
    pictures = {one for one in named if one.startswith("/static/guides/")}
    assert len(named - pictures) == 3, "one sheet, one script, the mark"
    assert all(one.removeprefix("/static/") in by_address() for one in named)


@pytest.mark.parametrize("name", PAGES_MADE)
def test_a_page_holds_no_inline_script_or_style_no_doubled_id_and_no_none(name: str) -> None:
    page = PAGES_MADE[name]
    reader = Reader(page)
    assert not [tag for tag, _ in reader.tags if tag in {"style", "iframe", "object"}]
    scripts = [given for tag, given in reader.tags if tag == "script"]
    assert [sorted(given) for given in scripts] == [["defer", "src"]]
    assert reader.inline == []
    assert not [(tag, key) for tag, given in reader.tags for key in given if key == "style" or key.startswith("on")]
    assert len(reader.ids) == len(set(reader.ids))
    assert "None" not in page
    assert not re.search(r"\{\{|\}\}|\{%|datetime\.|Fraction\(", page)


def test_the_example_flag_is_said_at_the_top_and_only_then() -> None:
    view, path = examples.pages()["home"]
    assert "<b>示例数据</b>" in PAGES_MADE["home"]
    assert "示例数据" not in render(view, PageFrame(path=path, at=examples.NOW))


def main_of(name: str) -> str:
    return PAGES_MADE[name].split('<main id="main">')[1].split("</main>")[0]


def test_an_instant_demand_says_what_instant_is_and_nothing_of_sign_up_or_of_what_is_hidden() -> None:
    page = main_of("demand-instant")
    assert "业主确认的那一刻，从有效的上架报价中按公布的规则" in page
    assert not [words for words in ("已报名", "报名截止", "报价截止", "截止前不公开", "截止时刻") if words in page]


def test_a_room_draws_no_chart_and_no_ranks_before_there_is_anything_to_see() -> None:
    coming, running = main_of("demand-rounds-coming"), main_of("demand-rounds")
    assert "各轮进行情况" in coming
    assert "还没有可以公开的有效报价" in coming
    assert 'class="chart"' not in coming
    assert "当前名次" not in coming
    assert 'class="chart"' in running
    assert "当前名次" in running


def test_a_result_that_nobody_was_left_to_hold_marks_nobody_as_chosen() -> None:
    page = main_of("award-nobody-left")
    assert "公示期内排名中的机构全部退出" in page
    assert not re.search(r"· 中选|<b>中选</b>|class=\"[^\"]*pick", page)


def test_a_name_full_of_markup_is_shown_as_text_everywhere() -> None:
    case = example_cases.mock_case()
    one = replace(example_cases.agency(0), name=EVIL)
    view = replace(example_awards.award(case, agencies=dict.fromkeys(("B0", "B1", "B2", "B3"), one)), title=EVIL)
    page = render(view, examples.frame("/awards/A1"))
    assert page.count("<script") == 1, "our own in the head"
    assert "&lt;script&gt;" in page


def test_a_name_missing_in_a_template_is_an_error_and_never_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody_gave_this }}").render()


def test_every_page_has_its_template_and_every_template_its_page() -> None:
    named = [one.template for one in view_classes() if "template" in vars(one) and "/" not in one.template]
    assert len(named) == len(set(named)), "two pages of one template"
    assert {path.name for path in TEMPLATES.glob("*.html")} == {*named, "base.html"}


def view_classes() -> Iterator[type]:
    """Every class of every module of views."""
    for module in pkgutil.walk_packages(views.__path__, f"{views.__name__}."):
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, type) and one.__module__ == module.name and one is not PageView:
                yield one


def test_every_filter_and_global_is_used_by_a_template() -> None:
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    functions = {one.__name__ for one in (*rendering._FILTERS, *rendering._GLOBALS)}
    assert {name for name in functions if not re.search(rf"\b{name}\b", text)} == set()


def test_a_display_variant_goes_along_with_every_link_and_form() -> None:
    view, path = examples.pages()["demand-list-filtered"]
    page = render(view, examples.frame(path, display=Display(large=True)))
    reader = Reader(page)
    inside = [href for href in reader.hrefs if href.startswith("/") and "标准字号" not in href]
    plain = [href for href in inside if "display=large" not in href]
    assert plain == ["/demands"], "only the way back to the standard size leaves it"
    assert ("input", "display") in [(tag, given.get("name")) for tag, given in reader.tags]
    assert '<html lang="zh-CN" class="large">' in page


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("", Display()),
        ("large", Display(large=True)),
        ("contrast", Display(contrast=True)),
        ("large-contrast", Display(large=True, contrast=True)),
        ("<script>", Display()),
    ],
)
def test_a_display_variant_is_read_from_the_address(text: str, display: Display) -> None:
    assert parse_display(text) == display


def test_an_address_leaves_out_what_is_empty_and_escapes_the_rest() -> None:
    made = address("/demands", (("q", "水 土&"), ("city", "")), Display(), "list")
    assert made == "/demands?q=%E6%B0%B4+%E5%9C%9F%26#list"


def test_an_address_with_a_query_of_its_own_is_added_to() -> None:
    assert address("/join?onward=%2F", (("a", "b"),), Display(large=True)) == "/join?onward=%2F&a=b&display=large"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src")
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_templates_and_style_sheets_stay_small() -> None:
    assert [path.name for path in TEMPLATES.rglob("*.html") if lines(path) > LONGEST_TEMPLATE] == []
    own = [path for suffix in ("css", "js") for path in (FOLDER / suffix).rglob(f"*.{suffix}")]
    assert len(own) > 4
    assert [path.name for path in own if lines(path) > LONGEST_SHEET] == []


def test_the_first_page_and_every_later_one_travel_light() -> None:
    kept = len(assets()[SHEET].packed) + len(assets()[SCRIPT].packed)
    pages = {name: len(gzip.compress(page.encode(), LEVEL)) for name, page in PAGES_MADE.items()}
    assert b"htmx" in assets()[SCRIPT].body, "the build hook has fetched it"
    assert {name: size for name, size in pages.items() if size > LARGEST_LATER_LOAD} == {}
    assert {name: size + kept for name, size in pages.items() if size + kept > LARGEST_FIRST_LOAD} == {}


def drawn_classes(*names: str) -> set[str]:
    sheets = "".join(assets()[name].body.decode() for name in names)
    bare = re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)
    return set(re.findall(r"\.([a-zA-Z_][\w-]*)", re.sub(r"\{[^{}]*\}", " ", bare)))


def written_classes() -> set[str]:
    """Classes in the templates' source: a page may be looked at on the site alone, and not among the examples."""
    sources = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    return {word for one in re.findall(r'class="([^"]*)', sources) for word in re.findall(r"[a-zA-Z_][\w-]*", one)}


def test_every_class_on_a_page_is_drawn_and_every_class_that_is_drawn_is_on_a_page() -> None:
    given = [one for page in PAGES_MADE.values() for _, one in Reader(page).tags]
    used = {word for one in given for word in (one.get("class") or "").split()} | {"large", "contrast"}
    assert used - drawn_classes(SHEET, "api/docs.css") == set()
    assert drawn_classes(SHEET) - used - written_classes() == set()
