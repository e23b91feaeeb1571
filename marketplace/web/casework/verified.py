"""What a verification found, as its page shows it: the verdict, each step in words, every figure that differs.

Source: pages.md (中选核验); the comparing itself is ``bidding.comparing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from bidding.comparing import Difference, Step
from bidding.reading.case import parse_case
from commons.canonical import Json
from marketplace.publication.verify import Verified
from marketplace.usecases.read_published import PublishedAward
from marketplace.web import formatting
from marketplace.web.casework.explained import explain
from marketplace.web.casework.terms import terms_view
from marketplace.web.locale import verify_words as words
from marketplace.web.views.parts import AgencyRef
from marketplace.web.views.verify import (
    CheckRow,
    ComputedResult,
    DifferenceRow,
    DigestRow,
    Target,
    Verdict,
    VerifyResult,
)

SHOWN = 20
"""Differences of a step on the page at most; the API has more, and the count of all."""
NAMED = 5
"""Bidders named in a sentence at most."""

Rows = Sequence[Mapping[str, Any]]


def target_of(award: PublishedAward) -> Target:
    """The award as the page names it."""
    demand = award.demand
    winner = demand.winner
    return Target(
        id=demand.id,
        title=demand.title,
        mode=demand.mode,
        decided_at=award.decided_at,
        winner=AgencyRef(winner, award.names.get(winner, winner)) if winner else None,
        price_fen=demand.winning_fen,
        is_direct=award.published is None,
    )


def result_of(done: Verified, award: PublishedAward | None, *, file_name: str, is_dropped: bool) -> VerifyResult:
    """Everything the page shows of a verification."""
    people = dict(award.names) if award is not None else {}
    checks = tuple(_check(number, step, done, people) for number, step in enumerate(done.steps, 1))
    if award is not None:
        checks = tuple(_with_holder(one, done, award) for one in checks)
    verdict = _verdict(done)
    headline, sentence = _said(verdict, checks, is_dropped=is_dropped)
    return VerifyResult(
        verdict=verdict,
        headline=headline,
        sentence=sentence,
        checks=checks,
        digests=_digests(done, award, is_dropped=is_dropped),
        file_name=file_name,
        is_dropped=is_dropped,
        computed=None if award is not None else computed_result(done.case),
    )


def computed_result(case: Mapping[str, Json]) -> ComputedResult:
    """What a case computes to, explained; bidders are shown by their ids and have no pages."""
    read = parse_case(dict(case))
    ids = {str(row["bidder"]) for key in ("bids", "bidders", "offers") for row in cast("Rows", case.get(key) or [])}
    agencies = {one: AgencyRef(one, one, has_page=False) for one in ids}
    return ComputedResult(terms_view(read.terms), explain(read, agencies))


def _with_holder(check: CheckRow, done: Verified, award: PublishedAward) -> CheckRow:
    """The award's step also says how it came to whoever holds it now."""
    holder, first = award.demand.winner, done.decision["winner"]
    if check.code != "award" or check.state != "same" or holder is None:
        return check
    name = award.names.get(holder, holder)
    how = "" if holder == first else f"；按公开的后续事项（弃选、受限、已达上限或业主择定），由 {name} 中选"
    price = "" if award.demand.winning_fen is None else f"，中选价 {formatting.yuan(award.demand.winning_fen)}"
    return replace(check, words=f"{check.words}{how}{price}")


def _verdict(done: Verified) -> Verdict:
    if done.is_known:
        return "differs" if done.differing else "agrees"
    if done.differing:
        return "unknown_differs"
    return "unknown_agrees" if any(one.state == "same" for one in done.steps) else "unknown"


def _said(verdict: Verdict, checks: Sequence[CheckRow], *, is_dropped: bool) -> tuple[str, str]:
    """The headline and the sentence under it."""
    wrong = words.verdict_words([one.number for one in checks if one.state == "differs"])
    same = sum(one.state == "same" for one in checks)
    match verdict:
        case "agrees" if is_dropped:
            return f"核验通过：{same} 步全部一致", "这份文件就是本站公布的案卷，按公布的规则重新计算，结果与公告一致。"
        case "agrees":
            return f"核验通过：{same} 步全部一致", "公告的中选结果与公开记录、原始报价、公布的规则一致。"
        case "differs":
            blame = "这份文件与本站的公告不符，请不要据此签约。" if is_dropped else "公告的结果与记录或重新计算不符。"
            return f"核验未通过：{wrong}不一致", f"{blame}不一致之处逐格列在下面。"
        case "unknown_differs":
            return f"文件自相矛盾：{wrong}不一致", "本站没有公布过这一选取；文件里写的结果与按它重新计算的不同。"
        case "unknown_agrees":
            return "本站没有这一选取，文件前后一致", "文件里写的结果与按它重新计算的相同；但本站没有可对照的公告。"
        case "unknown":
            return (
                "本站没有这一选取，只能重新计算",
                "文件里没有写结果，本站也没有可对照的公告；按它计算的结果见下。",
            )


def _check(number: int, step: Step, done: Verified, people: Mapping[str, str]) -> CheckRow:
    name, holds, fails = words.TITLES.get(step.code, (step.code,) * 3)
    title = {"same": holds, "differs": fails}.get(step.state, name)
    rows = _rows(step.differences, people, _criteria(done.case))
    total = step.total if step.total > len(step.differences) else len(rows)
    return CheckRow(
        number=number,
        code=step.code,
        title=title,
        state=step.state,
        words=words.step_words(step, _told(step, done, people), total),
        is_input=step.code in words.INPUTS,
        rows=rows[:SHOWN],
        total=total,
        is_cut=len(rows) > SHOWN or step.total > len(step.differences),
    )


def _rows(
    differences: Sequence[Difference], people: Mapping[str, str], criteria: Sequence[str]
) -> tuple[DifferenceRow, ...]:
    """Each difference once, whoever gave it; whoever is not there at all is one row, not one for each cell."""
    market = {(one.subject, one.cell, str(one.given)) for one in differences if one.given_by == "market"}
    once = [
        one for one in differences if one.given_by == "market" or (one.subject, one.cell, str(one.given)) not in market
    ]
    rows: dict[tuple[str, str, str], DifferenceRow] = {}
    for one in once:
        whole = [each for each in once if each.subject == one.subject and each.given_by == one.given_by]
        is_whole = len(whole) > 1 and (
            all(each.found is None for each in whole) or all(each.given is None for each in whole)
        )
        row = _absent(one, people, len(whole)) if is_whole else _difference(one, people, criteria)
        rows.setdefault((one.subject, row.cell, one.given_by), row)
    return tuple(rows.values())


def _absent(one: Difference, people: Mapping[str, str], count: int) -> DifferenceRow:
    """Somebody, or an offer, that stands on one side alone."""
    given, found = ("没有", "有") if one.given is None else ("有", "没有")
    subject = words.subject_words(one.subject, people)
    return DifferenceRow(subject, f"全部 {count} 项", given, found, is_of_file=one.given_by == "file")


def _difference(one: Difference, people: Mapping[str, str], criteria: Sequence[str]) -> DifferenceRow:
    return DifferenceRow(
        subject=words.subject_words(one.subject, people),
        cell=words.cell_words(one.cell, criteria),
        given=words.value_words(one.cell, one.given, people),
        found=words.value_words(one.cell, one.found, people),
        is_of_file=one.given_by == "file",
    )


def _criteria(case: Mapping[str, Json]) -> tuple[str, ...]:
    """The kinds of the criteria, in their order."""
    terms = cast("Mapping[str, Any]", case["terms"])
    return tuple(str(one.get("kind")) for one in terms.get("criteria") or ())


def _told(step: Step, done: Verified, people: Mapping[str, str]) -> str:
    """The figures that a step confirms."""
    cells, subjects = formatting.number(step.cells), formatting.number(step.subjects)
    of_case = {
        "terms": f"{cells} 项条件逐项核对，都是发布时锁定的",
        "bidders": f"{subjects} 家机构，{cells} 项事实（信用分、等级、业绩等）逐项核对",
        "offers": f"{subjects} 份报价逐份核对",
        "draw": "两个输入逐位核对",
    }
    if step.code in of_case:
        return of_case[step.code]
    of_decision = {"refusals": _refused, "scores": _scores, "ranking": _ranks}
    return of_decision.get(step.code, _award)(done.decision, people)


def _refused(decision: Mapping[str, Json], people: Mapping[str, str]) -> str:
    rejected = cast("Rows", decision["rejected"])
    said = [f"{words.subject_words(str(one['bidder']), people)}无效" for one in rejected[:NAMED]]
    if len(rejected) > NAMED:
        said.append(f"共 {formatting.number(len(rejected))} 家无效")
    offers = cast("Rows", decision.get("offers") or [])
    if offers:
        taken = sum(bool(one["accepted"]) for one in offers)
        said.append(f"{formatting.number(len(offers))} 次报价中接收 {formatting.number(taken)} 次")
    rounds = cast("Rows", decision.get("rounds") or [])
    if rounds:
        said.append(f"{len(rounds)} 轮的截止时间和入围机构都已重算")
    return "；".join(said)


def _scores(decision: Mapping[str, Json], people: Mapping[str, str]) -> str:
    rows = cast("Rows", decision["ranking"])
    said = [f"{_named(one, people)} {figure}" for one in rows[:NAMED] if (figure := _figure(one)) is not None]
    if "benchmark_fen" in decision:
        said.insert(0, f"基准价 {formatting.yuan(cast('int', decision['benchmark_fen']))}")
    more = f"等 {formatting.number(len(rows))} 家" if len(rows) > NAMED else ""
    return "，".join(said) + more


def _figure(row: Mapping[str, Any]) -> str | None:
    """Total points, or the price that ranks."""
    if "total" in row:
        return formatting.points(row["total"])
    return formatting.yuan(row["price_fen"]) if "price_fen" in row else None


def _ranks(decision: Mapping[str, Json], people: Mapping[str, str]) -> str:
    rows = cast("Rows", decision["ranking"])
    said = "，".join(f"第 {one['rank']} 名 {_named(one, people)}" for one in rows[:NAMED])
    return said + (f"，共 {formatting.number(len(rows))} 家" if len(rows) > NAMED else "")


def _award(decision: Mapping[str, Json], people: Mapping[str, str]) -> str:
    winner = decision["winner"]
    if winner is None:
        return f"结果为“{words.value_words('outcome', decision['outcome'], people)}”"
    return f"第一名 {words.subject_words(str(winner), people)}"


def _named(row: Mapping[str, Any], people: Mapping[str, str]) -> str:
    name = words.subject_words(str(row["bidder"]), people)
    return formatting.short_name(name) if str(row["bidder"]) in people else name


def _digests(done: Verified, award: PublishedAward | None, *, is_dropped: bool) -> tuple[DigestRow, ...]:
    """What the record and the page print, beside what this file gives."""
    file = award.file if award is not None else None
    return (
        DigestRow("文件" if is_dropped else "案卷文件", file.digest if file else None, done.digests.file),
        DigestRow("案卷", award.case_digest if award else None, done.digests.case),
        DigestRow("选取条件", award.demand.terms_digest if award else None, done.digests.terms),
    )
