"""What an owner sees of its own: the wizard, the shelf, its demands and one demand's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from marketplace.web.views.agency_acts import Pairs
from marketplace.web.views.agency_contracts import OwnContractView
from marketplace.web.views.fairness import FairnessPart
from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import DayUnit, DemandState, Mode, Paging
from marketplace.web.views.terms import TermsView
from marketplace.web.views.trial import TrialInput

Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """What a step folds away: its name, when it is needed, its fields, so many in a row (0: it has no rows)."""

    title: str
    hint: str
    order: tuple[str, ...]
    is_open: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class PostView:
    """One step of the wizard: what it asks, and what was said before (``held``); ``said`` is that in words.

    ``terms`` are the fields of the step of the terms, ``presets`` weights to begin with; ``copies`` what may be copied.
    ``draft`` is the draft that is changed, "" for a new one; ``reach`` who could take part under what is typed.
    """

    template: ClassVar[str] = "owner_work/post.html"

    step: str
    at: int
    steps: tuple[str, ...]
    title: str
    form: FormShown
    order: tuple[str, ...]
    held: tuple[tuple[str, str], ...]
    said: Pairs = ()
    terms: tuple[TrialInput, ...] = ()
    presets: tuple[tuple[str, str], ...] = ()
    copies: Links = ()
    note: str = ""
    tone: str = ""
    is_last: bool = False
    folds: tuple[Fold, ...] = ()
    draft: str = ""
    is_lot: bool = False
    reach: FairnessPart | None = None


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list; ``lot`` from 1 where it is one of a notice."""

    id: str
    title: str
    mode: Mode
    ceiling_fen: int
    posted_at: datetime
    lot: int | None = None


@dataclass(frozen=True, slots=True)
class MyDemandRow:
    """A published demand of one's own: where it stands, and how many things wait for the owner."""

    id: str
    title: str
    mode: Mode
    amount_fen: int
    is_awarded: bool
    state: DemandState
    published_at: datetime
    closes_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class MyDemandsView:
    """我的需求: drafts, then what is published, the latest first."""

    template: ClassVar[str] = "owner_work/demands.html"

    rows: tuple[MyDemandRow, ...]
    drafts: tuple[DraftRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft before it is published: what will stand on the notice, the check, and the act that publishes it."""

    template: ClassVar[str] = "owner_work/draft.html"

    id: str
    title: str
    mode: Mode
    facts: Pairs
    terms: TermsView
    clocks: Pairs
    description: str
    fairness: FairnessPart
    covered: tuple[str, ...]
    form: FormShown
    notice: str = ""
    lot: int | None = None
    lots: tuple[tuple[str, str, int], ...] = ()
    beside: Pairs = ()
    rule_profile: str = ""
    day_unit: DayUnit = "workday"


@dataclass(frozen=True, slots=True)
class DutyRow:
    """Something that waits for the owner, where it is done, by when."""

    words: str
    path: str
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an objection with its answer; ``act`` is what answers it, "" once it is, or where nobody may."""

    number: int
    words: str
    at: datetime
    answer: str
    act: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NamedRow:
    """An offer on the shelf that may be taken over into a direct choice: ``path`` with ``pairs`` is its form."""

    agency: str
    name: str
    price_fen: int
    days: int
    path: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeskView:
    """One published demand of one's own: what waits, what was asked and objected, what may be done."""

    template: ClassVar[str] = "owner_work/desk.html"

    id: str
    selection: str
    title: str
    mode: Mode
    state: DemandState
    facts: Pairs
    signed_up: str
    offers: str
    duties: tuple[DutyRow, ...]
    enquiries: tuple[Said, ...]
    objections: tuple[Said, ...]
    shortlist: Links
    acts: Links
    grave: Links
    further: Links
    instant: FormShown
    halted: str
    winner: str
    shelf: tuple[NamedRow, ...] = ()
    day_unit: DayUnit = "workday"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """An offer on the shelf in the order of the rule."""

    rank: int
    agency: str
    name: str
    price_fen: int
    unit_price_fen: int
    minimum_fee_fen: int
    days: int
    left: int
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class InstantView:
    """立等可取: project, item and budget; then the shelf by the published rule, the first one to be confirmed."""

    template: ClassVar[str] = "owner_work/instant.html"

    form: FormShown
    order: tuple[str, ...]
    rows: tuple[ShelfRow, ...] = ()
    is_seen: bool = False
    is_drawn: bool = False
    apart: int = 0
    quantity: int = 1
    rule: str = ""
    confirm: tuple[tuple[str, str], ...] = ()
    copies: Links = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstantConfirmView:
    """The last look: whom, for how much, in figures and in words; one button binds."""

    template: ClassVar[str] = "owner_work/instant_confirm.html"

    title: str
    rows: Pairs
    price_fen: int
    name: str
    agency: str
    form: FormShown
    back: tuple[tuple[str, str], ...]
    held: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MyContractRow:
    """A contract in the owner's list: where it stands, and what the owner does next, until when."""

    id: str
    title: str
    agency: str
    agency_name: str
    state: str
    amount_fen: int
    due_at: datetime | None
    next_words: str
    next_until: datetime | None
    is_overdue: bool
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class MyContractsView:
    """合同与履约: latest award first."""

    template: ClassVar[str] = "owner_work/contracts.html"

    rows: tuple[MyContractRow, ...]
    paging: Paging
    others: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class MyContractView(OwnContractView):
    """One contract on its owner's side: what both sides see, and what the owner owes until when.

    ``archive_wait``: why it is not archived yet; ``bound``: restrictions of the agency, where the contract was signed.
    """

    template: ClassVar[str] = "owner_work/contract.html"

    agency: str = ""
    agency_name: str = ""
    duty: str = ""
    duty_until: datetime | None = None
    duty_is_overdue: bool = False
    is_deemed: bool = False
    is_archived: bool = False
    is_rated: bool = False
    archive_wait: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    rating_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StartSection:
    """What an owner begins from the workbench, and where its own things are."""

    template: ClassVar[str] = "owner_work/start.html"
    column: ClassVar[Literal["main", "side"]] = "side"

    drafts: int


@dataclass(frozen=True, slots=True)
class BoundRow:
    """A signed contract whose agency is restricted now."""

    contract: str
    title: str
    agency_name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoundSection:
    """请留意: what was signed with agencies that are restricted now."""

    template: ClassVar[str] = "owner_work/bound.html"
    column: ClassVar[Literal["main", "side"]] = "main"

    rows: tuple[BoundRow, ...]
