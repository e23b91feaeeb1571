"""The templates are what reading expects, the same on every run, and good to fill as they are."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import get_args

import pytest
from python_calamine import CalamineWorkbook

from marketplace.demands.demand import Mode
from marketplace.sheets.agencies import read_agencies
from marketplace.sheets.answers import Loaded, Rejected
from marketplace.sheets.columns import AGENCY_BOOK, DEMAND_BOOK, DEMANDS, EXPLANATION, LISTS, MODES, SheetForm
from marketplace.sheets.demands import read_demands
from marketplace.sheets.templates import agencies_template, demands_template, write_templates
from tests.unit.sheets_builder import part, raw_book

ON = date(2026, 11, 23)
TEMPLATES = [agencies_template, demands_template]
BOTH = [(AGENCY_BOOK, agencies_template, read_agencies), (DEMAND_BOOK, demands_template, read_demands)]


def grids(data):
    with CalamineWorkbook.from_filelike(BytesIO(data)) as found:
        return {name: found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names}


@pytest.mark.parametrize(("book", "template"), [(book, template) for book, template, _ in BOTH])
def test_a_template_has_heads_keys_an_example_lists_and_an_explanation(book, template):
    sheets = grids(template(on=ON))
    assert list(sheets) == [*(form.name for form in book), EXPLANATION, LISTS]
    for form in book:
        heads, keys, *examples = sheets[form.name]
        assert heads == [column.head for column in form.columns]
        assert keys == [column.key for column in form.columns]
        assert examples
        assert {example[0] for example in examples} == {"示例"}
    explained = {row[2] for row in sheets[EXPLANATION]}
    assert {column.key for form in book for column in form.columns} <= explained
    assert "330304 瓯海区" in {row[0] for row in sheets[LISTS]}
    assert not [row for row in sheets[LISTS] if row[0].endswith("下城区")]


@pytest.mark.parametrize(("book", "template", "read"), BOTH)
def test_a_template_sent_back_unfilled_says_that_nothing_is_in_it(book, template, read):
    answer = read(template(on=ON), on=ON)
    assert isinstance(answer, Rejected)
    assert [(fault.sheet, fault.reason) for fault in answer.faults] == [(book[0].name, "没有可读取的数据行")]


@pytest.mark.parametrize(("template", "read"), [(template, read) for _, template, read in BOTH])
def test_the_example_rows_are_good_rows_once_their_mark_is_gone(template, read):
    sheets = {name: rows for name, rows in grids(template(on=ON)).items() if name not in {EXPLANATION, LISTS}}
    for rows in sheets.values():
        for example in rows[2:]:
            example[0] = ""
    answer = read(raw_book(sheets), on=ON)
    assert isinstance(answer, Loaded), answer
    assert answer.rows


def test_the_demands_template_shows_a_good_row_of_every_mode():
    examples = grids(demands_template(on=ON))["需求"][2:]
    place = [column.key for column in DEMANDS.columns].index("mode")
    assert sorted(MODES[example[place]] for example in examples) == sorted(get_args(Mode))


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_template_is_the_same_bytes(template):
    assert template(on=ON) == template(on=ON)


@pytest.mark.parametrize("form", [*AGENCY_BOOK, *DEMAND_BOOK], ids=lambda form: form.name)
def test_heads_and_keys_are_unique_and_amounts_carry_their_unit(form: SheetForm):
    heads = [column.head for column in form.columns]
    keys = [column.key for column in form.columns]
    assert len(set(heads)) == len(heads)
    assert len(set(keys)) == len(keys)
    assert all(re.search(r"（(元|分)）", column.head) for column in form.columns if column.look == "decimal")


def test_columns_with_choices_offer_them_in_the_cells():
    content = part(demands_template(on=ON), "xl/worksheets/sheet1.xml").decode()
    for words in (
        "综合比选,多轮竞价,立等可取,均价选取,随机抽取,信用择优,直接选取",
        "财政资金,部门委托,自愿选取",
        "选项!$A$2:$A$",
        "选项!$B$2:$B$37",
    ):
        assert words in content
    assert content.count("<dataValidation ") == len([c for c in DEMAND_BOOK[0].columns if c.choices])
    assert "topLeftCell" in content, "heads and keys stay in sight"


def test_templates_are_written_into_a_folder_made_for_them(tmp_path):
    folder = tmp_path / "空 文件夹" / "模板"
    written = write_templates(folder, on=ON)
    assert [path.name for path in written] == ["机构模板.xlsx", "需求模板.xlsx"]
    assert written[1].read_bytes() == demands_template(on=ON)
