"""A case out of untrusted JSON: terms, the facts about each bidder, offers in the order received, draw inputs.

Facts that the terms do not use may stand in a bid; facts they need must. Pointers start at the case.
Source: selection.md sections 8 and 10.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bidding.case import (
    Case,
    ComprehensiveCase,
    CreditDrawCase,
    InstantCase,
    MeanPriceCase,
    MultiRoundCase,
    RandomDrawCase,
)
from bidding.criteria import MAX_CREDIT
from bidding.discount import discounted_fen
from bidding.offers import Bid, Bidder, Capped, Entry, Explanation, RoundOffer, ShelfOffer, Unfit
from bidding.reading.fields import Fields, keys
from bidding.reading.terms import read_terms
from bidding.terms import (
    HUNDREDTHS,
    ComprehensiveTerms,
    CreditDrawTerms,
    Criterion,
    DrawTerms,
    InstantTerms,
    MeanPriceTerms,
    MultiRoundTerms,
    Plan,
    PricedTerms,
    RandomDrawTerms,
    Terms,
)
from commons.canonical import Json
from commons.documents import Faults
from commons.draws import Draw

MAX_ID = 64
"""Characters of a bidder id at most."""

_CASE_KEYS = keys("terms bids bidders offers at draw")
_FACT_KEYS = keys(
    "bidder price_fen days credit grade experience marks explanation preferences voided_at unit_price_fen "
    "minimum_fee_fen capacity valid_from valid_until discount_bp lots_won unfit"
)
_OFFER_KEYS = keys("bidder at price_fen days discount_bp")
_EXPLANATIONS: tuple[Explanation, ...] = ("missing", "accepted", "rejected")
_UNFIT: tuple[Unfit, ...] = ("own_work_since", "qualification_lost")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+", re.ASCII)


def parse_case(raw: Json) -> Case:
    """A bare case as JSON → a case of any mode that the engine computes; ``Malformed`` with every fault."""
    faults = Faults()
    fields = Fields(raw, "", _CASE_KEYS, faults)
    if not fields.has("terms"):
        fields.missing("terms", "has to be given")
    terms = read_terms(fields.raw["terms"], "/terms", faults) if fields.has("terms") else None
    draw = _draw(fields)
    case: Case | None
    match terms:
        case ComprehensiveTerms():
            case = ComprehensiveCase(terms, _bids(fields, terms, _most_mark(terms.criteria)), draw)
        case MultiRoundTerms():
            case = _multi_round(fields, terms, draw)
        case InstantTerms():
            case = _instant(fields, terms, draw)
        case MeanPriceTerms():
            case = MeanPriceCase(terms, _bids(fields, terms, None), draw)
        case RandomDrawTerms():
            case = RandomDrawCase(terms, _entries(fields, terms), draw)
        case CreditDrawTerms():
            case = CreditDrawCase(terms, _entries(fields, terms), draw)
        case _:
            case = None
    faults.raise_if_any()
    assert case is not None, "no case without a fault"
    return case


def _bids(fields: Fields, terms: ComprehensiveTerms | MeanPriceTerms, most_mark: int | None) -> tuple[Bid, ...]:
    bids = fields.needed_items("bids", lambda raw, pointer: _bid(raw, pointer, terms, most_mark, fields.faults))
    _unique(fields, "bids", [bid.bidder for bid in bids])
    return bids


def _entries(fields: Fields, terms: DrawTerms) -> tuple[Entry, ...]:
    entries = fields.needed_items("bids", lambda raw, pointer: _entry(raw, pointer, terms, fields.faults))
    _unique(fields, "bids", [entry.bidder for entry in entries])
    return entries


def _multi_round(fields: Fields, terms: MultiRoundTerms, draw: Draw | None) -> MultiRoundCase:
    bidders = fields.needed_items("bidders", lambda raw, pointer: _bidder(raw, pointer, terms, fields.faults))
    _unique(fields, "bidders", [bidder.bidder for bidder in bidders])
    before = len(fields.faults.found)
    offers = fields.needed_items("offers", lambda raw, pointer: _round_offer(raw, pointer, terms, fields.faults))
    if len(fields.faults.found) == before:
        for index in range(1, len(offers)):
            if offers[index].at < offers[index - 1].at:
                detail = "must not be earlier than the offer before"
                fields.faults.add(f"/offers/{index}/at", "runs_backwards", detail)
    return MultiRoundCase(terms, bidders, offers, draw)


def _instant(fields: Fields, terms: InstantTerms, draw: Draw | None) -> InstantCase:
    most_mark = _most_mark(terms.criteria)
    at = fields.needed_instant("at")
    offers = fields.needed_items(
        "offers", lambda raw, pointer: _shelf_offer(raw, pointer, terms, most_mark, fields.faults)
    )
    _unique(fields, "offers", [offer.bidder for offer in offers])
    return InstantCase(terms, offers, at, draw)


class _Facts:
    """The facts that a bid, a bidder and a shelf offer have in common; credit comes out clipped."""

    def __init__(self, raw: Json, pointer: str, terms: Terms, faults: Faults) -> None:
        self.fields = fields = Fields(raw, pointer, _FACT_KEYS, faults)
        self.bidder = _bidder_id(fields)
        self.days = fields.integer("days")
        credit = fields.integer("credit")
        self.credit = None if credit is None else min(max(credit, 0), MAX_CREDIT)
        self.grade = fields.text("grade")
        self.experience = fields.integer("experience", 0)
        self.marks = fields.integers("marks")
        self.explanation = fields.word("explanation", _EXPLANATIONS, "missing")
        self.voided_at = fields.instant("voided_at")
        self.capped = _capped(fields, terms)
        self.unfit = fields.word("unfit", _UNFIT, _UNFIT[0]) if fields.has("unfit") else None
        if credit is None and terms.needs_credit:
            fields.missing("credit", "the terms ask for it")

    def check(self, terms: Terms, most_mark: int | None) -> None:
        """Note what the terms ask for in an offer: days, and marks of at most so many hundredths."""
        fields = self.fields
        if self.days is None and terms.needs_days:
            fields.missing("days", "the terms ask for it")
        if most_mark is None:
            return
        if fields.raw.get("marks", []) == []:
            fields.missing("marks", "the terms ask for one mark or more")
        for index, mark in enumerate(self.marks or ()):
            if not 0 <= mark <= most_mark:
                place = f"{fields.at('marks')}/{index}"
                fields.faults.add(place, "out_of_range", f"must be from 0 to {most_mark}")


def _capped(fields: Fields, terms: Terms) -> Capped | None:
    """Whether the bidder has won as many other lots of the notice as the terms' ``lot_cap`` lets one win."""
    won = fields.integer("lots_won", 0)
    return Capped(won, terms.lot_cap) if won and terms.lot_cap is not None and won >= terms.lot_cap else None


def _most_mark(criteria: tuple[Criterion, ...]) -> int | None:
    """The highest mark a reviewer may give, hundredths; None when nobody reviews a plan."""
    return min((HUNDREDTHS * criterion.points for criterion in criteria if isinstance(criterion, Plan)), default=None)


def _price(fields: Fields, terms: PricedTerms) -> tuple[int, int | None]:
    """The price in fen, and the rate it came from under ``discount_rate``; naming both would be two offers in one."""
    if terms.price_basis == "fen":
        if fields.has("discount_bp"):
            fields.fault("discount_bp", "other_price_basis", "the terms ask for price_fen")
        return fields.needed_integer("price_fen"), None
    if fields.has("price_fen"):
        fields.fault("price_fen", "other_price_basis", "the terms ask for discount_bp")
    discount_bp = fields.needed_integer("discount_bp")
    return discounted_fen(terms.ceiling_fen, discount_bp), discount_bp


def _bid(
    raw: Json, pointer: str, terms: ComprehensiveTerms | MeanPriceTerms, most_mark: int | None, faults: Faults
) -> Bid:
    facts = _Facts(raw, pointer, terms, faults)
    facts.check(terms, most_mark)
    price_fen, discount_bp = _price(facts.fields, terms)
    return Bid(
        facts.bidder,
        price_fen,
        days=facts.days,
        credit=facts.credit,
        grade=facts.grade,
        experience=facts.experience,
        marks=facts.marks,
        explanation=facts.explanation,
        voided_at=facts.voided_at,
        discount_bp=discount_bp,
        capped=facts.capped,
        unfit=facts.unfit,
    )


def _entry(raw: Json, pointer: str, terms: DrawTerms, faults: Faults) -> Entry:
    facts = _Facts(raw, pointer, terms, faults)
    facts.check(terms, None)
    price_fen = facts.fields.integer("price_fen")
    return Entry(facts.bidder, price_fen, facts.days, facts.credit, facts.voided_at, facts.capped, facts.unfit)


def _bidder(raw: Json, pointer: str, terms: MultiRoundTerms, faults: Faults) -> Bidder:
    facts = _Facts(raw, pointer, terms, faults)
    preferences: dict[str, int] = {}
    if facts.fields.has("preferences"):
        most = {preference.code: preference.max_bp for preference in terms.preferences}
        given = Fields(facts.fields.raw["preferences"], facts.fields.at("preferences"), most, faults)
        preferences = {code: given.needed_integer(code, 0, most[code]) for code in given.raw if code in most}
    return Bidder(
        facts.bidder, facts.credit, facts.explanation, preferences, facts.voided_at, facts.capped, facts.unfit
    )


def _shelf_offer(raw: Json, pointer: str, terms: Terms, most_mark: int | None, faults: Faults) -> ShelfOffer:
    facts = _Facts(raw, pointer, terms, faults)
    facts.check(terms, most_mark)
    fields = facts.fields
    return ShelfOffer(
        facts.bidder,
        unit_price_fen=fields.needed_integer("unit_price_fen"),
        minimum_fee_fen=fields.needed_integer("minimum_fee_fen"),
        capacity=fields.needed_integer("capacity"),
        valid_from=fields.needed_instant("valid_from"),
        valid_until=fields.needed_instant("valid_until"),
        days=facts.days,
        credit=facts.credit,
        grade=facts.grade,
        experience=facts.experience,
        marks=facts.marks,
        voided_at=facts.voided_at,
        capped=facts.capped,
        unfit=facts.unfit,
    )


def _round_offer(raw: Json, pointer: str, terms: MultiRoundTerms, faults: Faults) -> RoundOffer:
    """One offer; its bidder may be anybody, so that any text is a bidder here."""
    fields = Fields(raw, pointer, _OFFER_KEYS, faults)
    days = fields.integer("days")
    if days is None and terms.needs_days:
        fields.missing("days", "the terms ask for it")
    at, bidder = fields.needed_instant("at"), fields.needed_text("bidder")
    price_fen, discount_bp = _price(fields, terms)
    return RoundOffer(bidder, at, price_fen, days, discount_bp)


def _bidder_id(fields: Fields) -> str:
    id = fields.needed_text("bidder")
    bad = any(character == "/" or unicodedata.category(character) == "Cc" for character in id)
    if fields.has("bidder") and type(fields.raw["bidder"]) is str and (bad or not 1 <= len(id) <= MAX_ID):
        detail = f"must have 1 to {MAX_ID} characters, none of them a slash or a control character"
        fields.fault("bidder", "bad_bidder_id", detail)
    return id


def _unique(fields: Fields, key: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for index, id in enumerate(ids):
        if id in seen and id:
            fields.faults.add(f"/{key}/{index}/bidder", "duplicate_bidder", "this bidder stands in the list already")
        seen.add(id)


def _draw(fields: Fields) -> Draw | None:
    """Draw inputs in hex, both of them and neither empty."""
    if not fields.has("draw"):
        return None
    inner = Fields(fields.raw["draw"], "/draw", ("salt", "ikm"), fields.faults)
    texts = {key: inner.needed_text(key) for key in ("salt", "ikm")}
    for key, text in texts.items():
        if inner.has(key) and type(inner.raw[key]) is str and not _HEX.fullmatch(text):
            inner.fault(key, "not_hex", "must be bytes in hex, one or more")
    if any(not _HEX.fullmatch(text) for text in texts.values()):
        return None
    return Draw(bytes.fromhex(texts["salt"]), bytes.fromhex(texts["ikm"]))
