"""A draft is changed as a whole or given up before anybody sees it, and what it said before stays in the record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from commons.errors import Conflict, Forbidden, Malformed
from commons.events import Actor
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.change_draft import ChangeDraft, DraftChanged, change_draft
from marketplace.usecases.discard_draft import DiscardDraft, discard_draft
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.post_notice import NoticePosted, PostNotice, post_notice
from marketplace.usecases.publish_demand import DemandPublished, PublishDemand, owner_nonce, publish_demand
from marketplace.usecases.publish_notice import PublishNotice, publish_notice
from marketplace.usecases.read_own_drafts import read_own_drafts
from tests.usecases.market import ITEM, OWNER, PROFILE, Market, code, nonce, now, owner, sealed_terms

STRANGER = Caller(Actor("owner", code(9, "11990000MA")))


def stated(**changes: Any) -> dict[str, Any]:
    """A demand as a whole."""
    at = now()
    return {
        "owner_code": OWNER, "owner_name": "业主（示例）", "buyer_class": "fiscal", "item": ITEM,
        "project_code": "2610-330304-04-01-104270", "project_name": "项目（示例）", "region": "330304",
        "title": "需求（更正，示例）", "quantity": 3, "terms": sealed_terms(ceiling_fen=15_000_000),
        "sign_up_closes_at": at + timedelta(seconds=500), "closes_at": at + timedelta(seconds=501), **changes,
    }  # fmt: skip


async def test_a_draft_is_changed_as_a_whole_and_published_as_it_was_stated_last(database: Database) -> None:
    market = Market(database)
    draft = await market.post(sealed_terms(), sign_up_s=400, close_s=401)
    done = await change_draft(database, owner(), ChangeDraft(demand=draft, **stated()), profile=PROFILE)
    assert isinstance(done, DraftChanged), done
    assert done.terms_digest != done.before_digest
    (one,) = await read_own_drafts(database, owner())
    assert (one.id, one.title, one.ceiling_fen, one.quantity) == (draft, "需求（更正，示例）", 15_000_000, 3)
    assert one.is_example, "an invented draft stays one"
    async with database.read() as connection:
        events = await load(connection, [f"demand/{draft}"])
        assert await owner_nonce(connection, draft) == nonce("owner"), "the nonce committed before stays"
    assert [each.event.type for each in events] == ["demand.posted", "demand.draft_changed"]
    assert events[0].event.data["title"] == "需求（示例）"
    assert events[1].event.data["before_digest"] == done.before_digest
    fresh = nonce("other")
    await change_draft(database, owner(), ChangeDraft(demand=draft, **stated(nonce=fresh)), profile=PROFILE)
    async with database.read() as connection:
        assert await owner_nonce(connection, draft) == fresh
    published = await publish_demand(database, owner(), PublishDemand(demand=draft))
    assert isinstance(published, DemandPublished), published
    assert published.terms_digest == done.terms_digest
    with pytest.raises(Conflict, match="no draft any more"):
        await change_draft(database, owner(), ChangeDraft(demand=draft, **stated()), profile=PROFILE)
    with pytest.raises(Conflict, match="no draft any more"):
        await discard_draft(database, owner(), DiscardDraft(demand=draft))


async def test_a_draft_is_its_owners_alone_and_what_was_given_up_is_never_published(database: Database) -> None:
    market = Market(database)
    draft = await market.post(sealed_terms(), sign_up_s=400, close_s=401)
    with pytest.raises(Forbidden, match="somebody else"):
        await discard_draft(database, STRANGER, DiscardDraft(demand=draft))
    with pytest.raises(Forbidden, match="somebody else"):
        theirs = ChangeDraft(demand=draft, **stated(owner_code=STRANGER.actor.id))
        await change_draft(database, STRANGER, theirs, profile=PROFILE)
    faulty = ChangeDraft(demand=draft, **stated(terms=sealed_terms(ceiling_fen=0), project_code="?"))
    with pytest.raises(Malformed) as malformed:
        await change_draft(database, owner(), faulty, profile=PROFILE)
    assert {"/terms/ceiling_fen", "/project_code"} <= {one.pointer for one in malformed.value.faults}
    done = await discard_draft(database, owner(), DiscardDraft(demand=draft, reason="项目调整（示例）"))
    assert (done.demands, done.notice) == ((draft,), None)
    assert await read_own_drafts(database, owner()) == ()
    async with database.read() as connection:
        events = await load(connection, [f"demand/{draft}"])
    assert (events[-1].event.type, events[-1].event.data) == ("demand.discarded", {"reason": "项目调整（示例）"})
    with pytest.raises(Conflict, match="given up"):
        await publish_demand(database, owner(), PublishDemand(demand=draft))


async def test_a_lot_keeps_what_is_the_notices_and_goes_with_all_the_others(database: Database) -> None:
    lots = [PostDemand(**stated(nonce=nonce(one), title=f"第 {one} 标段（示例）")) for one in (1, 2, 3)]
    command = PostNotice(title="标段公告（示例）", lot_cap=2, lots=lots)
    posted = await post_notice(database, owner(), command, profile=PROFILE)
    assert isinstance(posted, NoticePosted)
    second = posted.lots[1].demand
    done = await change_draft(database, owner(), ChangeDraft(demand=second, **stated()), profile=PROFILE)
    assert isinstance(done, DraftChanged)
    async with database.read() as connection:
        kept = await demands.demand_by_id(connection, second)
    assert kept is not None
    assert (kept.notice, kept.lot, kept.terms["lot_cap"]) == (posted.notice, 2, 2)
    other = stated(project_code="2610-330304-04-01-203418", terms={"mode": "direct", "ceiling_fen": 1_000})
    with pytest.raises(Malformed) as malformed:
        await change_draft(database, owner(), ChangeDraft(demand=second, **other), profile=PROFILE)
    assert {"project_differs", "lot_mode_not_allowed"} <= {one.code for one in malformed.value.faults}
    gone = await discard_draft(database, owner(), DiscardDraft(demand=second))
    assert gone.demands == tuple(one.demand for one in posted.lots)
    assert await read_own_drafts(database, owner()) == ()
    with pytest.raises(Conflict, match="given up"):
        await publish_notice(database, owner(), PublishNotice(notice=posted.notice))
