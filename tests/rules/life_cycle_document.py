"""The tables of ``docs/reference/life-cycle.md``, printed from the life-cycles that the product itself asks.

``python -m tests.rules.life_cycle_document`` writes them anew; a test holds the document to them. A further cycle is
added to ``CYCLES`` and given its place in the document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from commons.cycles import Cycle, Step
from commons.profiles import ProfileValue
from marketplace.catalogue.profiles import rule_profile
from marketplace.contracts.cycle import CONTRACT_CYCLE
from marketplace.demands.life_cycle import DEMAND_CYCLE
from marketplace.web.locale.life_words import ACTIONS, PARTIES, STAGES

PATH = Path(__file__).parents[2] / "docs" / "reference" / "life-cycle.md"
CYCLES: Mapping[str, Cycle] = {one.name: one for one in (DEMAND_CYCLE, CONTRACT_CYCLE)}
UNITS = {"workdays": "个工作日 working days", "days": "日 days", "minutes": "分钟 minutes", "seconds": "秒 seconds"}

_ROWS = re.compile(r"<!-- rows: (\w+) -->\n.*?<!-- end of rows -->\n", re.DOTALL)


def table(cycle: Cycle) -> str:
    """One row for each step, state after state: who, action, within, what next."""
    head = "| 阶段 state | 谁 who | 做什么 action | 期限 within（generic-v1） | 之后 what next |\n|---|---|---|---|---|"
    ordered = [step for state in cycle.states for step in cycle.steps if step.state == state]
    return "\n".join([head, *(_row(step) for step in ordered)])


def _row(step: Step) -> str:
    who = "时钟 the clock" if step.by_clock else "、".join(f"{PARTIES[one]} {one}" for one in sorted(step.roles))
    return (
        f"| {STAGES[step.state]} `{step.state}` | {who} | {ACTIONS[step.action]} `{step.action}` | {_within(step)} "
        f"| {STAGES[step.leads_to]} `{step.leads_to}` |"
    )


def _within(step: Step) -> str:
    if step.within is None:
        return ""
    values: Mapping[str, ProfileValue] = rule_profile("generic-v1").values
    value = values[step.within]
    return f"{value.value} {UNITS[value.unit]} `{step.within}`"


def document(text: str) -> str:
    """The document with its tables printed anew; a place for a cycle that there is not is a ``KeyError``."""
    return _ROWS.sub(
        lambda found: f"<!-- rows: {found[1]} -->\n{table(CYCLES[found[1]])}\n<!-- end of rows -->\n", text
    )


def places(text: str) -> list[str]:
    """The cycles that the document has places for, in order."""
    return [found[1] for found in _ROWS.finditer(text)]


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text(encoding="utf-8")), encoding="utf-8")
