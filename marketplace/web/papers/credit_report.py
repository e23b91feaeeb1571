"""信用报告 of one agency: its score line by line, restrictions, certificates, awards; as of the minute it is made."""

from __future__ import annotations

from datetime import datetime

from commons.canonical import Json
from commons.instants import beijing_date
from marketplace.papers.document import Column, Paper, facts, heading, note, outcome, table, text
from marketplace.web import formatting
from marketplace.web.addresses import agency_path
from marketplace.web.locale import names
from marketplace.web.papers.common import Rows
from marketplace.web.tags import restriction_tag
from marketplace.web.views.agencies import AgencyView, CreditView, Qualification


def credit_report(view: AgencyView, *, base: str, at: datetime, is_example: bool) -> Paper:
    """The report as of ``at``, to the minute."""
    at = at.replace(second=0, microsecond=0)
    credit = view.credit
    return Paper(
        kind="credit_report",
        title="中介机构信用报告",
        subtitle=view.name,
        number=f"信用代码 {view.uscc}",
        at=at,
        leads_to=base + agency_path(view.uscc),
        leads_words="查看这家机构的最新信用状况",
        blocks=(
            outcome(
                "信用等级" if credit.grade else "信用状况",
                credit.grade or "新入驻",
                figure=f"{formatting.points(credit.value)} 分",
                under=f"满分 100.00，计分规则 {credit.rulebook}" if credit.grade else "尚无计分的事实，按起始分计",
            ),
            heading("一、基本情况"),
            facts(_basics(view)),
            heading("二、信用分的计算"),
            _score(credit),
            text(
                "合计低于 0 按 0、高于 100 按 100 计；事实期满自动不再计分；异议办理中的，答复前仍计分。", is_quiet=True
            ),
            heading("三、信用限制"),
            *_restrictions(view),
            heading("四、资质"),
            *_certificates(view, at),
            heading("五、交易"),
            facts(_trade(view)),
            note("认为本报告所列信息有误的，机构可以提出异议；符合条件的，可以申请信用修复。"),
        ),
        is_example=is_example,
    )


def _basics(view: AgencyView) -> Rows:
    return [
        ("机构名称", view.name),
        ("信用代码", view.uscc),
        ("机构类型", names.AGENCY_KINDS.get(view.kind, view.kind)),
        ("注册地", formatting.place(view.place)),
        ("备案", f"{formatting.day(view.filed_at)}，全省有效"),
        ("状态", names.STANDINGS[view.standing]),
    ]


def _score(credit: CreditView) -> dict[str, Json]:
    lines = [
        (
            one.basis + ("（异议办理中）" if one.is_disputed else ""), one.rule, formatting.day(one.effective_at),
            formatting.last_day(one.until) if one.until else "长期", formatting.signed_points(one.points),
        )
        for one in credit.lines
    ]  # fmt: skip
    rows = [
        ("起始分", "每家机构相同", "—", "—", formatting.points(credit.start)),
        *lines,
        ("信用分", "", "", "", formatting.points(credit.value)),
    ]
    columns = (
        Column("依据的事实", 4), Column("规则", 4), Column("计分起", 0, "center"), Column("有效至", 0, "center"),
        Column("分值", 0, "right"),
    )  # fmt: skip
    return table(columns, rows)


def _restrictions(view: AgencyView) -> list[dict[str, Json]]:
    if not view.restrictions:
        return [text("没有信用限制的记录。")]
    rows = [
        (
            one.basis or "依据不再公示", f"{names.LAYERS[one.layer]}，{one.decided_in}",
            names.measure_names(one.measures),
            f"{formatting.day(one.starts_at)} 至 {formatting.last_day(one.ends_at) if one.ends_at else '修复为止'}",
            restriction_tag(one).words,
        )
        for one in view.restrictions
    ]  # fmt: skip
    columns = (
        Column("依据", 4), Column("层级与机关", 3), Column("不能", 3), Column("期间", 3), Column("状态", 0, "center"),
    )  # fmt: skip
    return [table(columns, rows)]


def _certificates(view: AgencyView, at: datetime) -> list[dict[str, Json]]:
    if not view.qualifications:
        return [text("没有登记资质。")]
    rows = [
        (
            " ".join(filter(None, (one.kind, one.grade))), one.number, one.issuer,
            f"{formatting.day(one.first)} 至 {formatting.last_day(one.until) if one.until else '长期'}",
            _state(one, at),
        )
        for one in view.qualifications
    ]  # fmt: skip
    columns = (
        Column("资质", 3), Column("证书编号", 3), Column("发证机关", 3), Column("有效期", 4),
        Column("状态", 0, "center"),
    )  # fmt: skip
    return [table(columns, rows)]


def _state(one: Qualification, at: datetime) -> str:
    today = beijing_date(at)
    if one.ended_at is not None:
        return "已终止"
    if one.first > today:
        return "未生效"
    return "已到期" if one.until is not None and one.until <= today else "有效"


def _trade(view: AgencyView) -> Rows:
    middle = f"{formatting.wan(view.median_price_fen)} 万元" if view.median_price_fen is not None else "—"
    return [
        ("参加选取", f"{formatting.number(view.participations)} 次"),
        ("中选", f"{formatting.number(view.awards_total)} 宗，涉及 {view.award_cities} 个市"),
        ("中选价中位数", middle),
    ]
