"""The desk of a selection with a long record, read page by page before anything is locked.

What is read here is past and stays as it is; what came since is read under the lock. Invariant: the same desk as the
whole record folded at once gives. Source: performance.md (growth).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

from bidding import store as bidding
from bidding.selection import Selection, fold_on
from bidding.terms import MultiRoundTerms
from commons.events import Tip
from marketplace.database import Database
from marketplace.record import store as record
from marketplace.usecases.offer_desk import Desk, desk_of
from marketplace.usecases.standing import live_rounds

PAGE = 1_000
"""Events read and folded at once, so that nobody else waits long meanwhile; a shorter record is read under the lock."""
TAKE_OFFERS = ("comprehensive", "mean_price", "multi_round")
"""Modes in which offers are placed."""


async def read_far(database: Database, selection: str) -> Desk | None:
    """The desk as of a moment ago; None for a short record, lots under a cap, and modes that take no offers."""
    subject = f"selection/{selection}"
    async with database.read() as connection:
        end = (await record.tips(connection, [subject])).get(subject, Tip())
    if end.seq <= PAGE:
        return None
    state, made, tip = Selection(selection), Counter[str](), Tip()
    while True:
        async with database.read() as connection:
            page = await record.load_after(connection, subject, tip.seq, limit=PAGE)
            voids = (await bidding.voids(connection, [selection])).get(selection, {})
            state = fold_on(state, page, voids)
            if state.mode not in TAKE_OFFERS or "lot_cap" in state.terms:
                return None
            if page:
                tip = Tip(page[-1].event.seq, page[-1].event.digest, page[-1].event.at)
            if state.mode != MultiRoundTerms.mode:  # rounds are gone through in the end, from the first offer on
                made.update(line.bidder for line in state.offers)
                state = replace(state, offers=())
            if len(page) < PAGE:
                assert tip.at is not None, "a long record has events"
                is_live = state.mode == MultiRoundTerms.mode
                live = await live_rounds(connection, state, at=tip.at) if is_live else None
                desk = desk_of(state, live, tip)
                desk.made.update(made)
                return desk
        await asyncio.sleep(0)
