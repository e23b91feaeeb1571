"""What readers are told, held against what was sent: nothing sealed before its close, to nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from commons.events import Actor
from marketplace.database import Database
from marketplace.demands.store import Demand
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer
from marketplace.usecases.read_demand import DemandFile, read_demand
from marketplace.usecases.read_explanations import ExplanationFile, read_explanations
from marketplace.usecases.read_room import Room
from marketplace.usecases.read_selection import SelectionNow, read_selection
from tests.simulation.messages import Sent
from tests.simulation.plans import DRAWS, SEALED
from tests.usecases.market import code

HIDDEN = SEALED | DRAWS
"""Modes in which nobody may learn before the close who takes part."""


async def read_everything(
    database: Database, demand: str, selection: str, agency: int | None, sent: Sequence[Sent]
) -> list[str]:
    """Read the demand and the selection as that agency (None: the public); what was told that is sealed."""
    reader = None if agency is None else Actor("agency", code(agency))
    now = await read_selection(database, selection, reader)
    file = await read_demand(database, demand)
    is_opened = now.demand.outcome is not None or (now.demand.state == "cancelled" and file.has_ruling)
    explanations = await read_explanations(database, selection, reader)
    is_ruled = (await read_demand(database, demand)).demand.outcome != "awaiting_explanation"
    return [
        *_shown(now, now.demand, now.room, is_opened, sent),
        *_shown(file, file.demand, file.room, file.has_ruling, sent),
        *_counted(now, file, is_opened=is_opened),
        *([] if is_ruled else _said(explanations, reader)),
    ]


def _said(explanations: Sequence[ExplanationFile], reader: Actor | None) -> list[str]:
    """Words of explanations that are told to anybody but the agency itself while there is no result."""
    told = [one.agency for one in explanations if one.text is not None and (reader is None or one.agency != reader.id)]
    return [f"the explanation of {agency} is told to {reader} before the result" for agency in told]


def _counted(now: SelectionNow, file: DemandFile, *, is_opened: bool) -> list[str]:
    """Who takes part in a sealed selection is counted in no reading before its close; each reading has its own now."""
    told: list[str] = []
    if now.demand.mode in HIDDEN and not is_opened and now.signed_up is not None:
        told.append("bidders of a sealed selection are counted")
    if file.demand.mode in HIDDEN and not file.has_ruling and file.signed_up is not None:
        told.append("bidders of a sealed selection are counted")
    if file.demand.mode in HIDDEN and not file.has_ruling and file.offers is not None:
        told.append("offers of a sealed selection are counted")
    return told


def _shown(told: object, demand: Demand, room: Room | None, has_ruling: bool, sent: Sequence[Sent]) -> list[str]:
    """Prices of the sealed selection, or of its sealed round under way, in anything that was told."""
    since = demand.published_at if demand.mode in HIDDEN and not has_ruling else _sealed_since(room)
    if since is None:
        return []
    offers = [
        (one.step.number, one.answer.price_fen, one.command.discount_bp, one.answer.at)
        for one in sent
        if isinstance(one.command, PlaceOffer)
        and one.command.selection == demand.selection
        and isinstance(one.answer, OfferPlaced)
    ]
    public = {price for _, price, _, at in offers if at < since}
    words = repr(told)
    return [
        f"a sealed price of step {number} is shown: {price}"
        for number, price, rate, _ in offers
        if price not in public and re.search(rf"\b{price}\b|discount_bp\W+{rate or price}\b", words)
    ]


def _sealed_since(room: Room | None) -> datetime | None:
    """When the sealed round under way opened, None while there is none."""
    current = None if room is None else room.current
    return current.opens_at if current is not None and (current.kind, current.status) == ("sealed", "open") else None
