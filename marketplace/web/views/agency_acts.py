"""What an agency does, page by page: the form of an act, and its answers once more before it binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from marketplace.web.views.forms import FormShown

Trail = tuple[tuple[str, str], ...]
"""Addresses and names on the way to a page."""
Pairs = tuple[tuple[str, str], ...]
"""Labels and values."""


@dataclass(frozen=True, slots=True)
class ActView:
    """The page of one act: about what (``facts``), what follows from it (``lead``), its fields in their order.

    ``is_checked``: what is typed is shown once more before it is done; ``further`` leads to what may come first.
    """

    template: ClassVar[str] = "agency_work/act.html"

    title: str
    trail: Trail
    about: str
    facts: Pairs
    lead: tuple[str, ...]
    form: FormShown
    order: tuple[str, ...]
    button: str
    back: str
    is_checked: bool = False
    is_grave: bool = False
    notes: tuple[str, ...] = ()
    further: Trail = ()


@dataclass(frozen=True, slots=True)
class CheckView:
    """请核对: the answers as they will be sent (``rows``), what they add up to (``sums``), ``held`` for the form."""

    template: ClassVar[str] = "agency_work/check.html"

    title: str
    trail: Trail
    about: str
    rows: Pairs
    sums: Pairs
    held: tuple[tuple[str, str], ...]
    action: str
    button: str
    key: str
    is_grave: bool = False
    notes: tuple[str, ...] = ()
