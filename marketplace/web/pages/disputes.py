"""Enquiries, objections and complaints of a demand as its page shows them; who asked or objected is nowhere in them."""

from __future__ import annotations

from marketplace.usecases.read_demand import DemandFile
from marketplace.usecases.read_life import ObjectionTold
from marketplace.web.views.demands import Asked, Objected

FINDINGS = {"dismissed": "不成立", "upheld": "成立"}
REMEDIES = {"next": "由下一名递补", "annul": "选取作废"}


def asked_here(file: DemandFile) -> tuple[Asked, ...]:
    """The enquiries, in order."""
    return tuple(
        Asked(
            number=one.number, question=one.question, asked_at=one.asked_at, answer_until=one.answer_until.at,
            answer=one.answer, answered_at=one.answered_at, is_late=one.is_late(at=file.now),
        )
        for one in file.life.enquiries
    )  # fmt: skip


def objected_here(file: DemandFile) -> tuple[Objected, ...]:
    """The objections with what became of them, in order."""
    return tuple(
        Objected(
            number=one.objection.number,
            against=file.names.get(one.objection.against, one.objection.against),
            grounds=one.grounds,
            raised_at=one.objection.raised_at,
            said=tuple(_said(one)),
            is_open=one.objection.is_open(at=file.now),
        )
        for one in file.life.objections
    )


def _said(told: ObjectionTold) -> list[tuple[str, str]]:
    """What was said after the grounds, each with its name."""
    one, complaint = told.objection, told.objection.complaint
    said: list[tuple[str, str]] = []
    if told.answer is not None and one.finding is not None:
        said.append((f"业主答复：{FINDINGS[one.finding]}", told.answer))
    if one.withdrawn_at is not None:
        said.append(("异议人", "已撤回"))
    if complaint is not None:
        said.append(("投诉", told.complaint or ""))
        if told.accepting is not None:
            said.append(("不予受理" if complaint.refused_at is not None else "受理", told.accepting))
        if told.deciding is not None and complaint.finding is not None:
            said.append((f"处理决定：{FINDINGS[complaint.finding]}", told.deciding))
    if told.remedy is not None:
        said.append(("结果", REMEDIES[told.remedy]))
    return said
