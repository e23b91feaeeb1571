"""中选公告: who won at what price, why the others did not, until when objections are heard. Of the decision's instant.

Nothing in it depends on when it is read, so whoever sets it again gets the same bytes as long as the result stands.
"""

from __future__ import annotations

from commons.canonical import Json
from marketplace.papers.document import Column, Paper, facts, heading, note, outcome, table, text
from marketplace.web import formatting
from marketplace.web.addresses import verify_path
from marketplace.web.locale import names
from marketplace.web.locale.losing import short_words
from marketplace.web.locale.reasons import reason_text
from marketplace.web.papers.common import Rows, project_rows, recusal_words, terms_blocks
from marketplace.web.tags import left_tag
from marketplace.web.views.awards import AwardView, Left

_NO_AWARD = {
    "unsuccessful": "选取未成立",
    "awaiting_explanation": "待说明低价",
    "draw_needed": "待抽取",
    "owner_choice": "待业主择定",
    "award": "已中选",
}


def award_notice(view: AwardView, *, base: str, is_example: bool) -> Paper:
    """The notice of a result."""
    return Paper(
        kind="award_notice",
        title="中选公告" if view.winner else "选取结果公告",
        subtitle=view.title,
        number=f"编号 {view.id}",
        at=view.decided_at,
        leads_to=base + verify_path(view.id),
        leads_words="核验这份公告：逐步重算，案卷公开，任何人都可以复核",
        blocks=(
            _result(view),
            heading("一、项目"),
            facts(
                project_rows(
                    owner=view.owner_name, project=view.project_name, code=view.project_code, items=view.items,
                    place=view.place,
                )
            ),
            heading("二、选取过程与结果"),
            facts(_how(view)),
            *_others(view),
            heading("三、公示与异议"),
            *_publicity(view),
            heading("四、选取条件"),
            *terms_blocks(view.terms, view.day_unit),
            heading("五、核验"),
            facts(_proofs(view)),
        ),
        is_example=is_example,
    )  # fmt: skip


def _result(view: AwardView) -> dict[str, Json]:
    if view.winner is None or view.price_fen is None:
        words = reason_text(view.reason) if view.reason else ""
        return outcome("选取结果", _NO_AWARD[view.outcome], under=words)
    return outcome(
        "中选机构",
        view.winner.name,
        figure=formatting.yuan(view.price_fen),
        under=f"统一社会信用代码 {view.winner.uscc}",
    )


def _how(view: AwardView) -> Rows:
    terms = view.terms
    count = "有效报名" if terms.is_drawn else "有效报价"
    rows = [("选取方式", names.mode_name(terms.mode)), ("作出时间", formatting.instant(view.decided_at))]
    if terms.mode != "direct":
        rows.append((count, f"{formatting.number(view.valid_offers)} 家，最少 {terms.min_bidders} 家"))
    if view.price_fen is not None:
        rows.append(("中选金额", f"{formatting.yuan(view.price_fen)}（人民币{formatting.capitals(view.price_fen)}）"))
        rows.append((names.amount_name(terms.mode), formatting.yuan(terms.ceiling_fen)))
    if view.discount_bp is not None:
        rows.append(("下浮率", formatting.rate(view.discount_bp)))
    if view.offered_days is not None:
        rows.append(("服务期限", formatting.days(view.offered_days, view.day_unit)))
    if view.total is not None:
        rows.append(("综合得分", formatting.points(view.total)))
    if view.picked is not None and view.picked.reason:
        rows.append(("择定理由", view.picked.reason))
    return [*rows, ("回避", recusal_words(view.recusals))]


def _others(view: AwardView) -> list[dict[str, Json]]:
    if not view.left:
        return [text("没有其他机构参加。", is_quiet=True)] if view.terms.mode != "direct" else []
    ordered = sorted(view.left, key=lambda one: one.is_before_offers)
    columns = (Column("其他机构", 4), Column("结果", 0, "center"), Column("原因", 5))
    return [table(columns, [(one.agency.name, _place(one), _why(one, view)) for one in ordered])]


def _place(one: Left) -> str:
    return f"第 {one.rank} 名" if one.rank else left_tag(one).words


def _why(one: Left, view: AwardView) -> str:
    return "；".join(reason_text(each) for each in one.reasons) if one.reasons else short_words(one, view)


def _publicity(view: AwardView) -> list[dict[str, Json]]:
    if view.publicity is None:
        return [text("本结果没有公示期。")]
    until = formatting.deadline(view.publicity.ends_at)
    rows = [("公示期", f"{formatting.instant(view.publicity.starts_at)} 至 {until}")]
    if view.publicity.workdays is not None:
        rows.append(("时长", formatting.days(view.publicity.workdays)))
    words = "任何人对结果有异议的，可在公示期内通过平台提出；异议答复前不签订合同。提出异议的人不服答复，可以投诉。"
    return [facts(rows), note(words)]


def _proofs(view: AwardView) -> Rows:
    rows = [("记录", f"{formatting.number(view.verification.events)} 条事件，前后以摘要相连")]
    if view.verification.case_digest is not None:
        rows.append(("案卷摘要", f"SHA-256 {view.verification.case_digest}"))
        rows.append(("怎样重算", "下载案卷后运行 ./run decide 案卷文件；不需要联网，也不需要数据库"))
    return rows
