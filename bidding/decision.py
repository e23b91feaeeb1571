"""A decision, with the stable keys in their stable order: the same facts give the same bytes on every machine.

Invariants: ``winner`` only with ``award``; ``ranking`` empty for ``unsuccessful`` and ``draw_needed``; ``rejected``
sorted by bidder. Keys may be added later, these never change meaning. Source: selection.md section 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from bidding.benchmark import Benchmark
from bidding.offers import Bid
from commons.canonical import Json
from commons.instants import format_instant
from commons.verdicts import Allowed, Reason, Refused, Verdict

Outcome = Literal["award", "owner_choice", "unsuccessful", "awaiting_explanation", "draw_needed"]
UnsuccessfulReason = Literal["too_few_bidders"]

TOO_FEW: UnsuccessfulReason = "too_few_bidders"


def _discounted(price_fen: int | None, discount_bp: int | None) -> dict[str, Json]:
    """Keys of a row whose offer was a discount rate; none for any other."""
    return {} if discount_bp is None else {"price_fen": price_fen, "discount_bp": discount_bp}


class PointsRow(NamedTuple):
    """Row of a comprehensive ranking: total and points in hundredths, in the order of the criteria.

    The price in fen and the rate it came from are in rows under the price basis ``discount_rate`` only.
    """

    bidder: str
    rank: int
    total: int
    points: tuple[int, ...]
    price_fen: int | None = None
    discount_bp: int | None = None

    def as_json(self) -> dict[str, Json]:
        """The stable keys of the row."""
        row: dict[str, Json] = {"bidder": self.bidder, "rank": self.rank}
        row |= {"total": self.total, "points": list(self.points)}
        return row | _discounted(self.price_fen, self.discount_bp)


class EffectiveRow(NamedTuple):
    """Row of a multi-round ranking: the offered price in fen, and the effective one as a fraction in lowest terms.

    The rate that the price came from is in rows under the price basis ``discount_rate`` only.
    """

    bidder: str
    rank: int
    price_fen: int
    effective: tuple[int, int]
    discount_bp: int | None = None

    def as_json(self) -> dict[str, Json]:
        """The stable keys of the row."""
        row: dict[str, Json] = {"bidder": self.bidder, "rank": self.rank, "price_fen": self.price_fen}
        row["effective"] = list(self.effective)
        return row | _discounted(self.price_fen, self.discount_bp)


class PriceRow(NamedTuple):
    """Row of an instant ranking: the price in fen for the quantity asked."""

    bidder: str
    rank: int
    price_fen: int

    def as_json(self) -> dict[str, Json]:
        """The stable keys of the row."""
        return {"bidder": self.bidder, "rank": self.rank, "price_fen": self.price_fen}


Ranking = tuple[PointsRow, ...] | tuple[EffectiveRow, ...] | tuple[PriceRow, ...]


class PlaceRow(NamedTuple):
    """Row of a mean-price or drawn ranking: the place; price and rate under the price basis ``discount_rate`` only."""

    bidder: str
    rank: int
    price_fen: int | None = None
    discount_bp: int | None = None

    def as_json(self) -> dict[str, Json]:
        """The stable keys of the row."""
        return {"bidder": self.bidder, "rank": self.rank, **_discounted(self.price_fen, self.discount_bp)}


class Rejection(NamedTuple):
    """Somebody out of the ranking, with all reasons, each with its source."""

    bidder: str
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, Json]:
        """The bidder and the reasons' codes."""
        return {"bidder": self.bidder, "reasons": [reason.code for reason in self.reasons]}


@dataclass(frozen=True, slots=True)
class OfferRuling:
    """What one offer of a multi-round selection was told: ``seq`` counts every offer from 1."""

    seq: int
    verdict: Verdict
    extended: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the offer was accepted."""
        return isinstance(self.verdict, Allowed)

    @property
    def reason(self) -> Reason | None:
        """The first reason that applied, None for an accepted offer."""
        return self.verdict.reasons[0] if isinstance(self.verdict, Refused) else None

    def as_json(self) -> dict[str, Json]:
        """The stable keys of the ruling; ``reason`` only with a refusal."""
        row: dict[str, Json] = {"seq": self.seq, "accepted": self.accepted}
        if self.reason is not None:
            row["reason"] = self.reason.code
        return row


class Eliminated(NamedTuple):
    """Somebody beyond the ``survivors``-th best of a round, with the standing offer that was not enough."""

    bidder: str
    price_fen: int
    effective: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """A round that took place: its close after extensions, who was alive after it, and who it put out.

    ``silent`` had no standing offer at the first close; ``edge`` is the effective price of the ``survivors``-th best,
    where somebody was eliminated by it. Everybody is sorted by id.
    """

    number: int
    opened_at: datetime
    closes_at: datetime
    alive: tuple[str, ...]
    silent: tuple[str, ...] = ()
    eliminated: tuple[Eliminated, ...] = ()
    edge: tuple[int, int] | None = None
    extensions: int = 0

    def as_json(self) -> dict[str, Json]:
        """The stable keys of the round."""
        return {"round": self.number, "closes_at": format_instant(self.closes_at), "alive": list(self.alive)}


@dataclass(frozen=True, slots=True)
class RoundsRecord:
    """What happened in the rounds: every ruling in order, every round that took place."""

    rulings: tuple[OfferRuling, ...]
    rounds: tuple[ClosedRound, ...]


@dataclass(frozen=True, slots=True)
class RankedDecision:
    """选取结果: the outcome, the ranking, who is out and why."""

    outcome: Outcome
    winner: str | None
    ranking: Ranking
    rejected: tuple[Rejection, ...]
    reason: UnsuccessfulReason | None = None
    flagged: str | None = None
    record: RoundsRecord | None = None

    def as_json(self) -> dict[str, Json]:
        """The decision with its stable keys, in their stable order."""
        out: dict[str, Json] = {
            "outcome": self.outcome,
            "winner": self.winner,
            "ranking": [row.as_json() for row in self.ranking],
            "rejected": [row.as_json() for row in self.rejected],
        }
        if self.reason is not None:
            out["reason"] = self.reason
        if self.flagged is not None:
            out["flagged"] = self.flagged
        if self.record is not None:
            out["offers"] = [ruling.as_json() for ruling in self.record.rulings]
            out["rounds"] = [closed.as_json() for closed in self.record.rounds]
        return out


@dataclass(frozen=True, slots=True)
class PlacedDecision:
    """选取结果 of the modes that rank by place alone: mean price and the draws.

    ``benchmark`` only with the award of a mean price; ``shortlist`` (小名单) only with a credit draw's owner's choice.
    """

    outcome: Outcome
    winner: str | None
    ranking: tuple[PlaceRow, ...]
    rejected: tuple[Rejection, ...]
    reason: UnsuccessfulReason | None = None
    benchmark: Benchmark | None = None
    shortlist: tuple[str, ...] | None = None

    def as_json(self) -> dict[str, Json]:
        """The decision with its stable keys, in their stable order."""
        out: dict[str, Json] = {
            "outcome": self.outcome,
            "winner": self.winner,
            "ranking": [row.as_json() for row in self.ranking],
            "rejected": [row.as_json() for row in self.rejected],
        }
        if self.reason is not None:
            out["reason"] = self.reason
        if self.benchmark is not None:
            out["benchmark_fen"] = self.benchmark.fen
            out["factor_bp"] = self.benchmark.factor_bp
        if self.shortlist is not None:
            out["shortlist"] = list(self.shortlist)
        return out


Decision = RankedDecision | PlacedDecision


def discounted(bid: Bid) -> tuple[int | None, int | None]:
    """Price in fen and rate for the row of a bid that was a discount rate; nothing for any other."""
    return (None, None) if bid.discount_bp is None else (bid.price_fen, bid.discount_bp)


def rejections(rows: list[Rejection]) -> tuple[Rejection, ...]:
    """Rows sorted by bidder, as ``rejected`` wants them."""
    return tuple(sorted(rows, key=lambda row: row.bidder))


def unsuccessful(rejected: tuple[Rejection, ...], record: RoundsRecord | None = None) -> RankedDecision:
    """流标: too few bidders."""
    return RankedDecision("unsuccessful", None, (), rejected, reason=TOO_FEW, record=record)


def draw_needed(rejected: tuple[Rejection, ...], record: RoundsRecord | None = None) -> RankedDecision:
    """A draw is needed and has no inputs: the engine never invents randomness."""
    return RankedDecision("draw_needed", None, (), rejected, record=record)


def ranked(
    ranking: Ranking, rejected: tuple[Rejection, ...], unexplained: frozenset[str], record: RoundsRecord | None = None
) -> RankedDecision:
    """An award to the first, unless the first is flagged as abnormally low without an accepted explanation."""
    first = ranking[0].bidder
    if first in unexplained:
        return RankedDecision("awaiting_explanation", None, ranking, rejected, flagged=first, record=record)
    return RankedDecision("award", first, ranking, rejected, record=record)
