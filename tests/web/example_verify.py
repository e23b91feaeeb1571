"""Example views of 中选核验, 试算 and 公平性检查: what the engine and the rules really make of invented facts."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast

from bidding.comparing import Held, Published
from bidding.engine import decide
from bidding.reading.case import parse_case
from bidding.terms_check import check_terms
from commons.canonical import Json, canonical
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.demands.reach import REACH_RULE, Condition, Reach
from marketplace.demands.similar import Similar, Spread
from marketplace.publication.case_file import read_case_file
from marketplace.publication.verify import verify
from marketplace.usecases.fairness import Fairness
from marketplace.usecases.read_award import CaseFile
from marketplace.usecases.read_published import PublishedAward
from marketplace.web.casework.fairness import fairness_part
from marketplace.web.casework.verified import computed_result, result_of, target_of
from marketplace.web.locale import fairness_words, names
from marketplace.web.pages.trial import input_of, with_ties
from marketplace.web.trial.fields import FIELDS, MODES, columns
from marketplace.web.trial.reading import read_trial
from marketplace.web.trial.starting import example
from marketplace.web.views.fairness import ConditionInput, FairnessView
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Entered, Option
from marketplace.web.views.trial import TrialRow, TrialView, TrialWarning
from marketplace.web.views.verify import FileFault, Target, VerifyResult, VerifyView
from tests.web.example_cases import LONG_NAME, NAMES

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
CODE = "D261120-8F3K2M7Q"
NOTHING: dict[str, Json] = {}
ITEMS = (Option("RA05", "防洪影响评价"), Option("RA03", "水土保持方案编制"))
REGIONS = (("温州市", (Option("330300", "温州市（市本级）"), Option("330304", "瓯海区"))),)


def raw_case(mode: str = "comprehensive") -> dict[str, Any]:
    """The trial's own example as a case."""
    return cast("dict[str, Any]", read_trial(example(mode), mode, NOTHING).raw)


def decided(raw: dict[str, Any]) -> dict[str, Json]:
    return decide(parse_case(copy.deepcopy(raw))).as_json()


def award(raw: dict[str, Any]) -> PublishedAward:
    """The award of a case as the market would publish it."""
    decision = decided(raw)
    winner = cast("str", decision["winner"])
    price = next(one["price_fen"] for one in raw["bids"] if one["bidder"] == winner)
    people = {one["bidder"]: name for one, name in zip(raw["bids"], (LONG_NAME, *NAMES[1:]), strict=False)}
    demand = SimpleNamespace(
        id=CODE, title="瓯海区梧田片区改造工程水土保持方案", mode="comprehensive", winner=winner, winning_fen=price,
        terms_digest=sha256(canonical(raw["terms"])).hexdigest(),
    )  # fmt: skip
    body = canonical({"award": CODE, "case": raw, "decision": decision})
    published = Published(raw, decision, Held(winner, price))
    file, case_digest = CaseFile(body, sha256(body).hexdigest()), sha256(canonical(raw)).hexdigest()
    return PublishedAward(AT, cast("Any", demand), people, file, published, case_digest, 27, AT)


def verified(change: Mapping[str, Any] | None = None, *, is_known: bool = True) -> tuple[VerifyResult, Target | None]:
    """What the page shows of the award's own file, or of one with a price, a rank and a lot changed."""
    raw = raw_case()
    known = award(raw)
    file: dict[str, Any] = {"case": copy.deepcopy(raw), "decision": decided(raw)}
    if change:
        file["case"]["bids"][1] |= change
        file["case"]["bids"].pop(3)
        file["decision"]["ranking"][0]["total"] += 1
    body = known.file.body if is_known and not change and known.file else json.dumps(file).encode()
    done = verify(body, read_case_file(body), known.published if is_known else None)
    of = known if is_known else None
    result = result_of(done, of, file_name=f"case-{CODE}.json", is_dropped=change is not None or not is_known)
    return result, target_of(known) if is_known else None


def verify_pages() -> Mapping[str, PageView]:
    agrees, target = verified()
    differs, _ = verified({"price_fen": 13_980_000})
    unknown, _ = verified(is_known=False)
    refused = tuple(
        FileFault(f"/case/bids/{number}/price_fen", "not_an_integer", "应为整数，不带小数点、指数或引号")
        for number in range(9)
    )
    assert target is not None
    direct = Target(CODE, target.title, "direct", AT, target.winner, 9_000_000, is_direct=True)
    typed = Entered({"code": "7F3A"}, {"code": "这不像核验码"})
    return {
        "verify": VerifyView(),
        "verify-unread": VerifyView("7F3A", entered=typed),
        "verify-agrees": VerifyView(CODE, target, agrees),
        "verify-differs": VerifyView(CODE, target, differs),
        "verify-unknown": VerifyView("", None, unknown),
        "verify-refused": VerifyView(CODE, None, None, refused, 120),
        "verify-direct": VerifyView(CODE, direct),
    }


def trial(mode: str, *, is_tried: bool = True, faults: Mapping[str, str] | None = None) -> TrialView:
    """试算 of the mode's example."""
    given, wrong = example(mode), faults or {}
    tried = read_trial(given, mode, NOTHING)
    assert tried.case is not None
    asked = columns(mode, rounds=2, is_rate=False)
    rows = tuple(
        TrialRow(number, tuple(input_of(one, given, wrong, key=f"b{number}_{one.key}") for one in asked))
        for number in range(1, 5)
    )
    warnings = check_terms(tried.case.terms, admitted=4)
    return TrialView(
        mode=mode,
        modes=tuple((one, names.MODES[one]) for one in MODES),
        terms_fields=tuple(input_of(with_ties(one, mode, NOTHING), given, wrong) for one in FIELDS[mode]),
        rows=rows,
        faults=wrong,
        labels={"w_price": "报价权重", "b2_price": "第 2 家 报价"},
        demand_id=CODE if faults else "",
        demand_title="瓯海区梧田片区改造工程水土保持方案" if faults else "",
        kept=("标段上限 1 个",) if faults else (),
        more_rows=6,
        result=computed_result(tried.raw) if is_tried else None,
        warnings=tuple(TrialWarning(one.zh, one.source.title) for one in warnings),
        case=json.dumps({"case": tried.raw}, ensure_ascii=False, indent=1),
    )


def fairness(*, left: int = 39, is_rich: bool = True) -> FairnessView:
    """公平性检查: many or few, with and without anything similar."""
    given = example("comprehensive")
    law = Source("防洪法（示例）", "partial", "第 33 条")
    cuts = (("kind", 3_472, 228), ("grade", 228, 100), ("validity", 100, 60), ("restrictions", 60, left))
    reach = Reach(
        3_472, tuple(Condition(cast("Any", code), after, before - after, law) for code, before, after in cuts)
    )
    price = Spread(63, 6_200_000, 7_800_000, 9_600_000, 12_400_000, 19_800_000)
    days = Spread(63, 12, 15, 20, 26, 40)
    since = date(2024, 11, 1)
    similar = Similar("city", since, 63, price, days, Spread(63, 4, 6, 7, 9, 21)) if is_rich else Similar(
        "province", since, 0, None, None, None
    )  # fmt: skip
    barrier = Reason(
        "regional_barrier", REACH_RULE, {"condition": 1, "kind": "branch_in", "asked": "温州市", "where": "condition"}
    )
    warnings = check_terms(parse_case(raw_case()).terms, admitted=2)
    found = Fairness(warnings, reach, date(2026, 11, 30), AT, (barrier,) if is_rich else (), similar, ())
    fields = tuple(input_of(with_ties(one, "comprehensive", NOTHING), given, {}) for one in FIELDS["comprehensive"])
    return FairnessView(
        chosen={"item": "RA05", "region": "330304", "buyer": "fiscal", "mode": "comprehensive"},
        items=ITEMS,
        regions=REGIONS,
        buyers=tuple(names.BUYER_CLASSES.items()),
        modes=tuple((one, names.MODES[one]) for one in MODES),
        kinds=tuple(fairness_words.KINDS.items()),
        terms_fields=fields,
        conditions=(ConditionInput(1, "branch_in", "", "330300"), ConditionInput(2), ConditionInput(3)),
        fairness=fairness_part(found, ceiling_fen=12_000_000, max_days=12),
    )


def fairness_blank() -> FairnessView:
    """Nothing chosen, one fault."""
    faults = {"item": "请选择服务事项"}
    one = fairness(is_rich=False)
    return FairnessView(
        {**one.chosen, "item": ""}, one.items, one.regions, one.buyers, one.modes, one.kinds, one.terms_fields,
        (ConditionInput(1), ConditionInput(2), ConditionInput(3)), faults, {"item": "服务事项"},
    )  # fmt: skip


def pages() -> Mapping[str, tuple[PageView, str]]:
    """Every example of this room, with the path it is shown under."""
    wrong = {"w_price": "各项权重合计须为 100 分", "b2_price": "应为金额，以元计，最多两位小数，如 128600.00"}
    found: dict[str, tuple[PageView, str]] = {name: (view, "/verify") for name, view in verify_pages().items()}
    found |= {f"trial-{mode}": (trial(mode), "/rules/trial") for mode in MODES}
    found["trial-faults"] = (trial("comprehensive", is_tried=False, faults=wrong), "/rules/trial")
    found["fairness"] = (fairness(), "/fairness")
    found["fairness-few"] = (fairness(left=2, is_rich=False), "/fairness")
    found["fairness-blank"] = (fairness_blank(), "/fairness")
    return found
