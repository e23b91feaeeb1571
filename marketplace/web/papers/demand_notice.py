"""需求公告 as published: the same bytes whatever became of the selection since."""

from __future__ import annotations

from marketplace.papers.document import Paper, facts, heading, outcome, text
from marketplace.web import formatting
from marketplace.web.addresses import demand_path
from marketplace.web.locale import names
from marketplace.web.papers.common import Rows, need_words, project_rows, recusal_words, terms_blocks
from marketplace.web.views.demands import DemandView


def demand_notice(view: DemandView, *, base: str, is_example: bool) -> Paper:
    """The notice of a demand."""
    terms = view.terms
    ceiling = formatting.capitals(terms.ceiling_fen)
    return Paper(
        kind="demand_notice",
        title="中介服务需求公告",
        subtitle=view.title,
        number=f"编号 {view.id}",
        at=view.clocks.published_at,
        leads_to=base + demand_path(view.id),
        leads_words="查看这份公告的最新状态并报名",
        blocks=(
            outcome(
                names.mode_name(terms.mode),
                "、".join(one.name for one in view.items),
                figure=formatting.yuan(terms.ceiling_fen),
                under=f"{names.amount_name(terms.mode)}：人民币{ceiling}",
            ),
            heading("一、项目"),
            facts(
                [
                    *project_rows(
                        owner=f"{view.owner_name}（{names.BUYER_CLASSES[view.buyer_class]}）",
                        project=view.project_name, code=view.project_code, items=view.items, place=view.place,
                        description=view.description,
                    ),
                    *_wanted(view),
                ]
            ),
            heading("二、时间"),
            facts(_times(view)),
            heading("三、谁可以参加"),
            text(need_words(view.needs, any_suffices=view.any_need_suffices)),
            text("不看注册地、业绩、营业额，不收费用和保证金；处于信用限制中的机构不能参加。"),
            facts([("回避", recusal_words(view.recusals))]),
            heading("四、选取条件"),
            *terms_blocks(terms, view.day_unit),
            heading("五、询问与异议"),
            text(
                "对公告内容有疑问的，可在截止前通过平台向业主询问，答复向全体公开；认为条款限定注册地、"
                "高于法定资质或有其他不公的，可以提出异议，也可以投诉。"
            ),
        ),
        is_example=is_example,
    )  # fmt: skip


def _wanted(view: DemandView) -> Rows:
    rows = [] if view.quantity is None else [("数量", formatting.number(view.quantity))]
    if view.wanted_days is not None:
        rows.append(("希望的服务期限", formatting.days(view.wanted_days, view.day_unit)))
    return rows


def _times(view: DemandView) -> Rows:
    clocks, terms = view.clocks, view.terms
    rows = [("发布", formatting.instant(clocks.published_at))]
    if not terms.takes_sign_up:
        return [*rows, ("报名", "不设报名")]
    if clocks.sign_up_closes_at is not None:
        rows.append(("报名截止", formatting.deadline(clocks.sign_up_closes_at)))
    if clocks.offers_close_at is not None and terms.mode != "multi_round":
        rows.append((names.close_name(terms.mode), formatting.deadline(clocks.offers_close_at)))
    return [*rows, ("说明", "在截止时刻之前写入服务器的才算在内，以服务器时间为准")]
