"""发布需求, what is folded away: place, joint items, lots, conditions, recusals, every round; rows of small fields.

The simple case fills nothing of it. A row counts once anything stands in it; an empty one is nothing. Pure.
Source: market.md sections 3 and 4, selection.md section 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.instants import format_instant, parse_instant
from commons.profiles import RuleProfile
from marketplace.demands.demand import default_rounds
from marketplace.usecases.post_demand import MAX_RECUSALS
from marketplace.usecases.post_notice import MAX_LOTS
from marketplace.usecases.stated import MAX_CONDITIONS
from marketplace.web.locale.fairness_words import KINDS
from marketplace.web.plans import Field, local_text, read_amount, read_local, read_whole
from marketplace.web.views.forms import Choice

Every = Mapping[str, tuple[str, ...]]
MOST_ROUNDS = 10
"""Rounds of one selection that a page asks for; more go over the API."""
ROWS = 2
"""Empty rows that are shown after the filled ones."""
_CONDITION = ("kind", "name", "grade", "region", "amount")
_LOT = ("title", "place", "quantity", "ceiling")
_ROUND = ("kind", "opens_at", "closes_at", "survivors")
_MOST = {"c": MAX_CONDITIONS, "l": MAX_LOTS, "r": MOST_ROUNDS}
_NAMES = {"c": _CONDITION, "l": _LOT, "r": _ROUND}
TWO_LOTS = "分标段的至少填两个标段，名称最多 120 字"
KIND_CHOICES = tuple(Choice(code, words) for code, words in KINDS.items())
ROUND_KINDS = (Choice("open", "公开"), Choice("sealed", "密封"))


@dataclass(frozen=True, slots=True)
class Part:
    """What one fold holds: its fields, under its name, with a line that says when it is needed; ``size``: of a row."""

    name: str
    title: str
    hint: str
    fields: tuple[Field, ...]
    size: int = 0


def one_of(every: Every, name: str) -> str:
    """What was typed into a field."""
    return (every.get(name) or ("",))[0].strip()


def rows_of(every: Every, letter: str) -> list[int]:
    """Numbers of the rows in which anything stands."""
    names = _NAMES[letter]
    return [
        number for number in range(1, _MOST[letter] + 1)
        if any(one_of(every, f"{letter}{number}_{name}") for name in names)
    ]  # fmt: skip


def _shown(every: Every, letter: str, *, least: int = ROWS) -> list[tuple[int, int]]:
    """Rows to show, each with its place in the command: the filled ones, and some more behind the last."""
    filled = rows_of(every, letter)
    last = max(least, (filled[-1] if filled else 0) + ROWS)
    places = {number: place for place, number in enumerate(filled)}
    return [(number, places.get(number, number - 1)) for number in range(1, min(last, _MOST[letter]) + 1)]


def parts_of(step: str, mode: str, every: Every, *, may_have_lots: bool = True, rounds: int = 0) -> tuple[Part, ...]:
    """The folds of a step; ``rounds`` is how many the rules plan."""
    match step:
        case "about":
            return (_PLACE, _TENDER)
        case "item":
            return (_JOINT, _lots(every)) if may_have_lots else (_JOINT,)
        case "terms":
            return (_conditions(every), _RECUSALS)
        case "clocks" if mode == "multi_round":
            return (_rounds(every, rounds),)
        case _:
            return ()


_PLACE = Part("place", "更准确的地点", "区域评价按地块核对时才需要", (
    Field("zone", "所在功能区、园区", hint="如某某经济开发区；不填按具体地点", limit=300, is_needed=False),
    Field("point_lng", "经度", hint="CGCS2000，度，如 120.655", limit=20, is_needed=False, at="/point/0"),
    Field("point_lat", "纬度", hint="度，如 28.012", limit=20, is_needed=False, at="/point/1"),
    Field("polygon", "红线范围（GeoJSON 面）", "prose",
          hint='如 {"type":"Polygon","coordinates":[[["120.60","27.95"],…]]}',
          asks="红线范围应为 GeoJSON 的 Polygon，坐标为 CGCS2000 的度", limit=20_000, is_needed=False),
))  # fmt: skip
_TENDER = Part("tender", "依法必须招标的", "达到招标规模的不在这里选取", (
    Field("public_tender", "本项依法必须公开招标", "box", hint="勾选后不能在本平台发布，会指向公共资源交易平台",
          is_needed=False),
))  # fmt: skip
_JOINT = Part("joint", "一并采购其他事项", "合并采购，一个总价，如多测合一", (
    Field("further_items", "一并采购", "boxes", hint="选中的与上面的事项由同一家承担", is_needed=False),
))  # fmt: skip
_RECUSALS = Part("recusals", "回避名单", "有利害关系、不得参加的机构", (
    Field("recusals", "回避的机构和理由", "prose",
          hint=f"一行一家：统一社会信用代码，空格，理由；理由公开；最多 {MAX_RECUSALS} 家",
          asks="一行一家：18 位统一社会信用代码，空格，理由", limit=20_000, is_needed=False),
))  # fmt: skip


def _conditions(every: Every) -> Part:
    found: list[Field] = []
    for number, place in _shown(every, "c"):
        key, at = f"c{number}_", f"/conditions/{place}/"
        found += [
            Field(f"{key}kind", f"第 {number} 条条件", "select", options=KIND_CHOICES, is_needed=False, at=f"{at}kind"),
            Field(f"{key}name", "内容", hint="资质、证书或名录的名称", limit=300, is_needed=False, at=f"{at}name"),
            Field(f"{key}grade", "等级", limit=60, is_needed=False, at=f"{at}grade"),
            Field(f"{key}region", "地区", hint="6 位行政区划代码", limit=6, is_needed=False, at=f"{at}region"),
            Field(f"{key}amount", "金额", "amount", is_needed=False, at=f"{at}amount"),
        ]  # fmt: skip
    hint = "法定资质不用写；超出法定要求或限定地域的，检查会指出，不能发布"
    return Part("conditions", "另加参加条件", hint, tuple(found), len(_CONDITION))


def _lots(every: Every) -> Part:
    found: list[Field] = []
    for number, place in _shown(every, "l"):
        key, at = f"l{number}_", f"/lots/{place}/"
        found += [
            Field(f"{key}title", f"第 {number} 标段名称", asks=TWO_LOTS, is_needed=False, at=f"{at}title"),
            Field(f"{key}place", "地点", limit=300, is_needed=False, at=f"{at}place"),
            Field(f"{key}quantity", "数量", "whole", is_needed=False, at=f"{at}quantity"),
            Field(f"{key}ceiling", "最高限价", "amount", is_needed=False, at=f"{at}terms/ceiling_fen"),
        ]  # fmt: skip
    cap = Field("lot_cap", "一家最多中几个标段", "whole", hint="不填为不限", is_needed=False)
    hint = "同一项目分几个标段同时选取；没填的与整宗相同，成为草稿后可逐个修改"
    return Part("lots", "分标段", hint, (*found, cap), len(_LOT))


def _rounds(every: Every, planned: int) -> Part:
    found: list[Field] = []
    for number, _ in _shown(every, "r", least=planned):
        key, at = f"r{number}_", f"/terms/rounds/{number - 1}/"
        found += [
            Field(f"{key}kind", f"第 {number} 轮", "select", options=ROUND_KINDS, is_needed=False, at=f"{at}kind"),
            Field(f"{key}opens_at", "开始", "instant", is_needed=False, at=f"{at}opens_at"),
            Field(f"{key}closes_at", "截止", "instant", is_needed=False, at=f"{at}closes_at"),
            Field(f"{key}survivors", "这一轮后入围", "whole", unit="名", is_needed=False, at=f"{at}survivors"),
        ]  # fmt: skip
    hint = f"不填的按规则：公开报价，{planned} 轮；填了起止时间的，以最后填写的一轮为末轮"
    return Part("rounds", "逐轮安排", hint, tuple(found), len(_ROUND))


def require_lots(every: Every) -> None:
    """Refuses (``Malformed``) one lot alone, which is no lot."""
    if len(rows_of(every, "l")) == 1:
        raise Malformed((Fault("/lots/0/title", "one_lot", "two lots or more"),))


def beside(every: Every) -> dict[str, Json]:
    """What the rows and the place make of the command; ``Malformed`` with what cannot be read, by its pointer."""
    faults: list[Fault] = []
    made: dict[str, Json] = {"conditions": list(_asked(every)), "recusals": list(_recused(every, faults))}
    spot = [one_of(every, "point_lng"), one_of(every, "point_lat")]
    if any(spot):
        made["point"] = [*spot]
    if text := one_of(every, "polygon"):
        made["polygon"] = _polygon(text, faults)
    if faults:
        raise Malformed(tuple(faults))
    return made


def _asked(every: Every) -> Iterator[Json]:
    for number in rows_of(every, "c"):
        said = {name: one_of(every, f"c{number}_{name}") for name in _CONDITION}
        one: dict[str, Json] = {"kind": said["kind"], "name": said["name"], "grade": said["grade"]}
        if said["region"]:
            one["region"] = said["region"]
        if said["amount"]:
            one["amount"] = read_amount(said["amount"])
        yield one


def _recused(every: Every, faults: list[Fault]) -> Iterator[Json]:
    lines = [line.split(maxsplit=1) for line in one_of(every, "recusals").splitlines() if line.strip()]
    for place, words in enumerate(lines):
        if len(words) < 2:  # noqa: PLR2004 - the code and the reason
            faults.append(Fault(f"/recusals/{place}", "no_reason", "a code, a space, a reason"))
        else:
            yield {"agency": words[0], "reason": words[1]}


def _polygon(text: str, faults: list[Fault]) -> Json:
    try:
        read: Any = json.loads(text)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        faults.append(Fault("/polygon", "not_geojson", "a GeoJSON polygon"))
        return None
    polygon: Json = read
    return polygon


def rounds_of(every: Every, profile: RuleProfile) -> Json:
    """The rounds as arranged, each filled up by the rules; None where nothing was arranged: the rules plan them all."""
    rows = rows_of(every, "r")
    if not rows:
        return None
    first = read_local(one_of(every, "first_round_opens_at"))
    plan = default_rounds(profile, first_opens_at=parse_instant(first)) if first else ()
    timed = [n for n in rows if one_of(every, f"r{n}_opens_at") or one_of(every, f"r{n}_closes_at")]
    made: list[Json] = []
    for number in range(1, (timed[-1] if timed else len(plan)) + 1):
        said = {name: one_of(every, f"r{number}_{name}") for name in _ROUND}
        one: dict[str, Json] = {"kind": said["kind"] or "open"}
        planned = plan[number - 1] if number <= len(plan) else None
        for name in ("opens_at", "closes_at"):
            at: datetime | None = None if planned is None else getattr(planned, name)
            text = read_local(said[name]) if said[name] else None if at is None else format_instant(at)
            if text is not None:
                one[name] = text
        if said["survivors"]:
            one["survivors"] = read_whole(said["survivors"])
        made.append(one)
    return made


def lots_of(every: Every, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lots, each the whole demand with what is its own; its nonce is made of the owner's and its number."""
    made: list[dict[str, Any]] = []
    for place, number in enumerate(rows_of(every, "l"), start=1):
        said = {name: one_of(every, f"l{number}_{name}") for name in _LOT}
        one = {**whole, "title": said["title"] or f"{whole['title']} 第 {place} 标段"[:120]}
        if said["place"]:
            one["place"] = said["place"]
        if (count := read_whole(said["quantity"])) is not None:
            one["quantity"] = count
        if (ceiling := read_amount(said["ceiling"])) is not None:
            one["terms"] = {**whole["terms"], "ceiling_fen": ceiling}
        if whole.get("nonce"):
            one["nonce"] = sha256(f"{whole['nonce']}/{place}".encode()).hexdigest()
        made.append(one)
    return made


def typed_rounds(rounds: list[dict[str, Any]], *, timed: bool) -> dict[str, str]:
    """Rounds as somebody would have typed them, with their instants where asked."""
    given: dict[str, str] = {}
    for number, one in enumerate(rounds[:MOST_ROUNDS], start=1):
        if timed:
            given |= {f"r{number}_{name}": local_text(parse_instant(one[name])) for name in ("opens_at", "closes_at")}
        if timed or one["kind"] != "open":
            given[f"r{number}_kind"] = one["kind"]
        if one.get("survivors") is not None:
            given[f"r{number}_survivors"] = str(one["survivors"])
    return given
