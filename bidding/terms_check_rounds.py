"""Terms of multi-round pricing looked at before they are published: steps, extensions, survivors, preferences, days.

Source: selection.md section 5; the limits are this market's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bidding.rules import rule
from bidding.terms import MultiRoundTerms, Round
from bidding.terms_warning import TermsWarning
from commons.money import BASIS
from commons.verdicts import Param

MOST_ADVANTAGE_BP = 5_000
"""From this sum of preferences on, somebody may win at twice the price of somebody else."""


def check_rounds(terms: MultiRoundTerms, admitted: int | None) -> Iterator[TermsWarning]:
    """All warnings that only rounds can have; ``admitted`` bidders where they are known already."""
    yield from _step(terms)
    yield from _extension(terms)
    yield from _survivors(terms, admitted)
    yield from _advantages(terms)


def _step(terms: MultiRoundTerms) -> Iterator[TermsWarning]:
    """A step beyond what is left below the ceiling, or above the low-price line; a step that nothing compares."""
    numbers: dict[str, Param] = {"step_fen": terms.step_fen, "ceiling_fen": terms.ceiling_fen}
    line_bp = terms.low_price.below_ceiling_bp if terms.low_price is not None else None
    if len(terms.rounds) == 1 and terms.rounds[0].kind == "sealed" and not terms.step_multiple:
        yield TermsWarning("step_cannot_matter", rule("5"), "/step_fen", numbers)
    elif terms.step_fen >= terms.ceiling_fen:
        yield TermsWarning("step_exceeds_ceiling", rule("5"), "/step_fen", numbers)
    elif line_bp is not None and terms.step_fen * BASIS > terms.ceiling_fen * (BASIS - line_bp) > 0:
        numbers["bp"] = line_bp
        yield TermsWarning("step_exceeds_low_price_room", rule("5"), "/step_fen", numbers)


def _extension(terms: MultiRoundTerms) -> Iterator[TermsWarning]:
    extension = terms.extension
    if extension is None:
        return
    numbers: dict[str, Param] = {"window_s": extension.window_s, "extend_s": extension.extend_s}
    numbers["limit"] = extension.limit
    is_idle = 0 in {extension.window_s, extension.extend_s, extension.limit}
    if is_idle or all(round.kind == "sealed" for round in terms.rounds):
        yield TermsWarning("extension_without_effect", rule("5"), "/extension", numbers)
        return
    for number, round in enumerate(terms.rounds, 1):
        if round.kind == "open" and _length_s(round) <= extension.window_s:
            whole = numbers | {"round": number, "length_s": _length_s(round)}
            yield TermsWarning("extension_window_covers_round", rule("5"), f"/rounds/{number - 1}", whole)


def _length_s(round: Round) -> int:
    """Whole seconds from opening to close."""
    return (round.closes_at - round.opens_at) // timedelta(seconds=1)


def _survivors(terms: MultiRoundTerms, admitted: int | None) -> Iterator[TermsWarning]:
    """A cut that leaves nobody to compete with, or that no earlier cut or number of bidders leaves anybody for."""
    left = admitted
    for number, round in enumerate(terms.rounds, 1):
        if round.survivors is None:
            continue
        numbers: dict[str, Param] = {"round": number, "survivors": round.survivors}
        place = f"/rounds/{number - 1}/survivors"
        if round.survivors == 1:
            yield TermsWarning("one_survivor", rule("5"), place, numbers)
        if left is not None and round.survivors >= left:
            yield TermsWarning("survivors_cut_nobody", rule("5"), place, numbers | {"left": left})
        left = round.survivors if left is None else min(left, round.survivors)


def _advantages(terms: MultiRoundTerms) -> Iterator[TermsWarning]:
    for index, preference in enumerate(terms.preferences):
        if preference.max_bp == 0:
            numbers: dict[str, Param] = {"code": preference.code}
            yield TermsWarning("preference_without_effect", rule("5"), f"/preferences/{index}", numbers)
    total = sum(preference.max_bp for preference in terms.preferences)
    if total >= MOST_ADVANTAGE_BP:
        yield TermsWarning("preferences_outweigh_price", rule("5"), "/preferences", {"sum_bp": total})
    if terms.day_value_fen and terms.max_days is not None:
        spread = terms.day_value_fen * (terms.max_days - 1)
        days: dict[str, Param] = {"day_value_fen": terms.day_value_fen, "max_days": terms.max_days}
        if spread >= terms.ceiling_fen:
            yield TermsWarning("days_outweigh_price", rule("5"), "/day_value_fen", days | {"spread_fen": spread})
        elif spread == 0:
            yield TermsWarning("days_without_spread", rule("5"), "/day_value_fen", days)
