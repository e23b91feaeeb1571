"""Example views of the back office and of the help desks. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from marketplace.web.addresses import HELP_DESKS, WORK
from marketplace.web.pages.reference import shipped
from marketplace.web.views.pages import PageView
from marketplace.web.views.reference import DeskShown, HelpDesksView, ReferenceView
from tests.web.example_cases import LONG_NAME

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
AREA = f"{WORK}/reference"
ONE = DeskShown(
    "浙江省温州市", "温州市投资项目咨询窗口（示例）", "0577-12345678", "工作日 9:00—17:00",
    "示例路 1 号 2 楼", "中介服务专窗", AT, f"{AREA}/desk/B1", f"{AREA}/remove/B1",
)  # fmt: skip
LONG = replace(ONE, name=LONG_NAME, address=LONG_NAME, remark="", change="", remove="")


def pages() -> dict[str, tuple[PageView, str]]:
    """Each with its path."""
    return {
        "help-desks": (HelpDesksView((ONE, LONG)), HELP_DESKS),
        "help-desks-empty": (HelpDesksView(()), HELP_DESKS),
        "operating-reference": (ReferenceView((ONE, LONG), shipped(), may_act=True), AREA),
        "operating-reference-empty": (ReferenceView((), shipped(), may_act=False), AREA),
    }
