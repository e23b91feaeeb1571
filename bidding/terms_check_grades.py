"""Terms looked at beside the grades that an item legally asks for: points for grades that tell no bidder apart.

Source: selection.md section 3; market.md section 3 (only a legal qualification may refuse).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bidding.rules import rule
from bidding.terms import ComprehensiveTerms, Grade, InstantTerms, Terms
from bidding.terms_warning import TermsWarning
from commons.verdicts import Param


def check_grades(terms: Terms, accepted: Sequence[str]) -> Iterator[TermsWarning]:
    """Warnings about points for grades; ``accepted`` are the grades that do for the item, empty where it has none.

    Everybody who takes part holds one of ``accepted``; without any, no grade is known of anybody.
    """
    if not isinstance(terms, ComprehensiveTerms | InstantTerms):
        return
    for index, criterion in enumerate(terms.criteria):
        if not isinstance(criterion, Grade):
            continue
        place = f"/criteria/{index}"
        numbers: dict[str, Param] = {"points": criterion.points}
        given = {criterion.table.get(grade, 0) for grade in accepted}
        is_said_already = len(criterion.table) > 1 and len(set(criterion.table.values())) == 1
        named = numbers | {"accepted": "、".join(accepted), "best": max(given, default=0)}
        if not accepted:
            yield TermsWarning("grade_without_graded_item", rule("3"), place, numbers)
        elif given == {0}:
            if any(criterion.table.values()):
                yield TermsWarning("grade_table_misses_item", rule("3"), f"{place}/table", named)
        elif len(given) == 1 and not is_said_already:
            yield TermsWarning("grade_table_flat_for_item", rule("3"), f"{place}/table", named)
