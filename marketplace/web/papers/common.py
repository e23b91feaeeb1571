"""What papers share: where they lead, facts of a project, terms as rows."""

from __future__ import annotations

from commons.canonical import Json
from marketplace.papers.document import Column, facts, table
from marketplace.settings import Settings
from marketplace.web import formatting
from marketplace.web.locale import formulas, names
from marketplace.web.locale.terms import terms_lines
from marketplace.web.views.demands import QualificationNeed, Recusal
from marketplace.web.views.parts import DayUnit, ItemRef, Place
from marketplace.web.views.terms import ComprehensiveTerms, InstantTerms, MultiRoundTerms, TermsView

Rows = list[tuple[str, str]]


def public_url(settings: Settings) -> str:
    """The site's own address, without a stroke at the end."""
    return settings.public_url or f"http://127.0.0.1:{settings.port}"


def project_rows(
    *, owner: str, project: str, code: str, items: tuple[ItemRef, ...], place: Place, description: str = ""
) -> Rows:
    """Who asks for what, where."""
    where = formatting.place(place) + (f" {place.address}" if place.address else "")
    rows = [
        ("项目业主", owner),
        ("项目名称", project),
        ("项目代码", code),
        ("服务事项", "、".join(one.name for one in items)),
        ("服务地点", where),
    ]
    return [*rows, ("服务内容", description)] if description else rows


def terms_blocks(terms: TermsView, unit: DayUnit) -> list[dict[str, Json]]:
    """The frozen terms: criteria or rounds as tables, the rest as rows, with their digest."""
    blocks: list[dict[str, Json]] = []
    of_mode = terms.of_mode
    if isinstance(of_mode, ComprehensiveTerms | InstantTerms) and of_mode.criteria:
        rows = [
            (names.CRITERIA[one.kind], f"{formulas.rule_words(one)}；{formulas.formula_words(one)}", str(one.points))
            for one in of_mode.criteria
        ]
        total = str(sum(one.points for one in of_mode.criteria))
        columns = (Column("评审因素", 2), Column("怎样计分", 7), Column("权重（分）", 0, "right"))
        blocks.append(table(columns, [*rows, ("合计", "", total)]))
    if isinstance(of_mode, MultiRoundTerms):
        rounds = [
            (
                f"第 {number} 轮", names.ROUND_KINDS[one.kind], formatting.instant(one.opens_at),
                formatting.deadline(one.closes_at), f"前 {one.survivors} 名" if one.survivors else "全部",
            )
            for number, one in enumerate(of_mode.rounds, 1)
        ]  # fmt: skip
        heads = (Column("轮次"), Column("方式"), Column("开始", 2), Column("截止", 2), Column("之后入围"))
        blocks.append(table(heads, rounds))
    digest = [("条件摘要", f"SHA-256 {terms.digest}")] if terms.digest else []
    blocks.append(facts([*terms_lines(terms, unit), *digest]))
    return blocks


def need_words(needs: tuple[QualificationNeed, ...], *, any_suffices: bool) -> str:
    """What the items legally ask for."""
    if not needs:
        return "本事项没有法定资质要求：备案并签署承诺书的机构都可以参加。"
    each = "、".join(f"{one.kind}{f'（{one.minimum_grade}及以上）' if one.minimum_grade else ''}" for one in needs)
    return f"{'具备下列任一' if any_suffices else '具备'}法定资质：{each}。除此之外不设门槛。"


def recusal_words(recusals: tuple[Recusal, ...]) -> str:
    """Who may not take part."""
    return "；".join(f"{one.name}（{one.reason}）" for one in recusals) or "业主没有申报回避对象"
