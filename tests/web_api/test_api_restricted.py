"""No way round a restriction: every use case that is an agency's act asks, and every write route shows it.

Read from the code (who may call, what is appended, what is asked) and driven over HTTP; what is no act of an agency
stands here with its reason, so that a route or use case that nobody has thought about fails.
"""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from marketplace.database import Database
from marketplace.demands import admission
from marketplace.identity.rights import RIGHTS
from marketplace.usecases import contract_desk, explain_low_price, offer_batch
from marketplace.usecases.change_demand import DemandChanged
from marketplace.web.api.writes import WRITE_ROUTES
from tests.faults.ground import drop_guards
from tests.usecases.contracted import DAYS, PRICE, Deal, awarded, today
from tests.usecases.market import ITEM, Market, code, instant_terms, nonce, now, owner, sealed_terms, until
from tests.web_api.caller import OWNER_ACTOR, Api, agency, shelf_offer

FOLDER = Path(__file__).parents[2] / "marketplace" / "usecases"
CHECKS = {"restricted", "merits", "judge_sign_up", "barred"}
"""Names under which the one decision is asked; a use case that is an agency's act calls one of them."""
BINDING = {
    "offer.placed", "bidder.admitted", "shelf_offer.put", "award.proposed", "choice.made", "explanation.given",
    "contract.uploaded", "contract.confirmed", "contract.change_agreed",
}  # fmt: skip
"""Events that bind an agency, whoever causes them."""
WRITES = {"Act", "append", "perform"}
"""What a module calls that writes such events and does not only read them."""
INSERTS = {"insert_bidder", "insert_shelf_offer", "insert_offered_item"}
CONTRACTS_KEPT: Mapping[str, str] = dict.fromkeys(
    ("propose_change", "plan_milestones", "reach_milestone", "arrange_visit", "note_visit", "hand_in_result",
     "note_invoice", "open_dispute", "close_dispute", "propose_termination", "terminate_contract", "answer_rating"),
    "what was signed is kept and ended as it was signed; signing asks, and what makes it larger (ADR 0023)",
)  # fmt: skip
NOT_AN_ACT: Mapping[str, str] = {
    **CONTRACTS_KEPT,
    "abandon_award": "giving an award up is open to everybody who holds one",
    "ask_enquiry": "a question is no act in a selection",
    "awarding": "an award is proposed to nobody whom a restriction has voided, as in settlement",
    "confirm_award": "who is proposed is not void: a restriction voids, and the award has passed on",
    "object_to_award": "an objection is no act in a selection",
    "withdraw_award_objection": "an objection is no act in a selection",
    "lodge_complaint": "a complaint is no act in a selection",
    "attach_file": "a file binds nobody; the act that refers to it is asked",
    "add_qualification": "papers on file are no act in a selection; a restricted agency keeps its file in order",
    "apply_for_repair": "the way out of a restriction",
    "give_satisfaction": "an answer about a step that is over binds nobody",
    "file_agency": "entry is free: a restricted or debarred subject may file (market.md 2)",
    "change_agency": "what it states about itself; a new name or representative is held for review, not barred",
    "claim_practitioner": "papers on file, as add_qualification",
    "notifications": "what somebody has read, and how he wants to be told, binds nobody",
    "start_job": "reading many results and lists at once binds nobody",
    "cancel_job": "stopping one's own reading or sheet binds nobody",
    "saved_filters": "what somebody keeps for himself to look things up binds nobody",
    "membership": "who acts for an organisation; what it may do is asked at each act",
    "own_account": "a person's own password and second factor",
    "tokens": "what a token does is asked at each act",
    "object_to_filing": "an objection is no act in a selection",
    "release_practitioner": "papers on file, as add_qualification",
    "return_agency": "entry is free; nothing that was withdrawn comes back with it",
    "state_relations": "what it states about itself: an obligation, not a right",
    "stop_item": "serving less is open to everybody",
    "subscribe_webhook": "being told of its own matters is no act in a selection",
    "suspend_agency": "serving less is open to everybody",
    "withdraw_agency": "leaving is open to everybody",
    "withdraw_shelf_offer": "serving less is open to everybody",
    "object_to_fact": "the way out of a restriction",
    "pick_from_shortlist": "the short list is drawn without whoever is void; a restriction voids (ADR 0013)",
    "state_at_hearing": "a word in its own defence, at the hearing of a restriction",
    "settlement": "an award is proposed to nobody whom a restriction has voided; the trigger stands behind it",
}
"""Modules that look like an agency's act and need not ask, each with its reason."""
HANDS_ON: Mapping[str, tuple[str, ...]] = {
    "place_offer": ("offer_writer", "offer_batch"),
    "offer_desk": (),
}
"""Parts of an act for which another module asks: the way there, by imports; () only serves ``offer_batch``."""
NO_ROUTE: Mapping[str, str] = {
    "mark_load": "notes which part of the demonstration is loaded; binds nobody",
    "help_desks": "reference data, kept by the operator by hand and on pages alone (ADR 0037)",
}
Drive = Callable[["Walk"], Awaitable[httpx.Response]]


def calls_of(tree: ast.AST) -> set[str]:
    """Every name that is called, whatever it hangs on."""
    called = (one.func for one in ast.walk(tree) if isinstance(one, ast.Call))
    return {
        one.id if isinstance(one, ast.Name) else one.attr for one in called if isinstance(one, ast.Name | ast.Attribute)
    }


def imports_of(tree: ast.AST) -> set[str]:
    """The use cases that a module imports from."""
    found = (one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
    return {one.rpartition(".")[2] for one in found if one.startswith("marketplace.usecases.")}


def is_agencys_act(tree: ast.AST) -> bool:
    """Whether agencies may call it, or it binds one."""
    words = {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    roles = {
        role
        for one in ast.walk(tree)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "require"
        for argument in one.args
        if isinstance(argument, ast.Constant) and argument.value in RIGHTS
        for role in RIGHTS[argument.value].roles
    }
    called = calls_of(tree)
    binds = bool(words & BINDING) and bool(called & WRITES)
    return "agency" in roles or binds or bool(called & INSERTS)


def walk_code(sources: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Use cases that are an agency's act: those that ask, and those that do not and have no reason."""
    trees = {name: ast.parse(text) for name, text in sources.items()}
    acts = {name for name, tree in trees.items() if not name.startswith("read_") and is_agencys_act(tree)}
    asking = {name for name in acts if calls_of(trees[name]) & CHECKS}
    for name, way in HANDS_ON.items():
        steps = (name, *way) if way else ("offer_batch", name)
        leads = all(then in imports_of(trees[one]) for one, then in pairwise(steps) if one in trees)
        if leads and calls_of(trees["offer_batch"]) & CHECKS:
            asking.add(name)
    return asking, acts - asking - NOT_AN_ACT.keys()


def sources() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py"))}


def module_of(handler: HTTPRouteHandler) -> str:
    """The use case that a write route enters."""
    cells = [cell.cell_contents for cell in handler.fn.__closure__ or ()]
    run = next(one.run for one in cells if hasattr(one, "run"))
    found = {
        run.__globals__[name].__module__.rpartition(".")[2]
        for name in run.__code__.co_names
        if getattr(run.__globals__.get(name), "__module__", "").startswith("marketplace.usecases.")
    }
    assert len(found) == 1, (handler.operation_id, found)
    return found.pop()


class Walk:
    """A market over HTTP in which agency 1 is restricted from everything, everywhere."""

    def __init__(self, api: Api, market: Market) -> None:
        self.api = api
        self.market = market

    async def prepare(self) -> None:
        for number in (1, 2, 3, 4):
            await self.market.file(number)
        self.closes_at = now() + timedelta(seconds=8)
        clocks = {"sign_up_closes_at": self.closes_at - timedelta(seconds=0.1), "closes_at": self.closes_at}
        self.entered = (await self.market.publish(sealed_terms(), **clocks)).selection
        self.open = (await self.market.publish(sealed_terms(), sign_up_s=60, close_s=90)).selection
        for number in (1, 2, 3, 4):
            await self.market.sign_up(self.entered, number)
            await self.market.offer(self.entered, number, 9_000_000 + number)
        await self.market.shelve(1, 100_000)
        named = {"mode": "direct", "ceiling_fen": 20_000_000, "max_days": 40}
        self.named = (await self.market.publish(named, buyer_class="voluntary", sign_up_closes_at=None)).selection
        self.demand = (await self.market.publish(instant_terms())).demand
        self.signing = await awarded(self.market, file=False)
        self.uploaded = Deal(self.market.database, await awarded(self.market, file=False))
        self.changing = Deal(self.market.database, await awarded(self.market, file=False))
        changed = await self.market.publish(sealed_terms(), sign_up_s=60, close_s=90)
        self.changed = changed.selection
        await self.market.sign_up(self.changed, 1)
        await self.market.offer(self.changed, 1, 9_000_001)
        other = sealed_terms(ceiling_fen=19_000_000)
        done = await self.market.change(changed.demand, sign_up_s=70, close_s=90, terms=other)
        assert isinstance(done, DemandChanged)
        self.terms_digest = done.terms_digest
        await self.uploaded.upload(owner())
        await self.changing.sign()
        await self.changing.propose(amount_fen=PRICE + 1)
        await self.market.restrict(1)


async def reconfirm(walk: Walk) -> httpx.Response:
    body = {"agency": code(1), "terms_digest": walk.terms_digest}
    return await walk.api.post(f"/selections/{walk.changed}/offer-confirmations", body, actor=agency(1))


async def sign_up(walk: Walk) -> httpx.Response:
    body = {"agency": code(1), "commitment_signed": True}
    return await walk.api.post(f"/selections/{walk.open}/sign-ups", body, actor=agency(1))


async def offer(walk: Walk) -> httpx.Response:
    body = {"agency": code(1), "price_fen": 8_000_000, "days": 20, "nonce": nonce(1)}
    return await walk.api.post(f"/selections/{walk.entered}/offers", body, actor=agency(1))


async def shelf(walk: Walk) -> httpx.Response:
    return await walk.api.post(f"/agencies/{code(1)}/shelf-offers", shelf_offer(1), actor=agency(1))


async def direct(walk: Walk) -> httpx.Response:
    body = {"agency": code(1), "price_fen": 9_000_000, "days": 30, "reason": "延续（示例）"}
    return await walk.api.post(f"/selections/{walk.named}/direct-award", body, actor=OWNER_ACTOR)


async def instant(walk: Walk) -> httpx.Response:
    return await walk.api.post(f"/demands/{walk.demand}/award", {}, actor=OWNER_ACTOR)


async def explain(walk: Walk) -> httpx.Response:
    body = {"agency": code(1), "text": "自有设备（示例）"}
    return await walk.api.post(f"/selections/{walk.entered}/explanations", body, actor=agency(1))


async def new_item(walk: Walk) -> httpx.Response:
    return await walk.api.post(f"/agencies/{code(1)}/items", {"item": ITEM}, actor=agency(1))


async def upload(walk: Walk) -> httpx.Response:
    body = {"amount_fen": PRICE, "days": DAYS, "signed_on": today().isoformat(), "same_terms": True}
    return await walk.api.post(f"/contracts/{walk.signing}/uploads", body, actor=OWNER_ACTOR)


async def confirm(walk: Walk) -> httpx.Response:
    path = f"/contracts/{walk.uploaded.id}/contract-confirmation"
    return await walk.api.post(path, {"number": 1}, actor=agency(1))


async def change(walk: Walk) -> httpx.Response:
    body = {"number": 1, "is_agreed": True, "reason": "同意（示例）"}
    return await walk.api.post(f"/contracts/{walk.changing.id}/change-answers", body, actor=OWNER_ACTOR)


DRIVEN: Mapping[str, tuple[Drive, str]] = {
    "signUp": (sign_up, "restricted"),
    "placeOffer": (offer, "restricted"),
    "putShelfOffer": (shelf, "restricted"),
    "awardDirectly": (direct, "restricted"),
    "takeInstantAward": (instant, "too_few_bidders"),
    "explainLowPrice": (explain, "restricted"),
    "offerItem": (new_item, "restricted"),
    "uploadContract": (upload, "restricted"),
    "confirmContract": (confirm, "restricted"),
    "answerChange": (change, "restricted"),
    "reconfirmOffer": (reconfirm, "restricted"),
}
"""Each route that is an agency's act, how it is driven, and with what it is refused (off the shelf nobody is left)."""


async def unrefused(walk: Walk) -> dict[str, str]:
    """Driven routes that did not refuse as they should, with what they answered."""
    wrong = {}
    for operation, (drive, reason) in DRIVEN.items():
        answered = await drive(walk)
        codes = [one["code"] for one in answered.json().get("reasons", ())]
        if answered.status_code != 422 or reason not in codes:
            wrong[operation] = f"{answered.status_code} {codes}"
    return wrong


@pytest.fixture
async def walk(api: Api, market: Market) -> Walk:
    made = Walk(api, market)
    await made.prepare()
    return made


def test_every_use_case_that_is_an_agencys_act_asks() -> None:
    asking, silent = walk_code(sources())
    assert not silent
    assert {"sign_up", "put_shelf_offer", "award_directly", "take_instant_award", "explain_low_price"} <= asking
    assert set(NOT_AN_ACT) <= set(sources()), "a reason for a use case that is gone"


def test_every_route_that_enters_such_a_use_case_is_driven() -> None:
    asking, _ = walk_code(sources())
    routes = {str(one.operation_id): module_of(one) for one in WRITE_ROUTES}
    assert {operation for operation, module in routes.items() if module in asking} == set(DRIVEN)
    routed = set(routes.values())
    entered = {name for name, text in sources().items() if "await perform(" in text}
    assert entered - NO_ROUTE.keys() <= routed, "a write that no route enters: it was not looked at"


async def test_every_such_route_refuses_a_restricted_agency(walk: Walk) -> None:
    assert await unrefused(walk) == {}


async def test_a_close_after_the_restriction_awards_to_somebody_else(walk: Walk) -> None:
    await until(walk.closes_at)
    settled = await walk.api.post(f"/selections/{walk.entered}/settlement", {}, actor="operator:O1")
    assert settled.json()["proposed"] == code(2)


PLANTED = """
async def grab_item(database, caller, command):
    require(caller, "offer_item", own=command.agency)
    async def work(connection):
        await append(connection, "agency/x", [Act("item.grabbed", {})], actor=caller.actor, at=at)
    return await perform(database, caller, command, Done, work)
"""


def test_a_planted_use_case_that_does_not_ask_is_found() -> None:
    assert walk_code({**sources(), "grab_item": PLANTED})[1] == {"grab_item"}
    binds = PLANTED.replace('"offer_item"', '"post_demand"').replace("item.grabbed", "award.proposed")
    assert walk_code({**sources(), "grab_item": binds})[1] == {"grab_item"}
    unasked = sources()["offer_batch"].replace("restricted(", "any(")
    assert {"place_offer", "offer_desk"} <= walk_code({**sources(), "offer_batch": unasked})[1]
    deaf = sources()["explain_low_price"].replace("restricted(", "any(")
    assert walk_code({**sources(), "explain_low_price": deaf})[1] == {"explain_low_price"}
    for name in ("upload_contract", "confirm_contract", "answer_change"):
        deaf = sources()[name].replace("barred(", "any(")
        assert walk_code({**sources(), name: deaf})[1] == {name}


async def test_a_check_taken_out_is_seen_by_driving(
    walk: Walk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (admission, contract_desk, explain_low_price, offer_batch):
        monkeypatch.setattr(module, "restricted", lambda *_, **__: ())
    behind = await unrefused(walk)  # the trigger stops them still, as an error and not as an answer
    signing = ("uploadContract", "confirmContract", "answerChange")
    stopped = ("signUp", "putShelfOffer", "awardDirectly", "offerItem", *signing)
    assert behind == dict.fromkeys(stopped, "500 []") | {one: behind[one] for one in ("placeOffer", "explainLowPrice")}
    await drop_guards(database.dsn)
    passed = await unrefused(walk)
    assert {passed[one] for one in stopped} == {"201 []"}
