"""归档目录: every event of a demand's record with its hash, and the files that its papers refer to.

Of the last event, so it changes only when something was added.
"""

from __future__ import annotations

from marketplace.papers.document import Column, Paper, facts, heading, table, text
from marketplace.usecases.read_archive import ArchiveFile
from marketplace.web import formatting
from marketplace.web.addresses import award_path
from marketplace.web.locale.record import event_name
from marketplace.web.papers.common import project_rows
from marketplace.web.views.awards import AwardView


def archive_index(file: ArchiveFile, view: AwardView, *, base: str, is_example: bool) -> Paper:
    """The index of a demand's papers."""
    events = [
        (str(number), event_name(one.type), formatting.instant(one.at), one.digest)
        for number, one in enumerate(file.events, 1)
    ]
    wide = (
        Column("序号", 0, "center"),
        Column("材料", 3),
        Column("时间", 0),
        Column("摘要（SHA-256）", 3, is_code=True),
    )
    files = [
        (str(number), one.name, formatting.number(one.size), one.sha256) for number, one in enumerate(file.files, 1)
    ]
    parts = (
        Column("序号", 0, "center"),
        Column("文件", 3),
        Column("字节", 0, "right"),
        Column("摘要（SHA-256）", 3, is_code=True),
    )
    return Paper(
        kind="archive_index",
        title="归档目录",
        subtitle=view.title,
        number=f"编号 {view.id}",
        at=file.events[-1].at,
        leads_to=base + award_path(view.id),
        leads_words="核验这些材料",
        blocks=(
            facts(
                [
                    *project_rows(
                        owner=view.owner_name, project=view.project_name, code=view.project_code, items=view.items,
                        place=view.place,
                    ),
                    ("中选机构", view.winner.name if view.winner else "—"),
                    ("材料", f"{formatting.number(len(events))} 件记录，{formatting.number(len(files))} 份附件"),
                ]
            ),
            heading("一、记录"),
            table(wide, events),
            text("每件记录的摘要都包含它前面一件的摘要；改动任何一件，其后全部对不上。", is_quiet=True),
            heading("二、附件"),
            table(parts, files) if files else text("没有附件。"),
        ),
        is_example=is_example,
    )  # fmt: skip
