"""What a demand of one's own says, in words for its draft and its desk."""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.usecases.read_own_drafts import OwnedDemand
from marketplace.usecases.stated import asked_of
from marketplace.web import formatting
from marketplace.web.locale import fairness_words, names
from marketplace.web.pages.naming import item_of, place_of
from marketplace.web.views.agency_acts import Pairs


def demand_facts(one: OwnedDemand) -> Pairs:
    """Whose, for which project, where, what, how and for how much."""
    where = place_of(one.region, one.place)
    return (
        ("业主", one.owner_name), ("项目", f"{one.project_name}（{one.project_code}）"),
        ("地点", formatting.place(where)), ("事项", "、".join(item_of(code).name for code in one.items)),
        ("方式", names.MODES[one.mode]), (names.amount_name(one.mode), formatting.yuan(one.ceiling_fen)),
    )  # fmt: skip


def demand_clocks(one: OwnedDemand) -> Pairs:
    """Its clocks, those that it has."""
    given = (("报名截止", one.sign_up_closes_at), (names.close_name(one.mode), one.closes_at))
    return tuple((label, f"{formatting.deadline(at)}（北京时间）") for label, at in given if at is not None)


def demand_beside(one: OwnedDemand) -> Pairs:
    """What is stated beside the terms: number, place on the map, conditions, a tender that is due, who stands back."""
    return tuple(_beside(one))


def _beside(one: OwnedDemand) -> Iterator[tuple[str, str]]:
    if one.quantity > 1:
        yield "数量", formatting.number(one.quantity)
    if zone := one.declared.get("zone"):
        yield "所在功能区", str(zone)
    if one.declared.get("rings"):
        yield "红线范围", "已填（GeoJSON）"
    elif one.declared.get("point"):
        yield "坐标", "已填"
    if one.declared.get("public_tender"):
        yield "公开招标", "依法必须公开招标"
    for each in asked_of(one.declared):
        said = (each.name, each.grade, place_of(each.region, "").city if each.region else "",
                formatting.yuan(each.amount) if each.amount else "")  # fmt: skip
        yield "另加条件", "：".join(filter(None, (fairness_words.KINDS[each.kind], "，".join(filter(None, said)))))
    for who in one.recusals:
        yield "回避", f"{who.agency}：{who.reason}"
