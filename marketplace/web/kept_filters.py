"""Filters that are kept: a query is read by its list's own filter first, and written as the list writes it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from commons.errors import Fault, Malformed
from marketplace.usecases.saved_filters import MAX_QUERY, FilteredList, KeepFilter
from marketplace.usecases.start_job import StartExport
from marketplace.web.addresses import AGENCIES, AWARDS, DEMANDS
from marketplace.web.filters import (
    Pairs,
    query_of,
    read_agency_filter,
    read_award_filter,
    read_demand_filter,
)

PATHS: Mapping[FilteredList, str] = MappingProxyType({"demands": DEMANDS, "agencies": AGENCIES, "awards": AWARDS})
"""Where each list is."""
MAX_PAIRS = 20


def pairs_of(listed: FilteredList, query: str) -> Pairs:
    """The filter of a query; ``Malformed`` for one that the list cannot read. What is no filter is left out."""
    try:
        given = dict(parse_qsl(query, keep_blank_values=False, max_num_fields=MAX_PAIRS, errors="strict"))
    except ValueError:
        raise Malformed((Fault("/query", "not_a_query", "not the query of an address"),)) from None
    if any("\x00" in one for one in given.values()):
        raise Malformed((Fault("/query", "null_character", "must not hold U+0000"),))
    match listed:
        case "demands":
            return query_of(read_demand_filter(given))
        case "agencies":
            return query_of(read_agency_filter(given))
        case "awards":
            return query_of(read_award_filter(given))


def as_kept(command: KeepFilter) -> KeepFilter:
    """The command with its query as the list writes it; ``Malformed`` for one that narrows nothing, or is too long."""
    query = urlencode(pairs_of(command.listed, command.query))
    if not query or len(query) > MAX_QUERY:
        code = "nothing_chosen" if not query else "too_long"
        raise Malformed((Fault("/query", code, "a filter that can be kept"),))
    return command.model_copy(update={"query": query})


def readable(command: StartExport) -> StartExport:
    """The command with its query as the list writes it; ``Malformed`` for one that it cannot read."""
    return command.model_copy(update={"query": urlencode(pairs_of(command.listed, command.query))})
