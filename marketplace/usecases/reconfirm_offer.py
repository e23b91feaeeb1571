"""Confirm an offer under changed terms (确认报价继续有效): one act, nothing is shown; else it does not count.

Whoever confirms names the digest of the terms it looked at: others may be in force by then. Whoever wants another price
places a new offer. In a draw the sign-up is what is confirmed. Source: market.md section 4.
"""

from __future__ import annotations

from datetime import datetime

from agencies.life import ACTIVE, dormant
from bidding import store as bidding
from bidding.assembling import DRAW_MODES, not_reconfirmed
from bidding.commitments import pseudonym
from bidding.reading.terms import parse_terms
from bidding.sealed import judge_sealed_offer
from bidding.selection import UNCONFIRMED, OfferLine, Selection
from bidding.terms import SealedTerms, needs_draw
from commons.canonical import Json
from commons.errors import Conflict
from commons.events import Actor
from commons.verdicts import Reason, Refused, Verdict, verdict
from credit.restrictions import restricted
from marketplace.database import Connection, Database
from marketplace.demands.outcomes import OUTCOME_RULE, stopped
from marketplace.demands.terms_in_force import judge_digest
from marketplace.record.store import Act, append
from marketplace.usecases.act import Caller, Identifier, Message, UsccText, perform, require
from marketplace.usecases.offer_messages import TermsDigest
from marketplace.usecases.standing import Held, barring_items, hold_selection, standing


class ReconfirmOffer(Message):
    """Which selection, the agency whose last offer stays as it is, and the digest of the terms it stays under."""

    selection: Identifier
    agency: UsccText
    terms_digest: TermsDigest


class OfferReconfirmed(Message):
    """Counts again since, under the terms of that digest."""

    selection: str
    agency: str
    terms_digest: str
    reconfirmed_at: datetime


async def reconfirm_offer(database: Database, caller: Caller, command: ReconfirmOffer) -> OfferReconfirmed | Refused:
    """Confirm one's last offer before offers close; refused where it names other terms, or does not fit those now."""
    require(caller, "reconfirm_offer", own=command.agency)

    async def work(connection: Connection) -> OfferReconfirmed | Refused:
        held = await hold_selection(connection, command.selection, own=[command.agency])
        state = held.state
        if halt := stopped(standing(state)):
            return Refused(halt)
        if state.closed_at is not None or command.agency not in not_reconfirmed(state):
            raise Conflict("nothing_to_reconfirm", "no offer of this agency waits to be confirmed")
        barred = await _barred(connection, held, command.agency)
        ruling = _judge(state, command.agency, at=held.at)
        own = ruling.reasons if isinstance(ruling, Refused) else ()
        if reasons := (*judge_digest(state, command.terms_digest, is_needed=True), *own, *barred):
            return Refused(reasons)
        alias = pseudonym(state, command.agency)
        data: dict[str, Json] = {"bidder": alias, "terms_digest": command.terms_digest}
        act = Act("offer.reconfirmed", data, private={"bidder": command.agency})
        await append(connection, f"selection/{state.id}", [act], actor=Actor("agency", alias), at=held.at)
        await bidding.note(connection, state.id, at=held.at)
        return OfferReconfirmed(
            selection=state.id, agency=command.agency, terms_digest=command.terms_digest, reconfirmed_at=held.at
        )

    return await perform(database, caller, command, OfferReconfirmed, work)


async def _barred(connection: Connection, held: Held, agency: str) -> tuple[Reason, ...]:
    """Why the agency may not offer, as for a new offer."""
    items = await barring_items(connection, held)
    bound = restricted(held.restrictions.get(agency, ()), at=held.at, measure="offer", items=items)
    return (*dormant(held.lives.get(agency, ACTIVE)), *bound)


def _judge(state: Selection, agency: str, *, at: datetime) -> Verdict:
    """What the offer would be told if it came now; a sign-up to a draw is told nothing."""
    if state.mode in DRAW_MODES:
        return verdict(())
    terms = parse_terms(dict(state.terms))
    assert isinstance(terms, SealedTerms), "offers are made before rounds begin in sealed modes alone"
    line = [one for one in state.offers if one.bidder == agency and one.reason == UNCONFIRMED][-1]
    if not _fits(terms, line):
        return Refused((Reason("offer_does_not_fit", OUTCOME_RULE),))
    return judge_sealed_offer(
        state, terms, bidder=agency, price_fen=line.price_fen, days=line.days, at=at, discount_bp=line.discount_bp
    )


def _fits(terms: SealedTerms, line: OfferLine) -> bool:
    """Whether the offer says what the terms ask for: price or rate as before, days, its part of a draw."""
    has_basis = (line.discount_bp is not None) == (terms.price_basis != "fen")
    return has_basis and not (terms.needs_days and line.days is None) and not (needs_draw(terms) and not line.nonce)
