"""The simulation can fail: each of these bugs is planted for the length of a test, and caught by its invariant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from commons.errors import Unavailable
from marketplace.database import OutcomeUnknown
from marketplace.usecases import (
    place_offer,
    put_shelf_offer,
    read_demand,
    restrict_agency,
    sign_up,
    standing,
    take_instant_award,
)
from marketplace.usecases.act import Caller
from tests.simulation.market_run import Broken
from tests.simulation.play import play
from tests.simulation.script import write_script

SEEDS = range(5)
"""Markets played at most until the bug shows; with the product as it is, none of them fails."""
SELECTIONS = 3
Plant = Callable[[pytest.MonkeyPatch], None]


def restrictions_do_not_wait(patch: pytest.MonkeyPatch) -> None:
    """The naive order: nobody holds the agency's row, so a restriction passes an offer that has begun."""

    async def nothing(*_: Any) -> None: ...

    patch.setattr(standing.agencies, "lock_shared", nothing)


def keys_mean_nothing(patch: pytest.MonkeyPatch) -> None:
    perform = place_offer.perform

    async def forgetful(database: Any, caller: Caller, *given: Any) -> Any:
        return await perform(database, replace(caller, key=None), *given)

    patch.setattr(place_offer, "perform", forgetful)


def voids_are_not_folded(patch: pytest.MonkeyPatch) -> None:
    fold = standing.fold
    patch.setattr(standing, "fold", lambda identifier, recorded, _: fold(identifier, recorded, {}))


def settling_is_early(patch: pytest.MonkeyPatch) -> None:
    settlement = standing.settlement

    def early(*given: Any, at: Any) -> Any:
        return settlement(*given, at=at + timedelta(seconds=2))

    patch.setattr(standing, "settlement", early)


def acknowledged_before_it_is_kept(patch: pytest.MonkeyPatch) -> None:
    perform = place_offer.perform

    async def hasty(database: Any, caller: Caller, command: Any, answer: Any, work: Any) -> Any:
        said: list[Any] = []

        async def listening(connection: Any) -> Any:
            said.append(await work(connection))
            return said[-1]

        try:
            return await perform(database, caller, command, answer, listening)
        except Unavailable:
            if said:
                return said[-1]
            raise

    patch.setattr(place_offer, "perform", hasty)


def units_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    async def generous(*_: Any) -> bool:
        return True

    patch.setattr(take_instant_award.agencies, "take_capacity", generous)


def a_lost_answer_is_done_again(patch: pytest.MonkeyPatch) -> None:
    """The client's key is dropped when its answer was lost, as a careless retry would."""
    perform = place_offer.perform

    async def careless(database: Any, caller: Caller, *given: Any) -> Any:
        try:
            return await perform(database, caller, *given)
        except OutcomeUnknown:
            return await perform(database, replace(caller, key=None), *given)

    patch.setattr(place_offer, "perform", careless)


def sealed_offers_are_counted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(read_demand, "_offers", lambda stands: len(stands.state.offers))


def late_sign_ups_are_let_in(patch: pytest.MonkeyPatch) -> None:
    judge = sign_up.judge_sign_up

    def lenient(*given: Any, sign_up_closes_at: Any, **named: Any) -> Any:
        return judge(*given, sign_up_closes_at=sign_up_closes_at + timedelta(minutes=1), **named)

    patch.setattr(sign_up, "judge_sign_up", lenient)


def late_offers_are_let_in(patch: pytest.MonkeyPatch) -> None:
    judge = place_offer.judge_sealed_offer

    def lenient(*given: Any, at: Any, **named: Any) -> Any:
        return judge(*given, at=at - timedelta(minutes=1), **named)

    patch.setattr(place_offer, "judge_sealed_offer", lenient)


def restrictions_void_nothing(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any, **__: Any) -> None: ...

    patch.setattr(restrict_agency.bidding, "insert_voids", nothing)


def the_lists_forget_the_outcome(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any) -> None: ...

    patch.setattr(standing.demands, "mark_result", nothing)


def restricted_agencies_keep_the_shelf(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(put_shelf_offer, "merits", lambda *_, **__: ())
    patch.setattr(take_instant_award, "merits", lambda *_, **__: ())


CAUGHT: tuple[tuple[Plant, str], ...] = (
    (restrictions_do_not_wait, "while it was restricted|rule differently|not what the record holds|was voided"),
    (keys_mean_nothing, "answered differently|once too often|idempotency_key_reused"),
    (voids_are_not_folded, "while it was restricted|rule differently|not what the record holds|void"),
    (settling_is_early, "before 20|rule differently|differs from its record|before its publicity|decided as of"),
    (acknowledged_before_it_is_kept, "acknowledged offer .* is not in the record"),
    (units_are_not_counted, "shelf offer .* awards"),
    (a_lost_answer_is_done_again, "answered differently|once too often"),
    (sealed_offers_are_counted, "offers of a sealed selection are counted"),
    (late_sign_ups_are_let_in, "after sign-up had closed"),
    (late_offers_are_let_in, "a sealed offer was accepted at"),
    (restrictions_void_nothing, "while it was restricted|void"),
    (the_lists_forget_the_outcome, "differs from its record"),
    (restricted_agencies_keep_the_shelf, "while it was restricted"),
)


@pytest.mark.parametrize(("plant", "words"), CAUGHT, ids=[plant.__name__ for plant, _ in CAUGHT])
async def test_a_planted_bug_is_caught_and_its_seed_named(
    database_server: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch, plant: Plant, words: str
) -> None:
    plant(monkeypatch)
    with pytest.raises(Broken, match=words) as broken:
        for seed in SEEDS:
            await play(database_server, migrated_template, write_script(seed, SELECTIONS, strikes=0.5))
    assert "--seed " in str(broken.value)
