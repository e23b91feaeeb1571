"""The simulation can fail over what follows an outcome: each of these bugs is planted and caught by its invariant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bidding import selection as folding
from commons.errors import Unavailable
from commons.verdicts import Allowed
from marketplace.usecases import (
    abandon_award,
    award_directly,
    awarding,
    cancel_selection,
    confirm_award,
    explain_low_price,
    offer_batch,
    pick_from_shortlist,
    publish_again,
    read_explanations,
    resume_selection,
    rule_low_price,
    settlement,
    standing,
    suspend_selection,
)
from marketplace.usecases.act import Caller
from tests.simulation.plans import Fate
from tests.simulation.planting import Needs, Plant, anything, caught
from tests.simulation.steps import Script, Step

ALLOWED = Allowed()


async def nothing(*_: Any, **__: Any) -> None:
    """In place of a write that is forgotten."""


def allowed(*_: Any, **__: Any) -> Allowed:
    """In place of a rule."""
    return ALLOWED


def an_award_is_given_up_without_a_credit_fact(patch: pytest.MonkeyPatch) -> None:
    async def forgetful(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(fact="F", points=0)

    patch.setattr(abandon_award, "write_fact", forgetful)


def an_award_given_up_is_two_credit_facts(patch: pytest.MonkeyPatch) -> None:
    write_fact = abandon_award.write_fact

    async def zealous(*given: Any, **named: Any) -> Any:
        await write_fact(*given, **named)
        return await write_fact(*given, **named)

    patch.setattr(abandon_award, "write_fact", zealous)


def anybody_gives_an_award_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(abandon_award, "judge_abandonment", allowed)


def whoever_gave_up_stays_proposed(patch: pytest.MonkeyPatch) -> None:
    find = awarding._standing
    patch.setattr(awarding, "gone", lambda _: {})
    patch.setattr(awarding, "_standing", lambda *given: replace(find(*given), confirm_until=None))


def the_ranking_is_not_kept(patch: pytest.MonkeyPatch) -> None:
    """The last of the ranking is proposed next, not the next."""
    proposal = awarding.proposal

    def upside_down(state: Any, **named: Any) -> Any:
        decision = state.decision
        if state.abandoned and decision is not None:
            decision = {**decision, "ranking": decision["ranking"][::-1]}
        return proposal(replace(state, decision=decision), **named)

    patch.setattr(awarding, "proposal", upside_down)


def an_award_stands_without_a_word(patch: pytest.MonkeyPatch) -> None:
    find = awarding._standing

    def standing_anyway(*given: Any) -> Any:
        now = find(*given)
        return replace(now, final_at=now.clear_at, confirm_until=None)

    patch.setattr(awarding, "_standing", standing_anyway)


def silence_costs_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing, "_say_lapsed", nothing)


def anybody_confirms(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(confirm_award, "judge_confirmation", allowed)


def prices_are_explained_at_any_time_and_twice(patch: pytest.MonkeyPatch) -> None:
    judge = explain_low_price.judge_explanation
    patch.setattr(
        explain_low_price, "judge_explanation", lambda now, at: judge(now, at=at) if not now.until else ALLOWED
    )


def explanations_are_ruled_on_unheard_and_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rule_low_price, "judge_ruling", allowed)


def a_ruling_counts_the_other_way_round(patch: pytest.MonkeyPatch) -> None:
    case_of, other = settlement.case_of, {"accepted": "rejected", "rejected": "accepted"}

    def upside_down(state: Any, *given: Any, **named: Any) -> Any:
        turned = {who: replace(one, ruling=other.get(one.ruling)) for who, one in state.explanations.items()}
        return case_of(replace(state, explanations=turned), *given, **named)

    patch.setattr(settlement, "case_of", upside_down)


def silence_is_early(patch: pytest.MonkeyPatch) -> None:
    next_step = settlement.next_step

    def hasty(state: Any, *, at: Any) -> Any:
        sooner = {
            bidder: replace(one, until=replace(one.until, at=one.until.at - timedelta(seconds=2)))
            for bidder, one in state.explanations.items()
        }
        return next_step(replace(state, explanations=sooner), at=at)

    patch.setattr(settlement, "next_step", hasty)


def explanations_are_told_to_everybody(patch: pytest.MonkeyPatch) -> None:
    published = read_explanations.published

    async def open_minded(*given: Any, **named: Any) -> Any:
        demand, standing = await published(*given, **named)
        state = replace(standing.settlement.state, decision={})
        return demand, replace(standing, settlement=replace(standing.settlement, state=state))

    patch.setattr(read_explanations, "published", open_minded)


def what_is_cancelled_goes_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cancel_selection, "bidding", SimpleNamespace(touch=nothing))


def what_is_over_is_cancelled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cancel_selection, "judge_cancellation", allowed)


def what_is_suspended_takes_offers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(offer_batch, "stopped", lambda _: ())


def rounds_are_suspended_while_they_run(patch: pytest.MonkeyPatch) -> None:
    judge = suspend_selection.judge_suspension

    def lenient(now: Any, **named: Any) -> Any:
        return judge(replace(now, first_round_at=None), **named)

    patch.setattr(suspend_selection, "judge_suspension", lenient)


def what_is_drawn_is_cancelled_by_its_owner(patch: pytest.MonkeyPatch) -> None:
    standing = cancel_selection.standing
    patch.setattr(cancel_selection, "standing", lambda state: replace(standing(state), is_drawn=False))


def clocks_run_on_while_suspended(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(folding, "moved", lambda end, _: end)
    patch.setattr(folding, "moved_deadline", lambda end, _: end)


def anybody_resumes(patch: pytest.MonkeyPatch) -> None:
    judge = resume_selection.judge_resumption
    patch.setattr(resume_selection, "judge_resumption", lambda now, _: judge(now, "regulator"))


def the_lists_go_on_showing_a_suspension(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(resume_selection, "demands", SimpleNamespace(mark_resumed=nothing))


def a_suspension_is_acknowledged_before_it_is_kept(patch: pytest.MonkeyPatch) -> None:
    perform = suspend_selection.perform

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

    patch.setattr(suspend_selection, "perform", hasty)


def a_demand_comes_again_whenever_its_owner_likes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(publish_again, "judge_publishing_again", lambda **_: ())


def a_demand_comes_again_and_its_row_does_not_say_so(patch: pytest.MonkeyPatch) -> None:
    store = publish_again.demands
    shim = SimpleNamespace(demand_by_id=store.demand_by_id, mark_published_again=nothing)
    patch.setattr(publish_again, "demands", shim)


def who_is_restricted_goes_on_explaining(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(explain_low_price, "restricted", lambda *_, **__: ())


def anybody_who_was_drawn_among_is_picked(patch: pytest.MonkeyPatch) -> None:
    choice_now = pick_from_shortlist.choice_now

    def generous(state: Any) -> Any:
        ranking = (state.evaluation or {}).get("ranking", ())
        return replace(choice_now(state), shortlist=tuple(one["bidder"] for one in ranking))

    patch.setattr(pick_from_shortlist, "choice_now", generous)


def an_owner_chooses_anew(patch: pytest.MonkeyPatch) -> None:
    choice_now = pick_from_shortlist.choice_now

    def forgetful(state: Any) -> Any:
        listed = (state.evaluation or {}).get("shortlist", ())
        return replace(choice_now(state), is_made=False, is_awaited=True, shortlist=tuple(listed))

    patch.setattr(pick_from_shortlist, "choice_now", forgetful)


def silence_chooses_the_last(patch: pytest.MonkeyPatch) -> None:
    choose = settlement._chosen_by_silence

    def upside_down(done: Any, *, at: Any) -> Any:
        evaluation = {**done.state.evaluation, "shortlist": done.state.evaluation["shortlist"][::-1]}
        picked = choose(replace(done, state=replace(done.state, evaluation=evaluation)), at=at)
        return replace(picked, state=replace(picked.state, evaluation=done.state.evaluation))

    patch.setattr(settlement, "_chosen_by_silence", upside_down)


def a_direct_choice_heeds_no_restriction_and_no_ceiling(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(award_directly, "merits", lambda *_, **__: ())
    patch.setattr(award_directly, "own_refusals", lambda *_, **__: ())


def a_pause_in_the_rounds(script: Script) -> bool:
    (plan,) = script.selections
    began = plan.windows[0][0] if plan.mode == "multi_round" else plan.closes_at
    return any(one.verb == "suspend" and began <= one.at < plan.closes_at for one in script.steps)


def a_suspension_that_is_cut_off(script: Script) -> bool:
    return any((one.verb, one.fault, one.strikes_at) == ("suspend", "end_connection", 0) for one in script.steps)


def a_restriction_meanwhile(script: Script) -> bool:
    whole = [one for one in script.steps if one.fault is None]
    struck = any(one.verb == "restrict" and "who" in one.values for one in whole)
    return struck and any(one.verb == "explain" and one.values.get("who") == "asked" for one in whole)


def a_cancellation_after_a_draw(script: Script) -> bool:
    (plan,) = script.selections
    first = [one for one in script.steps if one.verb == "cancel"][:1]
    return any(not one.values["is_approved"] and 0 < one.at - plan.closes_at < 4_000 for one in first)


def a_credit_draw(script: Script) -> bool:
    (plan,) = script.selections
    return plan.mode == "credit_draw" and int(plan.terms["small_list"]) > 1 and not plan.recused


def first_picks(script: Script) -> list[Step]:
    closed_at = script.selections[0].closes_at
    return [one for one in script.steps if one.verb == "pick" and one.at > closed_at]


def a_stranger_who_is_picked(script: Script) -> bool:
    return a_credit_draw(script) and "who" not in first_picks(script)[0].values


def an_owner_who_is_silent(script: Script) -> bool:
    return a_credit_draw(script) and first_picks(script)[0].at > script.selections[0].closes_at + 4_000


def a_name_beyond_the_ceiling(script: Script) -> bool:
    return any(one.verb == "name" and one.values["price_fen"] in {0, 30_000_000} for one in script.steps)


def an_owner_who_resumes_too_soon(script: Script) -> bool:
    said = [(one.verb, one.values.get("by")) for one in script.steps if one.verb in {"suspend", "resume"}]
    return said[:2] == [("suspend", "regulator"), ("resume", "owner")]


def a_reader_before_the_ruling(script: Script) -> bool:
    explained = min(one.at for one in script.steps if one.verb == "explain" and "who" in one.values)
    ruled = max(one.at for one in script.steps if one.verb == "rule")
    return any(one.verb == "read" and explained < one.at < ruled for one in script.steps)


def a_ruling_before_the_explanation(script: Script) -> bool:
    asked = [one.verb for one in script.steps if one.values.get("who") == "flagged"]
    return asked[:1] == ["rule"]


def an_offer_while_suspended(script: Script) -> bool:
    (plan,) = script.selections
    first = next(one.at for one in script.steps if one.verb == "suspend")
    beside = [one.verb for one in script.steps if first < one.at < first + 2_500]
    return plan.mode == "comprehensive" and first < plan.closes_at and "offer" in beside[: beside.index("resume")]


CAUGHT: tuple[tuple[Plant, Fate, str, Needs], ...] = (
    (an_award_is_given_up_without_a_credit_fact, "abandon", "0 credit facts of the award", anything),
    (an_award_given_up_is_two_credit_facts, "abandon", "2 credit facts of the award", anything),
    (anybody_gives_an_award_up, "abandon", "gives up what it was not proposed for", anything),
    (whoever_gave_up_stays_proposed, "abandon", "is not proposed|was proposed before|still due", anything),
    (an_award_stands_without_a_word, "accepted", "never confirmed", anything),
    (silence_costs_nothing, "accepted", "0 credit facts of the award", anything),
    (anybody_confirms, "accepted", "who is not proposed", anything),
    (the_ranking_is_not_kept, "abandon", "stands before|was passed over|as number", anything),
    (prices_are_explained_at_any_time_and_twice, "rejected", "explains, and was not asked, or explained", anything),
    (explanations_are_ruled_on_unheard_and_twice, "accepted", "ruled on", a_ruling_before_the_explanation),
    (a_ruling_counts_the_other_way_round, "rejected", "not what the record holds", anything),
    (silence_is_early, "silent", "before its deadline", anything),
    (explanations_are_told_to_everybody, "accepted", "is told to .* before the result", a_reader_before_the_ruling),
    (what_is_cancelled_goes_on, "cancel", "after which nothing follows", anything),
    (what_is_over_is_cancelled, "cancel", "after which nothing follows|bound already", anything),
    (what_is_suspended_takes_offers, "suspend", "while the selection was suspended", an_offer_while_suspended),
    (rounds_are_suspended_while_they_run, "free", "that began at .* are suspended", a_pause_in_the_rounds),
    (what_is_drawn_is_cancelled_by_its_owner, "drawn", "is cancelled by one alone", a_cancellation_after_a_draw),
    (clocks_run_on_while_suspended, "suspend", "in the fold, .* by the record", an_offer_while_suspended),
    (anybody_resumes, "suspend", "resumed by the owner what a regulator suspended", an_owner_who_resumes_too_soon),
    (the_lists_go_on_showing_a_suspension, "suspend", "differs from its record", anything),
    (a_suspension_is_acknowledged_before_it_is_kept, "suspend", "not say so once", a_suspension_that_is_cut_off),
    (
        who_is_restricted_goes_on_explaining,
        "rejected",
        "explains while it is restricted",
        a_restriction_meanwhile,
    ),
    (anybody_who_was_drawn_among_is_picked, "drawn", "is chosen out of", a_stranger_who_is_picked),
    (an_owner_chooses_anew, "drawn", "a choice was made before|follows|is chosen out of", a_credit_draw),
    (silence_chooses_the_last, "drawn", "is chosen out of", an_owner_who_is_silent),
    (a_direct_choice_heeds_no_restriction_and_no_ceiling, "named", "beyond the ceiling", a_name_beyond_the_ceiling),
    (
        a_demand_comes_again_whenever_its_owner_likes,
        "lonely",
        "had not found too few|is in mode|other terms|was published",
        anything,
    ),
    (a_demand_comes_again_and_its_row_does_not_say_so, "lonely", "demand shows|exist, .* were published", anything),
)


@pytest.mark.parametrize(("plant", "fate", "words", "needs"), CAUGHT, ids=[plant.__name__ for plant, _, _, _ in CAUGHT])
async def test_a_planted_bug_in_what_follows_is_caught_and_its_seed_named(
    database_server: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch, plant: Plant, fate: Fate, words: str,
    needs: Needs,
) -> None:  # fmt: skip
    plant(monkeypatch)
    await caught(database_server, migrated_template, [fate], words, needs)
