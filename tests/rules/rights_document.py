"""The table of permissions as the page of docs/reference: printed by ``python -m tests.rules.rights_document``."""

from __future__ import annotations

import re
from pathlib import Path

from commons.events import Role
from marketplace.identity.permissions import Permission, Reach
from marketplace.identity.rights import RIGHTS

PATH = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"
ROLES: dict[Role, str] = {
    "owner": "业主 owner",
    "delegate": "代办员 delegate",
    "agency": "机构 agency",
    "regulator": "监管 regulator",
    "operator": "运营 operator",
    "auditor": "审计 auditor",
    "public": "公众 public",
    "system": "本机 system",
}
REACHES: dict[Reach, str] = {
    "own": "本单位 own",
    "mandate": "授权 mandate",
    "downwards": "辖区 downwards",
    "any": "任意 any",
}
_ROWS = re.compile(r"<!-- rows: rights -->\n.*?<!-- end of rows -->\n", re.DOTALL)


def conditions(row: Permission) -> str:
    """What is asked for beside the role."""
    told = []
    if row.administrators:
        told.append("管理员 administrator")
    if row.is_step_up:
        told.append("再次验证 proof")
    if row.two_persons:
        told.append("双人 two" + (f" ({row.second})" if row.second else ""))
    return ", ".join(told)


def table() -> str:
    """Every act, who may do it and how far, under which conditions."""
    lines = [f"| 行为 act | {' | '.join(ROLES.values())} | 条件 conditions |", "|---" * (len(ROLES) + 2) + "|"]
    for row in sorted(RIGHTS.values(), key=lambda one: one.act):
        cells = [REACHES[row.roles[role]] if role in row.roles else "" for role in ROLES]
        lines.append(f"| `{row.act}` | {' | '.join(cells)} | {conditions(row)} |")
    return "\n".join(lines)


def document(text: str) -> str:
    """The page with its rows printed anew."""
    return _ROWS.sub(lambda _: f"<!-- rows: rights -->\n{table()}\n<!-- end of rows -->\n", text)


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text(encoding="utf-8")), encoding="utf-8")
