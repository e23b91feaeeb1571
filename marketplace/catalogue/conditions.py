"""What an owner may not ask for beside the law (打破地域垄断): conditions, recusals and scores that shut agencies out.

Invariants: a condition may restate what the item legally requires and nothing else; whatever ties taking part or
points to a place is a regional barrier, whichever field it stands in; every reason names what was asked, what the law
asks, and its source. Words are looked for only where the text is a condition in itself (a condition's name, the reason
of a recusal, the table of a score), never in a description. Source: market.md section 3.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import StringIO
from typing import Literal, cast

from agencies.qualifications import Requirement
from commons.money import Money
from commons.profiles import RuleProfile
from commons.sources import Source, TextSeen
from commons.verdicts import Param, Reason

ConditionKind = Literal[
    "qualification", "certificate", "turnover", "performance", "roster", "capital", "registered_in", "branch_in",
    "tax_in", "local_award", "local_performance", "local_staff",
]  # fmt: skip
PLACED: frozenset[ConditionKind] = frozenset(
    {"registered_in", "branch_in", "tax_in", "local_award", "local_performance", "local_staff"}
)
"""Kinds that tie taking part to a place."""

CONDITION_RULE = Source("涉批中介网上超市需求条件规则（generic-v1）", "no", "market.md 3")
BARRIER_RULE = Source("公平竞争审查条例：不得限定注册地、分支机构、本地业绩或纳税", "no", "market.md 3")
TENDER_PLATFORM = "浙江省公共资源交易服务平台"
"""Where a public tender belongs."""

_BARRIER = re.compile(
    r"注册地|注册在|登记地|本地(?:企业|机构|注册|业绩|纳税|奖项|获奖|社保|备案)|外地|外省|异地(?:企业|机构|注册)"
    r"|(?:省|市|县|区)外(?:企业|机构|公司|单位)|(?:不在|非)本(?:省|市|县|区)"
    r"|本(?:省|市|县|区)(?:企业|注册|业绩|纳税|获奖)|设有?分(?:公司|支机构)|\blocal(?:ly)?\b|\bbranch\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition (准入条件) that the owner states: kind, words, a grade of a qualification, a place, an amount."""

    kind: ConditionKind
    name: str = ""
    grade: str = ""
    region: str = ""
    amount: int = 0


def judge_conditions(
    asked: Sequence[Asked], requirements: Iterable[Requirement | None], kinds: Mapping[str, tuple[str, ...]]
) -> tuple[Reason, ...]:
    """Refuses every condition beyond the items' legal requirements, and every barrier; ``kinds``: grades best first."""
    legal = [one for one in requirements if one is not None]
    reasons: list[Reason] = []
    for number, one in enumerate(asked, start=1):
        said: dict[str, Param] = {"condition": number, "kind": one.kind, "asked": _words(one)}
        if one.kind in PLACED or one.region or barrier_in(one.name):
            place: dict[str, Param] = {"region": one.region} if one.region else {}
            reasons.append(Reason("regional_barrier", BARRIER_RULE, {**said, **place, "where": "condition"}))
        elif one.kind != "qualification" or not _restates(one, legal, kinds):
            law = next((each.source for each in legal), CONDITION_RULE)
            reasons.append(Reason("qualification_beyond_law", law, {**said, "legal": _legal(legal, one.name)}))
    return tuple(reasons)


def _restates(one: Asked, legal: Sequence[Requirement], kinds: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the law asks for this very kind, and at least for this grade."""
    for each in legal:
        if each.kind != one.name:
            continue
        if not one.grade:
            return True
        grades = kinds.get(one.name, ())
        asked_down_to = frozenset(grades[: grades.index(one.grade) + 1]) if one.grade in grades else frozenset()
        return asked_down_to >= frozenset(each.grades or grades)
    return False


def _words(one: Asked) -> str:
    amount = Money(one.amount).yuan if one.kind in {"turnover", "capital"} else str(one.amount) if one.amount else ""
    return " ".join(part for part in (one.name, one.grade, amount) if part) or one.kind


def _legal(legal: Sequence[Requirement], name: str) -> str:
    """What the law asks: of this kind where it asks for it at all, else everything."""
    own = [one for one in legal if one.kind == name] or list(legal)
    return "；".join(f"{one.kind}{'/'.join(one.grades or ())}" for one in own) or "—"


def barrier_in(text: str) -> str:
    """The words by which a text ties something to a place; "" when it does not."""
    found = _BARRIER.search(text)
    return "" if found is None else found.group()


def judge_wording(texts: Iterable[tuple[str, str]]) -> Iterator[Reason]:
    """A reason for each of the ``(where, text)`` that is a barrier: a recusal's reason, a line of a score's table."""
    for where, text in texts:
        words = barrier_in(text)
        if words:
            yield Reason("regional_barrier", BARRIER_RULE, {"where": where, "asked": text, "words": words})


@cache
def tender_items() -> Mapping[str, Source]:
    """Survey, design and supervision (data/tender_items.csv): services that are a public tender from an amount on."""
    text = (resources.files("marketplace.catalogue") / "data" / "tender_items.csv").read_text("utf-8")
    return {
        row["item"]: Source(row["source"], cast("TextSeen", row["text_seen"]), row["place"])
        for row in csv.DictReader(StringIO(text))
    }


def judge_tender(
    profile: RuleProfile, buyer: str, items: Iterable[str], *, whole_fen: int, declared: bool
) -> tuple[Reason, ...]:
    """Refuses what the law makes a public tender: declared so, or such a service from the profile's amount on.

    ``whole_fen`` is the most that all of it may cost. The amount counts for the buyer classes that the profile names; a
    voluntary buyer is bound by its own declaration.
    """
    threshold = profile["public_tender_from"]
    params: dict[str, Param] = {"threshold_fen": threshold.value, "given_fen": whole_fen, "platform": TENDER_PLATFORM}
    if declared:
        return (Reason("public_tender_required", threshold.source, {**params, "because": "declared"}),)
    known = tender_items()
    bound = [code for code in items if code in known]
    if bound and profile[f"public_tender_{buyer}"].value and whole_fen >= threshold.value:
        said = {**params, "because": "amount", "item": bound[0]}
        return (Reason("public_tender_required", known[bound[0]], said),)
    return ()
