"""合同示范文本: our own words, its blanks filled from the award; it says on its face that no authority published it.

What the selection decided (parties, amount, time, service) is filled in; what the parties agree on stays blank.
"""

from __future__ import annotations

from pathlib import Path

from commons.errors import NotFound
from marketplace.papers.document import Paper, clause, facts, note, signatures, text
from marketplace.web import formatting
from marketplace.web.addresses import award_path
from marketplace.web.views.awards import AwardView

ARTICLES = Path(__file__).with_name("contract_articles.txt")
"""A line is a paragraph, ``# `` begins an article, braces name what is filled in."""
_NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
BLANK = "＿＿＿＿"
_ORIGIN = (
    "本文本由本平台自行拟定，供双方签约时参考，不是任何政府部门发布的合同示范文本。已填写的内容来自中选公告；"
    "空白处由双方约定。双方可以增删条款，但不得改变中选机构、中选金额、服务期限等选取结果的实质内容。"
)


def contract_template(view: AwardView, *, owner_code: str, base: str, is_example: bool) -> Paper:
    """The template for the award; ``NotFound`` where nobody won."""
    if view.winner is None or view.price_fen is None:
        raise NotFound("award", view.id)
    return Paper(
        kind="contract_template",
        title="中介服务合同",
        subtitle="（示范文本）",
        number=f"对应中选公告 {view.id}",
        at=view.decided_at,
        leads_to=base + award_path(view.id),
        leads_words="核对本合同所依据的中选公告",
        blocks=(
            note(_ORIGIN),
            facts(
                [
                    ("甲方（委托方）", view.owner_name), ("信用代码", owner_code),
                    ("乙方（服务方）", view.winner.name), ("信用代码", view.winner.uscc),
                    ("合同编号", BLANK), ("签订地点", BLANK),
                ]
            ),
            text(
                f"甲方就“{view.title}”通过涉批中介网上超市公开选取服务机构，乙方中选（编号 {view.id}）。"
                "双方依照《中华人民共和国民法典》，本着平等、自愿、公平、诚信的原则，订立本合同。"
            ),
            *(clause(f"第{number}条", title, words) for number, title, words in _articles(view)),
            signatures([("甲方", view.owner_name), ("乙方", view.winner.name)]),
        ),
        is_example=is_example,
    )  # fmt: skip


def _articles(view: AwardView) -> list[tuple[str, str, list[str]]]:
    """The articles in order: number, title, paragraphs with what the selection decided filled in."""
    assert view.price_fen is not None, "an award has its price"
    days = formatting.days(view.offered_days, view.day_unit) if view.offered_days is not None else f"{BLANK} 个工作日"
    filled = {
        "project": view.project_name,
        "code": view.project_code,
        "items": "、".join(one.name for one in view.items),
        "place": " ".join(filter(None, (formatting.place(view.place), view.place.address))),
        "days": days,
        "sum": f"人民币 {formatting.yuan(view.price_fen)}（大写：{formatting.capitals(view.price_fen)}）",
        "blank": BLANK,
    }
    articles: list[tuple[str, str, list[str]]] = []
    for line in ARTICLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            articles.append((_NUMBERS[len(articles)], line.removeprefix("# "), []))
        else:
            articles[-1][2].append(line.format_map(filled))
    return articles
