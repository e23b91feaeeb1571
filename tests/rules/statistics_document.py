"""The tables of ``docs/reference/statistics.md``, printed from the definitions that the product itself counts by.

``python -m tests.rules.statistics_document`` writes them anew; a test holds the document to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from marketplace.statistics.counting import counted
from marketplace.statistics.measures import CONCENTRATION, GROUPS, MEASURES, Measure
from marketplace.statistics.numbers import Numbers, gathered
from marketplace.web import formatting
from marketplace.web.locale.statistics_words import (
    GROUP_NAMES,
    KIND_NAMES,
    MEASURE_WORDS,
    UNIT_NAMES,
    WHEN_NAMES,
)
from tests.rules.statistics_examples import EXAMPLES, Example

PATH = Path(__file__).parents[2] / "docs" / "reference" / "statistics.md"
_ROWS = re.compile(r"<!-- rows: (\w+) -->\n.*?<!-- end of rows -->\n", re.DOTALL)


def numbers_of(example: Example) -> Numbers:
    """Everything that the statistics say of an example."""
    rows = (row for facts in example.facts for row in counted(facts, example.line))
    return gathered((row.measure, row.value, row.count) for row in rows)


def published(example: Example) -> str:
    """The example's number as it is published."""
    measure, numbers = MEASURES[example.measure], numbers_of(example)
    found = numbers.of(measure.code)
    match measure.kind:
        case "count":
            return f"{found.sample} 宗"
        case "share":
            return f"{found.part}/{found.sample}"
        case "total":
            amount = formatting.wan(found.sample) + " 万元" if measure.unit == "fen" else f"{found.sample} 日"
            return f"{amount}，样本 {numbers.sample(measure.code)}"
        case "spread":
            return f"中位数 {_value(measure, found.median)}，样本 {found.sample}"


def _value(measure: Measure, value: int | None) -> str:
    assert value is not None, "an example has a sample"
    match measure.unit:
        case "permille":
            return f"{formatting.percent(value * 10)}%"
        case "hundredth":
            return formatting.points(value)
        case _:
            return formatting.number(value)


def table(group: str) -> str:
    """One row for each number of a group."""
    head = "| 名称 name | 定义 definition | 算式 formula | 口径 how | 算例 example | 结果 result |\n" + "|---" * 6 + "|"
    rows: Iterable[str] = (_row(one) for one in MEASURES.values() if one.group == group)
    return "\n".join([f"### {GROUP_NAMES[group]} `{group}`\n", head, *rows])


def _row(measure: Measure) -> str:
    words = MEASURE_WORDS[measure.code]
    how = f"{KIND_NAMES[measure.kind]}，{UNIT_NAMES[measure.unit]}，{WHEN_NAMES[measure.when]}"
    example = next(one for one in EXAMPLES if one.measure == measure.code)
    name = f"{words.name}<br>{words.name_en} `{measure.code}`"
    cells = (name, f"{words.means}。<br>{words.means_en}", words.formula, how, example.told, published(example))
    return f"| {' | '.join(cells)} |"


def document(text: str) -> str:
    """The document with its tables printed anew."""
    every = "\n\n".join(table(group) for group in GROUPS)
    words = MEASURE_WORDS[CONCENTRATION]
    cells = f"{words.name}（{words.name_en}）：{words.means}。算式：{words.formula}。"
    tables = {"measures": every, "concentration": cells}
    return _ROWS.sub(lambda found: f"<!-- rows: {found[1]} -->\n{tables[found[1]]}\n<!-- end of rows -->\n", text)


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text(encoding="utf-8")), encoding="utf-8")
