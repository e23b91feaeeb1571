"""Example views of an operator's and an auditor's pages: offices, letters, health, the log, versions. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from marketplace.web.addresses import WORK
from marketplace.web.locale.account_words import ROLES
from marketplace.web.locale.operating_words import CHECKS
from marketplace.web.pages.operating_accounts import APPOINT, OFFICES
from marketplace.web.pages.operating_publishing import PLAN
from marketplace.web.pages.operating_records import calendar_view
from marketplace.web.plans import shown_form
from marketplace.web.views.agency_acts import ActView
from marketplace.web.views.forms import Choice
from marketplace.web.views.operating import (
    AccessLogView,
    AccessRow,
    AccountsView,
    BackupsView,
    CellRow,
    ChangeRow,
    CheckShown,
    DeadShown,
    HealthView,
    HookShown,
    NeighboursView,
    OfficerRow,
    OperatorSection,
    PublishCheckView,
    PublishView,
    QueueShown,
    VersionRow,
    VersionsView,
)
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Entered, Option
from marketplace.web.views.work import WorkView
from tests.web.example_cases import LONG_NAME

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
TRAIL = (("/", "首页"), ("/workbench", "工作台"), (f"{WORK}/accounts", "岗位与账号"))
SECTION = OperatorSection(12, 3, 27, may_act=True)
OFFICE_OPTIONS = tuple(Option(one, ROLES[one]) for one in OFFICES)
ROLE_OPTIONS = tuple(Option(code, name) for code, name in ROLES.items())
LETTER = "6f7c4c0e-52a4-4d4e-9a4e-7d1f6f2a9b10"
YEARS = (2024, 2025, 2026, 2027)


def accounts(*, is_empty: bool = False) -> AccountsView:
    """岗位与账号."""
    row = OfficerRow("监管部门", "R-330300-7K3F2Q9M", "温州市", "水利", AT, f"{WORK}/accounts/end/M1")
    rows = () if is_empty else (row, replace(row, office="审计", acting="A-7K3F2Q9M", place="", line="", end=""))
    return AccountsView("regulator", "温州", OFFICE_OPTIONS, rows, 27, may_act=not is_empty)


def appoint() -> ActView:
    """任命岗位."""
    plan = APPOINT.plan.with_options(region=(Choice("330300", "温州市"),))
    return ActView(
        title=APPOINT.title, trail=TRAIL, about="", facts=(), lead=APPOINT.lead,
        form=shown_form(plan, f"{WORK}/accounts/appoint", f"form-{'0' * 32}"),
        order=tuple(one.name for one in plan.fields), button="下一步：核对", back=f"{WORK}/accounts", is_checked=True,
    )  # fmt: skip


def neighbours(*, is_empty: bool = False) -> NeighboursView:
    """对接与外发."""
    if is_empty:
        return NeighboursView((), (), None)
    dead = DeadShown(
        LETTER, "contract-desk", "demand.award_confirmed", "demand/D261120-AAAA0001", 12, 503,
        "对方答复 503：维护中（示例）", AT, f"{WORK}/neighbours/again/{LETTER}",
    )  # fmt: skip
    hook = HookShown(
        "W1", "https://example.invalid/very/long/path/to/the/receiver/of/events", ("award.confirmed",) * 4, AT,
        f"{WORK}/neighbours/end/W1",
    )  # fmt: skip
    queues = (QueueShown("contract-desk", 12, 3, AT), QueueShown("webhook/W1", 0, 0, None))
    return NeighboursView(queues, (dead, replace(dead, status=None, reason="")), (hook,))


SEEN = ("与数据库的时钟相差 12 毫秒", "12 ms apart")


def health(*, is_wrong: bool = False) -> HealthView:
    """运行状况."""
    checks = tuple(CheckShown(name, not (is_wrong and name == "磁盘"), *SEEN) for name in CHECKS.values())
    return HealthView(checks, int(is_wrong))


def access_log(*, is_empty: bool = False, is_wrong: bool = False) -> AccessLogView:
    """访问日志."""
    typed = {
        "person": "",
        "role": "operator",
        "actor": "",
        "act": "",
        "since": "下午" if is_wrong else "2026-11-20T09:00",
        "until": "",
    }
    rows = tuple(
        AccessRow(
            AT - timedelta(minutes=number), "P-7K3F2Q9M", "operator:O-7K3F2Q9M", "placeOffer",
            "提交报价" if number % 2 else "", f"/api/v1/selections/S261120-AAAA000{number}/offers", "办成", "ok",
        )
        for number in range(6)
    )  # fmt: skip
    faults = MappingProxyType({"since": "请填写北京时间"})
    entered = Entered(MappingProxyType(typed), faults if is_wrong else MappingProxyType({}))
    return AccessLogView(
        typed, (("role", "operator"),), ROLE_OPTIONS, () if is_empty else rows, None if is_empty else 2_041,
        is_empty, entered,
    )  # fmt: skip


def versions(*, is_empty: bool = False) -> VersionsView:
    """事项目录版本 without any, 规则版本 compared."""
    if is_empty:
        shipped = (Option("shipped", "随程序发布的内容"),)
        return VersionsView("事项目录版本", f"{WORK}/catalogue", "", (), (), shipped, "", "", None, "没有这个版本")
    row = VersionRow("V2", "温州市", AT, AT, LONG_NAME, "示例文件〔2026〕7 号", 3, "施行中", "ok", "V1")
    change = ChangeRow(
        "publicity", "公示期", "改动", "warn", (CellRow("数值", "3", "5"), CellRow("出处", "", "第七条"))
    )
    names = (Option("demo-v1", "demo-v1"), Option("generic-v1", "generic-v1"))
    choices = (Option("V1", "V1　温州市"), Option("V2", "V2　温州市"))
    rows = (row, replace(row, id="V1", state="已被取代", tone="", older="shipped"))
    return VersionsView(
        "规则版本", f"{WORK}/profiles", "generic-v1", names, rows, choices, "V1", "V2", (change,),
        publish=f"{WORK}/profiles/publish",
    )  # fmt: skip


def publish() -> PublishView:
    """公布新版本, with what is wrong in the file."""
    form = shown_form(PLAN, f"{WORK}/profiles/publish", f"form-{'0' * 32}")
    faults = (("/values/0/key", "unknown_key", "'publicity_days' is no value of this profile"), ("", "missing", ""))
    return PublishView("规则版本", f"{WORK}/profiles", form, faults)


def publish_check() -> PublishCheckView:
    """What it would change."""
    compared = versions().changes
    assert compared is not None, "two are compared"
    rows = (("规则", "generic-v1"), ("区域", "温州市"), ("施行", "2026-12-01 00:00（北京时间）"), ("理由", LONG_NAME))
    held = (("document", '{"profile":"generic-v1"}'), ("in_force_from", "2026-12-01T00:00"))
    return PublishCheckView(
        "规则版本", f"{WORK}/profiles", rows, compared, held, f"{WORK}/profiles/publish", f"form-{'0' * 32}"
    )


def pages() -> dict[str, tuple[PageView, str]]:
    """Each with its path."""
    backups = BackupsView((AT, AT - timedelta(days=1)), is_late=False, is_more=True)
    return {
        "operator-work": (WorkView("平台运营", (), 0, (SECTION,)), "/workbench"),
        "auditor-work": (WorkView("审计", (), 0, (replace(SECTION, dead=0, may_act=False),)), "/workbench"),
        "operating-accounts": (accounts(), f"{WORK}/accounts"),
        "operating-accounts-empty": (accounts(is_empty=True), f"{WORK}/accounts"),
        "operating-appoint": (appoint(), f"{WORK}/accounts/appoint"),
        "operating-neighbours": (neighbours(), f"{WORK}/neighbours"),
        "operating-neighbours-empty": (neighbours(is_empty=True), f"{WORK}/neighbours"),
        "operating-health": (health(), f"{WORK}/health"),
        "operating-health-wrong": (health(is_wrong=True), f"{WORK}/health"),
        "operating-log": (access_log(), f"{WORK}/access-log"),
        "operating-log-empty": (access_log(is_empty=True), f"{WORK}/access-log"),
        "operating-log-wrong": (access_log(is_empty=True, is_wrong=True), f"{WORK}/access-log"),
        "operating-backups": (backups, f"{WORK}/backups"),
        "operating-backups-empty": (BackupsView((), is_late=True, is_more=False), f"{WORK}/backups"),
        "operating-calendar": (calendar_view(2026, YEARS), f"{WORK}/calendar"),
        "operating-calendar-unknown": (calendar_view(2099, (*YEARS, 2099)), f"{WORK}/calendar"),
        "operating-versions": (versions(), f"{WORK}/profiles"),
        "operating-publish": (publish(), f"{WORK}/profiles/publish"),
        "operating-publish-check": (publish_check(), f"{WORK}/profiles/publish"),
        "operating-versions-empty": (versions(is_empty=True), f"{WORK}/catalogue"),
    }
