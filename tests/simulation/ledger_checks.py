"""What clients were told, held against the record: nothing acknowledged is missing, nothing is there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marketplace.usecases import act
from marketplace.usecases.award_directly import AwardDirectly
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer
from marketplace.usecases.sign_up import SignedUp, SignUp
from marketplace.usecases.take_instant_award import InstantAwarded
from tests.simulation.facts import Facts
from tests.simulation.messages import Sent
from tests.simulation.outcome_ledger import confirmed, outcomes_told


def answered_twice(sent: Iterable[Sent]) -> Iterator[str]:
    """Messages that were answered differently under one key."""
    for one in sent:
        if len({act.write_answer(answer) for answer in one.answers}) > 1:
            yield f"step {one.step.number} was answered differently under its key: {one.answers}"


def acknowledged(facts: Facts, sent: Iterable[Sent]) -> Iterator[str]:
    """Offers, admissions and awards of this selection that were acknowledged, and what else is in its record."""
    messages = [one for one in sent if getattr(one.command, "selection", None) == facts.selection]
    yield from answered_twice(messages)
    yield from _offers(facts, [one for one in messages if isinstance(one.command, PlaceOffer)])
    yield from outcomes_told(facts, messages)
    yield from confirmed(facts, messages)
    admitted = {str(row.private["bidder"]): row.at for row in facts.of("bidder.admitted")}
    for one in messages:
        if isinstance(one.answer, SignedUp) and admitted.get(one.answer.agency) != one.answer.admitted_at:
            yield f"the admission of step {one.step.number} is not in the record"
    joined = {one.command.agency for one in messages if isinstance(one.command, SignUp | AwardDirectly)}
    yield from (f"{one} was admitted and never asked" for one in admitted.keys() - joined)
    awards = [
        one.answer for one in sent if isinstance(one.answer, InstantAwarded) and one.answer.selection == facts.selection
    ]
    for award in awards:
        proposed = [row for row in facts.of("award.proposed") if row.data["shelf_offer"] == award.offer]
        if [(row.at, row.data["bidder"]) for row in proposed] != [(award.awarded_at, award.winner)]:
            yield "an acknowledged award is not in the record once"
    if len({(one.winner, one.awarded_at) for one in awards}) > 1:
        yield "one demand was awarded twice"


def _offers(facts: Facts, sent: list[Sent]) -> Iterator[str]:
    """Each acknowledged offer is one accepted event with its very content; the rest are of unknown outcome."""
    accepted = {row.digest: row for row in facts.of("offer.placed") if row.private["reason"] is None}
    used: Counter[str] = Counter()
    unknown: Counter[tuple[object, ...]] = Counter()
    for one in sent:
        assert isinstance(one.command, PlaceOffer)
        content = _content(one.command.model_dump(), one.command.agency)
        if one.is_unknown or (one.errors and not one.answers):
            unknown[content] += 1
        if not isinstance(one.answer, OfferPlaced):
            continue
        row = accepted.get(one.answer.digest)
        if row is None or row.at != one.answer.at:
            yield f"the acknowledged offer of step {one.step.number} is not in the record"
        elif (
            _content(row.private, row.private["bidder"]) != content or row.private["price_fen"] != one.answer.price_fen
        ):
            yield f"the offer of step {one.step.number} is in the record as something else"
        else:
            used[one.answer.digest] += 1
    yield from (f"offer {digest} was acknowledged to {count} messages" for digest, count in used.items() if count > 1)
    for digest, row in accepted.items():
        content = _content(row.private, row.private["bidder"])
        if not used[digest] and not unknown[content]:
            yield f"an offer of {content[0]} for {content[1]} is in the record that nobody sent, or once too often"
        elif not used[digest]:
            unknown[content] -= 1


def _content(values: Mapping[str, Any], bidder: str) -> tuple[object, ...]:
    """What an offer says: whose it is, its rate or else its price, its days, its part of a draw."""
    rate = values.get("discount_bp")
    return bidder, values["price_fen"] if rate is None else f"{rate} bp", values["days"], values["nonce"]
