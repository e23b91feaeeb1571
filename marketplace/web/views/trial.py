"""试算: terms and a few invented offers in a form, and what the engine makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from marketplace.web.trial.fields import Field
from marketplace.web.views.verify import ComputedResult


@dataclass(frozen=True, slots=True)
class TrialInput:
    """One field as it stands on the page: what was typed and what is wrong with it."""

    key: str
    field: Field
    value: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One bidder of the form, by its number from 1."""

    number: int
    cells: tuple[TrialInput, ...]


@dataclass(frozen=True, slots=True)
class TrialWarning:
    """Something allowed and probably not meant, with its source."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class TrialView:
    """The page. ``kept`` is what goes on as the demand published it; ``case`` the case as JSON, to be decided at home.

    ``labels`` names each field that has a fault, for the summary.
    """

    template: ClassVar[str] = "trial.html"

    mode: str
    modes: tuple[tuple[str, str], ...]
    terms_fields: tuple[TrialInput, ...]
    rows: tuple[TrialRow, ...]
    faults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    demand_id: str = ""
    demand_typed: str = ""
    demand_title: str = ""
    kept: tuple[str, ...] = ()
    more_rows: int | None = None
    result: ComputedResult | None = None
    warnings: tuple[TrialWarning, ...] = ()
    case: str = ""
