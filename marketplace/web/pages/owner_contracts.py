"""合同与履约 of an owner: the list, one contract with its next act first, every act. Source: market.md section 4."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Malformed, NotFound
from commons.verdicts import Reason
from marketplace.contracts.clocks import Duty
from marketplace.contracts.contract import Contract
from marketplace.contracts.cycle import CONTRACT_CYCLE
from marketplace.contracts.rating import archivable
from marketplace.database import Database
from marketplace.usecases.read_contract import ContractFile, read_contract
from marketplace.usecases.read_contracts import ContractQuery, read_contracts
from marketplace.usecases.read_listing import Slice
from marketplace.web import formatting
from marketplace.web.addresses import MY_CONTRACTS, my_contract_path
from marketplace.web.filters import read_page
from marketplace.web.locale.contract_words import DUTIES, STATES
from marketplace.web.locale.reasons import reason_text
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import FILE_FORM, AgencyAct, Where, act_page, act_sent
from marketplace.web.pages.agency_contracts import contract_view
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, identifier_of, paging_of, query_of
from marketplace.web.pages.contract_matters import begun_with, chosen_from, told
from marketplace.web.pages.owner_contract_acts import OWNER_CONTRACT_ACTS
from marketplace.web.pages.owner_reader import AT_WORK, owner_reader, owners_for
from marketplace.web.plans import proposed
from marketplace.web.signed_in import Visitor
from marketplace.web.views.owner import MyContractRow, MyContractsView, MyContractView

LATER = ("open-dispute", "propose-termination", "archive-contract")
"""Acts that stand last."""
AT_CONTRACTS = (*AT_WORK, (MY_CONTRACTS, "合同与履约"))


@get(MY_CONTRACTS, include_in_schema=False)
async def my_contracts_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The owner's contracts; who acts for several owners names one (``owner``), the first otherwise."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    query = query_of(request)
    try:
        number = read_page(query)
    except Malformed:
        number = 1
    owners = owners_for(visitor)
    owner = query["owner"] if query.get("owner", "") in owners else next(iter(owners), visitor.actor.id)
    found = await read_contracts(database, ContractQuery(owner=owner), Slice(number, PAGE_ROWS), visitor.actor)
    others = tuple(one for one in owners if one != owner)
    view = MyContractsView(
        tuple(contract_row(one) for one in found.files), paging_of(found.part, found.total), others, owner
    )
    return made_page(request, Made(view, found.now, any(one.demand.is_example for one in found.files)))


def contract_row(file: ContractFile) -> MyContractRow:
    """A contract in the list."""
    one, duty = file.contract, owners_duty(file)
    agency = one.award.agency
    return MyContractRow(
        one.id, file.demand.title, agency, file.names.get(agency, agency), STATES[one.state].zh,
        one.award.amount_fen if one.amount_fen is None else one.amount_fen, one.due_at,
        "" if duty is None else DUTIES[duty.what].zh, None if duty is None else duty.until,
        duty is not None and duty in file.overdue, bool(barring(file)),
    )  # fmt: skip


def barring(file: ContractFile) -> tuple[Reason, ...]:
    """Restrictions of the agency that bear on the contract; a hold for review is none."""
    return tuple(one for one in file.restrictions if one.code != "held_for_review")


def owners_duty(file: ContractFile) -> Duty | None:
    """What the owner owes next."""
    return next((one for one in file.duties if one.who == "owner"), None)


async def _contract(request: PageRequest, database: Database, identifier: str) -> ContractFile | Response[str]:
    """A contract of an owner for whom the reader acts; ``NotFound`` for another's."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    file = await read_contract(database, identifier_of("contract", identifier), visitor.actor)
    if file.demand.owner_code not in owners_for(visitor):
        raise NotFound("contract", identifier)
    return file


@get(f"{MY_CONTRACTS}/{{contract:str}}", include_in_schema=False)
async def my_contract_page(
    request: PageRequest, database: NamedDependency[Database], contract: FromPath[str]
) -> Response[str]:
    """One contract."""
    file = await _contract(request, database, contract)
    if not isinstance(file, ContractFile):
        return file
    return made_page(request, Made(my_contract_view(file), file.now, file.demand.is_example))


def my_contract_view(file: ContractFile) -> MyContractView:
    """The contract as its owner sees it: what both see, with the owner's acts and clocks."""
    seen, one = contract_view(file), file.contract
    both = {each.name: getattr(seen, each.name) for each in fields(seen)}
    duty, agency = owners_duty(file), one.award.agency
    acts = tuple((my_contract_path(one.id, name), OWNER_CONTRACT_ACTS[name].title) for name in possible(file))
    return MyContractView(
        **{**both, "acts": acts}, agency=agency, agency_name=file.names.get(agency, agency),
        duty="" if duty is None else DUTIES[duty.what].zh, duty_until=None if duty is None else duty.until,
        duty_is_overdue=duty is not None and duty in file.overdue,
        is_deemed=one.is_deemed, is_archived=one.state == "archived", is_rated=one.rating is not None,
        archive_wait=tuple(reason_text(each) for each in archivable(one, at=file.now)),
        bound=() if one.state == "awarded" else tuple(reason_text(each) for each in barring(file)),
        rating_words=tuple(file.words.values()),
    )  # fmt: skip


def possible(file: ContractFile) -> list[str]:
    """Acts that the table of a contract's life gives to its owner now: what is owed first, what is grave last."""
    contract = file.contract
    found = dict.fromkeys(
        one.action.replace("_", "-")
        for one in CONTRACT_CYCLE.steps
        if one.state == contract.state and "owner" in one.roles and _has_matter(one.action, contract)
    )
    if archivable(contract, at=file.now):
        found.pop("archive-contract", None)
    duty = owners_duty(file)
    first = [] if duty is None else [duty.what.replace("_", "-")]
    order = [*first, *(one for one in found if one not in LATER), *(one for one in LATER if one in found)]
    return [name for name in dict.fromkeys(order) if name in found and name in OWNER_CONTRACT_ACTS]


def _has_matter(action: str, contract: Contract) -> bool:
    """Whether there is what the act is about: an answer needs a question of the other side."""
    asks = {
        "confirm_contract": contract.paper is not None and contract.paper.by == "agency",
        "answer_change": contract.open_change is not None and contract.open_change.by == "agency",
        "note_visit": any(one.held_at is None for one in contract.visits),
        "terminate_contract": contract.ending is not None and contract.ending.by == "agency",
    }
    return asks.get(action, True)


@get(f"{MY_CONTRACTS}/{{contract:str}}/{{act:str}}", include_in_schema=False)
async def my_contract_act_page(
    request: PageRequest, database: NamedDependency[Database], contract: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """The form of an act."""
    file = await _contract(request, database, contract)
    return act_page(request, *_where(file, act)) if isinstance(file, ContractFile) else file


@post(f"{MY_CONTRACTS}/{{contract:str}}/{{act:str}}", **FILE_FORM)
async def my_contract_act_form(
    request: PageRequest, database: NamedDependency[Database], contract: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """Do it."""
    file = await _contract(request, database, contract)
    return await act_sent(request, database, *_where(file, act)) if isinstance(file, ContractFile) else file


def _where(file: ContractFile, name: str) -> tuple[AgencyAct[Any], Where]:
    act = OWNER_CONTRACT_ACTS.get(name)
    if act is None:
        raise NotFound("page", name)
    one = file.contract
    own = my_contract_path(one.id)
    agency = one.award.agency
    facts = (
        ("机构", file.names.get(agency, agency)), ("中选价", formatting.yuan(one.award.amount_fen)),
        ("合同", STATES[one.state].zh),
    )  # fmt: skip
    return act, Where(
        action=my_contract_path(one.id, name), back=own,
        trail=(*AT_CONTRACTS, (own, formatting.short_name(file.demand.title))), now=file.now, about=file.demand.title,
        facts=(*facts, *told(file, name), *_handed_in(file, name)), fixed={"contract": one.id},
        proposed={**begun_with(file, name), **_revision(one, name)}, options=chosen_from(one, name),
        is_example=file.demand.is_example,
    )  # fmt: skip


def _handed_in(file: ContractFile, name: str) -> tuple[tuple[str, str], ...]:
    """Which result is accepted or returned, and until when."""
    last = file.contract.delivery
    if name not in {"accept-result", "return-result"} or last is None:
        return ()
    until = formatting.deadline(last.accept_until.at)
    return (("成果", f"第 {last.revision} 稿"), ("验收期限", f"{until}（北京时间）"))


def _revision(one: Contract, name: str) -> dict[str, tuple[str, ...]]:
    last = one.delivery
    if name not in {"accept-result", "return-result"} or last is None:
        return {}
    return proposed(revision=last.revision)


OWNER_CONTRACT_PAGES: tuple[HTTPRouteHandler, ...] = (
    my_contracts_page, my_contract_page, my_contract_act_page, my_contract_act_form,
)  # fmt: skip
"""An owner's own contracts."""
