"""Pages of operators and auditors in words: what was done, offices, checks, units of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OPERATING_DONE: Mapping[str, str] = MappingProxyType(
    {
        "officer_appointed": "任命已提交：监管、运营岗位由另一名运营人员复核后生效，其他岗位即时生效",
        "officer_ended": "岗位已免去，立即生效",
        "account_switched": "账号状态已变更，立即生效",
        "letter_requeued": "已重新排入队列，按新件重试",
        "webhook_ended": "订阅已取消",
        "desk_set": "咨询窗口已保存，即时公开",
        "desk_removed": "咨询窗口已删除",
        "version_published": "版本已公布，自所定时刻起施行",
    }
)
"""By code."""

CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "server": "数据库设置", "migrations": "结构版本", "clock": "时钟", "settling": "到期处理",
        "outbox": "对外投递", "disk": "磁盘", "files": "附件存储", "identifier-key": "标识密钥",
    }
)  # fmt: skip
"""What is looked at."""

OUTCOMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"done": ("办成", "ok"), "refused": ("拒绝", "bad"), "begun": ("开始", "accent"), "failed": ("失败", "bad")}
)
"""How a line of the access log ended: its word and the tone of its tag."""

LETTER_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no-answer": "没有答复", "garbage": "答复看不懂", "no-gateway": "没有配置短信网关",
        "no-server": "没有配置邮件服务器",
        "not-reachable": "收件人没有联系方式", "ended": "订阅已取消", "seal-of-another": "签章不属于这一件",
        "seal-wrong": "签章未通过核验",
    }
)  # fmt: skip
"""What the last try came to, by its code."""


def letter_reason(code: str | None) -> str:
    """Why a letter is dead; a code that nobody named stands as it is."""
    if code is not None and code.startswith("status-"):
        return f"对方拒收（{code}）"
    return "" if code is None else LETTER_REASONS.get(code, code)


CHANGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"added": ("新增", "ok"), "removed": ("去掉", "bad"), "changed": ("改动", "warn")}
)
"""What became of a row."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "code": "事项代码", "name": "名称", "class": "类别", "approval_item": "所属审批事项", "department": "主管部门",
        "legal_basis": "法律依据", "qualification_kind": "所需资质", "minimum_grade": "最低等级",
        "alternative_allowed": "可否自行办理", "result_form": "成果形式", "regional_assessment": "区域评估",
        "fee_mode": "收费方式", "source": "来源", "text_seen": "原文是否见过", "value": "数值", "unit": "单位",
        "place": "出处", "valid_to": "停止日期", "document": "文件",
    }
)  # fmt: skip
"""Fields of an item and of a value."""
