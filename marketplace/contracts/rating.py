"""Ratings (评价): five dimensions from 1 to 5 and words, in time, answered once; what ten of them lead to.

Invariants: no rating is no rating, never a good one; what nobody accepted is not praised by silence either; one rating
bears on one credit fact of a kind at most. Source: market.md section 4, credit.md section 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commons.canonical import Json
from commons.instants import format_instant
from commons.profiles import RuleProfile
from commons.verdicts import Reason, Refused
from marketplace.contracts.contract import CONTRACT_RULE, DIMENSIONS, Contract, Happened

WINDOW = 10
"""Ratings, or contracts, that a credit fact about their mean looks at: credit.md section 2."""
LOW, HIGH = 300, 480
"""Means in hundredths: below the one, from the other on."""
RATING_LOW, RATING_HIGH, MILESTONES_EARLY = "rating_low", "rating_high", "milestones_early"


def rate(
    contract: Contract, scores: Mapping[str, int], words: str, *, profile: RuleProfile, at: datetime
) -> Happened | Refused:
    """Rate what was accepted; refused from the end of the time for it on."""
    assert set(scores) == set(DIMENSIONS), "five dimensions"
    assert contract.rating_until is not None, "accepted"
    if at >= contract.rating_until.at:
        params = {"until": format_instant(contract.rating_until.at)}
        return Refused((Reason("rating_too_late", CONTRACT_RULE, params),))
    until = profile.after("rating_answer", at)
    given: dict[str, Json] = {one: scores[one] for one in DIMENSIONS}
    data: dict[str, Json] = {"scores": given, "answer_until": format_instant(until.at)}
    return Happened("contract.rated", {**data, "is_provisional": until.is_provisional}, {"words": words})


def answer_rating(contract: Contract, words: str, *, at: datetime) -> Happened | Refused:
    """Answer a rating, once and in time."""
    assert contract.rating is not None, "rated"
    if contract.rating.answered_at is not None:
        params = {"answered_at": format_instant(contract.rating.answered_at)}
        return Refused((Reason("rating_was_answered", CONTRACT_RULE, params),))
    if at >= contract.rating.answer_until.at:
        params = {"until": format_instant(contract.rating.answer_until.at)}
        return Refused((Reason("rating_answer_too_late", CONTRACT_RULE, params),))
    return Happened("contract.rating_answered", {}, {"words": words})


def archivable(contract: Contract, *, at: datetime) -> tuple[Reason, ...]:
    """Why a contract may not be archived yet: the owner's word, or the agency's answer to it, is still in time."""
    if contract.state == "accepted" and contract.rating_until is not None and at < contract.rating_until.at:
        return (Reason("rating_is_awaited", CONTRACT_RULE, {"until": format_instant(contract.rating_until.at)}),)
    rating = contract.rating
    if contract.state == "rated" and rating is not None and rating.answered_at is None and at < rating.answer_until.at:
        return (Reason("rating_answer_is_awaited", CONTRACT_RULE, {"until": format_instant(rating.answer_until.at)}),)
    return ()


@dataclass(frozen=True, slots=True)
class Past:
    """One contract of an agency as the windows look at it: rated with how much (None: not), steps all early or not."""

    at: datetime
    rating: int | None = None
    early: bool | None = None


def window_fact(ratings: Sequence[Past], *, facts: Mapping[str, datetime]) -> str | None:
    """The code of the credit fact that the last ten ratings are; none while one of them bore on such a fact before.

    ``ratings`` in order of their instants, ``facts`` the instant of the last fact of each code.
    """
    window = [one for one in ratings if one.rating is not None][-WINDOW:]
    if len(window) < WINDOW:
        return None
    total = sum(one.rating or 0 for one in window)
    code = RATING_LOW if total < LOW * WINDOW else RATING_HIGH if total >= HIGH * WINDOW else None
    return code if code is not None and _is_fresh(window, facts.get(code)) else None


def early_fact(accepted: Sequence[Past], *, facts: Mapping[str, datetime]) -> str | None:
    """The code of the credit fact that ten accepted contracts with every step early are; each counts once."""
    window = [one for one in accepted if one.early is not None][-WINDOW:]
    if len(window) < WINDOW or not all(one.early for one in window):
        return None
    return MILESTONES_EARLY if _is_fresh(window, facts.get(MILESTONES_EARLY)) else None


def _is_fresh(window: Sequence[Past], last: datetime | None) -> bool:
    return last is None or window[0].at > last
