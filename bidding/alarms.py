"""Alarms for regulators (预警): patterns over selections that are over, each with its evidence; nobody is out by one.

Invariants: an alarm names the selections and figures it rests on and excludes nobody; the thresholds are ours and stand
here. Only what is decided is looked at, so that no alarm tells who is in a sealed selection. Source: market.md 5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

AlarmKind = Literal["regular_prices", "cover_bids", "rotation", "owner_winner", "single_bidder", "shared_tie"]
"""报价等差、陪标、轮流中选、业主与中选机构集中、多次仅一家、投标人共用联系."""

REGULAR_BIDDERS = 4
"""Prices that lie equally far apart say something from so many bidders on."""
COVERED = 3
"""So often the same one has to lose to the same one."""
ROUNDS = 4
"""Selections in which the same ones meet before turns are seen in who wins."""
OWNER_AWARDS = 5
"""Awards of one owner before the share of one winner says something."""
OWNER_SHARE_BP = 6_000
SINGLE = 3
"""Selections of one owner with one bidder alone."""


@dataclass(frozen=True, slots=True)
class Past:
    """A decided selection: whose, who took part, the last price of each in fen (where there are prices), who won."""

    selection: str
    owner: str
    bidders: tuple[str, ...]
    prices: Mapping[str, int]
    winner: str | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A pattern: the agencies it is about, the owner ("" for none), the selections it rests on, its figures."""

    kind: AlarmKind
    agencies: tuple[str, ...]
    owner: str
    selections: tuple[str, ...]
    figures: Mapping[str, int]


def alarms(past: Sequence[Past], ties: Mapping[tuple[str, str], int]) -> tuple[Alarm, ...]:
    """Every alarm over these selections, in the order of closing; ``ties`` counts what two agencies share, by pair.

    The pair is in order of code.
    """
    return (
        *(one for each in past for one in _regular(each)),
        *_covers(past),
        *_rotations(past),
        *_owners(past),
        *_singles(past),
        *_shared(past, ties),
    )


def _regular(one: Past) -> Iterable[Alarm]:
    """Prices of all bidders that lie equally far apart."""
    prices = sorted(one.prices.values())
    steps = {later - earlier for earlier, later in pairwise(prices)}
    if len(prices) >= REGULAR_BIDDERS and len(steps) == 1 and 0 not in steps:
        agencies = tuple(sorted(one.prices, key=lambda who: one.prices[who]))
        yield Alarm("regular_prices", agencies, one.owner, (one.selection,), {"step_fen": steps.pop()})


def _covers(past: Iterable[Past]) -> Iterable[Alarm]:
    """The same bidder loses to the same winner by price again and again, and never beats it."""
    beaten: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in past:
        if one.winner is None or one.winner not in one.prices:
            continue
        for who, price in one.prices.items():
            if who != one.winner and price > one.prices[one.winner]:
                beaten[one.winner, who].append(one.selection)
    for (winner, loser), where in sorted(beaten.items()):
        if len(where) >= COVERED and (loser, winner) not in beaten:
            yield Alarm("cover_bids", (winner, loser), "", tuple(where), {"times": len(where)})


def _rotations(past: Iterable[Past]) -> Iterable[Alarm]:
    """The same bidders meet again and again, and win in turn: nobody twice before everybody once."""
    meetings: dict[frozenset[str], list[Past]] = defaultdict(list)
    for one in past:
        if one.winner is not None and len(one.bidders) > 1:
            meetings[frozenset(one.bidders)].append(one)
    for among, met in sorted(meetings.items(), key=lambda one: sorted(one[0])):
        winners = [one.winner for one in met]
        size = len(set(winners))
        in_turn = all(winners[place] == winners[place - size] for place in range(size, len(winners)))
        if len(met) >= ROUNDS and size > 1 and len(set(winners[:size])) == size and in_turn:
            where = tuple(one.selection for one in met)
            yield Alarm("rotation", tuple(sorted(among)), "", where, {"times": len(met), "winners": size})


def _owners(past: Iterable[Past]) -> Iterable[Alarm]:
    """One agency wins most of what an owner awards."""
    awarded: dict[str, list[Past]] = defaultdict(list)
    for one in past:
        if one.winner is not None:
            awarded[one.owner].append(one)
    for owner, every in sorted(awarded.items()):
        for winner in sorted({one.winner for one in every if one.winner is not None}):
            won = [one.selection for one in every if one.winner == winner]
            share = 10_000 * len(won) // len(every)
            if len(every) >= OWNER_AWARDS and share >= OWNER_SHARE_BP:
                figures = {"won": len(won), "of": len(every), "share_bp": share}
                yield Alarm("owner_winner", (winner,), owner, tuple(won), figures)


def _singles(past: Iterable[Past]) -> Iterable[Alarm]:
    """An owner's selections in which one alone took part, again and again."""
    alone: dict[str, list[Past]] = defaultdict(list)
    for one in past:
        if len(one.bidders) == 1:
            alone[one.owner].append(one)
    for owner, every in sorted(alone.items()):
        if len(every) >= SINGLE:
            agencies = tuple(sorted({one.bidders[0] for one in every}))
            where = tuple(one.selection for one in every)
            yield Alarm("single_bidder", agencies, owner, where, {"times": len(every)})


def _shared(past: Iterable[Past], ties: Mapping[tuple[str, str], int]) -> Iterable[Alarm]:
    """Two who took part in the same selection share a contact, an address or people."""
    met: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in past:
        for first, second in combinations(sorted(set(one.bidders)), 2):
            if (first, second) in ties:
                met[first, second].append(one.selection)
    for pair, where in sorted(met.items()):
        yield Alarm("shared_tie", pair, "", tuple(where), {"shared": ties[pair], "times": len(where)})
