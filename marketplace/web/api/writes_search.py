"""Writes of filters that somebody keeps."""

from __future__ import annotations

from marketplace.usecases.saved_filters import (
    DropFilter,
    FilterDropped,
    KeepFilter,
    SavedFilter,
    drop_filter,
    keep_filter,
)
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import NEIGHBOURS
from marketplace.web.kept_filters import as_kept

SEARCH_WRITES = (
    handler_of(Write(
        "/saved-filters", "keepFilter", NEIGHBOURS, "保存常用条件 / Keep a filter", KeepFilter, SavedFilter,
        lambda visit, command: keep_filter(visit.database, visit.caller, as_kept(command)),
    )),
    handler_of(Write(
        "/saved-filters/{filter:str}/drop", "dropFilter", NEIGHBOURS, "删除常用条件 / Drop a filter",
        DropFilter, FilterDropped,
        lambda visit, command: drop_filter(visit.database, visit.caller, command), ("filter",),
    )),
)  # fmt: skip
"""Each needs an actor, and keeps for that person alone."""
