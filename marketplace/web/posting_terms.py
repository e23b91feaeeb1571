"""发布需求, the terms: what the trial's form asks and, folded away, whatever else terms can say; read and written back.

Invariants: what is left empty is the engine's own default; every fault of the engine's reader is shown at the field it
comes from. What a demand may say and the wizard does not ask has its reason in ``posting.UNASKED``. Pure.
Source: selection.md sections 1 to 7 and 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any, cast

from commons.canonical import Json
from commons.profiles import RuleProfile
from marketplace.web.locale.owner_words import PRESETS
from marketplace.web.locale.trial_words import ties_words
from marketplace.web.trial.fields import FIELDS, TIES, Field
from marketplace.web.trial.reading import Typed, read_terms
from marketplace.web.trial.starting import example, of_published
from marketplace.web.trial.values import written

WEIGHTED = ("comprehensive", "instant")
_UNASKED = frozenset({"seed", "w_plan", "rounds", "round_kind", "survivors", "quantity"})
"""Of the fields of a trial: what is asked at another step, or of nobody."""
_MEAN = (
    Field("above_max", "高于基准价最多扣", "points", "分", "只用于按离基准价的远近；不填为不封顶"),
    Field("below_max", "低于基准价最多扣", "points", "分", "只用于按离基准价的远近；不填为不封顶"),
    Field("deviation", "偏离不足 1%", "choice", options=(("exact", "按实际比例"), ("whole_up", "进为 1%"))),
    Field("drop_from", "算基准价时去掉最高最低", "whole", "家起", "不填为 5 家起"),
    Field("factors", "基准价系数", "percents", "%", "一个或几个，用顿号分开；几个时抽取其一"),
)
_LOW = (
    Field("low_second", "低价核查线（比次低价）", "percent", "%", "低于次低报价的百分之几要说明；不填为不设"),
    Field("low_ceiling", "低价核查线（比最高限价）", "percent", "%", "低于最高限价的百分之几要说明；不填为不设"),
)
MORE: Mapping[str, tuple[Field, ...]] = {
    "comprehensive": (*_MEAN, *_LOW),
    "instant": (*_MEAN, Field("least", "最少有效家数", "whole", "家", "不填为 1 家")),
    "multi_round": (
        Field("basis", "报价形式", "choice", options=(("fen", "报价格"), ("discount_rate", "报下浮率"))),
        Field("step_multiple", "降幅须为步长的整数倍", "choice", options=(("no", "不要求"), ("yes", "要求"))),
        Field("window", "截止前多久内报价则延时", "whole", "秒", "三项都填才延时"),
        Field("extend", "每次延时", "whole", "秒"),
        Field("limit", "每轮最多延时", "whole", "次"),
        Field("low", "低价核查线", "percent", "%", "低于有效报价平均的百分之几要说明；不填为不设"),
        *_LOW,
    ),
}
"""By mode, beside the trial's own fields."""
_LINES = (("low", "below_mean_bp"), ("low_second", "below_second_bp"), ("low_ceiling", "below_ceiling_bp"))
_OF_MEAN = (
    ("above_max", "above_max"), ("below_max", "below_max"), ("deviation", "deviation"), ("drop_from", "drop_from"),
    ("factors", "factor_bp"),
)  # fmt: skip
_EXTENDED = (("window", "window_s"), ("extend", "extend_s"), ("limit", "limit"))


def orders(mode: str) -> tuple[str, ...]:
    """Every order of tie rules that a way of selecting takes, the usual ones first."""
    if mode not in TIES:
        return ()
    merits = ("price", "days", "credit")
    ends = ("received", "draw") if mode == "multi_round" else ("draw",)
    every = (
        ",".join((*some, end)) for end in ends for count in range(len(merits) + 1)
        for some in permutations(merits, count)
    )  # fmt: skip
    return tuple(dict.fromkeys((*TIES[mode], *every)))


def with_orders(one: Field, mode: str) -> Field:
    """The field of tie rules with its choices; any other field as it is."""
    if one.key != "ties":
        return one
    return Field(one.key, one.label, one.kind, options=tuple((each, ties_words(each)) for each in orders(mode)))


def terms_fields(mode: str) -> tuple[Field, ...]:
    """What is asked of the terms."""
    if mode == "direct":
        return tuple(one for one in FIELDS["random_draw"] if one.key in {"ceiling", "max_days"})
    return (*(one for one in FIELDS[mode] if one.key not in _UNASKED), *MORE.get(mode, ()))


def terms_start(mode: str, profile: RuleProfile, buyer_class: str) -> dict[str, str]:
    """What the terms begin with: the balanced weights, the least number of the profile, no amount."""
    if mode == "direct":
        return {}
    known = {one.key for one in FIELDS[mode] if one.key not in _UNASKED}
    given = {key: text for key, text in example(mode).items() if key in known}
    given |= {key: "" for key in known if key.startswith("w_") or key in {"ceiling", "low", "each", "step", "max_days"}}
    if mode == "comprehensive":
        given |= PRESETS["balanced"][1]
    key = "minimum_bidders_voluntary" if buyer_class == "voluntary" else f"minimum_bidders_{mode}"
    if "least" in known and key in profile.values:
        given["least"] = str(profile[key].value)
    if mode in TIES:
        given["ties"] = "draw" if mode == "instant" else TIES[mode][0]
    return given


def preset(name: str) -> dict[str, str]:
    """The weights of a preset; every other weight is nothing."""
    weights = {one.key: "" for one in FIELDS["comprehensive"] if one.key.startswith("w_")}
    return {**weights, **PRESETS[name][1]}


def read_posted_terms(
    mode: str, given: Mapping[str, str], *, quantity: str = "", rounds: Json = None
) -> tuple[dict[str, Json], Mapping[str, str]]:
    """The terms as posted, and every fault of them by the field's key; ``rounds`` are left out where none are given.

    Faults of given rounds have keys like ``r1_opens_at``.
    """
    if mode == "direct":
        return _direct(given)
    fixed = {"rounds": "1", "round_kind": "open"} if mode == "multi_round" else {}
    if mode == "instant":
        fixed["quantity"] = quantity or "1"
    typed = Typed({**{key: text for key, text in given.items() if key not in _UNASKED}, **fixed})
    base = _base(typed, mode)
    if isinstance(rounds, list):
        base["rounds"] = rounds
        names = ("kind", "opens_at", "closes_at", "survivors")
        typed.places |= {
            f"/terms/rounds/{at}/{name}": f"r{at + 1}_{name}" for at in range(len(rounds)) for name in names
        }
    terms = read_terms(typed, mode, base)
    if rounds is None:
        terms.pop("rounds", None)
    return terms, typed.faults


def _direct(given: Mapping[str, str]) -> tuple[dict[str, Json], Mapping[str, str]]:
    typed = Typed(given)
    ceiling, days = terms_fields("direct")[0], terms_fields("direct")[-1]
    terms: dict[str, Json] = {"mode": "direct", "ceiling_fen": typed.take(ceiling, "/terms/ceiling_fen")}
    if (most := typed.take(days, "/terms/max_days")) is not None:
        terms["max_days"] = most
    if terms["ceiling_fen"] is None and not typed.faults:
        typed.faults["ceiling"] = "请填写金额"
    return terms, typed.faults


def _base(typed: Typed, mode: str) -> dict[str, Json]:
    """What the trial's reader takes as already there: all that its own form does not ask."""
    base: dict[str, Json] = {}
    by_key = {one.key: one for one in MORE.get(mode, ())}

    def taken(pairs: tuple[tuple[str, str], ...], pointer: str) -> dict[str, Json]:
        found = {name: typed.take(by_key[key], f"{pointer}/{name}") for key, name in pairs if key in by_key}
        return {name: value for name, value in found.items() if value is not None}

    if lines := taken(_LINES, "/terms/low_price"):
        base["low_price"] = lines
    mean = taken(_OF_MEAN, "/terms/criteria/0")
    if mean and typed.given.get("formula") == "mean":
        base["criteria"] = [{"kind": "price", **mean}]
    if extension := taken(_EXTENDED, "/terms/extension"):
        base["extension"] = extension
    base |= taken((("least", "min_bidders"), ("basis", "price_basis")), "/terms")
    if taken((("step_multiple", "step_multiple"),), "/terms").get("step_multiple") == "yes":
        base["step_multiple"] = True
    if (order := typed.given.get("ties", "")) in orders(mode):
        base["ties"] = [*order.split(",")]
    return base


def typed_terms(terms: Mapping[str, Json]) -> dict[str, str]:
    """Terms as somebody would have typed them, for another draft or another look."""
    mode = str(terms["mode"])
    if mode == "direct":
        days = terms.get("max_days")
        return {"ceiling": written("yuan", terms["ceiling_fen"]), "max_days": "" if days is None else str(days)}
    known = {one.key for one in terms_fields(mode)}
    lines = cast("dict[str, Json]", terms.get("low_price") or {})
    criteria = cast("list[dict[str, Any]]", terms.get("criteria") or [])
    price: dict[str, Json] = next((one for one in criteria if one["kind"] == "price"), {})
    extension = cast("dict[str, Json]", terms.get("extension") or {})
    given = of_published(terms)
    places = (
        (_LINES, lines), (_EXTENDED, extension), (_OF_MEAN if mode in WEIGHTED else (), price),
        ((("least", "min_bidders"), ("basis", "price_basis")), terms),
    )  # fmt: skip
    kinds = {one.key: one.kind for one in terms_fields(mode)}
    for pairs, where in places:
        given |= {key: written(kinds[key], where[name]) for key, name in pairs if key in known and name in where}
    if "step_multiple" in known:
        given["step_multiple"] = "yes" if terms.get("step_multiple") else "no"
    return {key: text for key, text in given.items() if key in known and text}
