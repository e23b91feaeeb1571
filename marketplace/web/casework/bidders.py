"""Who is who on a result page: letters by rank, then by the order of the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketplace.web import formatting
from marketplace.web.views.parts import AgencyRef
from marketplace.web.views.results import Bidder


@dataclass(frozen=True, slots=True)
class Cast:
    """Bidders by id; somebody unknown is shown by the id alone."""

    by_id: Mapping[str, Bidder]

    def __getitem__(self, bidder: str) -> Bidder:
        """The bidder of that id."""
        return self.by_id.get(bidder) or Bidder("–", AgencyRef(bidder, bidder), None)


def cast(
    ranked: Iterable[str], others: Iterable[str], agencies: Mapping[str, AgencyRef], *, winner: str | None
) -> Cast:
    """Letters for everybody: the ranked in their order, then the others, nobody twice."""
    made: dict[str, Bidder] = {}
    for rank, bidder in enumerate(ranked, 1):
        made[bidder] = _bidder(len(made), bidder, agencies, rank, is_winner=bidder == winner)
    for bidder in others:
        if bidder not in made:
            made[bidder] = _bidder(len(made), bidder, agencies, None, is_winner=False)
    return Cast(made)


def _bidder(index: int, bidder: str, agencies: Mapping[str, AgencyRef], rank: int | None, *, is_winner: bool) -> Bidder:
    agency = agencies.get(bidder) or AgencyRef(bidder, bidder)
    return Bidder(formatting.letter(index), agency, rank, is_winner)
