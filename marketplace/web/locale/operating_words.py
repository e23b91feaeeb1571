"""Pages of operators and auditors in words: what was done, offices, checks, units of a profile."""

from __future__ import annotations

import re
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

_FOUND: tuple[tuple[str, str], ...] = (
    (r"keeps what it acknowledges", "已确认的写入不会丢失"),
    (r"as the program", "与程序一致"),
    (r"([0-9]+) apart, (.+) first", r"相差 \1 个，最先是 \2"),
    (r"([0-9]+) ms apart", r"与数据库的时钟相差 \1 毫秒"),
    (r"([0-9]+) due, ([0-9]+) s behind", r"到期未办 \1 件，最久 \2 秒"),
    (r"([0-9]+) waiting, the oldest ([0-9]+) s; ([0-9]+) dead letters", r"等待 \1 件，最久 \2 秒；停止重试 \3 件"),
    (r"([0-9]+) MB free", r"空闲 \1 MB"),
    (r"([0-9]+) MB free, not writable", r"空闲 \1 MB，但不能写入"),
    (r"answer", "可以读取"),
    (r"the one for development", "开发用的默认密钥"),
    (r"its own", "本站自己的密钥"),
    (r"cannot be told: (.+)", r"检查不了（\1）"),
    (r"PostgreSQL 15 or later is needed, this is ([0-9]+)", r"须用 PostgreSQL 15 以上，现为 \1"),
    (r"the database's encoding is (.+), not UTF8", r"数据库编码为 \1，应为 UTF8"),
    (r"default isolation is '(.+)', not 'read committed'", r"默认隔离级别为 \1，应为 read committed"),
    (r"fsync is off: .+", "fsync 已关闭：服务器断电会丢失已确认的写入"),
    (r"full_page_writes is off: .+", "full_page_writes 已关闭：写入中途断电会损坏数据页"),
    (
        r"synchronous_commit is (.+): a crash loses acknowledged writes",
        r"synchronous_commit 为 \1：断电会丢失已确认的写入",
    ),
    (r"data checksums are off: .+", "数据校验和已关闭：数据页损坏不会被发现"),
    (r"the session's time zone is (.+), not UTC", r"会话时区为 \1，应为 UTC"),
)
"""What ``read_health`` and ``server_check`` say, as patterns, in the reader's words."""

OUTCOMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"done": ("办成", "ok"), "refused": ("拒绝", "bad"), "begun": ("开始", "accent"), "failed": ("失败", "bad")}
)
"""How a line of the access log ended: its word and the tone of its tag."""

RECEIVERS: Mapping[str, str] = MappingProxyType(
    {
        "desk": "本站分发", "investment-platform": "投资项目在线平台", "data-sharing": "数据共享平台",
        "unified-payment": "统一支付平台", "e-archive": "电子档案馆", "e-seal": "电子签章平台",
        "supervision": "综合监管平台", "complaints": "投诉平台", "sms": "短信网关", "credit-platform": "信用平台",
        "line-authorities": "行业主管部门", "purchase-supervision": "政府采购监管（财政部门）",
        "tender-supervision": "公共资源交易监管部门",
    }
)  # fmt: skip
"""Who takes letters, by code: neighbours and receivers of credit changes."""

LETTER_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no-answer": "没有答复", "garbage": "答复看不懂", "no-gateway": "没有配置短信网关",
        "no-server": "没有配置邮件服务器",
        "not-reachable": "收件人没有联系方式", "ended": "订阅已取消", "seal-of-another": "签章不属于这一件",
        "seal-wrong": "签章未通过核验",
    }
)  # fmt: skip
"""What the last try came to, by its code."""


def receiver_words(code: str) -> str:
    """Who takes a letter, with the code that settings and commands know him by."""
    name = RECEIVERS.get(code) or ("事件订阅" if code.startswith("webhook/") else "")
    return f"{name}（{code}）" if name else code


def letter_reason(code: str | None) -> str:
    """Why a letter is dead; a code that nobody named stands as it is."""
    if code is not None and code.startswith("status-"):
        return f"对方拒收（{code.removeprefix('status-')}）"
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


def found_words(found: str) -> str:
    """What a check of health found, in words; "" where a part of it has none and the program's own are shown."""
    whole = _in_words(found)
    parts = [_in_words(part) for part in found.split("; ")]
    return whole or ("；".join(parts) if all(parts) else "")


def _in_words(said: str) -> str:
    hits = ((re.fullmatch(pattern, said), words) for pattern, words in _FOUND)
    return next((hit.expand(words) for hit, words in hits if hit), "")
