"""Example views of the workbench and of notifications, and a specimen of every block and field of the site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from commons.sources import Source
from marketplace.inbox.telling import CHANNELS, KINDS
from marketplace.web.addresses import WORK
from marketplace.web.pages.work import CHOOSING, READING
from marketplace.web.plans import Field, Plan, proposed, shown_form
from marketplace.web.render import environment
from marketplace.web.views.api_docs import ApiDocsView
from marketplace.web.views.forms import Choice, FormShown, Wrong
from marketplace.web.views.pages import PageView
from marketplace.web.views.work import (
    InboxSection,
    NotificationRow,
    NotificationsView,
    ProjectBar,
    ProjectsSection,
    TaskRow,
    WorkView,
)

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
SPECIMEN = Path(__file__).with_name("specimen.html")
TITLE = "温州市瓯海区三垟湿地北片水环境综合提升工程（一期、二期及配套管网）水土保持方案编制（示例）"
NOTICES = (
    *(
        NotificationRow(
            number, ("award", "contract", "credit")[number % 3], f"中选结果已公示：{TITLE}", "/demands/D1",
            AT - timedelta(hours=number), AT + timedelta(days=2) if number % 2 else None, number > 2,
        )
        for number in range(1, 7)
    ),
    NotificationRow(
        7, "job", "批量备案机构已完成，有未通过的行：名册（示例）.xlsx", "/workbench/jobs/J1",
        AT - timedelta(days=1), None, is_read=True,
    ),
)  # fmt: skip
BARS = tuple(
    ProjectBar(
        f"D{at}", TITLE, "comprehensive", 15_800_000, at > 1, state, at,  # type: ignore[arg-type]  # a test's shorthand
        ("11-18 09:00 发布", "11-24 17:00 截止", "11-27 24:00 期满" if at > 1 else "", "", ""),
    )
    for at, state in enumerate(("draft", "published", "publicity", "contracted", "accepted", "archived"))
)  # fmt: skip
FIELDS = Plan(
    (
        Field("title", "项目名称", hint="与立项文件一致"),
        Field("reason", "理由", "prose", limit=500),
        Field("ceiling_fen", "最高限价", "amount", hint="含税，到分"),
        Field("days", "服务期限", "whole", unit="个工作日"),
        Field("rate", "下浮率", "rate", is_needed=False),
        Field("on", "完成日期", "day"),
        Field("closes_at", "报价截止", "instant"),
        Field("city", "地区", "select", options=(Choice("330300", "温州市"), Choice("331100", "丽水市"))),
        Field("mode", "选取方式", "radios", options=(Choice("a", "综合比选", "密封报价"), Choice("b", "多轮竞价"))),
        Field("items", "事项", "boxes", options=(Choice("RA01", "地质灾害危险性评估"), Choice("RA03", "水土保持方案"))),
        Field("agreed", "已阅读规则", "box", hint="规则见规则说明"),
        Field("paper", "附件", "file", accept=".pdf", is_needed=False),
        Field("held", "", "hidden"),
    )
)
WRONG = (
    Wrong("最高限价应为金额，以元计，最多两位小数，如 128600.00", "ceiling_fen", "最高限价"),
    Wrong("报名时间短于规则要求", "closes_at", "报价截止", Source("选取规则", "yes", "5"), "sign_up_too_short"),
    Wrong("该项目已有正在进行的同一事项需求", source=Source("中介服务事项清单", "partial")),
)


def forms() -> tuple[FormShown, FormShown]:
    """A form with values, and one with everything wrong that asks for a proof."""
    typed = {**proposed(title=TITLE, ceiling_fen="128600.00", days=20, closes_at="2026-11-24T17:00", city="331100"),
             "items": ("RA03",)}  # fmt: skip
    from dataclasses import replace  # noqa: PLC0415 - of this example alone

    right = shown_form(FIELDS, "/workbench", "form-1", sent=typed)
    wrong = shown_form(FIELDS, "/workbench", "form-2", sent=proposed(ceiling_fen="十二万"), wrong=WRONG, id="again")
    return right, replace(wrong, proof="password")


def pages() -> dict[str, tuple[PageView, str]]:
    """工作台 full and empty, notifications."""
    tasks = (
        TaskRow("answer_enquiry", TITLE, "/demands/D1", AT - timedelta(hours=3), is_overdue=True, number=2),
        TaskRow("accept_result", TITLE, "/demands/D1", AT + timedelta(days=3), is_overdue=False),
        TaskRow("answer_objection", TITLE, "/workbench/credit", AT, is_overdue=True, is_waiting=True),
    )
    sections = (ProjectsSection(BARS, 19, 2), InboxSection(NOTICES[:5], 100))
    choosing = CHOOSING.fresh({"wanted": ("award:email",)})
    told = NotificationsView(NOTICES, 2, 3, False, READING.fresh(), choosing, KINDS, CHANNELS)
    none = NotificationsView((), 0, None, True, READING.fresh(), choosing, KINDS, CHANNELS)
    return {
        "api-docs": (ApiDocsView("/api/v1/openapi.json", is_here=False), "/api/docs"),
        "work": (WorkView("业主", tasks, 1, sections), "/workbench"),
        "work-empty": (WorkView("业主", (), 0, (ProjectsSection((), 0, 0), InboxSection((), 0))), "/workbench"),
        "notifications": (told, f"{WORK}/notifications"),
        "notifications-none": (none, f"{WORK}/notifications"),
    }


def specimen(frame: object) -> str:
    """Every block and every field on one page, as the templates' macros make them."""
    right, wrong = forms()
    until = AT + timedelta(hours=2, minutes=3)
    return (
        environment()
        .from_string(SPECIMEN.read_text("utf-8"))
        .render(frame=frame, view=None, right=right, wrong=wrong, until=until)
    )
