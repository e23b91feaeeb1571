"""Holding linked agencies for review (关联核查): whoever is tied to a restricted agency is looked at, never barred.

Invariants: a restriction and a statement of the same tie cannot miss each other: both hold the tie's digest, and each
looks after it holds it; a linked agency's row is held alone while its hold is written, so no award of it slips
through. Source: credit.md section 3, trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.holds import Hold
from agencies.people.relations import Link, body_digest, links
from commons.events import Actor
from credit import store as credit
from credit.restrictions import Restriction
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Connection
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import new_identifier, stamp
from marketplace.usecases.stated_relations import kinds_json

REVIEWING = Actor("system", "linking")

_CLOSED = """
SELECT selection.id FROM selection JOIN demand ON demand.id = selection.demand
WHERE selection.id = ANY($1::text[]) AND (selection.state NOT IN ('open', 'suspended')
  OR selection.state = 'open' AND demand.selection = selection.id AND demand.closes_at <= $2)
"""


async def lock_with_linked(connection: Connection, agency: str) -> bool:
    """Lock the agency alone with whoever may be linked to it, in order of id; False: no such agency.

    A tie that is being stated meanwhile waits for us, or we for it.
    """
    around = {agency, *await people.sharing(connection, agency)}
    found = False
    for one in sorted(around):
        locked = await agencies.lock_alone(connection, one)
        found = found or (locked and one == agency)
    if not found:
        return False
    await hold_ties(connection, agency)
    for one in sorted({*await people.sharing(connection, agency)} - around):
        await agencies.lock_alone(connection, one)
    return True


async def hold_ties(connection: Connection, agency: str) -> None:
    """Hold every tie of the agency alone: whoever states one of them waits, and sees the restriction then."""
    own = (await people.ties(connection, [agency]))[agency]
    await people.hold_digests(connection, [body_digest(agency), *(tie.digest for tie in own)], alone=True)


async def hold_linked(connection: Connection, restriction: Restriction, *, profile: str) -> tuple[Hold, ...]:
    """Open a hold for every agency linked to the restricted one; the caller came in by ``lock_with_linked``."""
    subject, at = restriction.subject, restriction.starts_at
    if not _follows(restriction):
        return ()
    ties = await people.ties(connection, [subject, *await people.sharing(connection, subject)])
    return await _open(connection, restriction, links(subject, ties, at=at), profile=profile, at=at)


async def hold_if_linked(connection: Connection, agency: str, *, profile: str, at: datetime) -> tuple[Hold, ...]:
    """Open the holds that what the agency has just stated brings upon it, or upon whoever is linked to it.

    The caller holds the agency and its digests.
    """
    around = [one for one in await people.sharing(connection, agency) if one != agency]
    if not around:
        return ()
    ties = await people.ties(connection, [agency, *around])
    opened: list[Hold] = []
    for subject, bound in sorted((await credit.restrictions(connection, [agency, *around])).items()):
        following = [one for one in bound if one.is_in_force(at=at) and _follows(one)]
        if not following:
            continue
        about = ties if subject == agency else {subject: ties[subject], agency: ties[agency]}
        found = links(subject, about, at=at)
        for other in sorted(link.agency for link in found if link.agency != agency):
            await agencies.lock_alone(connection, other)
        for restriction in following:
            opened.extend(await _open(connection, restriction, found, profile=profile, at=at))
    return tuple(opened)


async def holds_now(connection: Connection, who: Sequence[str]) -> Mapping[str, tuple[Hold, ...]]:
    """The holds of these agencies; one whose restriction has ended ends with it."""
    found = await people.holds_of(connection, who)
    subjects = sorted({one.linked_to for each in found.values() for one in each if one.restriction is not None})
    if not subjects:
        return found
    bound = await credit.restrictions(connection, subjects)
    ends = {one.id: one.ends_at for each in bound.values() for one in each}
    return {agency: tuple(_ended(one, ends) for one in each) for agency, each in found.items()}


async def closed_of(connection: Connection, selections: Sequence[str], *, at: datetime) -> frozenset[str]:
    """Those of the selections whose last close is past: who is in them is no secret any more."""
    if not selections:
        return frozenset()
    return frozenset(row["id"] for row in await connection.fetch(_CLOSED, sorted(set(selections)), at))


def _ended(one: Hold, ends: Mapping[str, datetime | None]) -> Hold:
    end = ends.get(one.restriction) if one.restriction is not None else None
    if end is None or (one.ruled_at is not None and one.ruled_at <= end):
        return one
    return replace(one, ruled_at=max(end, one.opened_at))


def _follows(restriction: Restriction) -> bool:
    """Whether the restriction is one that a new name would get round: it bars signing up, offering or awards."""
    return any(restriction.bars(measure) for measure in ("sign_up", "offer", "award"))


async def _open(
    connection: Connection, restriction: Restriction, found: Sequence[Link], *, profile: str, at: datetime
) -> tuple[Hold, ...]:
    """A hold for each link of which anything was not looked at yet because of this restriction, told to the agency."""
    known = await people.holds_of(connection, [link.agency for link in found])
    due = rule_profile(profile).after("hold_review", at)
    opened = []
    for link in found:
        before = [one for one in known[link.agency] if one.restriction == restriction.id]
        looked_at = {digest for one in before for digest in one.digests}
        is_waiting = any(one.is_open(at=at) for one in before)  # whatever is new is looked at when it is ruled on
        if not is_waiting and (not before or not looked_at.issuperset(link.digests)):
            opened.append(_hold(restriction, link, at=at, due_at=due.at))
    await people.insert_holds(connection, opened)
    for one in sorted(opened, key=lambda one: one.agency):
        last = await hold(connection, f"agency/{one.agency}")
        act = Act(
            "agency.held",
            {
                "hold": one.id,
                "linked_to": one.linked_to,
                "restriction": one.restriction,
                "kinds": kinds_json(one.kinds),
                "due_at": stamp(one.due_at),
                "is_provisional": due.is_provisional,
            },
        )
        await append(connection, f"agency/{one.agency}", [act], actor=REVIEWING, at=max([at, *last]))
    return tuple(opened)


def _hold(restriction: Restriction, link: Link, *, at: datetime, due_at: datetime) -> Hold:
    return Hold(
        new_identifier("V", at=at), link.agency, restriction.subject, restriction.id, None, link.kinds, at, due_at,
        digests=link.digests,
    )  # fmt: skip
