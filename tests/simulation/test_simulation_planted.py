"""The simulation can fail: each of these bugs is planted for the length of a test, and caught by its invariant."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.database import OutcomeUnknown
from marketplace.usecases import (
    lots,
    offer_batch,
    offer_desk,
    offer_writer,
    put_shelf_offer,
    read_demand,
    restrict_agency,
    settlement,
    sign_up,
    standing,
    take_instant_award,
)
from marketplace.usecases.offer_writer import OfferWriter
from tests.simulation.plans import UNQUALIFIED, Fate
from tests.simulation.planting import Needs, Plant, anything, caught
from tests.simulation.steps import Script, Step

ONE: tuple[Fate, ...] = ("free",)
THREE: tuple[Fate, ...] = ("free", "free", "free")


def restrictions_do_not_wait(patch: pytest.MonkeyPatch) -> None:
    """The naive order: nobody holds the agency's row, so a restriction passes an offer that has begun."""

    async def nothing(*_: Any) -> None: ...

    patch.setattr(standing.agencies, "lock_shared", nothing)


def keys_mean_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(offer_writer, "claim_of", lambda *_: None)


def voids_are_not_folded(patch: pytest.MonkeyPatch) -> None:
    fold, brought_up = standing.fold, offer_batch.brought_up
    patch.setattr(standing, "fold", lambda identifier, recorded, _: fold(identifier, recorded, {}))
    patch.setattr(offer_batch, "brought_up", lambda desk, newer, _: brought_up(desk, newer, {}))


def settling_is_early(patch: pytest.MonkeyPatch) -> None:
    def early(*given: Any, at: Any) -> Any:
        return settlement.settlement(*given, at=at + timedelta(seconds=2))

    for module in (standing, lots):
        patch.setattr(module, "settlement", early, raising=False)


def acknowledged_before_it_is_kept(patch: pytest.MonkeyPatch) -> None:
    decide, carry = OfferWriter._decide, offer_writer.carry
    deciding: ContextVar[Any] = ContextVar("deciding")

    async def hasty(self: OfferWriter, batch: Any) -> None:
        deciding.set(batch)
        await decide(self, batch)

    async def said_before(*given: Any, **named: Any) -> Any:
        carried = await carry(*given, **named)
        for queue, requests in deciding.get().taken:
            offer_writer._told(queue, requests, carried)
        return carried

    patch.setattr(OfferWriter, "_decide", hasty)
    patch.setattr(offer_writer, "carry", said_before)


def units_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    async def generous(*_: Any) -> bool:
        return True

    patch.setattr(take_instant_award.agencies, "take_capacity", generous)


def a_lost_answer_is_done_again(patch: pytest.MonkeyPatch) -> None:
    """The key is dropped when the answer of a COMMIT was lost, as a careless retry would."""
    fails = offer_writer._fails

    def careless(request: Any, error: BaseException, **named: Any) -> bool:
        is_asked_again = not fails(request, error, **named)
        if is_asked_again and isinstance(error, OutcomeUnknown):
            request.placing = replace(request.placing, claim=None)
        return not is_asked_again

    patch.setattr(offer_writer, "_fails", careless)


def sealed_offers_are_counted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(read_demand, "_offers", lambda stands: len(stands.state.offers))


def late_sign_ups_are_let_in(patch: pytest.MonkeyPatch) -> None:
    judge = sign_up.judge_sign_up

    def lenient(*given: Any, sign_up_closes_at: Any, **named: Any) -> Any:
        return judge(*given, sign_up_closes_at=sign_up_closes_at + timedelta(minutes=1), **named)

    patch.setattr(sign_up, "judge_sign_up", lenient)


def late_offers_are_let_in(patch: pytest.MonkeyPatch) -> None:
    judge = offer_desk.judge_sealed_offer

    def lenient(*given: Any, at: Any, **named: Any) -> Any:
        return judge(*given, at=at - timedelta(minutes=1), **named)

    patch.setattr(offer_desk, "judge_sealed_offer", lenient)


def restrictions_void_nothing(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any, **__: Any) -> None: ...

    patch.setattr(restrict_agency.bidding, "insert_voids", nothing)


def the_lists_forget_the_outcome(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any) -> None: ...

    patch.setattr(standing.demands, "mark_result", nothing)


def restricted_agencies_keep_the_shelf(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(put_shelf_offer, "merits", lambda *_, **__: ())
    patch.setattr(take_instant_award, "merits", lambda *_, **__: ())


def of(script: Script, *verbs: str) -> list[Step]:
    return [one for one in script.steps if one.verb in verbs]


def restrictions(script: Script) -> list[Step]:
    """Those that two regulators approve."""
    return [one for one in of(script, "restrict") if one.values["approvers"] != ["R1"]]


def an_offer_that_is_cut_off(script: Script) -> bool:
    """While the selection takes offers."""
    (plan,) = script.selections
    lost = [one for one in of(script, "offer") if (one.fault, one.strikes_at) == ("end_connection", 0)]
    return any(one.agency in plan.joining[:3] and not one.comes_back and one.at < plan.closes_at for one in lost)


def an_offer_while_it_is_restricted(script: Script) -> bool:
    """Offers of somebody at the very moment of a restriction of it."""
    struck = {(one.at, one.agency) for one in restrictions(script)}
    sent = [(one.at, one.agency) for one in of(script, "offer")]
    return any(sent.count(one) > 1 for one in struck)


def a_restriction_before_further_offers(script: Script) -> bool:
    """Of somebody who is in, and goes on offering in time."""
    (plan,) = script.selections
    struck = {one.agency: one.at for one in restrictions(script)}
    return any(
        one.agency in plan.joining and plan.sign_up_closes_at < struck.get(one.agency, script.ends_at) < one.at
        and one.at < plan.closes_at
        for one in of(script, "offer")
    )  # fmt: skip


def a_late_sign_up(script: Script) -> bool:
    """By somebody who could have signed up in time."""
    (plan,) = script.selections
    late = [one for one in of(script, "sign_up") if one.at == plan.sign_up_closes_at]
    out = {*UNQUALIFIED, plan.recused}
    return any(one.agency not in out and one.values["commitment_signed"] and not one.fault for one in late)


def a_late_offer(script: Script) -> bool:
    (plan,) = script.selections
    return plan.mode == "comprehensive" and any(one.at > plan.closes_at for one in of(script, "offer"))


def a_sealed_selection_read(script: Script) -> bool:
    (plan,) = script.selections
    return plan.mode == "comprehensive" and any(one.at < plan.closes_at for one in of(script, "read"))


def shelves_and_nothing_else(script: Script) -> bool:
    return all(plan.mode == "instant" for plan in script.selections)


def a_shelf_offer_after_a_restriction(script: Script) -> bool:
    struck = {one.agency: one.at for one in of(script, "restrict") if one.values["ends_at"] is None}
    return any(struck.get(one.agency, script.ends_at) < one.at for one in of(script, "shelve"))


CAUGHT: tuple[tuple[Plant, tuple[Fate, ...], Needs, str], ...] = (
    (
        restrictions_do_not_wait, ONE, an_offer_while_it_is_restricted,
        "while it (was|is) restricted|rule differently|not what the record holds|was voided|void since",
    ),
    (keys_mean_nothing, ONE, anything, "answered differently|once too often|idempotency_key_reused"),
    (
        voids_are_not_folded, ONE, a_restriction_before_further_offers,
        "while it was restricted|rule differently|not what the record holds|void",
    ),
    (
        settling_is_early, ONE, anything,
        "before 20|rule differently|differs from its record|before its publicity|(decid|rul)ed as of",
    ),
    (acknowledged_before_it_is_kept, ONE, an_offer_that_is_cut_off, "acknowledged offer .* is not in the record"),
    (units_are_not_counted, THREE, shelves_and_nothing_else, "shelf offer .* awards"),
    (a_lost_answer_is_done_again, ONE, anything, "answered differently|once too often"),
    (sealed_offers_are_counted, ONE, a_sealed_selection_read, "offers of a sealed selection are counted"),
    (late_sign_ups_are_let_in, ONE, a_late_sign_up, "after sign-up had closed"),
    (late_offers_are_let_in, ONE, a_late_offer, "a sealed offer was accepted at|offer.placed: follows"),
    (restrictions_void_nothing, ONE, a_restriction_before_further_offers, "while it was restricted|void"),
    (the_lists_forget_the_outcome, ONE, anything, "differs from its record"),
    (restricted_agencies_keep_the_shelf, THREE, a_shelf_offer_after_a_restriction, "while it was restricted"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("plant", "fates", "needs", "words"), CAUGHT, ids=[plant.__name__ for plant, _, _, _ in CAUGHT]
)
async def test_a_planted_bug_is_caught_and_its_seed_named(
    database_server: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch, plant: Plant,
    fates: tuple[Fate, ...], needs: Needs, words: str,
) -> None:  # fmt: skip
    plant(monkeypatch)
    await caught(database_server, migrated_template, fates, words, needs)
