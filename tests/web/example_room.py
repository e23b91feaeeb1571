"""Example views of the live room: every phase, for the public, a bidder and the owner, made of states as they occur."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marketplace.demands.store import Demand
from marketplace.rooms.seen import PUBLIC, Viewer, seen_by
from marketplace.rooms.state import RoomState, Ruled
from marketplace.usecases.read_live_room import LiveRoom
from marketplace.web.casework.room import own_view, shared_view
from marketplace.web.pages.room import WORDS
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Entered
from marketplace.web.views.room import LiveRoomView, OfferForm, RoomCheckView, Steering
from tests.rules.rooms import EARLY, START, Offered, at, planned, room
from tests.web.example_cases import LONG_NAME

TITLE = "乐清湾港区北区疏港道路防洪影响评价（示例）"
DIGEST = "3b1fc07a" * 8
KEY = f"room-{'0' * 32}"
VALUED: dict[str, Any] = planned(
    day_value_fen=100, max_days=60, extension={"window_s": 120, "extend_s": 120, "limit": 5}, ties=["price", "draw"]
)
RATED: dict[str, Any] = planned(price_basis="discount_rate", ties=["price", "draw"])
SUSPENDED = (-10.0, "selection.suspended", {"reason": "核实招标范围（示例）", "was": "open"})
LATE = (*EARLY, Offered("A", 16, 800_000), Offered("B", 31, 690_000))
RULED = Ruled("award", at(40), "B", {"A": "浙江瓯海勘测设计有限公司（示例）", "B": LONG_NAME, "C": "丙公司（示例）"})
FAILED = Ruled("unsuccessful", at(10), None, {})


def demand(terms: Mapping[str, Any]) -> Demand:
    """The demand of the room."""
    return Demand(
        id="D1", selection="s", state="published", title=TITLE, owner_code="O", owner_name="业主（示例）",
        buyer_class="fiscal", project_code="2610-330304-04-01-104270", project_name="项目（示例）", region="330304",
        city="330300", place="", item="RA05", description="", quantity=1, ceiling_fen=1_000_000, max_days=None,
        mode="multi_round", terms=terms, terms_digest=DIGEST, recusals=(), profile="demo-v1",
        is_regional_assessment=False, is_example=True, posted_at=START, published_at=START,
    )  # fmt: skip


def view(state: RoomState, viewer: Viewer, **changes: Any) -> LiveRoomView:
    """The page of that state for that viewer."""
    live = LiveRoom(state.at, demand(state.selection.terms), state)
    seen = seen_by(state, viewer)
    shared = shared_view(live, seen.shared, mine=seen.own.number if seen.own else None)
    own = own_view(seen, shared)
    form = OfferForm(KEY, "0" * 64, viewer.who, DIGEST) if own and not live.is_over and not own.is_out else None
    made = LiveRoomView("s", TITLE, "业主（示例）", seen.mark, shared, own, form, is_final=live.is_over)
    return replace(made, **changes)


def pages() -> Mapping[str, tuple[PageView, str]]:
    """The phases, and the states of the offer box."""
    bidder = Viewer("bidder", "A")
    valued = room(tuple(replace(one, days=20) for one in EARLY), minute=9, terms=VALUED)
    faulty = OfferForm(KEY, None, "A", DIGEST, Entered({"price": "20万"}, {"price": WORDS["price"]}))
    steering = Steering(KEY)
    barred = Steering(KEY, "第 1 轮开始后不能再暂停，直到产生结果。", Entered({}, {"reason": WORDS["reason"]}))
    made: dict[str, PageView] = {
        "room-before-owner": view(room(minute=-1), Viewer("owner"), steering=steering),
        "room-suspended": view(room(minute=-1, more=[SUSPENDED]), bidder),
        "room-open-owner": view(room(minute=5), Viewer("owner"), steering=barred),
        "room-open-bidder": view(valued, bidder),
        "room-open-faulty": view(room(minute=5), bidder, form=faulty),
        "room-open-proof": view(room(minute=5), Viewer("bidder", "A", is_proved=False)),
        "room-rate": view(room((), minute=5, terms=RATED), bidder),
        "room-break-out": view(room(minute=12), Viewer("bidder", "C")),
        "room-sealed": view(room(LATE, minute=20), bidder),
        "room-over": view(room(LATE, minute=41, ruled=RULED), bidder),
        "room-over-failed": view(room((), minute=11, ruled=FAILED), PUBLIC),
        "room-check-steep": check(valued, bidder, is_steep=True),
    }
    return {name: (one, "/rooms/s") for name, one in made.items()}


def check(state: RoomState, viewer: Viewer, *, is_steep: bool) -> RoomCheckView:
    """The offer as it was understood."""
    shown = view(state, viewer)
    assert shown.own is not None, "a bidder's"
    price_fen = 95_000 if is_steep else 880_000
    return RoomCheckView(
        id="s", title=TITLE, shared=shown.shared, own=shown.own, price_fen=price_fen, discount_bp=None, days=20,
        effective=price_fen / shown.own.coefficient + 2_000, drop_bp=8_939 if is_steep else 168, is_steep=is_steep,
        fields={"price": str(price_fen // 100), "days": "20", "key": KEY, "round": "1", "terms": DIGEST},
        entered=Entered({}, {"sure": WORDS["sure"]} if is_steep else {}),
    )  # fmt: skip
