"""竞价室: a page for each room, the offer box without script, and the owner's one act.

What whom may see is said by ``rooms.seen``; an offer goes through the same use case as the API's, with the round that
it was written for and an idempotency key made with the form. Source: pages.md (live room), docs/adr/0031.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from http import HTTPStatus
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from bidding.discount import discounted_fen
from bidding.terms import needs_draw
from commons.errors import Forbidden
from commons.money import BASIS, MAX_FEN, half_up
from marketplace.database import Database
from marketplace.rooms.seen import PUBLIC, seen_by
from marketplace.usecases.act import require
from marketplace.usecases.place_offer import PlaceOffer, place_offer
from marketplace.usecases.read_live_room import LiveRoom, read_live_room
from marketplace.usecases.suspend_selection import SuspendSelection, suspend_selection
from marketplace.web.addresses import CONFIRM, ROOMS, room_path
from marketplace.web.casework.room import own_view, shared_view
from marketplace.web.pages.acting import told_on
from marketplace.web.pages.asking import PageRequest, identifier_of, page
from marketplace.web.pages.forms import (
    MAX_FORM_BYTES,
    NEEDS_PROOF,
    Faulty,
    Form,
    form_of,
    headers_of,
    to,
    to_sign_in,
    tried,
)
from marketplace.web.pages.room_events import ROOM_EVENTS, viewer_of
from marketplace.web.receipts import Done
from marketplace.web.requests import shaped
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.parts import NOTHING_ENTERED, Entered
from marketplace.web.views.room import (
    STEEP_BP,
    LiveRoomView,
    OfferForm,
    OwnRoom,
    RoomCheckView,
    SharedRoom,
    Steering,
)

FORM: Any = {"include_in_schema": False, "request_max_body_size": MAX_FORM_BYTES, "status_code": HTTPStatus.OK}
KEPT = ("price", "rate", "days", "key", "round", "nonce", "terms")
"""What goes along from the offer box to the page that asks once more."""
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,5}")
_KEY = re.compile(r"room-[0-9a-f]{32}")
_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
WORDS: Mapping[str, str] = {
    "price": "请填写以元计的报价，如 197800 或 197,800.50",
    "rate": "请填写下浮率，如 12.34（百分之十二点三四）",
    "days": "请填写服务期限，为正整数",
    "sure": "降幅超过 10%，请确认数字无误",
    "": "表单已过期，请回到竞价室重新填写",
    "key": "这份表单已经提交过，请在下面重新填写",
    "reason": "请写明理由，至多 500 字",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """An offer as it was typed; None where it cannot be read or there is nothing to type."""

    price_fen: int | None
    discount_bp: int | None
    days: int | None
    faults: Mapping[str, str]


@get(ROOMS + "/{selection:str}", include_in_schema=False)
async def room_page(
    request: PageRequest, database: NamedDependency[Database], selection: FromPath[str]
) -> Response[str]:
    """The room as the one who asks may see it."""
    room = await read_live_room(database, identifier_of("room", selection))
    return _shown(request, room)


def _shown(
    request: PageRequest, room: LiveRoom, *, faulty: Faulty | None = None, entered: Entered = NOTHING_ENTERED
) -> Response[str]:
    view = live_view(room, reader_of(request), entered=entered)
    status, headers = (HTTPStatus.OK, {}) if faulty is None else (HTTPStatus(faulty.status), headers_of(faulty))
    return page(request, view, now=room.now, is_example=room.demand.is_example, status=status, headers=headers)


def live_view(room: LiveRoom, visitor: Visitor | None, *, entered: Entered = NOTHING_ENTERED) -> LiveRoomView:
    """The page for whoever is signed in."""
    shared, own, mark = _sight(room, visitor)
    return LiveRoomView(
        id=room.state.selection.id,
        title=room.demand.title,
        owner_name=room.demand.owner_name,
        mark=mark,
        shared=shared,
        own=own,
        form=None if own is None or room.is_over or own.is_out else _offer_form(room, viewer_of(visitor).who, entered),
        steering=_steering(room, visitor, entered),
        is_final=room.is_over,
    )


def _sight(room: LiveRoom, visitor: Visitor | None) -> tuple[SharedRoom, OwnRoom | None, str]:
    seen = seen_by(room.state, viewer_of(visitor))
    shared = shared_view(room, seen.shared, mine=seen.own.number if seen.own else None)
    return shared, own_view(seen, shared), seen.mark


def _offer_form(room: LiveRoom, agency: str, entered: Entered) -> OfferForm:
    nonce = token_hex(32) if needs_draw(room.state.live.terms) else None
    return OfferForm(f"room-{token_hex(16)}", nonce, agency, room.demand.terms_digest or "", entered)


def _steering(room: LiveRoom, visitor: Visitor | None, entered: Entered) -> Steering | None:
    """The owner's panel: for the owner, its delegate and the regulators of its region; None for everybody else."""
    if visitor is None or viewer_of(visitor) != PUBLIC or room.is_over:
        return None
    demand = room.demand
    try:
        require(visitor.caller(None), "suspend_selection", own=demand.owner_code, region=demand.region,
                items=demand.items)  # fmt: skip
    except Forbidden:
        return None
    current = room.state.room.current
    barred = ""
    if room.state.pausing is not None:
        barred = "选取已经暂停。"
    elif current is None or current.number > 1 or current.status != "ahead":
        barred = "第 1 轮开始后不能再暂停，直到产生结果。"
    return Steering(f"room-{token_hex(16)}", barred, entered)


@post(ROOMS + "/{selection:str}/offers", **FORM)
async def offer_form(
    request: PageRequest, database: NamedDependency[Database], selection: FromPath[str]
) -> Response[str]:
    """Ask once more with the figures put together, then (``step=place``) place the offer."""
    identifier = identifier_of("room", selection)
    if reader_of(request) is None:
        return to_sign_in(request)
    form = await form_of(request)
    room = await read_live_room(database, identifier)
    shared, own, _ = _sight(room, form.visitor)
    typed = typed_of(form, shared)
    if own is None or typed.faults:
        return _again(request, room, form, Faulty(HTTPStatus.BAD_REQUEST, typed.faults or {"": WORDS[""]}))
    check, is_example = _check(room, (shared, own), typed, form), room.demand.is_example
    is_unsure = check.is_steep and form.get("sure") != "1"
    if form.get("step") != "place" or is_unsure:
        status = HTTPStatus.BAD_REQUEST if form.get("step") == "place" else HTTPStatus.OK
        return page(request, check, now=room.now, is_example=is_example, status=status)
    return await _place(request, database, form, _command(form, typed, identifier))


async def _place(request: PageRequest, database: Database, form: Form, command: PlaceOffer) -> Response[str]:
    """Place it and go back to the room, with the receipt's number or with what is wrong."""
    caller, identifier = form.signed_in.caller(form.get("key")), command.selection
    placed = await tried(lambda: place_offer(database, caller, command))
    if isinstance(placed, Faulty):
        if placed.code == NEEDS_PROOF:
            return to(request, f"{CONFIRM}?{urlencode({'onward': room_path(identifier)})}")
        if placed.code == "idempotency_key_reused":
            placed = replace(placed, faults={"": WORDS["key"]})
        return _again(request, await read_live_room(database, identifier), form, placed)
    return told_on(request, Done(room_path(identifier), "offer_placed", str(placed.seq)))


def _again(request: PageRequest, room: LiveRoom, form: Form, faulty: Faulty) -> Response[str]:
    """The room again with what was typed and what is wrong with it."""
    typed = {name: value for name, value in form.values.items() if name in {"price", "rate", "days", "reason"}}
    return _shown(request, room, faulty=faulty, entered=Entered(typed, dict(faulty.faults)))


def typed_of(form: Form, shared: SharedRoom) -> Typed:
    """What was typed, with a fault in words for each field that cannot be read; commas and wide digits are read."""
    faults: dict[str, str] = {}
    price_fen = discount_bp = None
    if shared.terms.is_discount:
        rate = _digits(form.get("rate"))
        if _RATE.fullmatch(rate):
            discount_bp = int(Fraction(rate) * 100)
            price_fen = discounted_fen(shared.terms.ceiling_fen, discount_bp)
        else:
            faults["rate"] = WORDS["rate"]
    else:
        amount = _digits(form.get("price")).replace(",", "")
        price_fen = int(Fraction(amount) * 100) if _AMOUNT.fullmatch(amount) else None
        if price_fen is None or price_fen > MAX_FEN:
            faults["price"] = WORDS["price"]
    days = _digits(form.get("days"))
    needs_days = bool(shared.terms.max_days or shared.rules.day_value_fen)
    if needs_days and not _COUNT.fullmatch(days):
        faults["days"] = WORDS["days"]
    if not _KEY.fullmatch(form.get("key") or "") or not _COUNT.fullmatch(form.get("round") or ""):
        faults[""] = WORDS[""]
    return Typed(price_fen, discount_bp, int(days) if needs_days and "days" not in faults else None, faults)


def _digits(text: str | None) -> str:
    return (text or "").translate(_WIDE).replace(" ", "")


def _check(room: LiveRoom, sight: tuple[SharedRoom, OwnRoom], typed: Typed, form: Form) -> RoomCheckView:
    """The figures put together; a steep drop that was not confirmed where it should have been is a fault."""
    assert typed.price_fen is not None, "read before"
    shared, own = sight
    drop = max(0, half_up(Fraction((own.reference_fen - typed.price_fen) * BASIS, own.reference_fen)))
    effective = typed.price_fen / own.coefficient + (typed.days or 0) * (shared.rules.day_value_fen or 0)
    return RoomCheckView(
        id=room.state.selection.id, title=room.demand.title, shared=shared, own=own, price_fen=typed.price_fen,
        discount_bp=typed.discount_bp, days=typed.days, effective=effective, drop_bp=drop, is_steep=drop > STEEP_BP,
        fields={name: form.values[name] for name in KEPT if form.get(name)},
        entered=Entered({}, {"sure": WORDS["sure"]} if form.get("step") == "place" else {}),
    )  # fmt: skip


def _command(form: Form, typed: Typed, selection: str) -> PlaceOffer:
    body: dict[str, object] = {
        "selection": selection, "agency": form.signed_in.actor.id, "days": typed.days, "nonce": form.get("nonce"),
        "round": int(form.get("round") or 0), "terms_digest": form.get("terms"),
    }  # fmt: skip
    body |= {"price_fen": typed.price_fen} if typed.discount_bp is None else {"discount_bp": typed.discount_bp}
    return shaped(PlaceOffer, body)  # type: ignore[arg-type]  # plain JSON


@post(ROOMS + "/{selection:str}/suspension", **FORM)
async def suspension_form(
    request: PageRequest, database: NamedDependency[Database], selection: FromPath[str]
) -> Response[str]:
    """Suspend, with a reason that is published."""
    identifier = identifier_of("room", selection)
    if reader_of(request) is None:
        return to_sign_in(request)
    form = await form_of(request)
    reason = form.get("reason")
    if reason is None or len(reason) > 500:  # noqa: PLR2004  as act.Ground bounds it
        faulty: Faulty | object = Faulty(HTTPStatus.BAD_REQUEST, {"reason": WORDS["reason"]})
    else:
        command = shaped(SuspendSelection, {"selection": identifier, "reason": reason})
        faulty = await tried(lambda: suspend_selection(database, form.signed_in.caller(form.get("key")), command))
    if isinstance(faulty, Faulty):
        return _again(request, await read_live_room(database, identifier), form, faulty)
    return to(request, room_path(identifier))


ROOM_PAGES: tuple[HTTPRouteHandler, ...] = (room_page, offer_form, suspension_form, *ROOM_EVENTS)
"""The room, its forms and its stream."""
