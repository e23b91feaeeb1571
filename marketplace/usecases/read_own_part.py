"""What is an agency's own part in a selection? Its admission, its offers with their receipts, its award: nothing else.

Invariants: nobody but the agency itself is told, and it is told nothing of anybody else's part; what is read is what
settling will persist. Source: trust.md sections 1 and 5, pages.md (sealed offer with receipt).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agencies import store as agencies
from bidding.selection import UNCONFIRMED, Asked, OfferLine, Participant, Selection
from commons.errors import Forbidden
from commons.events import Recorded
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.demands import store as demands
from marketplace.demands.objecting import judge_withdrawal
from marketplace.demands.store import Demand
from marketplace.usecases.act import Caller
from marketplace.usecases.object_to_award import objectors, who
from marketplace.usecases.read_award import may_object
from marketplace.usecases.read_demand import as_settled, published
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import standings
from marketplace.usecases.stages import now_at

MOST = 20
_OWN = """
SELECT selection.id, selection.demand FROM selection_bidder JOIN selection ON selection.id = selection_bidder.selection
WHERE selection_bidder.agency = $1 ORDER BY selection_bidder.signed_up_at DESC, selection.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """An offer of one's own: its number among them, and the hash of its event, which is what the receipt says."""

    number: int
    line: OfferLine
    digest: str

    @property
    def waits(self) -> bool:
        """Whether it has to be confirmed since the terms changed."""
        return self.line.reason == UNCONFIRMED


@dataclass(frozen=True, slots=True)
class OwnAward:
    """An award of one's own: confirmed until or since when, given up since when, whether it is final."""

    confirm_until: datetime | None
    confirmed_at: datetime | None
    abandoned_at: datetime | None
    is_proposed: bool
    is_final: bool
    is_asked: bool


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One selection as its participant may see it ``now``; ``participant`` None: not signed up.

    ``objections`` are the numbers of those that it raised and may still withdraw; ``may_object``: it may raise one.
    """

    now: datetime
    agency: str
    demand: Demand
    selection: str
    participant: Participant | None
    offers: tuple[OwnOffer, ...]
    award: OwnAward | None
    explanation: Asked | None
    is_filed: bool = True
    is_suspended: bool = False
    objections: tuple[int, ...] = ()
    may_object: bool = False

    @property
    def waits(self) -> bool:
        """Whether something of one's own has to be confirmed since the terms changed."""
        is_in = self.participant is not None and not self.participant.is_confirmed
        return is_in or any(one.waits for one in self.offers)

    @property
    def counting(self) -> OwnOffer | None:
        """The offer that counts: the last one that was taken."""
        return next((one for one in reversed(self.offers) if one.line.reason is None), None)


async def read_own_part(database: Database, caller: Caller, demand: str) -> OwnPart:
    """The caller's own part in the selection of that demand; ``Forbidden`` for whoever is no agency."""
    agency = _agency(caller)
    async with reading(database) as snapshot:
        row, standing = await published(snapshot, demand)
        is_filed = await agencies.is_filed(snapshot.connection, agency)
        raised = await objectors(snapshot.connection, standing.state)
    found = own_part(agency, row, standing.state, standing.recorded, now=snapshot.now, is_filed=is_filed)
    stage, now = now_at(standing.state, row, at=snapshot.now), snapshot.now
    own = [one for one in standing.state.objections if raised[one.number] == who(caller.actor)]
    held = (one.number for one in own if not isinstance(judge_withdrawal(stage, "agency", one, at=now), Refused))
    is_against = any(one.against == standing.state.proposed for one in own)
    return replace(
        found, objections=tuple(held), may_object=not is_against and may_object(row, "agency", agency, at=now)
    )


async def read_own_parts(database: Database, caller: Caller) -> tuple[OwnPart, ...]:
    """Every selection that the caller signed up to, latest first, at most ``MOST``."""
    agency = _agency(caller)
    found: list[OwnPart] = []
    async with reading(database) as snapshot:
        rows = await snapshot.connection.fetch(_OWN, agency, MOST)
        known = await standings(snapshot, [row["id"] for row in rows])
        for row in rows:
            demand, standing = await demands.demand_by_id(snapshot.connection, row["demand"]), known.get(row["id"])
            if demand is None or standing is None or demand.selection != row["id"]:
                continue
            settled = as_settled(demand, standing, now=snapshot.now)
            found.append(own_part(agency, settled, standing.state, standing.recorded, now=snapshot.now))
    return tuple(found)


def _agency(caller: Caller) -> str:
    if caller.actor.role != "agency":
        raise Forbidden("role_not_allowed", "only an agency has a part of its own")
    return caller.actor.id


def own_part(
    agency: str, demand: Demand, state: Selection, recorded: Sequence[Recorded], *, now: datetime, is_filed: bool = True
) -> OwnPart:
    """What of a folded selection is that agency's own."""
    digests = [one.event.digest for one in recorded if one.event.type == "offer.placed"]
    lines = [
        (line, digest) for line, digest in zip(state.offers, digests, strict=True) if line.bidder == agency
    ]  # fmt: skip
    return OwnPart(
        now=now,
        agency=agency,
        demand=demand,
        selection=state.id,
        participant=state.participants.get(agency),
        offers=tuple(OwnOffer(number, line, digest) for number, (line, digest) in enumerate(lines, 1)),
        award=_award(agency, state),
        explanation=state.explanations.get(agency),
        is_filed=is_filed,
        is_suspended=state.suspension is not None,
    )


def _award(agency: str, state: Selection) -> OwnAward | None:
    if state.proposed != agency and agency not in state.abandoned:
        return None
    until = state.confirming.get(agency)
    return OwnAward(
        confirm_until=None if until is None else until.at,
        confirmed_at=state.confirmations.get(agency),
        abandoned_at=state.abandoned.get(agency),
        is_proposed=state.proposed == agency,
        is_final=state.proposed == agency and state.is_confirmed,
        is_asked=state.needs_confirmation,
    )
