"""Whose inbox is whose: what somebody acting in a role is told, by the names under which notifications are kept."""

from __future__ import annotations

from commons.events import Role
from commons.regions import REGIONS
from marketplace.inbox.store import Addressee
from marketplace.usecases.act import Caller

PROVINCE = "330000"


def addressees_of(role: Role, acting: str, region: str | None, organisation: str | None) -> list[Addressee]:
    """For an organisation its own; for a regulator what concerns the region and all that lies in it."""
    if role == "regulator":
        return [Addressee("regulator", code) for code in REGIONS.inside(region or PROVINCE)]
    return [Addressee(role, organisation or acting)]


def addressees(caller: Caller) -> list[Addressee]:
    """What the caller is told as whom he acts; a delegate also what the owners are told who gave him a mandate."""
    badge = caller.badge
    found = addressees_of(caller.actor.role, caller.actor.id, None if badge is None else badge.region, None)
    if badge is not None:
        found += [Addressee("owner", one) for one in sorted(badge.mandates)]
    return found


def reader(caller: Caller) -> str:
    """Under which name it is kept what he has read: the person's; under the development header the actor's."""
    return f"{caller.actor.role}:{caller.actor.id}"[:64] if caller.badge is None else caller.badge.person
