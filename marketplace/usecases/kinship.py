"""Bidders under one roof (关联投标人) and agencies under their owner's: who may not take part, who is looked at.

An agency that stands under the project owner is refused. Two bidders under one person or body may not take part side
by side; ties are the agencies' own statements, so neither is put out on the other's word: both are held for review in
that selection, a regulator rules, and nobody learns before the close who else is in.
Source: market.md section 4, docs/adr/0018.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agencies import store as agencies
from agencies.people import store as people
from agencies.people.holds import Hold, held
from agencies.people.relations import TieKind, related
from bidding import store as bidding
from bidding.commitments import pseudonym
from bidding.selection import Selection
from commons.canonical import Json
from commons.sources import Source
from commons.verdicts import Reason
from marketplace.catalogue.profiles import rule_profile
from marketplace.database import Connection
from marketplace.record.store import Act
from marketplace.usecases.act import new_identifier
from marketplace.usecases.holding import holds_now
from marketplace.usecases.stated_relations import kinds_json

KINSHIP_RULE = Source("涉批中介网上超市回避规则（generic-v1）", "no", "market.md 4")


async def kin_to_owner(
    connection: Connection, who: Sequence[str], owner: str, *, at: datetime
) -> dict[str, tuple[Reason, ...]]:
    """Why each agency may not serve this owner: one stands under the other, or both under the same; mostly nothing.

    Only who ever shared a tie with the owner can be related to it: the others' ties are not read.
    """
    found: dict[str, tuple[Reason, ...]] = dict.fromkeys(who, ())
    around = {*await people.sharing(connection, owner)}.intersection(who) - {owner}
    ties = await people.ties(connection, [*around, owner]) if around else {}
    for agency in around:
        kinds = related(agency, owner, ties, at=at)
        found[agency] = (Reason("related_to_owner", KINSHIP_RULE, {"kinds": "、".join(kinds)}),) if kinds else ()
    return found


async def not_at_once(
    connection: Connection, who: Sequence[str], owner: str, *, at: datetime
) -> dict[str, tuple[Reason, ...]]:
    """Why an agency cannot be bound at once: it stands under the owner, or is held for review just now."""
    kin, holds = await kin_to_owner(connection, who, owner, at=at), await holds_now(connection, who)
    everywhere = {agency: [one for one in holds[agency] if one.selection is None] for agency in who}
    return {agency: (*kin[agency], *held(everywhere[agency], at=at)) for agency in who}


async def hold_kin(
    connection: Connection, state: Selection, agency: str, *, profile: str, at: datetime
) -> tuple[Act, ...]:
    """Hold the newcomer and every bidder it is related to, in this selection; what its record says of it.

    The caller holds every bidder's row shared, and the selection's row alone.
    """
    others = [one.bidder for one in state.participants.values() if one.voided_at is None and one.bidder != agency]
    assert state.closes_at is not None, "who signs up does so before a close"
    due_at = rule_profile(profile).after("hold_review", state.closes_at).at
    acts: list[Act] = []
    for other, kinds in await _hold_pairs(connection, state.id, agency, others, due_at=due_at, at=at):
        private: dict[str, Json] = {"bidders": [agency, other], "kinds": kinds_json(kinds)}
        aliases: list[Json] = [pseudonym(state, agency), pseudonym(state, other)]
        acts.append(Act("bidders.related", {"bidders": aliases}, private=private))
    return tuple(acts)


async def hold_kin_anew(connection: Connection, agency: str, *, profile: str, at: datetime) -> None:
    """The same where ties are stated after the sign-up, in everything that the agency is in and that runs.

    The caller holds the agency's row alone; the rows of those who are found related are taken alone, too.
    """
    for selection, _ in await bidding.running_of(connection, agency):
        others = [one for one in await bidding.bidders(connection, [selection]) if one != agency]
        due_at = rule_profile(profile).after("hold_review", at).at
        await _hold_pairs(connection, selection, agency, others, due_at=due_at, at=at, is_alone=True)


async def _hold_pairs(
    connection: Connection, selection: str, agency: str, others: Sequence[str], *,
    due_at: datetime, at: datetime, is_alone: bool = False,
) -> list[tuple[str, tuple[TieKind, ...]]]:  # fmt: skip
    """Hold the agency and each it is related to, each pair once in a selection; whom, and by which ties."""
    if not others:
        return []
    ties = await people.ties(connection, [agency, *others])
    kin = {one: related(agency, one, ties, at=at) for one in sorted(others)}
    known = (await people.holds_of(connection, [agency]))[agency]
    held_with = {one.linked_to for one in known if one.selection == selection}
    found = [(one, kinds) for one, kinds in kin.items() if kinds and one not in held_with]
    for other, kinds in found:
        if is_alone:
            await agencies.lock_alone(connection, other)
        pair = ((agency, other), (other, agency))
        await people.insert_holds(
            connection,
            [Hold(new_identifier("V", at=at), one, two, None, selection, kinds, at, due_at) for one, two in pair],
        )
    return found
