"""The user's own sheets: read whole, checked whole, and only then loaded; then every demand played in its mode.

Invariant: nothing is loaded unless every row of both files would be accepted by the rules that loading meets; all
faults come at once, with sheet, row, column and reason as far as they have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from agencies.shelf import ShelfOffer, judge_shelf_offer
from bidding.reading.terms import parse_demand_terms
from bidding.terms import DirectTerms
from commons.errors import Malformed
from commons.instants import beijing_date
from commons.verdicts import Reason, Refused
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.profiles import rule_profile
from marketplace.catalogue.requirements import requirement_of
from marketplace.demands.admission import Applicant, Call, merits
from marketplace.demands.demand import judge_direct, judge_minimum, judge_publication
from marketplace.demo.callers import derived_nonce
from marketplace.demo.posting import filing_of, posting_of
from marketplace.demo.scenes.invented import pace_for
from marketplace.demo.stage import DEMO_PROFILE
from marketplace.seed.plans import AgencyPlan, DemandDraft, ShelfPlan
from marketplace.seed.resolving import resolve_demand
from marketplace.sheets.agencies import read_agencies
from marketplace.sheets.answers import Loaded, Rejected, SheetFault
from marketplace.sheets.columns import AGENCIES, DEMANDS, SHELF
from marketplace.sheets.demands import read_demands
from marketplace.sheets.workbook import MAX_BYTES
from marketplace.web.locale.reasons import reason_text

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class OwnSheets:
    """Both files, whole; ``remarks`` say what was left aside."""

    agencies: tuple[AgencyPlan, ...]
    demands: tuple[DemandDraft, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing wrong in one of the two files."""

    file: str
    fault: SheetFault

    def __str__(self) -> str:
        return f"{self.file} {self.fault}"


def read_own_sheets(agencies: Path, demands: Path, *, at: datetime) -> OwnSheets | tuple[FileFault, ...]:
    """Both files, or every fault of both."""
    today = beijing_date(at)
    data = _bytes(agencies)
    found = data if isinstance(data, Rejected) else read_agencies(data, on=today)
    data = _bytes(demands)
    asked = data if isinstance(data, Rejected) else read_demands(data, on=today)
    faults = [*_named(agencies, found), *_named(demands, asked)]
    if isinstance(found, Loaded):
        faults += [FileFault(agencies.name, one) for plan in found.rows for one in _agency_faults(plan, at=at)]
    if isinstance(asked, Loaded):
        faults += [FileFault(demands.name, one) for draft in asked.rows for one in _demand_faults(draft, at=at)]
    if faults or isinstance(found, Rejected) or isinstance(asked, Rejected):
        return tuple(faults)
    return OwnSheets(found.rows, asked.rows, (*_remarks(agencies, found), *_remarks(demands, asked)))


def _bytes(path: Path) -> bytes | Rejected:
    """The file's bytes, one more than allowed at most."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        return Rejected((SheetFault("", None, "", f"打不开：{error.strerror}"),))


def _named(path: Path, answer: Loaded[Row] | Rejected) -> Iterator[FileFault]:
    """The faults of a file, and that of a file without rows."""
    if isinstance(answer, Rejected):
        yield from (FileFault(path.name, fault) for fault in answer.faults)
    elif not answer.rows:
        yield FileFault(path.name, SheetFault("", None, "", "没有填写任何一行（标记为“示例”的行不算）"))


def _remarks(path: Path, answer: Loaded[Row]) -> Iterator[str]:
    if answer.examples_skipped:
        yield f"{path.name}：跳过 {answer.examples_skipped} 行标为“示例”的行"
    for one in answer.ignored:
        yield f"{path.name}「{one.sheet}」：不认识的列「{one.column}」没有读取"


def _agency_faults(plan: AgencyPlan, *, at: datetime) -> Iterator[SheetFault]:
    """What filing the agency or putting its offers on the shelf would refuse."""
    try:
        filing_of(plan, is_example=True)
    except ValidationError as error:
        yield SheetFault(AGENCIES.name, None, plan.name, _first(error))
    for shelf in plan.shelf:
        for reason in _shelf_reasons(plan, shelf, at=at):
            yield SheetFault(SHELF.name, None, f"{plan.name} {shelf.item}", reason_text(reason))


def _shelf_reasons(plan: AgencyPlan, shelf: ShelfPlan, *, at: datetime) -> tuple[Reason, ...]:
    catalogue = load_catalogue()
    item = catalogue.item(shelf.item)
    assert item is not None, "a sheet's items are of the catalogue"
    offer = ShelfOffer(
        "", plan.uscc, shelf.item, shelf.unit_price_fen, shelf.minimum_fee_fen, shelf.days, shelf.capacity, 0,
        shelf.valid_from, shelf.valid_until, "", at,
    )  # fmt: skip
    own = judge_shelf_offer(offer, (), at=at)
    call = Call((requirement_of(item, catalogue),), (), "", beijing_date(max(at, shelf.valid_from)))
    held = merits(Applicant(plan.uscc, plan.qualifications, ()), call, at=at)
    return held + (own.reasons if isinstance(own, Refused) else ())


def _demand_faults(draft: DemandDraft, *, at: datetime) -> Iterator[SheetFault]:
    """What posting or publishing the demand under the demonstration's profile would refuse."""
    row = int(draft.key.removeprefix("R"))
    plan = resolve_demand(draft, at=at, pace=pace_for(draft, 1))
    try:
        posting_of(plan, nonce=derived_nonce(draft.key), is_example=True)
        terms = parse_demand_terms(dict(plan.terms))
    except ValidationError as error:
        yield SheetFault(DEMANDS.name, row, "", _first(error))
        return
    except Malformed as error:
        yield from (SheetFault(DEMANDS.name, row, one.pointer, one.detail) for one in error.faults)
        return
    items = [load_catalogue().item(code) for code in draft.items]
    profile = rule_profile(DEMO_PROFILE)
    ruling = judge_publication(
        is_regional_assessment=any(item is not None and item.regional_assessment for item in items),
        buyer_class=draft.buyer_class,
        clocks=(
            *judge_minimum(profile, terms.mode, draft.buyer_class, given=terms.min_bidders),
            *(judge_direct(profile, draft.buyer_class) if isinstance(terms, DirectTerms) else ()),
        ),
        needs_draw=False,
        has_nonce=True,
    )
    for reason in ruling.reasons if isinstance(ruling, Refused) else ():
        yield SheetFault(DEMANDS.name, row, "", reason_text(reason))


def _first(error: ValidationError) -> str:
    """The first thing a command says of a value."""
    one = error.errors()[0]
    return f"{'/'.join(str(part) for part in one['loc'])}：{one['msg']}"
