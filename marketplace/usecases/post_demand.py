"""Post a demand (中介服务需求): its terms are read strictly at once; nobody sees it before its publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast

from pydantic import Field, StringConstraints

from bidding.reading.terms import parse_demand_terms
from bidding.terms import (
    ComprehensiveTerms,
    DemandTerms,
    DirectTerms,
    DrawTerms,
    InstantTerms,
    MeanPriceTerms,
    MultiRoundTerms,
    PriceMean,
)
from commons.canonical import Json
from commons.codes import ProjectCode
from commons.errors import Fault, Malformed
from commons.instants import beijing_date, format_instant
from commons.profiles import RuleProfile
from commons.verdicts import Refused
from marketplace.catalogue.cleaning import abolished
from marketplace.catalogue.in_force import Rules, kept
from marketplace.catalogue.items import Catalogue, ServiceItem
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.demand import MAX_ITEMS, BuyerClass, Recusal, default_rounds
from marketplace.demands.store import Demand
from marketplace.record.store import Act, append
from marketplace.usecases.act import (
    YEARS,
    Caller,
    Ground,
    Identifier,
    Instant,
    Line,
    Message,
    Name,
    Nonce,
    Prose,
    RegionCode,
    UsccText,
    clock,
    new_identifier,
    perform,
    require,
    stamp,
)
from marketplace.usecases.fairness import FairnessText, check_fairness, fairness_text
from marketplace.usecases.file_agency import city_of
from marketplace.usecases.look_up_project import Check, note_project
from marketplace.usecases.rules_in_force import current_rules
from marketplace.usecases.stated import Stated, declared_of
from marketplace.usecases.weigh_terms import WarningText, digest_of, warning_texts

MIN_FACTOR_BP = 5_000
"""Smallest factor of a benchmark: half of one fen still rounds to one."""

MAX_QUANTITY = 1_000_000
MAX_DAYS = 36_500
"""Longest service time that terms may allow: a hundred years, as in an offer."""
MAX_RECUSALS = 50


class RecusalText(Message):
    """An agency that may not take part, and the reason that is published."""

    agency: UsccText
    reason: Ground


class PostDemand(Stated):
    """What the owner needs. ``terms`` as in selection.md 10; multi-round terms may leave ``rounds`` to the profile.

    ``further_items`` are bought together with ``item`` under one price (合并采购); a draw closes with its sign-up.
    ``nonce`` (64 hex digits) is the owner's part of any draw, committed now and opened only with the draw.
    """

    owner_code: UsccText
    owner_name: Name
    buyer_class: BuyerClass
    project_code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    project_name: Name
    region: RegionCode
    place: Line = ""
    item: Identifier
    further_items: list[Identifier] = Field(default_factory=list, max_length=MAX_ITEMS - 1)
    title: Name
    description: Prose = ""
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)] | None = None
    terms: dict[str, Any]
    sign_up_closes_at: Instant | None = None
    closes_at: Instant | None = None
    first_round_opens_at: Instant | None = None
    recusals: Annotated[list[RecusalText], Field(default_factory=list, max_length=MAX_RECUSALS)]
    nonce: Nonce | None = None
    is_example: bool = False


class DemandPosted(Message):
    """The draft, the selection it will open, and what is to be said about its terms; nothing of it stops anybody.

    ``project_check``: what the investment-project platform has said of the code so far; nobody waits for it.
    """

    demand: str
    selection: str
    terms_digest: str
    posted_at: datetime
    warnings: tuple[WarningText, ...] = ()
    fairness: FairnessText | None = None
    project_check: Check = "unverified"


async def post_demand(
    database: Database, caller: Caller, command: PostDemand, *, profile: str
) -> DemandPosted | Refused:
    """Keep a draft; ``Malformed`` with every fault of the terms, the project code or the item.

    Refused for an item that was cleaned up, with the document that abolished it.
    """
    require(caller, "post_demand", own=command.owner_code)
    rules, now = await current_rules(database, profile, command.region)
    if gone := abolished([command.item, *command.further_items], on=beijing_date(now), known=rules.abolished):
        return Refused(gone)
    draft = read_draft(command, rules)

    async def work(connection: Connection) -> DemandPosted | Refused:
        at = await clock(connection)
        return await keep_draft(connection, caller, command, draft.demand(command, profile=profile, at=at))

    return await perform(database, caller, command, DemandPosted, work)


@dataclass(frozen=True, slots=True)
class Draft:
    """A command as read: items, the main one first, project code, completed terms and their last planned close."""

    items: list[ServiceItem]
    project: ProjectCode
    terms: dict[str, Json]
    parsed: DemandTerms
    closes_at: datetime | None
    rules: dict[str, Json]
    declared: dict[str, Json]

    def demand(
        self, command: PostDemand, *, profile: str, at: datetime, notice: str | None = None, lot: int | None = None
    ) -> Demand:
        """The demand to be kept, under new identifiers."""
        return Demand(
            id=new_identifier("D", at=at),
            selection=new_identifier("S", at=at),
            state="draft",
            title=command.title,
            owner_code=command.owner_code,
            owner_name=command.owner_name,
            buyer_class=command.buyer_class,
            project_code=self.project.code,
            project_name=command.project_name,
            region=command.region,
            city=city_of(command.region),
            place=command.place,
            item=self.items[0].code,
            description=command.description,
            quantity=_quantity(command, self.terms),
            ceiling_fen=self.parsed.ceiling_fen,
            max_days=self.parsed.max_days,
            mode=self.parsed.mode,
            terms=self.terms,
            terms_digest=digest_of(self.terms),
            recusals=tuple(Recusal(one.agency, one.reason) for one in command.recusals),
            profile=profile,
            is_regional_assessment=any(item.regional_assessment for item in self.items),
            is_example=command.is_example,
            posted_at=at,
            sign_up_closes_at=command.sign_up_closes_at,
            closes_at=self.closes_at,
            further_items=tuple(item.code for item in self.items[1:]),
            notice=notice,
            lot=lot,
            rules=self.rules,
            declared=self.declared,
        )


async def keep_draft(connection: Connection, caller: Caller, command: PostDemand, demand: Demand) -> DemandPosted:
    """Keep a draft with its first event, and say what is to be said about its terms."""
    terms = parse_demand_terms(dict(demand.terms))
    found = await check_fairness(connection, demand, terms, at=demand.posted_at)
    await demands.insert_demand(connection, demand)
    await append(
        connection,
        f"demand/{demand.id}",
        [stated_act("demand.posted", demand, command.nonce)],
        actor=caller.actor,
        at=demand.posted_at,
    )
    project = await note_project(connection, demand.project_code, at=demand.posted_at)
    return DemandPosted(
        demand=demand.id, selection=demand.selection, terms_digest=demand.terms_digest, posted_at=demand.posted_at,
        warnings=warning_texts(found.warnings), fairness=fairness_text(found),
        project_check=project,
    )  # fmt: skip


def last_close(
    terms: DemandTerms, *, sign_up_closes_at: datetime | None, closes_at: datetime | None
) -> datetime | None:
    """The last planned close: of the last round, of the sign-up where that is all (draws), else the one given.

    ``Malformed`` for a draw that would close at another instant, and for clocks where the owner picks at once.
    """
    if isinstance(terms, MultiRoundTerms):
        return terms.rounds[-1].closes_at
    if isinstance(terms, DrawTerms):
        if closes_at not in {None, sign_up_closes_at}:
            raise Malformed((Fault("/closes_at", "closes_with_sign_up", "a draw closes when signing up does"),))
        return sign_up_closes_at
    if isinstance(terms, InstantTerms | DirectTerms):
        given = {"/sign_up_closes_at": sign_up_closes_at, "/closes_at": closes_at}
        faults = [Fault(key, "no_clock_here", "this mode has no clock") for key, at in given.items() if at is not None]
        if faults:
            raise Malformed(tuple(faults))
    return closes_at


def read_draft(command: PostDemand, rules: Rules, *, lot_cap: int | None = None) -> Draft:
    """Items, project code, completed terms and close, or ``Malformed`` with the faults of all of them.

    ``lot_cap`` is the notice's, frozen with the terms of each of its lots; no other terms carry one.
    """
    codes = [command.item, *command.further_items]
    items, faults = read_items(codes, mode=command.terms.get("mode"), catalogue=rules.catalogue)
    project: ProjectCode | None = None
    try:
        project = ProjectCode.parse(command.project_code, pointer="/project_code")
    except Malformed as malformed:
        faults.extend(malformed.faults)
    terms = _completed(command, rules.profile)
    if "lot_cap" in terms:
        faults.append(Fault("/terms/lot_cap", "lot_cap_without_notice", "a cap on lots is the notice's"))
    elif lot_cap is not None:
        terms["lot_cap"] = lot_cap
    if command.quantity not in {None, _quantity(command, terms)}:
        faults.append(Fault("/terms/quantity", "quantity_differs", "the terms and the demand name one quantity"))
    recused = [one.agency for one in command.recusals]
    faults.extend(
        Fault(f"/recusals/{place}/agency", "recused_twice", "this agency stands in the list already")
        for place, agency in enumerate(recused)
        if agency in recused[:place]
    )
    parsed: DemandTerms | None = None
    closes_at: datetime | None = None
    try:
        parsed = parse_demand_terms(terms)
        faults.extend(beyond(parsed))
        closes_at = last_close(parsed, sign_up_closes_at=command.sign_up_closes_at, closes_at=command.closes_at)
    except Malformed as malformed:
        faults.extend(malformed.faults)
    declared, wrong = declared_of(command)
    faults.extend(wrong)
    if faults or project is None or parsed is None:
        raise Malformed(tuple(faults))
    return Draft(items, project, terms, parsed, closes_at, kept(rules, codes), declared)


def read_items(codes: Sequence[str], *, mode: object, catalogue: Catalogue) -> tuple[list[ServiceItem], list[Fault]]:
    """The items asked for, the main one first, and what is wrong with them; the shelf knows one item an offer."""
    items: list[ServiceItem] = []
    faults: list[Fault] = []
    for place, code in enumerate(codes):
        pointer = f"/further_items/{place - 1}" if place else "/item"
        item = catalogue.item(code)
        if item is None:
            faults.append(Fault(pointer, "unknown_item", "this item is not in the catalogue"))
        elif code in codes[:place]:
            faults.append(Fault(pointer, "item_twice", "this item stands in the list already"))
        else:
            items.append(item)
    if len(codes) > 1 and mode == "instant":
        faults.append(Fault("/further_items", "joint_not_instant", "a shelf offer is for one item"))
    return items, faults


def beyond(terms: DemandTerms) -> list[Fault]:
    """What the engine could compute but no demand may ask for: days and instants beyond any calendar."""
    faults = list(_small_factors(terms))
    if terms.max_days is not None and terms.max_days > MAX_DAYS:
        faults.append(Fault("/terms/max_days", "out_of_range", f"at most {MAX_DAYS} days"))
    if isinstance(terms, InstantTerms) and terms.quantity > MAX_QUANTITY:
        faults.append(Fault("/terms/quantity", "out_of_range", f"at most {MAX_QUANTITY} units"))
    for index, one in enumerate(terms.rounds if isinstance(terms, MultiRoundTerms) else ()):
        faults.extend(
            Fault(f"/terms/rounds/{index}/{name}", "out_of_range", f"a year from {YEARS[0]} to {YEARS[-1]}")
            for name, at in (("opens_at", one.opens_at), ("closes_at", one.closes_at))
            if at.year not in YEARS
        )
    return faults


def _small_factors(terms: DemandTerms) -> Iterator[Fault]:
    """Factors that could round a benchmark of the smallest prices to nothing, which no decision can be made by."""
    lists = {"/terms/factor_bp": terms.factor_bp} if isinstance(terms, MeanPriceTerms) else {}
    for index, one in enumerate(terms.criteria if isinstance(terms, ComprehensiveTerms | InstantTerms) else ()):
        if isinstance(one, PriceMean):
            lists[f"/terms/criteria/{index}/factor_bp"] = one.factor_bp
    for pointer, factors in lists.items():
        if min(factors) < MIN_FACTOR_BP:
            yield Fault(pointer, "out_of_range", f"at least {MIN_FACTOR_BP} basis points")


def _quantity(command: PostDemand, terms: dict[str, Json]) -> int:
    """How many units: the terms' own number where they name one (instant), else the demand's, else one."""
    given = terms.get("quantity")
    return given if isinstance(given, int) else command.quantity or 1


def _completed(command: PostDemand, profile: RuleProfile) -> dict[str, Json]:
    """The terms as given, with the quantity and, where left out, the profile's rounds put in."""
    terms = cast("dict[str, Json]", dict(command.terms))
    if terms.get("mode") == "instant":
        terms.setdefault("quantity", command.quantity or 1)
    if terms.get("mode") == "multi_round" and "rounds" not in terms and command.first_round_opens_at is not None:
        plan = default_rounds(profile, first_opens_at=command.first_round_opens_at)
        terms["rounds"] = [
            {
                "kind": "open",
                "opens_at": format_instant(one.opens_at),
                "closes_at": format_instant(one.closes_at),
            }
            for one in plan
        ]
    return terms


def stated_act(type: str, demand: Demand, nonce: str | None, **more: Json) -> Act:
    """The event that keeps all that an owner states of a demand, with ``more``; the owner's nonce stays private."""
    return Act(
        type,
        {
            "selection": demand.selection,
            "title": demand.title,
            "owner": demand.owner_code,
            "owner_name": demand.owner_name,
            "buyer_class": demand.buyer_class,
            "project_code": demand.project_code,
            "project_name": demand.project_name,
            "region": demand.region,
            "place": demand.place,
            "item": demand.item,
            **({"further_items": list(demand.further_items)} if demand.further_items else {}),
            "description": demand.description,
            "quantity": demand.quantity,
            "terms": dict(demand.terms),
            "terms_digest": demand.terms_digest,
            "recusals": [{"agency": one.agency, "reason": one.reason} for one in demand.recusals],
            "sign_up_closes_at": stamp(demand.sign_up_closes_at) if demand.sign_up_closes_at else None,
            "closes_at": stamp(demand.closes_at) if demand.closes_at else None,
            "profile": demand.profile,
            "is_example": demand.is_example,
            **({"declared": dict(demand.declared)} if demand.declared else {}),
            **more,
        },
        private={"owner_nonce": nonce},
    )
