"""Example views of long work: waiting, running, done in each way, and one that found differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from marketplace.web.pages.acting import Asked
from marketplace.web.pages.jobs import EXPORTING, VERIFYING
from marketplace.web.plans import Plan
from marketplace.web.views.forms import FormShown
from marketplace.web.views.jobs import JobErrorRow, JobShown, JobsView, JobView
from marketplace.web.views.pages import PageView

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
RUNNING = JobShown(
    "J261120-7K3F2Q9M", "import_agencies", "批量备案机构", "名称很长很长很长很长很长很长很长很长很长的机构名册.xlsx",
    "running", 1_212, 5_000, "行", 1_210, "已备案", 2, "未通过", "306 行/秒", 13, AT, AT, AT, None,
    is_cancel_asked=False, why="", errors_total=2,
    errors=(
        JobErrorRow(None, "机构 瓯越测绘有限公司（示例）", "已经备案"),
        JobErrorRow(77, "机构", "与已有的登记冲突（编号或代码重复）"),
    ),
)  # fmt: skip
QUEUED = replace(RUNNING, state="queued", done=0, total=None, accepted=0, refused=0, speed="", remaining_s=None,
                 started_at=None, moved_at=None, errors_total=0, errors=())  # fmt: skip
DONE = replace(RUNNING, state="done", done=5_000, accepted=4_998, remaining_s=None, ended_at=AT)
EXPORTED = replace(
    DONE, kind="export_list", title="导出全部", asked="需求公告：温州市，征集中", unit="条", accepted_words="已读取",
    refused=0, refused_words="未读取", errors_total=0, errors=(), file_name="需求公告-20261120.xlsx",
    file_size=1_234_567, file_until=AT + timedelta(days=30),
)  # fmt: skip
VERIFIED = replace(
    DONE, kind="verify_awards", title="批量核验", asked="2026-10-01 至 2026-10-31 作出的中选", unit="宗", done=214,
    total=214, accepted=211, accepted_words="一致", refused=1, refused_words="不一致", speed="180 宗/分钟",
    errors_total=1, errors=(JobErrorRow(None, "D261001-7K3F2Q9M", "中选机构或中选价不同（1 处）", "D261001-7K3F2Q9M"),),
)  # fmt: skip


def cancelling(job: JobShown) -> FormShown:
    return Asked(Plan(()), f"/workbench/jobs/{job.id}/cancel", "cancel").fresh()


def pages() -> Mapping[str, tuple[PageView, str]]:
    """Each view with its address."""
    chosen = EXPORTING.fresh(MappingProxyType({"listed": ("demands",), "query": ("city=330300",)}))
    every = (RUNNING, QUEUED, DONE, EXPORTED, VERIFIED)
    jobs = {
        "job-running": RUNNING,
        "job-done": DONE,
        "job-exported": EXPORTED,
        "job-verified": VERIFIED,
    }
    return {
        **{
            name: (JobView(one, None if one.is_over else cancelling(one)), f"/workbench/jobs/{one.id}")
            for name, one in jobs.items()
        },
        "jobs": (
            JobsView(every, RUNNING.id, VERIFYING.fresh(), chosen, "需求公告：温州市", (("/imports/demands", "导入"),)),
            "/workbench/jobs",
        ),
    }
