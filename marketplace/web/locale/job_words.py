"""批量任务 in words: what each kind is called, what its counts are, how it stands, why it failed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "import_agencies": "批量备案机构",
        "import_demands": "批量起草需求",
        "export_list": "导出全部",
        "verify_awards": "批量核验",
    }
)
COUNTED: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "import_agencies": ("行", "已备案", "未通过"),
        "import_demands": ("行", "已起草", "未通过"),
        "export_list": ("条", "已读取", "未读取"),
        "verify_awards": ("宗", "一致", "不一致"),
    }
)
"""The unit, what accepted ones are called, what refused ones are called."""
STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "queued": ("排队中", ""),
        "running": ("进行中", "accent"),
        "done": ("已完成", "ok"),
        "refused": ("未导入", "bad"),
        "cancelled": ("已取消", "warn"),
        "failed": ("未能完成", "bad"),
    }
)
"""Words and tone."""
LISTS: Mapping[str, str] = MappingProxyType({"demands": "需求公告", "awards": "中选公告", "agencies": "机构库"})
WHY: Mapping[str, str] = MappingProxyType(
    {
        "gave_up": "连续几次都没能继续，已停止；已办的保留，可以重新提交余下的部分",
        "right_ended": "提交人已不再有办理的权限（身份结束或账号停用），已停止；已办的保留",
        "no_attachment": "原表格已不在，请重新上传",
    }
)
"""Why a job failed, by its code."""
JOB_DONE: Mapping[str, str] = MappingProxyType(
    {
        "job_started": "任务已提交，可以离开本页，办完后在“通知”里告知",
        "job_cancelled": "已请求取消，当前这一步办完后停止",
    }
)


def why(code: str) -> str:
    """Why a job failed; the code itself where there are no words."""
    return WHY.get(code, f"未能继续（{code}）")
