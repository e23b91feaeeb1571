"""What was asked: the demand and its terms in words, with the clocks it was played by."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bidding.reading.terms import parse_demand_terms
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.demo.show.frame import Paper
from marketplace.demo.stage import Scene
from marketplace.web import formatting
from marketplace.web.casework.terms import terms_view
from marketplace.web.locale import names
from marketplace.web.locale.formulas import formula_words
from marketplace.web.locale.terms import terms_lines
from marketplace.web.views.terms import ComprehensiveTerms, InstantTerms, TermsView

Pair = tuple[str, str]
_SHORTENED = {"最长服务期限": "最长期限", "不再报价": "不报价时", "最高价与最低价": "最高、最低"}


def asked(paper: Paper, scene: Scene, *, briefly: bool = False, also: Collection[str] = ()) -> None:
    """The demand, who asks, and every rule of the terms; ``briefly``: mode, ceiling and ``also`` alone."""
    paper.lines(_demand(scene))
    view = terms_view(parse_demand_terms(dict(scene.plan.terms)))
    lines = [(_SHORTENED.get(label, label), words) for label, words in terms_lines(view)]
    if briefly:
        lines = [pair for pair in lines if pair[0] in {"选取方式", "最高限价", *also}]
    paper.lines([*lines, *(() if briefly else (*_criteria(view), *_clock(scene)))])


def _demand(scene: Scene) -> Iterator[Pair]:
    draft = scene.draft
    items = [item for item in map(load_catalogue().item, draft.items) if item is not None]
    bought = "、".join(item.name for item in items)
    yield "需求", draft.title
    quantity = f"，{formatting.number(draft.quantity)} {draft.unit}" if draft.quantity > 1 else ""
    where = REGIONS.full_name(draft.region)
    yield "业主", f"{draft.owner_name}（{names.BUYER_CLASSES[draft.buyer_class]}），{where}；{bought}{quantity}"


def _criteria(view: TermsView) -> Iterator[Pair]:
    """The weighted criteria, one a line: name, points, formula."""
    if not isinstance(view.of_mode, ComprehensiveTerms | InstantTerms):
        return
    for index, one in enumerate(view.of_mode.criteria):
        label = "评审因素" if index == 0 else ""
        yield label, f"{names.CRITERIA[one.kind]} {one.points} 分：{formula_words(one)}"


def _clock(scene: Scene) -> Iterator[Pair]:
    """The seconds it was played in."""
    plan = scene.plan
    if plan.sign_up_closes_at is None or plan.closes_at is None:
        return
    sign_up = (plan.sign_up_closes_at - scene.published_at).total_seconds()
    whole = (plan.closes_at - scene.published_at).total_seconds()
    yield "演示时钟", f"报名 {sign_up:.0f} 秒，发布到报价截止共 {whole:.0f} 秒（正式规则以工作日和分钟计）"
