"""An agencies workbook is read whole or not at all; every fault says where it is and why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agencies.qualifications import Qualification
from marketplace.seed.loading import load_seed, resolve
from marketplace.seed.plans import AgencyPlan, Experience, ShelfPlan
from marketplace.sheets.agencies import read_agencies
from marketplace.sheets.answers import Ignored, Loaded, Rejected
from marketplace.sheets.columns import AGENCIES, AGENCY_KINDS, QUALIFICATIONS
from tests.unit.sheets_builder import AGENCY, OTHER_USCC, QUALIFICATION, SHELF_OFFER, book, grid, raw_book

ON = date(2026, 11, 23)


def faults(data):
    answer = read_agencies(data, on=ON)
    assert isinstance(answer, Rejected)
    return [(fault.sheet, fault.row, fault.column) for fault in answer.faults]


def reason(data):
    answer = read_agencies(data, on=ON)
    assert isinstance(answer, Rejected)
    assert len(answer.faults) == 1, answer.faults
    return answer.faults[0].reason


def loaded(data):
    answer = read_agencies(data, on=ON)
    assert isinstance(answer, Loaded), answer
    return answer


def test_a_filled_template_becomes_agencies_with_all_they_hold():
    answer = loaded(
        book(
            {
                "机构": [AGENCY],
                "资质": [QUALIFICATION, {**QUALIFICATION, "number": "示例-ZX-0015", "valid_to": "长期"}],
                "业绩": [{"uscc": AGENCY["uscc"], "item": "水土保持方案编制", "count": 6}],
                "上架报价": [SHELF_OFFER],
            }
        )
    )
    first, second = answer.rows[0].qualifications
    assert answer.rows == (
        AgencyPlan(
            uscc="91990003MA00001460",
            name="温州瓯越水保工程咨询有限公司（示例）",
            kind="company",
            region="330304",
            legal_representative="郑*霁（示例）",
            contact="业务部（示例）",
            phone="0577-0000-0014",
            qualifications=(first, second),
            experience=(Experience("RA03", 6),),
            shelf=(
                ShelfPlan(
                    item="RA03",
                    unit="公顷",
                    unit_price_fen=126_000,
                    minimum_fee_fen=600_000,
                    days=12,
                    capacity=8,
                    taken=0,
                    valid_from=datetime(2026, 10, 31, 16, tzinfo=UTC),
                    valid_until=datetime(2027, 10, 31, 16, tzinfo=UTC),
                ),
            ),
        ),
    )
    assert first == Qualification(
        "工程咨询资信", "甲级", "示例-ZX-0014", "省级工程咨询行业组织（示例）", date(2024, 1, 1), date(2029, 1, 1)
    ), "the last day written is still valid"
    assert second.valid_until is None


def test_the_whole_seed_survives_a_round_trip_through_a_workbook():
    plans = resolve(load_seed(), at=datetime(2026, 11, 23, 1, tzinfo=UTC)).agencies
    kinds = {code: word for word, code in AGENCY_KINDS.items()}
    sheets: dict[str, list[dict[str, object]]] = {"机构": [], "资质": [], "业绩": [], "上架报价": []}
    for plan in plans:
        row = {
            key: getattr(plan, key) for key in ("uscc", "name", "region", "legal_representative", "contact", "phone")
        }
        sheets["机构"].append({**row, "kind": kinds[plan.kind]})
        sheets["资质"] += [
            {
                "uscc": plan.uscc,
                "kind": held.kind,
                "grade": held.grade or "无",
                "number": held.number,
                "issuer": held.issuer,
                "valid_from": held.valid_from,
                "valid_to": date.fromordinal(held.valid_until.toordinal() - 1) if held.valid_until else "长期",
            }
            for held in plan.qualifications
        ]
        sheets["业绩"] += [{"uscc": plan.uscc, "item": one.item, "count": one.count} for one in plan.experience]
        sheets["上架报价"] += [
            {
                "uscc": plan.uscc,
                "item": offer.item,
                "unit": offer.unit,
                "unit_price": f"{offer.unit_price_fen // 100}.{offer.unit_price_fen % 100:02d}",
                "minimum_fee": offer.minimum_fee_fen / 100,
                "days": offer.days,
                "capacity": offer.capacity,
                "valid_from": offer.valid_from.date().isoformat(),
                "valid_to": offer.valid_until.date().isoformat(),
            }
            for offer in plan.shelf
            if offer.taken == 0
        ]
    answer = loaded(book(sheets))
    assert len(answer.rows) == len(plans)
    for read, plan in zip(answer.rows, plans, strict=True):
        assert read.qualifications == plan.qualifications
        assert read.experience == plan.experience
        assert [offer.unit_price_fen for offer in read.shelf] == [
            offer.unit_price_fen for offer in plan.shelf if offer.taken == 0
        ]
        assert (read.uscc, read.name, read.kind, read.region) == (plan.uscc, plan.name, plan.kind, plan.region)


def test_only_the_sheet_of_agencies_has_to_be_there():
    assert len(loaded(book({"机构": [AGENCY]})).rows) == 1


def test_wrong_rows_are_listed_all_at_once_by_sheet_row_and_column():
    data = book(
        {
            "机构": [
                {**AGENCY, "uscc": "91990003MA00001461", "phone": "暂无电话"},
                {**AGENCY, "kind": "公司", "region": "330103 下城区"},
                {},
                {**AGENCY, "name": "=1+1"},
            ],
            "资质": [{**QUALIFICATION, "uscc": OTHER_USCC, "grade": "丙级", "valid_to": date(2023, 1, 1)}],
        }
    )
    assert faults(data) == [
        ("机构", 3, "统一社会信用代码"),
        ("机构", 3, "联系电话"),
        ("机构", 4, "机构类型"),
        ("机构", 4, "注册地"),
        ("机构", 6, "统一社会信用代码"),
        ("机构", 6, "机构名称"),
        ("资质", 3, "统一社会信用代码"),
        ("资质", 3, "资质等级"),
        ("资质", 3, "有效期止"),
    ]


def test_a_fault_reads_as_a_sentence():
    answer = read_agencies(book({"机构": [{**AGENCY, "kind": "公司"}]}), on=ON)
    assert isinstance(answer, Rejected)
    assert str(answer.faults[0]) == "「机构」第 3 行「机构类型」：应为：企业、事业单位、社会组织、个体工商户"


@pytest.mark.parametrize(
    ("sheet", "row", "words"),
    [
        ("机构", {**AGENCY, "uscc": 91990003000014602}, "文本"),
        ("机构", {**AGENCY, "uscc": "91990003MA0000146"}, "18 位"),
        ("机构", {**AGENCY, "uscc": "91990003MA00001461"}, "校验位"),
        ("机构", {**AGENCY, "name": ""}, "必填"),
        ("机构", {**AGENCY, "name": "  —  "}, "必填"),
        ("机构", {**AGENCY, "name": "@SUM(A1)"}, "不能以"),
        ("机构", {**AGENCY, "name": "示" * 101}, "最多 100"),
        ("机构", {**AGENCY, "name": "甲\u202e乙"}, "控制字符"),
        ("机构", {**AGENCY, "region": "330000 浙江省"}, "没有这个市"),
        ("机构", {**AGENCY, "region": "330304 鹿城区"}, "与所写名称不符"),
        ("机构", {**AGENCY, "region": "999999"}, "没有这个市"),
        ("资质", {**QUALIFICATION, "kind": "造梦资质"}, "应为"),
        ("资质", {**QUALIFICATION, "grade": ""}, "等级应为：甲级、乙级"),
        ("资质", {**QUALIFICATION, "kind": "考古发掘资质"}, "不分等级"),
        ("资质", {**QUALIFICATION, "valid_from": 45678}, "日期"),
        ("资质", {**QUALIFICATION, "valid_from": "2024-02-30"}, "日期"),
        ("资质", {**QUALIFICATION, "valid_from": "2024/1/1"}, "日期"),
        ("资质", {**QUALIFICATION, "valid_from": datetime(2024, 1, 1, 8)}, "时刻"),  # noqa: DTZ001 - a cell has no zone
        ("资质", {**QUALIFICATION, "valid_from": "1900-01-01"}, "年份"),
        ("业绩", {"uscc": AGENCY["uscc"], "item": "RA99", "count": 1}, "没有这个中介服务事项"),
        ("业绩", {"uscc": AGENCY["uscc"], "item": "RA03", "count": 1.5}, "整数"),
        ("业绩", {"uscc": AGENCY["uscc"], "item": "RA03", "count": -1}, "整数"),
        ("业绩", {"uscc": AGENCY["uscc"], "item": "RA03", "count": True}, "整数"),
        ("上架报价", {**SHELF_OFFER, "unit_price": 0}, "之间"),
        ("上架报价", {**SHELF_OFFER, "unit_price": 12.345}, "两位小数"),
        ("上架报价", {**SHELF_OFFER, "capacity": 0}, "整数"),
        ("上架报价", {**SHELF_OFFER, "valid_to": "2026-10-31"}, "早于"),
        ("上架报价", {**SHELF_OFFER, "valid_to": "长期"}, "日期"),
    ],
)
def test_a_wrong_cell_says_what_would_be_right(sheet, row, words):
    sheets = {"机构": [AGENCY], sheet: [row]}
    assert words in reason(book(sheets))


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [
        ("机构", [AGENCY, {**AGENCY, "name": "另一家（示例）", "uscc": " 91990003ma00001460 "}]),
        ("资质", [QUALIFICATION, {**QUALIFICATION, "grade": "乙级"}]),
        ("业绩", [{"uscc": AGENCY["uscc"], "item": item, "count": 1} for item in ("RA03", "水土保持方案编制")]),
        ("上架报价", [SHELF_OFFER, {**SHELF_OFFER, "days": 20}]),
    ],
)
def test_what_stands_twice_is_a_fault_of_the_second_row(sheet, rows):
    found = faults(book({"机构": [AGENCY], sheet: rows}))
    assert [(name, row) for name, row, _ in found] == [(sheet, 4)]


@pytest.mark.parametrize("written", ["330304", 330304, "瓯海区", "温州市瓯海区", "温州市 · 瓯海区", "330304　瓯海区"])
def test_a_region_may_be_written_as_people_write_it(written):
    assert loaded(book({"机构": [{**AGENCY, "region": written}]})).rows[0].region == "330304"


@pytest.mark.parametrize("name", ["江山市", "建德市"])
def test_a_county_level_city_is_a_region_too(name):
    assert loaded(book({"机构": [{**AGENCY, "region": name}]})).rows[0].region.startswith("33")


def test_a_region_abolished_later_is_taken_on_a_day_when_it_existed():
    data = book({"机构": [{**AGENCY, "region": "下城区"}]})
    assert isinstance(read_agencies(data, on=date(2021, 4, 8)), Loaded)
    assert isinstance(read_agencies(data, on=date(2021, 4, 9)), Rejected)


def test_examples_keys_and_blank_rows_are_left_aside():
    answer = loaded(book({"机构": [{"mark": "示例"}, {}, AGENCY, {"name": "   "}]}))
    assert len(answer.rows) == 1
    assert answer.examples_skipped == 1
    assert len(loaded(book({"机构": [AGENCY]}, keys_row=False)).rows) == 1


def test_columns_are_found_by_head_or_key_in_any_order_and_strangers_are_named():
    heads = [("  机构 名称 ", "name"), ("kind", "kind"), ("内部备注", ""), ("统一社会信用代码", "uscc")]
    heads += [(column.head, column.key) for column in AGENCIES.columns[4:]]
    rows = [[head for head, _ in heads], [AGENCY.get(key, "备注文字") for _, key in heads]]
    answer = loaded(raw_book({"机构": rows}))
    assert answer.rows[0].name == AGENCY["name"]
    assert answer.ignored == (Ignored("机构", "内部备注"),)


def test_missing_and_doubled_columns_are_faults_of_the_first_row():
    rows = grid(AGENCIES, [AGENCY])
    without = [row[:3] + row[4:] + [row[1]] for row in rows]
    assert faults(raw_book({"机构": without})) == [("机构", 1, "统一社会信用代码"), ("机构", 1, "机构类型")]


def test_a_value_under_no_head_is_not_lost_without_a_word():
    rows = grid(AGENCIES, [AGENCY])
    rows[2] = [*rows[2], "多出来的内容"]
    rows[0] = [*rows[0], ""]
    assert "没有表头" in reason(raw_book({"机构": rows}))


def test_formulas_and_error_values_are_faults_where_they_stand():
    rows = grid(QUALIFICATIONS, [{**QUALIFICATION, "number": "=CONCAT(1,2)", "grade": "=NA()"}])
    found = faults(raw_book({"机构": grid(AGENCIES, [AGENCY]), "资质": rows}))
    assert found == [("资质", 3, "资质等级"), ("资质", 3, "证书编号")]


def test_a_sheet_nobody_knows_is_named_instead_of_dropped():
    answer = read_agencies(book({"机构": [AGENCY]}), on=ON)
    assert isinstance(answer, Loaded)
    sheets = {"机构": grid(AGENCIES, [AGENCY]), "资格": grid(QUALIFICATIONS, [QUALIFICATION]), "Sheet1": []}
    assert faults(raw_book(sheets)) == [("资格", None, "")]


def test_the_first_sheet_has_to_be_there_and_to_hold_something():
    assert faults(raw_book({"资质": grid(QUALIFICATIONS, [])})) == [("机构", None, "")]
    assert faults(raw_book({"机构": grid(AGENCIES, [{"mark": "示例"}])})) == [("机构", None, "")]
    assert ("机构", 1, "机构名称") in faults(raw_book({"机构": []}))
