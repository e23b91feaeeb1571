"""Whose inbox is whose: what somebody acting in a role is told, by the names under which notifications are kept."""

from __future__ import annotations

from commons.events import Role
from commons.regions import REGIONS
from marketplace.inbox.store import Addressee
from marketplace.usecases.act import Caller, who_asks

PROVINCE = "330000"
MAX_ADDRESSEE = 64


def addressees_of(role: Role, acting: str, region: str | None, organisation: str | None) -> list[Addressee]:
    """For an organisation its own; for a regulator what concerns the region and all that lies in it."""
    if role == "regulator":
        return [Addressee("regulator", code) for code in REGIONS.inside(region or PROVINCE)]
    return [Addressee(role, organisation or acting)]


def addressees(caller: Caller) -> list[Addressee]:
    """What the caller is told as whom he acts, and himself; a delegate also what owners with his mandate are told."""
    badge = caller.badge
    found = addressees_of(caller.actor.role, caller.actor.id, None if badge is None else badge.region, None)
    if badge is not None:
        found += [Addressee("owner", one) for one in sorted(badge.mandates)]
    return [*found, alone(who_asks(caller))]


def alone(who: str) -> Addressee:
    """Whoever asked for something, as what he acted then; no colleague, and none of his other roles, is told."""
    return Addressee("self", who[:MAX_ADDRESSEE])


def reader(caller: Caller) -> str:
    """Under which name it is kept what he has read: the person's; under the development header the actor's."""
    return f"{caller.actor.role}:{caller.actor.id}"[:64] if caller.badge is None else caller.badge.person
