"""A multi-round selection in tables: standing after every round with raw and effective price, each round's course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from commons.instants import BEIJING
from marketplace.demo.show.asked import asked
from marketplace.demo.show.frame import GOOD, Paper, chosen, saving, told
from marketplace.demo.show.sealed import Agencies, explained, short_names, show_failure, undecided
from marketplace.demo.stage import Played
from marketplace.web import formatting
from marketplace.web.casework.made import Explained
from marketplace.web.locale import names
from marketplace.web.locale.formulas import rate_words
from marketplace.web.views.results import Bidder, OfferRow, RoundResult, RoundsResult


def show_rounds(paper: Paper, played: Played, agencies: Agencies, *, briefly: bool = False) -> None:
    """One multi-round selection from the demand to the award."""
    asked(paper, played.scene, briefly=briefly)
    if undecided(paper, played, agencies):
        return
    work = explained(played, agencies)
    assert isinstance(work.result, RoundsResult), "a multi-round selection has its rounds"
    people = _people(work.result)
    standing = standings(work.result)
    if people:
        paper.line(" 每轮结束时的有效报价（元）：")
        _standing_table(paper, work.result, people, standing)
    for one in work.result.rounds:
        paper.line(f" {_course(one)}")
    labelled = {one.agency.uscc: f"{one.label} {formatting.short_name(one.agency.name)}" for one in people}
    paper.refusals(told(played.scene.turned_away, {**short_names(agencies), **labelled}))
    _outcome(paper, played, work)


def _people(result: RoundsResult) -> list[Bidder]:
    """Everybody who offered, by letter."""
    found = {row.bidder.label: row.bidder for row in result.offers}
    return [found[label] for label in sorted(found)]


def standings(result: RoundsResult) -> list[dict[str, OfferRow]]:
    """After each round that took place: the standing offer of each bidder alive in it, by letter."""
    standing: dict[str, OfferRow] = {}
    after: list[dict[str, OfferRow]] = []
    for one in result.rounds:
        standing |= {
            row.bidder.label: row for row in result.offers if row.refusal is None and row.round_number == one.number
        }
        after.append(dict(standing))
        for out in one.eliminated:
            standing.pop(out.label, None)
    return after


def _standing_table(
    paper: Paper, result: RoundsResult, people: Sequence[Bidder], after: Sequence[dict[str, OfferRow]]
) -> None:
    columns: list[str | tuple[str, str]] = ["", "报价机构"]
    for one in result.rounds:
        kind = names.ROUND_KINDS[one.kind]
        columns += [(f"{one.number} 轮{kind}\n报价", "right"), ("\n有效价", "right")]
    rows: list[list[str | Text]] = []
    for bidder in people:
        cell = chosen if bidder.is_winner else Text
        cells: list[str | Text] = [cell(bidder.label), cell(formatting.short_name(bidder.agency.name))]
        for standing in after:
            row = standing.get(bidder.label)
            if row is None:
                cells += [Text("出局", style="dim"), ""]
            else:
                cells += [cell(formatting.amount(row.price_fen)), cell(formatting.exact_amount(row.effective))]
        rows.append(cells)
    paper.table(columns, rows)


def _course(one: RoundResult) -> str:
    """A round in a sentence: clock, extension, best price, who went on and who did not."""
    opens, closes, planned = (
        f"{at.astimezone(BEIJING):%H:%M:%S}" for at in (one.opens_at, one.closes_at, one.planned_closes_at)
    )
    moved = f"，顺延 {one.extensions} 次" if one.extensions else "，随前轮顺延" if planned != closes else ""
    moved += f"，原定 {planned}" if planned != closes else ""
    best = f"，最优有效价 {formatting.exact_amount(one.best)} 元" if one.best is not None else ""
    out = f"；未入围：{'、'.join(each.label for each in one.eliminated)}" if one.eliminated else ""
    kind = names.ROUND_KINDS[one.kind]
    return f"第 {one.number} 轮（{kind}）{opens}—{closes}{moved}{best}；{len(one.alive)} 家继续{out}"


def _outcome(paper: Paper, played: Played, work: Explained) -> None:
    if work.winner is None or work.price_fen is None:
        show_failure(paper, played, work)
        return
    days = f"，{formatting.days(work.offered_days)}" if work.offered_days is not None else ""
    price = formatting.yuan(work.price_fen) + rate_words(work.discount_bp)
    paper.line(f" ✓ 中选：{work.winner.name}，{price}{days}", GOOD)
    ceiling = int(str(played.scene.plan.terms["ceiling_fen"]))
    paper.line(f"   理由：{'，'.join(_why(work))}；{saving(work.price_fen, ceiling)}")


def _why(work: Explained) -> Iterator[str]:
    assert work.effective is not None, "a winner of rounds has its effective price"
    yield f"末轮有效价 {formatting.exact_amount(work.effective)} 元最低"
    second = next((one for one in work.left if one.rank is not None and one.behind is not None), None)
    if second is not None and second.behind is not None:
        name = formatting.short_name(second.agency.name)
        yield f"比第二名（{name}）低 {formatting.yuan(second.behind)}"
