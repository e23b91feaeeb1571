"""Offers of one or of several selections decided and appended in one transaction.

Order, as in every writer: idempotency keys; the selections' rows; the status rows of all their bidders shared, in order
of id, in a statement of their own; only then, in later statements, restrictions and voids are read and the clock is
asked (trust.md section 1, docs/adr/0006 and 0017). A desk kept from an earlier batch is believed only when the record
read under the lock ends where the desk does, or goes on from there; when the clock has brought anything, or in doubt,
the selection is held, folded and settled whole, alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agencies import store as agencies
from agencies.life import ACTIVE, Life, dormant
from bidding import store as bidding
from bidding.selection import Selection
from bidding.terms import MultiRoundTerms
from commons.errors import Conflict, MarketplaceError, NotFound
from commons.events import Actor, Recorded, Tip
from commons.verdicts import Reason, Refused
from credit import store as credit
from credit.restrictions import Restriction, restricted
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.outcomes import stopped
from marketplace.record import store as record
from marketplace.record.store import Entry
from marketplace.usecases.act import Caller, clock
from marketplace.usecases.kept_answers import Claim, claim_all, keep_all, let_go_all
from marketplace.usecases.offer_desk import Desk, Judged, brought_up, desk_of, entrants, judge
from marketplace.usecases.offer_messages import OfferPlaced, PlaceOffer
from marketplace.usecases.standing import Held, barring_items, hold_selection, live_rounds, standing

NO_OFFERS = {
    "instant": "an instant selection picks among shelf offers",
    "random_draw": "a draw is among those who signed up, at the published amount",
    "credit_draw": "a draw is among those who signed up, at the published amount",
    "direct": "the owner names an agency itself",
}
"""Modes in which nobody places an offer, and why."""
MOST_BEHIND = 5_000
"""Events that a desk is brought up by at most; one that is further behind is made anew."""

_LOOK = """
WITH clear AS MATERIALIZED (
  SELECT CASE WHEN EXISTS (SELECT FROM selection_void WHERE selection = ANY($1::text[]))
    OR EXISTS (SELECT FROM restriction WHERE subject = ANY($2::text[]))
    OR EXISTS (SELECT FROM agency_status WHERE agency = ANY($2::text[]) AND standing <> 'active')
    THEN NULL ELSE clock_timestamp() END AS at
)
SELECT asked.selection, last.seq, last.digest, last.at, clear.at AS clear_at
FROM clear CROSS JOIN unnest($1::text[]) AS asked(selection) CROSS JOIN LATERAL (
  SELECT seq, digest, at FROM record_event WHERE subject = 'selection/' || asked.selection ORDER BY seq DESC LIMIT 1
) AS last
"""

Answer = OfferPlaced | Refused | MarketplaceError
Restrictions = Mapping[str, tuple[Restriction, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """One offer of a batch, with the claim of its idempotency key (None: it has no key)."""

    caller: Caller
    command: PlaceOffer
    claim: Claim | None = None


@dataclass(slots=True)
class Sheet:
    """The offers of one selection in a batch, in order, and the desk known from before."""

    selection: str
    desk: Desk | None
    placings: Sequence[Placing]


@dataclass(slots=True)
class Carried:
    """What a batch came to: an answer to each placing, the desks as they are after it, and who was left out.

    Of those ``left`` nothing was decided: they have to be settled first, or (``held_elsewhere``) their row is not free.
    """

    answers: dict[Placing, Answer] = field(default_factory=dict)
    desks: dict[str, Desk | None] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    held_elsewhere: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What bears on the offers of a batch besides the record, and when it was read."""

    voids: Mapping[str, Mapping[str, datetime]]
    restrictions: Restrictions
    lives: Mapping[str, Life]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class OnDesk:
    """A selection held for writing with a desk that is up to date; nothing is due in it."""

    lock: bidding.Lock
    desk: Desk
    at: datetime
    restrictions: Restrictions
    lives: Mapping[str, Life]
    was_to_close: datetime | None


async def write_offers(
    connection: Connection, identifier: str, batch: Sequence[Placing], desk: Desk | None = None
) -> list[Answer]:
    """Decide and append a batch of offers of one selection, in order, in the caller's transaction."""
    carried = await carry(connection, [Sheet(identifier, desk, batch)], may_wait=True)
    return [carried.answers[placing] for placing in batch]


async def carry(connection: Connection, sheets: Sequence[Sheet], *, may_wait: bool) -> Carried:
    """Decide every sheet in the caller's transaction, leaving those whose selection is not free or has to be settled.

    ``may_wait``, for one sheet alone: it waits for its selection, and settles it.
    """
    assert len(sheets) == 1 or not may_wait, "who waits is alone"
    carried = Carried()
    claimed = await _claim(connection, sheets, carried)
    asked = {one.selection: [each for each in one.placings if each not in carried.answers] for one in sheets}
    if not any(asked.values()):
        return carried
    desks = {one.selection: one.desk for one in sheets if one.desk is not None}
    locks = await _lock(connection, sorted(desks), may_wait=may_wait) if desks else {}
    held = await _hold(connection, {name: desks[name] for name in locks}, locks, asked) if locks else {}
    entries: list[tuple[Placing, Judged, Entry]] = []
    for one in sheets:
        on_desk = held.get(one.selection)
        if on_desk is None and not may_wait:
            (carried.left if one.selection in locks else carried.held_elsewhere).append(one.selection)
            continue
        if on_desk is None:
            on_desk = await _settled(connection, one, asked[one.selection], carried)
        if on_desk is not None:
            held[one.selection] = on_desk
            entries += _rule(on_desk, await _barring(connection, on_desk), asked[one.selection], carried)
    await _append(connection, held, entries, carried)
    await _answer(connection, claimed, carried)
    return carried


async def _claim(connection: Connection, sheets: Sequence[Sheet], carried: Carried) -> list[tuple[Placing, Claim]]:
    """Claim all keys and return those that are new; what was answered before is answered so again."""
    keyed = [(one, one.claim) for sheet in sheets for one in sheet.placings if one.claim is not None]
    before = await claim_all(connection, [claim for _, claim in keyed])
    for placing, claim in keyed:
        kept = before.get(claim.id)
        if kept is not None:
            try:
                carried.answers[placing] = kept.again(claim, OfferPlaced)
            except Conflict as error:
                carried.answers[placing] = error
    return [(placing, claim) for placing, claim in keyed if claim.id not in before]


async def _hold(
    connection: Connection, desks: Mapping[str, Desk], locks: Mapping[str, bidding.Lock],
    asked: Mapping[str, Sequence[Placing]],
) -> dict[str, OnDesk]:  # fmt: skip
    """Of the selections whose rows are locked hold those with a desk up to date in which nothing is due."""
    own = sorted({each.command.agency for name in desks for each in asked[name]})
    locked = {who for desk in desks.values() for who in desk.state.participants}.union(own)
    await agencies.lock_shared(connection, sorted(locked))
    ends, clear_at = await look(connection, list(desks), own)
    newer = await _newer(connection, desks, ends, locked)
    facts = await _facts(connection, list(newer), own, clear_at)
    held: dict[str, OnDesk] = {}
    for name, events in newer.items():
        lock, gone = locks[name], facts.voids.get(name, {})
        starts = (each.starts_at for one in asked[name] for each in facts.restrictions.get(one.command.agency, ()))
        at = max([facts.read_at, lock.last_at, *gone.values(), *starts])
        desk = brought_up(desks[name], events, gone)
        if desk is not None and not _is_due(lock, desk, gone, at=at):
            held[name] = OnDesk(lock, desk, at, facts.restrictions, facts.lives, desk.last_close)
    return held


async def look(
    connection: Connection, names: Sequence[str], own: Sequence[str]
) -> tuple[dict[str, Tip], datetime | None]:
    """Where the records end, and the clock: None where anything is known against ``own`` or any bidder is voided.

    Asked after every lock is held, in one statement, so that most batches ask nothing more.
    """
    rows = await connection.fetch(_LOOK, list(names), list(own))
    ends = {row["selection"]: Tip(row["seq"], row["digest"], row["at"]) for row in rows}
    return ends, rows[0]["clear_at"] if rows else None


async def _facts(connection: Connection, names: Sequence[str], own: Sequence[str], clear_at: datetime | None) -> _Facts:
    """What is known of the bidders under their locks, and the clock after it."""
    if clear_at is not None:
        return _Facts({}, {}, {}, clear_at)
    voids = await bidding.voids(connection, names)
    restrictions = await credit.restrictions(connection, own)
    return _Facts(voids, restrictions, await agencies.dormant(connection, own), await clock(connection))


async def _lock(connection: Connection, names: Sequence[str], *, may_wait: bool) -> dict[str, bidding.Lock]:
    """Lock the one row, waiting for it, or those of the rows that are free. Nothing that has a desk has an anchor."""
    if not may_wait:
        return await bidding.lock_free(connection, names)
    one = await bidding.lock_selection(connection, names[0])
    return {} if one is None else {names[0]: one}


async def _newer(
    connection: Connection, desks: Mapping[str, Desk], ends: Mapping[str, Tip], locked: set[str]
) -> dict[str, tuple[Recorded, ...]]:
    """What the record has behind each desk; not in it: who is too far behind or off it, or met a bidder not locked."""
    newer: dict[str, tuple[Recorded, ...]] = {}
    for name, desk in desks.items():
        end = ends.get(name, Tip())
        if end == desk.tip:
            newer[name] = ()
        elif desk.tip.seq < end.seq <= desk.tip.seq + MOST_BEHIND:
            events = await record.load_after(connection, f"selection/{name}", desk.tip.seq, limit=MOST_BEHIND)
            if locked >= set(entrants(events)):
                newer[name] = events
    return newer


def _is_due(lock: bidding.Lock, desk: Desk, voids: Mapping[str, datetime], *, at: datetime) -> bool:
    """Whether the clock or a void has brought something that a settling has to persist first."""
    if lock.state == "open":
        close = desk.closes_at
        return close is None or lock.due_at is None or at >= min(close, lock.due_at)
    is_voided = lock.state in {"proposed", "evaluating"} and any(one > lock.last_at for one in voids.values())
    return is_voided or (lock.due_at is not None and at >= lock.due_at)


async def _settled(connection: Connection, sheet: Sheet, asked: Sequence[Placing], carried: Carried) -> OnDesk | None:
    """Hold and settle the selection whole; None when nobody can offer there, which everybody has been told then."""
    carried.desks[sheet.selection] = None
    try:
        held = await hold_selection(connection, sheet.selection, own=sorted({one.command.agency for one in asked}))
    except NotFound as error:
        carried.answers.update(dict.fromkeys(asked, error))
        return None
    if held.lock.mode in NO_OFFERS:
        for one in asked:
            carried.answers[one] = Conflict("no_offers_here", NO_OFFERS[held.lock.mode])
        return None
    desk = await _desk(connection, held.state, at=held.at)
    return OnDesk(held.lock, desk, held.at, held.restrictions, held.lives, desk.last_close)


async def _desk(connection: Connection, state: Selection, *, at: datetime) -> Desk:
    """The desk of a state that the whole record makes."""
    has_rounds = state.mode == MultiRoundTerms.mode
    live = await live_rounds(connection, state, at=at) if has_rounds else None
    return desk_of(state, live, await record.tip(connection, f"selection/{state.id}"))


async def _barring(connection: Connection, held: OnDesk) -> tuple[str, ...]:
    """The items by which narrower restrictions are judged here; none, and no query, where all bar everything."""
    return await barring_items(connection, Held(held.lock, held.desk.state, held.at, held.restrictions))


def _rule(
    held: OnDesk, items: Sequence[str], asked: Sequence[Placing], carried: Carried
) -> list[tuple[Placing, Judged, Entry]]:
    """Rule on the offers of one selection, in order; what one of them lacks is its own affair."""
    desk, at = held.desk, held.at
    if halt := stopped(standing(desk.state)):
        carried.answers.update(dict.fromkeys(asked, Refused(halt)))
        return []
    entries: list[tuple[Placing, Judged, Entry]] = []
    for one in asked:
        try:
            judged = judge(desk, one.command, _barred(held, one.command.agency, items), at=at)
        except MarketplaceError as error:
            carried.answers[one] = error
            continue
        if judged.reasons:
            carried.answers[one] = Refused(judged.reasons)
        if judged.act is not None:
            actor = Actor("agency", judged.alias)
            entries.append((one, judged, Entry(f"selection/{desk.state.id}", judged.act, actor, at)))
    return entries


def _barred(held: OnDesk, who: str, items: Sequence[str]) -> tuple[Reason, ...]:
    """Why the agency may not offer, by what was read under its lock: it stands back, or restrictions bar it."""
    if not held.restrictions and not held.lives:
        return ()
    bound = restricted(held.restrictions.get(who, ()), at=held.at, measure="offer", items=items)
    return (*dormant(held.lives.get(who, ACTIVE)), *bound)


async def _append(
    connection: Connection, held: Mapping[str, OnDesk], entries: Sequence[tuple[Placing, Judged, Entry]],
    carried: Carried,
) -> None:  # fmt: skip
    """Append what is kept of the offers, each to its selection's chain, and note when something happened there."""
    tips = {f"selection/{name}": one.desk.tip for name, one in held.items()}
    events = await record.append_all(connection, [entry for _, _, entry in entries], tips) if entries else ()
    ends = {event.subject: Tip(event.seq, event.digest, event.at) for event in events}
    notes: list[tuple[str, datetime, datetime | None]] = []
    for (placing, judged, _), event in zip(entries, events, strict=True):
        if not judged.reasons:
            carried.answers[placing] = OfferPlaced(
                selection=placing.command.selection, agency=placing.command.agency, seq=judged.number, at=event.at,
                price_fen=judged.price_fen, digest=event.digest,
            )  # fmt: skip
    for name, one in held.items():
        desk = one.desk
        if (end := ends.get(f"selection/{name}")) is not None:
            desk.tip = end
            notes.append((name, one.at, desk.closes_at if desk.live is not None else None))
        if desk.last_close is not None and desk.last_close != one.was_to_close:
            await demands.mark_moved(connection, one.lock.demand, closes_at=desk.last_close)
        carried.desks[name] = desk if one.lock.anchor is None else None
    if notes:
        await bidding.note_all(connection, notes)


async def _answer(connection: Connection, claimed: Sequence[tuple[Placing, Claim]], carried: Carried) -> None:
    """Keep the answers under their keys, refusals too; who is told of an error or left out gives its key up."""
    kept: list[tuple[Claim, OfferPlaced | Refused]] = []
    given_up: list[Claim] = []
    for placing, claim in claimed:
        answer = carried.answers.get(placing)
        if isinstance(answer, OfferPlaced | Refused):
            kept.append((claim, answer))
        else:
            given_up.append(claim)
    await keep_all(connection, kept)
    await let_go_all(connection, given_up)
