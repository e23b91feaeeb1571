"""What a search over everything answers."""

from __future__ import annotations

from datetime import datetime

from marketplace.usecases.act import Message
from marketplace.web.api.agency_models import AgencySummary, ItemDocument
from marketplace.web.api.read_models import DemandSummary


class FoundDemands(Message):
    """Demands or results that hold the words: how many, the first of them; ``total_is_more``: more than ``total``."""

    total: int
    total_is_more: bool
    first: tuple[DemandSummary, ...]


class FoundAgencies(Message):
    """Agencies whose name or code holds the words."""

    total: int
    total_is_more: bool
    first: tuple[AgencySummary, ...]


class FoundItems(Message):
    """Items of the catalogue that hold the words, all of them."""

    total: int
    items: tuple[ItemDocument, ...]


class SearchDocument(Message):
    """What holds every one of ``words``, the folded words of the query; each kind in the order of its own list."""

    now: datetime
    words: tuple[str, ...]
    demands: FoundDemands
    agencies: FoundAgencies
    awards: FoundDemands
    items: FoundItems
