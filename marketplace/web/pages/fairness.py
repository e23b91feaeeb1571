"""公平性检查, open to everybody: an item, a place and terms → how many could take part, and what similar demands cost.

Everything that is asked stands in the address; nothing is kept. Source: market.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from litestar import Response, get
from litestar.di import NamedDependency

from commons.canonical import Json
from commons.errors import Malformed
from commons.instants import beijing_date, format_instant
from commons.regions import REGIONS
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.check_terms import CheckTerms, check_terms
from marketplace.usecases.read_demand import DemandFile
from marketplace.web.addresses import FAIRNESS
from marketplace.web.casework.fairness import fairness_part
from marketplace.web.locale import fairness_words, names
from marketplace.web.pages.asking import PageRequest, page, query_of
from marketplace.web.pages.naming import item_options
from marketplace.web.pages.trial import NO_TERMS, Start, input_of, start_of, with_ties
from marketplace.web.requests import shaped
from marketplace.web.trial.fields import FIELDS, MODES, TIES
from marketplace.web.trial.reading import Typed, read_terms
from marketplace.web.trial.starting import example, of_published
from marketplace.web.views.fairness import ConditionInput, FairnessPart, FairnessView
from marketplace.web.views.parts import Option

CONDITIONS = 3
"""Conditions that can be tried at a time."""
LABELS = {"item": "服务事项", "region": "项目所在地", "buyer": "业主类别", "demand": "需求编号", "mode": "选取方式"}
NO_ITEM = "请选择服务事项"
_PLACES = {"/item": "item", "/region": "region", "/buyer_class": "buyer"}


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked: the demand it starts from, the mode, the published terms of that mode, everything typed."""

    start: Start
    mode: str
    base: Mapping[str, Json]
    given: Mapping[str, str]
    faults: Mapping[str, str]


@get(FAIRNESS, include_in_schema=False)
async def fairness_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The form; the check once an item is chosen."""
    asking = _asking(query_of(request), await start_of(database, query_of(request).get("demand", "").strip()))
    typed = Typed(asking.given, dict(asking.faults))
    terms = read_terms(typed, asking.mode, asking.base)
    if not asking.given.get("item"):
        return _shown(request, asking, asking.faults)
    if typed.faults:
        return _shown(request, asking, typed.faults)
    settings: Settings = request.app.state.settings
    try:
        command = shaped(CheckTerms, _command(asking.given, terms, asking.start.file))
        found = await check_terms(database, command, profile=settings.profile)
    except Malformed as malformed:
        typed.places |= _PLACES
        typed.blame(malformed)
        return _shown(request, asking, typed.faults)
    ceiling, days = terms.get("ceiling_fen"), terms.get("max_days")
    assert isinstance(ceiling, int), "terms that were checked have a ceiling"
    part = fairness_part(found, ceiling_fen=ceiling, max_days=days if isinstance(days, int) else None)
    return _shown(request, asking, {}, part)


def _asking(query: Mapping[str, str], start: Start) -> Asking:
    given = {**_of_demand(start.file), **query} if start.file is not None else query
    published = str(start.terms.get("mode", ""))
    asked = given.get("mode", "") or published
    mode = asked if asked in MODES else MODES[0]
    base = start.terms if mode == published else NO_TERMS
    defaults = of_published(base) if base else {**example(mode), "max_days": ""}
    faults: dict[str, str] = {"demand": start.fault} if start.fault else {}
    if asked and asked not in MODES:
        faults["mode"] = "没有这种方式"
    if "ceiling" in query and not given.get("item"):
        faults["item"] = NO_ITEM
    orders = {*TIES.get(mode, ()), defaults.get("ties", "")}
    fitting = {key: text for key, text in given.items() if key != "ties" or text in orders}
    return Asking(start, mode, base, {**defaults, **fitting}, faults)


def _shown(
    request: PageRequest, asking: Asking, faults: Mapping[str, str], part: FairnessPart | None = None
) -> Response[str]:
    now = datetime.now(UTC) if part is None else part.at
    status = HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    return page(
        request, _view(asking, faults, part, now=now), now=now, is_example=asking.start.is_example, status=status
    )


def _of_demand(file: DemandFile) -> dict[str, str]:
    """What a published demand says of itself."""
    demand = file.demand
    return {"item": demand.item, "region": demand.region, "buyer": demand.buyer_class}


def _command(given: Mapping[str, str], terms: Mapping[str, Json], file: DemandFile | None) -> dict[str, Json]:
    """The check as asked; what only a published demand knows (further items, recusals, its close) comes from there."""
    made: dict[str, Json] = {
        "terms": dict(terms),
        "item": given["item"],
        "buyer_class": given.get("buyer") or "fiscal",
        "conditions": _conditions(given),
    }
    if region := given.get("region", ""):
        made["region"] = region
    if file is not None and file.demand.item == given["item"]:
        demand = file.demand
        made |= {
            "further_items": list(demand.further_items), "owner_code": demand.owner_code,
            "recused": [one.agency for one in demand.recusals], "is_example": demand.is_example,
        }  # fmt: skip
        if demand.closes_at is not None:
            made["closes_at"] = format_instant(demand.closes_at)
    return made


def _conditions(given: Mapping[str, str]) -> list[Json]:
    found: list[Json] = []
    for number in range(1, CONDITIONS + 1):
        kind = given.get(f"c{number}_kind", "")
        if kind in fairness_words.KINDS:
            one: dict[str, Json] = {"kind": kind, "name": given.get(f"c{number}_name", "").strip()[:60]}
            if region := given.get(f"c{number}_region", ""):
                one["region"] = region
            found.append(one)
    return found


def _view(asking: Asking, faults: Mapping[str, str], part: FairnessPart | None, *, now: datetime) -> FairnessView:
    """The form with what was typed, and the check."""
    start, given, mode = asking.start, asking.given, asking.mode
    fields = tuple(
        input_of(with_ties(one, mode, asking.base), given, faults) for one in FIELDS[mode] if one.key != "seed"
    )
    return FairnessView(
        chosen={**{key: given.get(key, "") for key in ("item", "region", "buyer")}, "mode": mode},
        items=item_options(),
        regions=region_groups(now),
        buyers=tuple(names.BUYER_CLASSES.items()),
        modes=tuple((one, names.MODES[one]) for one in MODES),
        kinds=tuple(fairness_words.KINDS.items()),
        terms_fields=fields,
        conditions=tuple(
            ConditionInput(
                number, given.get(f"c{number}_kind", ""), given.get(f"c{number}_name", ""),
                given.get(f"c{number}_region", ""),
            )
            for number in range(1, CONDITIONS + 1)
        ),
        faults=faults,
        labels=LABELS | {one.key: one.field.label for one in fields},
        demand_id=start.demand_id,
        demand_title=start.title,
        demand_typed=start.typed,
        fairness=part,
    )  # fmt: skip


def region_groups(now: datetime) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Every city of the day with its counties."""
    on = beijing_date(now)
    return tuple(
        (
            city.name,
            (
                Option(city.code, f"{city.name}（市本级）"),
                *(Option(one.code, one.name) for one in REGIONS.counties(city.code, on)),
            ),
        )
        for city in REGIONS.cities(on)
    )
