"""试算: what terms make of a few invented offers, with the whole breakdown; everything stands in the address.

Invariants: nothing is kept, nobody has to say who he is; a published demand lends its terms, never its offers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType

from litestar import Response, get
from litestar.di import NamedDependency

from bidding.case import Case
from bidding.terms_check import check_terms
from bidding.terms_check_facts import check_facts
from commons.canonical import Json
from commons.errors import Malformed, NotFound
from marketplace.database import Database
from marketplace.usecases.read_demand import DemandFile, read_demand
from marketplace.web.addresses import TRIAL
from marketplace.web.api.computing import computed
from marketplace.web.casework.verified import computed_result
from marketplace.web.locale import names, trial_words
from marketplace.web.locale.case_faults import case_fault_words
from marketplace.web.pages.asking import PageRequest, identifier_of, page, query_of
from marketplace.web.trial.fields import FIELDS, LEAST_ROWS, MODES, MOST_BIDDERS, TIES, Field, columns
from marketplace.web.trial.reading import Tried, read_trial, rounds_count
from marketplace.web.trial.starting import example, of_published
from marketplace.web.verifying import code_in
from marketplace.web.views.trial import TrialInput, TrialRow, TrialView, TrialWarning

NO_TERMS: Mapping[str, Json] = MappingProxyType({})
NO_DEMAND = "没有这个编号的需求，或者它还没有发布"
NOT_COMPUTED = "这个需求由业主直接选定，没有可以试算的过程"


@dataclass(frozen=True, slots=True)
class Start:
    """What the form starts from: published terms and whose they are; ``fault`` is what is wrong with the code."""

    terms: Mapping[str, Json] = field(default_factory=lambda: NO_TERMS)
    demand_id: str = ""
    title: str = ""
    is_example: bool = False
    fault: str = ""
    typed: str = ""
    file: DemandFile | None = None


@get(TRIAL, include_in_schema=False)
async def trial_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The form of a mode; computed once it was sent."""
    query = query_of(request)
    start = await start_of(database, query.get("demand", "").strip())
    published = str(start.terms.get("mode", ""))
    asked = query.get("mode", "") or published
    mode = asked if asked in MODES else MODES[0]
    base = start.terms if mode == published else NO_TERMS
    is_sent = "go" in query
    given = query if is_sent or "ceiling" in query else of_published(base) if base else example(mode)
    tried = await computed(lambda: read_trial(given, mode, base))
    faults = dict(tried.faults) if is_sent else {}
    if start.fault:
        faults["demand"] = start.fault
    if asked and asked not in MODES:
        faults["mode"] = "没有这种方式"
    view = _view(start, mode, base, given, faults)
    if is_sent and tried.case is not None and not faults:
        view = await _tried(view, tried, tried.case)
    status = HTTPStatus.BAD_REQUEST if view.faults else HTTPStatus.OK
    return page(request, view, now=datetime.now(UTC), is_example=start.is_example, status=status)


async def start_of(database: Database, text: str) -> Start:
    """The published demand of that code, or what is wrong with the code; nothing without one."""
    if not text:
        return Start()
    try:
        file = await read_demand(database, identifier_of("demand", code_in(text) or text))
    except NotFound:
        return Start(fault=NO_DEMAND, typed=text)
    demand = file.demand
    if demand.mode not in MODES:
        return Start(fault=NOT_COMPUTED, typed=text)
    return Start(demand.terms, demand.id, demand.title, demand.is_example, file=file)


def _view(
    start: Start, mode: str, base: Mapping[str, Json], given: Mapping[str, str], faults: Mapping[str, str]
) -> TrialView:
    """The form with what was typed and what is wrong with it."""
    is_rate = (given.get("basis") or base.get("price_basis")) == "discount_rate"
    asked = columns(mode, rounds=rounds_count(given, base), is_rate=is_rate)
    count = _rows(given, asked)
    fields = tuple(input_of(with_ties(one, mode, base), given, faults) for one in FIELDS[mode])
    rows = tuple(
        TrialRow(number, tuple(input_of(one, given, faults, key=f"b{number}_{one.key}") for one in asked))
        for number in range(1, count + 1)
    )
    labels = {one.key: one.field.label for one in fields} | {"demand": "需求编号", "mode": "选取方式"}
    labels |= {one.key: f"第 {row.number} 家 {one.field.label}" for row in rows for one in row.cells}
    return TrialView(
        mode=mode,
        modes=tuple((one, names.MODES[one]) for one in MODES),
        terms_fields=fields,
        rows=rows,
        faults=faults,
        labels=labels,
        demand_id=start.demand_id,
        demand_typed=start.typed,
        demand_title=start.title,
        kept=trial_words.kept_words(base, mode),
        more_rows=min(count + 2, MOST_BIDDERS) if count < MOST_BIDDERS else None,
    )


def input_of(one: Field, given: Mapping[str, str], faults: Mapping[str, str], *, key: str = "") -> TrialInput:
    """A field with what was typed into it."""
    key = key or one.key
    return TrialInput(key, one, given.get(key, ""), faults.get(key, ""))


def with_ties(one: Field, mode: str, base: Mapping[str, Json]) -> Field:
    """The orders of tie rules to choose from, in words, the published one among them."""
    if one.key != "ties":
        return one
    published = base.get("ties")
    own = [",".join(str(each) for each in published)] if isinstance(published, list) else []
    orders = dict.fromkeys((*own, *TIES[mode]))
    return Field(one.key, one.label, one.kind, options=tuple((each, trial_words.ties_words(each)) for each in orders))


def _rows(given: Mapping[str, str], asked: tuple[Field, ...]) -> int:
    """Rows shown: those with something in them, four at least, and as many as were asked for."""
    filled = [
        number for number in range(1, MOST_BIDDERS + 1) if any(given.get(f"b{number}_{one.key}") for one in asked)
    ]
    more = given.get("more", "") or given.get("shown", "")
    wanted = int(more) if more.isdecimal() and len(more) < 3 else 0  # noqa: PLR2004  two digits
    return min(max(LEAST_ROWS, wanted, *filled, 0), MOST_BIDDERS)


async def _tried(view: TrialView, tried: Tried, case: Case) -> TrialView:
    """The form with its result, or with what the engine says against the case."""
    try:
        result = await computed(lambda: computed_result(tried.raw))
    except Malformed as malformed:
        return replace(view, faults={"": case_fault_words(malformed.faults[0])})
    admitted = next(
        len(people) for key in ("bidders", "bids", "offers") if isinstance(people := tried.raw.get(key), list)
    )
    warnings = (*check_terms(case.terms, admitted=admitted), *check_facts(case))
    return replace(
        view,
        result=result,
        warnings=tuple(TrialWarning(one.zh, f"{one.source.title} {one.source.place}") for one in warnings),
        case=json.dumps({"case": tried.raw}, ensure_ascii=False, indent=1),
    )
