"""The pictures of the guides: first screens of pages of the seeded site, taken by ``python -m tests.gallery guides``.

They ship with the site (static/guides), so that they are of this version; a test says which one is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WIDTH, HEIGHT = 640, 420
"""Pixels of a picture."""

SHOTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "items": ("/items/RA03", "", "事项卡片：依据、要求、通常的费用和时间"),
        "demands": ("/demands", "", "需求公告：按事项、地区、金额筛选"),
        "demand": ("/demands/{demand}", "", "一宗需求：条件、时间和报名入口"),
        "award": ("/awards/{award:comprehensive}", "", "中选公告：每家每项的得分"),
        "verify": ("/awards/{award:comprehensive}/verify", "", "中选核验：逐步重算"),
        "fairness": ("/fairness?demand={demand:comprehensive}", "", "公平性检查：还剩多少机构能参加"),
        "agency": ("/agencies/{agency}", "", "机构档案：信用分逐笔可查"),
        "restrictions": ("/restrictions", "", "信用公示：依据、起止、怎样修复"),
        "complaints": ("/complaints", "", "投诉与异议：谁答复、多久"),
        "work-owner": ("/workbench", "owner", "业主的工作台：待办按期限排列"),
        "work-agency": ("/workbench", "agency", "机构的工作台：匹配的需求和在办事项"),
        "work-regulator": ("/workbench", "regulator", "监管部门的工作台"),
        "case-file": ("/workbench/subjects/{agency}", "regulator", "案卷：每一笔怎样计分、能怎样办理"),
        "restrict": ("/workbench/restrict/{agency}", "regulator", "失信限制登记：右边预览批准后会发生什么"),
        "inspection": ("/workbench/inspections/{inspection}", "regulator", "双随机抽查：结果由公开的输入抽出"),
        "profiles": (
            "/workbench/profiles?profile=generic-v1&old=shipped&new={version}",
            "operator",
            "规则版本：与上一版逐项比较",
        ),
        "neighbours": ("/workbench/neighbours", "operator", "对接与外发：停止重试的写明原因，修好后重新投递"),
        "open-data": ("/open-data", "", "数据开放：下载、接口和校验值"),
        "credit": ("/workbench/credit", "agency", "我的信用：每一笔旁边就是异议与修复"),
        "account": ("/account", "operator", "我的账号：口令、第二步验证、会话"),
    }
)  # fmt: skip
"""By name: the address (with names of the seeded site), who reads it ("": nobody signed in), what is seen."""
