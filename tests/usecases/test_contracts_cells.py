"""Every state of a contract with every action by every role, over the real use cases: allowed as the table says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast, get_args

import pytest

from commons.cycles import judge_step
from commons.errors import Forbidden
from commons.events import Actor, Role
from commons.verdicts import Allowed
from marketplace.contracts.cycle import CONTRACT_CYCLE, State
from marketplace.database import Database
from marketplace.identity.rights import RIGHTS
from marketplace.usecases.act import Caller
from marketplace.usecases.archive_contract import ArchiveContract, archive_contract
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.settle_contract import settle_contract
from tests.usecases.contracted import AGENCY, DAYS, OWNER_CALLER, Deal, awarded, codes, shorten, today
from tests.usecases.market import OWNER, Market, code

ROLES = tuple(one for one in get_args(Role) if one != "system")
ACTIONS = tuple(one for one in CONTRACT_CYCLE.actions if one in RIGHTS)
Doing = Callable[[Deal, Caller], Awaitable[Any]]


async def archive(deal: Deal, caller: Caller) -> Any:
    return await archive_contract(deal.database, caller, ArchiveContract(contract=deal.id))


DO: dict[str, Doing] = {
    "upload_contract": lambda deal, caller: deal.upload(caller),
    "confirm_contract": lambda deal, caller: deal.confirm(caller),
    "propose_change": lambda deal, caller: deal.propose(caller, days=DAYS + 5),
    "answer_change": lambda deal, caller: deal.answer(caller),
    "plan_milestones": lambda deal, caller: deal.plan(today(), caller=caller),
    "reach_milestone": lambda deal, caller: deal.reach(1, caller),
    "arrange_visit": lambda deal, caller: deal.visit(caller),
    "note_visit": lambda deal, caller: deal.visited(caller),
    "hand_in_result": lambda deal, caller: deal.hand_in(caller),
    "accept_result": lambda deal, caller: deal.accept(caller),
    "return_result": lambda deal, caller: deal.give_back(caller),
    "rate_contract": lambda deal, caller: deal.rate(caller),
    "answer_rating": lambda deal, caller: deal.reply(caller),
    "record_review": lambda deal, caller: deal.review(caller),
    "note_invoice": lambda deal, caller: deal.invoice(caller),
    "note_payment": lambda deal, caller: deal.pay(caller),
    "open_dispute": lambda deal, caller: deal.dispute(caller),
    "note_dispute": lambda deal, caller: deal.note(caller),
    "close_dispute": lambda deal, caller: deal.settle_dispute(caller),
    "propose_termination": lambda deal, caller: deal.ask_end(caller),
    "terminate_contract": lambda deal, caller: deal.end(caller),
    "archive_contract": archive,
}
REACHES: dict[str, tuple[Callable[[Deal], Awaitable[Any]], ...]] = {
    "awarded": (),
    "contracted": (lambda deal: deal.sign(),),
    "delivered": (lambda deal: deal.sign(), lambda deal: deal.hand_in()),
    "accepted": (lambda deal: deal.sign(), lambda deal: deal.hand_in(), lambda deal: deal.accept()),
    "disputed": (lambda deal: deal.sign(), lambda deal: deal.dispute()),
    "terminated": (lambda deal: deal.sign(), lambda deal: deal.ask_end(), lambda deal: deal.end()),
}
REACHES["rated"] = (*REACHES["accepted"], lambda deal: deal.rate())
REACHES["archived"] = (*REACHES["terminated"], lambda deal: archive(deal, OWNER_CALLER))
BEFORE: dict[str, Callable[[Deal, Caller], Awaitable[Any]]] = {
    "confirm_contract": lambda deal, caller: deal.upload(counterpart(caller)),
    "answer_change": lambda deal, caller: deal.propose(counterpart(caller), days=DAYS + 5),
    "reach_milestone": lambda deal, _: deal.plan(today()),
    "note_visit": lambda deal, _: deal.visit(),
    "terminate_contract": lambda deal, caller: deal.ask_end(counterpart(caller)),
}
"""What has to be there for the act to be allowed, where its state alone is not enough."""


def caller_of(role: Role) -> Caller:
    """Somebody of the role whom the matter belongs to, as far as it can."""
    return Caller(Actor(role, {"agency": code(1), "owner": OWNER}.get(role, "X1")))


def counterpart(caller: Caller) -> Caller:
    return OWNER_CALLER if caller.actor.role == "agency" else AGENCY


def allowed(state: str, action: str, role: Role) -> bool:
    return judge_step(CONTRACT_CYCLE, state, action, role) == Allowed()


async def at_state(market: Market, state: str) -> Deal:
    deal = Deal(market.database, await awarded(market, file=False))
    for reach in REACHES[state]:
        await reach(deal)
    return deal


@pytest.fixture
async def market(database: Database, monkeypatch: pytest.MonkeyPatch) -> Market:
    shorten(monkeypatch, contract_day=(1, "minutes"), acceptance=(1, "minutes"))
    made = Market(database)
    await made.file(1)
    await made.shelve(1, 100_000, capacity=1_000)
    return made


def test_every_state_and_action_is_here() -> None:
    assert set(REACHES) == set(get_args(State)) == set(CONTRACT_CYCLE.states)
    assert set(DO) == set(ACTIONS)
    assert {one for one in CONTRACT_CYCLE.actions if one not in DO} == {"deemed_accepted"}
    assert all(set(RIGHTS[one.action].roles) >= one.roles for one in CONTRACT_CYCLE.steps if not one.by_clock)


@pytest.mark.parametrize("state", REACHES)
async def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(market: Market, state: str) -> None:
    deal = await at_state(market, state)
    before = await deal.types()
    for action in ACTIONS:
        for role in ROLES:
            if allowed(state, action, role):
                continue
            caller = caller_of(cast("Role", role))
            if role not in RIGHTS[action].roles:
                with pytest.raises(Forbidden):
                    await DO[action](deal, caller)
                continue
            refused = codes(await DO[action](deal, caller))
            assert refused in {("not_in_this_state",), ("role_not_allowed",)}, (state, action, role, refused)
    assert await deal.types() == before


@pytest.mark.parametrize("state", REACHES)
async def test_what_the_table_allows_is_done_and_leads_where_it_says(
    market: Market, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for action in ACTIONS:
        leads = {one.leads_to for one in CONTRACT_CYCLE.steps if (one.state, one.action) == (state, action)}
        for role in ROLES:
            if not allowed(state, action, role):
                continue
            if state in {"accepted", "rated"} and action == "archive_contract":  # once nobody can say any more
                shorten(monkeypatch, **{"rating" if state == "accepted" else "rating_answer": (0, "seconds")})
            deal, caller = await at_state(market, state), caller_of(cast("Role", role))
            if action in BEFORE:
                await BEFORE[action](deal, caller)
            done = await DO[action](deal, caller)
            assert isinstance(done, ContractMoved), (state, action, role, done)
            assert done.state in leads, (state, action, role)
            assert (await settle_contract(deal.database, deal.id)).state == done.state
