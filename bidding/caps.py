"""The cap on lots as it bears on one selection: who is in, how many other lots they hold, whether it has to wait.

Source: selection.md section 1, docs/adr/0015.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from bidding.assembling import DRAW_MODES, standing_offers
from bidding.selection import Selection
from commons.canonical import Json


def entrants(state: Selection) -> tuple[str, ...]:
    """Who a decision would be about: everybody admitted in rounds and draws, else who has an offer that stands."""
    if state.mode == "multi_round" or state.mode in DRAW_MODES:
        return tuple(sorted(state.participants))
    return tuple(line.bidder for line in standing_offers(state))


def may_reach_cap(state: Selection, *, won: Mapping[str, int], may_win: Mapping[str, int]) -> bool:
    """Whether an earlier lot that is open could make the cap bind in this one; who is voided cannot win here."""
    cap = lot_cap(state)
    if cap is None:
        return False
    here = [one for one in entrants(state) if state.participants[one].voided_at is None]
    return any(won.get(one, 0) < cap <= won.get(one, 0) + may_win.get(one, 0) for one in here)


def is_capped(state: Selection, bidder: str, *, won: Mapping[str, int]) -> bool:
    """Whether the bidder holds as many other lots as one may."""
    cap = lot_cap(state)
    return cap is not None and won.get(bidder, 0) >= cap


def lot_cap(state: Selection) -> int | None:
    """How many lots of the notice one bidder may win; None without a cap."""
    return cast("int | None", state.terms.get("lot_cap"))


def capped_in(case: Mapping[str, Json]) -> frozenset[str]:
    """Who had reached the cap when a case was decided."""
    cap = cast("int", cast("Mapping[str, Json]", case["terms"])["lot_cap"])
    entries = cast("list[dict[str, Json]]", case.get("bidders") or case["bids"])
    return frozenset(cast("str", one["bidder"]) for one in entries if cast("int", one.get("lots_won", 0)) >= cap)


def capped_now(state: Selection, *, won: Mapping[str, int]) -> frozenset[str]:
    """Who of those it is about has reached the cap as things are now."""
    return frozenset(one for one in entrants(state) if is_capped(state, one, won=won))
