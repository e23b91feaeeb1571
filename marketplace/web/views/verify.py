"""中选核验: one result computed anew step by step, or a file from elsewhere held against what is known of it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from bidding.comparing import State
from marketplace.web.casework.made import Explained
from marketplace.web.views.awards import Left, Outcome
from marketplace.web.views.parts import NOTHING_ENTERED, AgencyRef, DayUnit, Entered, Mode
from marketplace.web.views.results import DrawView, Result
from marketplace.web.views.terms import TermsView

Verdict = Literal["agrees", "differs", "unknown", "unknown_agrees", "unknown_differs"]
"""``unknown…``: the selection is not known here; then the file's own decision is all there is to hold against it."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One figure that differs, in words: whose, which, what was given by whom, what stands there or is computed."""

    subject: str
    cell: str
    given: str
    found: str
    is_of_file: bool = False


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One step in words; ``is_input``: what stands in the file is compared, not what is computed from it."""

    number: int
    code: str
    title: str
    state: State
    words: str
    is_input: bool
    rows: tuple[DifferenceRow, ...] = ()
    total: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class DigestRow:
    """SHA-256 in hex: what is published beside what was found; None where nothing is published."""

    name: str
    published: str | None
    found: str

    @property
    def is_same(self) -> bool | None:
        """Whether both are the same; None where there is nothing to compare."""
        return None if self.published is None else self.published == self.found


@dataclass(frozen=True, slots=True)
class Target:
    """The award that was held against the file."""

    id: str
    title: str
    mode: Mode
    decided_at: datetime
    winner: AgencyRef | None = None
    price_fen: int | None = None
    is_direct: bool = False


@dataclass(frozen=True, slots=True)
class ComputedResult:
    """What a file computes to, explained as on the page of a result; bidders have no pages where nobody knows them.

    Has what the parts of a result's page ask of their view.
    """

    terms: TermsView
    explained: Explained
    day_unit: DayUnit = "workday"
    picked: None = None

    @property
    def outcome(self) -> Outcome:
        """What came out."""
        return self.explained.outcome

    @property
    def result(self) -> Result | None:
        """How it came about."""
        return self.explained.result

    @property
    def left(self) -> tuple[Left, ...]:
        """Who was not chosen."""
        return self.explained.left

    @property
    def draw(self) -> DrawView | None:
        """What a draw told apart."""
        return self.explained.draw

    @property
    def winner(self) -> AgencyRef | None:
        """Who comes first."""
        return self.explained.winner

    @property
    def total(self) -> int | None:
        """The winner's points in hundredths."""
        return self.explained.total


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing wrong with a file: where (JSON pointer), its stable code, and what is wrong in words."""

    pointer: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The verdict, every step, the digests; ``computed`` where the selection is not known here."""

    verdict: Verdict
    headline: str
    sentence: str
    checks: tuple[CheckRow, ...]
    digests: tuple[DigestRow, ...]
    file_name: str
    is_dropped: bool
    computed: ComputedResult | None = None


@dataclass(frozen=True, slots=True)
class VerifyView:
    """The page: the form alone, a result, or what is wrong with a file; ``code`` is shown again."""

    template: ClassVar[str] = "verify.html"

    code: str = ""
    target: Target | None = None
    result: VerifyResult | None = None
    file_faults: tuple[FileFault, ...] = ()
    faults_total: int = 0
    entered: Entered = NOTHING_ENTERED
