"""Example views of announcements: the list, one corrected, one of maintenance, the operator's page. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from marketplace.web.addresses import ANNOUNCEMENTS, WORK
from marketplace.web.pages.announcements import KIND_OPTIONS
from marketplace.web.pages.operating_announcements import PUBLISH
from marketplace.web.plans import shown_form
from marketplace.web.views.agency_acts import ActView
from marketplace.web.views.announcements import (
    AnnouncementShown,
    AnnouncementsView,
    AnnouncementView,
    OperatingAnnouncementsView,
)
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Paging
from tests.web.example_cases import LONG_NAME

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
AREA = f"{WORK}/announcements"
ONE = AnnouncementShown(
    id="G261120-AAAA0001", path=f"{ANNOUNCEMENTS}/G261120-AAAA0001", kind="系统维护",
    title="11 月 28 日夜间系统维护（示例）",
    paragraphs=("维护期间不能登录和报价，已经开始的竞价不受影响（示例）。", LONG_NAME * 4), state="公告中", tone="ok",
    published_at=AT, from_at=AT, until=AT + timedelta(days=8),
    hours=(AT + timedelta(days=8), AT + timedelta(days=8, hours=4)), correct=f"{AREA}/correct/G1",
    take_down=f"{AREA}/take-down/G1",
)  # fmt: skip
CORRECTED = replace(
    ONE, title=LONG_NAME, state="已更正", tone="", end="已由新的公告更正", ended_at=AT + timedelta(hours=1),
    successor=ONE.path, hours=None, correct="", take_down="",
)  # fmt: skip
DOWN = replace(CORRECTED, state="已撤下", end="已撤下：时间有变（示例）", successor="", follows=ONE.path)


def publish() -> ActView:
    """发布公告."""
    trail = (("/", "首页"), ("/workbench", "工作台"), (AREA, "公告"))
    return ActView(
        title=PUBLISH.title, trail=trail, about="", facts=(), lead=PUBLISH.lead,
        form=shown_form(PUBLISH.plan, f"{AREA}/publish", f"form-{'0' * 32}"),
        order=tuple(one.name for one in PUBLISH.plan.fields), button="下一步：核对", back=AREA, is_checked=True,
    )  # fmt: skip


def pages() -> dict[str, tuple[PageView, str]]:
    """Each with its path."""
    rows, none, some = (ONE, CORRECTED, DOWN), Paging(1, 20, 0), Paging(2, 20, 43)
    return {
        "announcements": (AnnouncementsView("maintenance", KIND_OPTIONS, rows, some), ANNOUNCEMENTS),
        "announcements-empty": (AnnouncementsView("", KIND_OPTIONS, (), none), ANNOUNCEMENTS),
        "announcement": (AnnouncementView(ONE), ONE.path),
        "announcement-corrected": (AnnouncementView(CORRECTED), ONE.path),
        "announcement-down": (AnnouncementView(DOWN), ONE.path),
        "operating-announcements": (OperatingAnnouncementsView(rows, some, may_act=True), AREA),
        "operating-announcements-empty": (OperatingAnnouncementsView((), none, may_act=False), AREA),
        "operating-announce": (publish(), f"{AREA}/publish"),
    }
