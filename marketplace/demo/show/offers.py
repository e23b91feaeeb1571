"""The offers of a sealed selection as opened after the close: rate beside fen, a joint price with its split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from bidding.assembling import standing_offers
from bidding.selection import OfferLine
from commons.canonical import Json
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.demo.show.frame import Paper, chosen
from marketplace.demo.stage import Played
from marketplace.seed.plans import AgencyPlan
from marketplace.web import formatting

LAST = "~"
NO_LABEL = "–"
Column = str | tuple[str, str]


def show_offers(paper: Paper, played: Played, agencies: Mapping[str, AgencyPlan], labels: Mapping[str, str]) -> None:
    """One row a bidder, best first; columns for rates and for the parts of a joint price only where there are any."""
    state = played.state
    assert state.case is not None, "a decided selection has its case"
    lines = standing_offers(state)
    has_rates = any(line.discount_bp is not None for line in lines)
    items = state.items if any(line.split for line in lines) else ()
    columns: list[Column] = ["", "报价机构", *([] if items else ["所在城市"])]
    columns += [("下浮率", "right")] if has_rates else []
    columns += [("报价（元）", "right"), *((f"其中{_item_name(item)}", "right") for item in items)]
    columns += [("工作日", "right"), ("信用分", "right")]
    credits = {str(bid["bidder"]): int(str(bid["credit"])) for bid in _bids(state.case)}
    rows: list[Sequence[str | Text]] = []
    for line in sorted(lines, key=lambda one: (labels.get(one.bidder, LAST), one.bidder)):
        cell = chosen if line.bidder == state.proposed else Text
        name = agencies[line.bidder].name
        facts = [labels.get(line.bidder, NO_LABEL)]
        facts += [formatting.short_name(name)] if items else [name, city_of(agencies, line.bidder)]
        facts += [rate_of(line)] if has_rates else []
        facts += [formatting.amount(line.price_fen), *_parts(line, items)]
        facts += ["—" if line.days is None else str(line.days), formatting.points(credits[line.bidder])]
        rows.append([cell(fact) for fact in facts])
    paper.table(columns, rows)


def city_of(agencies: Mapping[str, AgencyPlan], uscc: str) -> str:
    """The city an agency is registered in."""
    return REGIONS.chain(agencies[uscc].region)[1].name


def rate_of(line: OfferLine) -> str:
    """The rate that was offered."""
    return "—" if line.discount_bp is None else formatting.rate(line.discount_bp)


def _bids(case: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    bids = case["bids"]
    assert isinstance(bids, list), "a sealed case has its bids"
    return [bid for bid in bids if isinstance(bid, dict)]


def _parts(line: OfferLine, items: Sequence[str]) -> list[str]:
    """What of the price belongs to each item, as the bidder shows it."""
    parts = {part.item: part.fen for part in line.split}
    return [formatting.amount(parts[item]) if item in parts else "未说明" for item in items]


def _item_name(code: str) -> str:
    item = load_catalogue().item(code)
    assert item is not None, "a posted demand has items of the catalogue"
    return item.name
