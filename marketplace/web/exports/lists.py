"""What each exported list holds: its columns, its rows, and what its head says of filters, period and cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from commons.errors import NotFound
from commons.instants import beijing_date
from commons.money import Money
from commons.regions import REGIONS
from marketplace.sheets.listing import ListColumn, Listing
from marketplace.usecases.read_agencies import AgencyPage
from marketplace.usecases.read_awards import AwardPage
from marketplace.usecases.read_credit_lists import CreditListPage
from marketplace.usecases.read_demands import DemandPage
from marketplace.usecases.read_exports import MAX_EXPORTED
from marketplace.usecases.read_listing import Listed
from marketplace.usecases.read_restrictions import RestrictionPage
from marketplace.web import formatting
from marketplace.web.locale import names
from marketplace.web.locale.reasons import reason_text
from marketplace.web.pages.naming import item_of
from marketplace.web.pages.rows import failure, state_of

Filters = Mapping[str, str]
_HIDDEN = frozenset({"page", "limit", "display", "after", "before"})
"""Parts of an address that narrow nothing."""
_KEYS = {**names.FILTER_KEYS, "ceiling_min_fen": "最高限价不低于（分）", "ceiling_max_fen": "最高限价不高于（分）",
         "regional_only": "只看区域评价", "restricted_only": "只看受限的", "free_only": "只看未受限的",
         "winner": "中选机构"}  # fmt: skip
_LISTS = {"debarment": "失信惩戒名单", "public_record": "公示信息", "commendation": "守信激励名单"}


def demands_listing(found: DemandPage, filters: Filters) -> Listing:
    """需求公告."""
    columns = (
        ListColumn("编号", 18), ListColumn("需求", 40), ListColumn("业主", 28), ListColumn("服务事项", 28),
        ListColumn("选取方式", 10), ListColumn("地区", 18), ListColumn("最高限价（元）", 16),
        ListColumn("服务期限（工作日）", 12),
        ListColumn("状态", 12), ListColumn("发布时间", 19), ListColumn("报名截止", 19), ListColumn("报价截止", 19),
    )  # fmt: skip
    rows = (
        (
            row.id, row.title, row.owner_name, _items(row), names.mode_name(row.mode), REGIONS.full_name(row.region),
            Money(row.ceiling_fen), row.max_days, names.state_name(state_of(row, now=found.now)), row.published_at,
            row.sign_up_closes_at, row.closes_at,
        )
        for row in found.rows
    )  # fmt: skip
    moments = [one.published_at for one in found.rows]
    said = _said(filters, moments, "发布", found.total, found.now, is_more=found.is_more, most=found.part.size)
    return Listing("需求公告", said, columns, rows, found.now)


def awards_listing(found: AwardPage, filters: Filters) -> Listing:
    """中选公告."""
    columns = (
        ListColumn("编号", 18), ListColumn("需求", 40), ListColumn("业主", 28), ListColumn("服务事项", 28),
        ListColumn("选取方式", 10), ListColumn("地区", 18), ListColumn("状态", 12), ListColumn("中选机构", 32),
        ListColumn("信用代码", 20), ListColumn("中选金额（元）", 16), ListColumn("最高限价（元）", 16),
        ListColumn("报名家数", 10), ListColumn("作出时间", 19), ListColumn("未成立的原因", 32),
    )  # fmt: skip
    rows = (
        (
            row.id, row.title, row.owner_name, _items(row), names.mode_name(row.mode), REGIONS.full_name(row.region),
            names.state_name(state_of(row, now=found.now)), row.winner_name, row.winner,
            None if row.winning_fen is None else Money(row.winning_fen), Money(row.ceiling_fen),
            found.bidders.get(row.selection), row.decided_at, reason_text(failure(row.reason)) if row.reason else "",
        )
        for row in found.rows
    )  # fmt: skip
    decided = [one.decided_at for one in found.rows if one.decided_at is not None]
    return Listing(
        "中选公告",
        _said(filters, decided, "作出", found.total, found.now, is_more=found.is_more, most=found.part.size),
        columns,
        rows,
        found.now,
    )


def agencies_listing(found: AgencyPage, filters: Filters) -> Listing:
    """机构库."""
    columns = (
        ListColumn("信用代码", 20), ListColumn("机构", 34), ListColumn("注册地", 18), ListColumn("备案日", 12),
        ListColumn("有效资质", 40), ListColumn("中选（宗）", 10), ListColumn("上架报价", 10), ListColumn("状态", 10),
        ListColumn("信用限制", 10), ListColumn("限制至", 19),
    )  # fmt: skip
    rows = (
        (
            row.uscc, row.name, REGIONS.full_name(row.region), beijing_date(row.filed_at),
            "、".join(" ".join(filter(None, (one.kind, one.grade))) for one in row.qualifications), row.awards,
            row.shelf_offers, names.STANDINGS[row.standing], "受限" if row.restrictions else "无", row.restricted_until,
        )
        for row in found.rows
    )  # fmt: skip
    filed = [one.filed_at for one in found.rows]
    said = _said(filters, filed, "备案", found.total, found.now, is_more=found.is_more, most=found.part.size)
    return Listing("机构库", said, columns, rows, found.now)


def restrictions_listing(found: RestrictionPage, filters: Filters) -> Listing:
    """信用限制 in force."""
    columns = (
        ListColumn("编号", 18), ListColumn("机构", 34), ListColumn("信用代码", 20), ListColumn("性质", 8),
        ListColumn("依据", 40), ListColumn("不能", 30), ListColumn("限于事项", 28), ListColumn("作出机关所在地", 18),
        ListColumn("起", 19), ListColumn("至", 19), ListColumn("信用等级", 10), ListColumn("异议办理中", 10),
    )  # fmt: skip
    rows = (
        (
            one.restriction.id, one.name, one.restriction.subject, names.LAYERS[one.restriction.layer],
            one.restriction.basis, names.measure_names(one.restriction.measures),
            "、".join(item_of(code).name for code in one.restriction.items), REGIONS.full_name(one.restriction.region),
            one.restriction.starts_at, one.restriction.ends_at or "修复为止", one.grade or "新入驻",
            "是" if one.is_disputed else "",
        )
        for one in found.rows
    )  # fmt: skip
    starts = [one.restriction.starts_at for one in found.rows]
    return Listing("信用限制", _said(filters, starts, "起算", found.total, found.now), columns, rows, found.now)


def credit_listing(found: CreditListPage, filters: Filters) -> Listing:
    """One of the lists of credit."""
    columns = (
        ListColumn("信用代码", 20), ListColumn("机构", 34), ListColumn("性质", 8), ListColumn("依据", 44),
        ListColumn("编号", 18), ListColumn("列入", 19), ListColumn("至", 19), ListColumn("可修复起", 19),
        ListColumn("异议办理中", 10),
    )  # fmt: skip
    rows = (
        (
            one.subject, found.names.get(one.subject, one.subject), names.LAYERS[one.layer], one.basis, one.ground,
            one.since, one.until or "解除为止", one.repairable_from, "是" if one.is_disputed else "",
        )
        for one in found.rows
    )  # fmt: skip
    said = _said(filters, [one.since for one in found.rows], "列入", found.total, found.now)
    return Listing(_LISTS[found.list_name], said, columns, rows, found.now)


def list_title(name: str) -> str:
    """The title of a list of credit; ``NotFound`` for none of them."""
    if name not in _LISTS:
        raise NotFound("credit_list", name)
    return _LISTS[name]


def _items(row: Listed) -> str:
    return "、".join(item_of(code).name for code in row.items)


def _said(
    filters: Filters, moments: Sequence[datetime], what: str, total: int, now: datetime, *, is_more: bool = False,
    most: int = MAX_EXPORTED,
) -> list[str]:  # fmt: skip
    """What the head says: filters, period, how many, when; and, of a list that was cut, how many were left out."""
    chosen = [f"{_KEYS.get(key, key)}：{_named(key, value)}" for key, value in filters.items() if key not in _HIDDEN]
    said = [f"条件：{'；'.join(chosen) or '无'}"]
    if moments:
        first, last = formatting.day(min(moments)), formatting.day(max(moments))
        said.append(f"期间：{first} 至 {last}（按{what}时间）")
    count = f"{'超过' if is_more else '共'} {formatting.number(total)} 条"
    if total > most or (is_more and total >= most):
        count += f"，本文件列前 {formatting.number(most)} 条，其余未列出：请缩小条件分次导出"
    return [*said, f"{count}；生成于 {formatting.instant(now.replace(microsecond=0))}（时间均为北京时间）"]


def _named(key: str, value: str) -> str:
    """A filter's value by name where it is a code."""
    match key:
        case "item" | "offering":
            return item_of(value).name
        case "mode":
            return names.MODES.get(value, value)
        case "layer":
            return names.LAYERS.get(value, value)
        case "city":
            return _place(value)
        case _:
            return value


def _place(code: str) -> str:
    try:
        return REGIONS.full_name(code)
    except NotFound:
        return code
