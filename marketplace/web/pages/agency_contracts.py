"""合同 of an agency: the list, one with its next act, and every act in it. Source: market.md section 4; pages.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Malformed, NotFound
from marketplace.contracts.clocks import Duty
from marketplace.contracts.contract import Contract, Document
from marketplace.contracts.cycle import CONTRACT_CYCLE
from marketplace.database import Database
from marketplace.usecases.read_contract import ContractFile, read_contract
from marketplace.usecases.read_contracts import ContractQuery, read_contracts
from marketplace.usecases.read_listing import Slice
from marketplace.web import formatting
from marketplace.web.addresses import HOME, OWN_CONTRACTS, WORK, own_contract_path
from marketplace.web.filters import read_page
from marketplace.web.locale.contract_words import DUTIES, STATES
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import FILE_FORM, AgencyAct, Where, act_page, act_sent, agency_reader
from marketplace.web.pages.agency_contract_acts import CONTRACT_ACTS
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, identifier_of, paging_of, query_of
from marketplace.web.pages.contract_matters import begun_with, chosen_from, told
from marketplace.web.pages.contracts import panel_of
from marketplace.web.signed_in import Visitor
from marketplace.web.views.agency_contracts import (
    ContractRow,
    ContractsView,
    FileRow,
    NoteRow,
    OwnContractView,
    StepRow,
)

LATER = ("open_dispute", "propose_termination")
"""Acts that stand last: nobody wants them first."""
STAGE_OF = {
    "awarded": 0, "contracted": 1, "delivered": 2, "accepted": 3, "rated": 3, "archived": 4, "terminated": 4,
    "disputed": 1,
}  # fmt: skip
FILE_PATH = "/api/v1/attachments/"


@get(OWN_CONTRACTS, include_in_schema=False)
async def own_contracts_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The agency's contracts."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    try:
        number = read_page(query_of(request))
    except Malformed:
        number = 1
    found = await read_contracts(
        database, ContractQuery(agency=visitor.actor.id), Slice(number, PAGE_ROWS), visitor.actor
    )
    view = ContractsView(tuple(contract_row(one) for one in found.files), paging_of(found.part, found.total))
    return made_page(request, Made(view, found.now, any(one.demand.is_example for one in found.files)))


def contract_row(file: ContractFile) -> ContractRow:
    """A contract in a list."""
    one, duty = file.contract, own_duty(file)
    return ContractRow(
        one.id, file.demand.title, file.demand.owner_name, STATES[one.state].zh,
        one.award.amount_fen if one.amount_fen is None else one.amount_fen, one.due_at,
        "" if duty is None else DUTIES[duty.what].zh, None if duty is None else duty.until,
        duty is not None and duty in file.overdue,
    )  # fmt: skip


def own_duty(file: ContractFile) -> Duty | None:
    """What the agency owes next."""
    return next((one for one in file.duties if one.who == "agency"), None)


async def _contract(request: PageRequest, database: Database, identifier: str) -> ContractFile | Response[str]:
    """A contract of the reader's own; ``NotFound`` for another's."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    file = await read_contract(database, identifier_of("contract", identifier), visitor.actor)
    if file.contract.award.agency != visitor.actor.id:
        raise NotFound("contract", identifier)
    return file


@get(f"{OWN_CONTRACTS}/{{contract:str}}", include_in_schema=False)
async def own_contract_page(
    request: PageRequest, database: NamedDependency[Database], contract: FromPath[str]
) -> Response[str]:
    """One contract."""
    file = await _contract(request, database, contract)
    if not isinstance(file, ContractFile):
        return file
    return made_page(request, Made(contract_view(file), file.now, file.demand.is_example))


def contract_view(file: ContractFile) -> OwnContractView:
    """The contract as its agency sees it."""
    one, dispute = file.contract, file.contract.disputes[-1] if file.contract.disputes else None
    change = one.open_change
    return OwnContractView(
        id=one.id, demand_id=file.demand.id, title=file.demand.title, owner_name=file.demand.owner_name,
        at=STAGE_OF[one.state],
        remarks=tuple(
            "" if at is None else formatting.short_deadline(at, file.now)
            for at in (one.award.awarded_at, one.confirmed_at, None if one.delivery is None else one.delivery.at,
                       one.accepted_at)
        ),
        panel=panel_of(file), acts=tuple(
            (own_contract_path(one.id, name), CONTRACT_ACTS[name].title) for name in _possible(file)
        ),
        milestones=tuple(StepRow(each.name, each.planned_on, each.reached_at) for each in one.milestones),
        files=tuple(_files(one)), notes=tuple(_noted(one)),
        open_change="" if change is None else change.reason,
        dispute=dispute.reason if dispute is not None and dispute.closed_at is None else "",
    )  # fmt: skip


def _possible(file: ContractFile) -> list[str]:
    """Acts that the table of a contract's life gives to its agency now: what is owed first, what is grave last."""
    contract = file.contract
    found = {
        one.action: None
        for one in CONTRACT_CYCLE.steps
        if one.state == contract.state and "agency" in one.roles and _has_matter(one.action, contract)
    }
    duty = own_duty(file)
    first = [] if duty is None else [duty.what]
    order = [*first, *(one for one in found if one not in LATER), *(one for one in LATER if one in found)]
    names = dict.fromkeys(one.replace("_", "-") for one in order if one in found)
    return [name for name in names if name in CONTRACT_ACTS]


def _has_matter(action: str, contract: Contract) -> bool:
    """Whether there is what the act is about: an answer needs a question."""
    match action:
        case "confirm_contract":
            return contract.paper is not None and contract.paper.by == "owner"
        case "answer_change":
            return contract.open_change is not None and contract.open_change.by == "owner"
        case "reach_milestone":
            return any(one.reached_at is None for one in contract.milestones)
        case "note_visit":
            return any(one.held_at is None for one in contract.visits)
        case "terminate_contract":
            return contract.ending is not None and contract.ending.by == "owner"
        case _:
            return True


def _files(one: Contract) -> Iterator[FileRow]:
    papers: list[tuple[str, tuple[Document, ...]]] = []
    if one.paper is not None:
        papers.append((f"合同（第 {one.paper.number} 次上传）", one.paper.documents))
    papers += [(f"变更 {each.number} 的依据", each.documents) for each in one.changes]
    papers += [(f"成果第 {each.revision} 稿", each.documents) for each in one.deliveries]
    for words, documents in papers:
        for document in documents:
            yield FileRow(words, f"{FILE_PATH}{document.id}", document.sha256)


def _noted(one: Contract) -> Iterator[NoteRow]:
    for money in one.money:
        yield NoteRow("开票" if money.kind == "invoice" else "收到付款", money.at, money.amount_fen)
    for visit in one.visits:
        yield NoteRow(f"踏勘：{visit.place}{'（已完成）' if visit.held_at else ''}", visit.meets_at)


@get(f"{OWN_CONTRACTS}/{{contract:str}}/{{act:str}}", include_in_schema=False)
async def contract_act_page(
    request: PageRequest, database: NamedDependency[Database], contract: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """The form of an act in a contract."""
    file = await _contract(request, database, contract)
    return act_page(request, *_where(file, act)) if isinstance(file, ContractFile) else file


@post(f"{OWN_CONTRACTS}/{{contract:str}}/{{act:str}}", **FILE_FORM)
async def contract_act_form(
    request: PageRequest, database: NamedDependency[Database], contract: FromPath[str], act: FromPath[str]
) -> Response[str]:
    """Do it."""
    file = await _contract(request, database, contract)
    return await act_sent(request, database, *_where(file, act)) if isinstance(file, ContractFile) else file


def _where(file: ContractFile, name: str) -> tuple[AgencyAct[Any], Where]:
    act = CONTRACT_ACTS.get(name)
    if act is None:
        raise NotFound("page", name)
    one = file.contract
    own = own_contract_path(one.id)
    trail = ((HOME, "首页"), (WORK, "工作台"), (OWN_CONTRACTS, "合同"), (own, formatting.short_name(file.demand.title)))
    award = one.award
    facts = (
        ("业主", file.demand.owner_name), ("中选价", formatting.yuan(award.amount_fen)),
        ("合同", STATES[one.state].zh),
    )  # fmt: skip
    return act, Where(
        action=own_contract_path(one.id, name), back=own, trail=trail, now=file.now, about=file.demand.title,
        facts=(*facts, *told(file, name)), fixed={"contract": one.id}, proposed=begun_with(file, name),
        options=chosen_from(one, name), is_example=file.demand.is_example,
    )  # fmt: skip


CONTRACT_PAGES: tuple[HTTPRouteHandler, ...] = (
    own_contracts_page, own_contract_page, contract_act_page, contract_act_form,
)  # fmt: skip
"""An agency's own contracts."""
