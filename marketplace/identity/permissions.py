"""Who may do what: one table decides for the API, the pages and the command line alike.

Every act of a use case is one row: the roles that may do it and how far each reaches, whether an administrator must do
it, whether the person proves again who he is just before (step-up), whether a second person must approve. Invariants:
what no row names nobody may do; a role that a row does not name may not do it. Pure; the matrix of
docs/reference/permissions.md is printed from it. Source: market.md section 1, trust.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from commons.events import Role

Reach = Literal["any", "own", "mandate", "downwards"]
"""Whose matters: everybody's; those of one's own organisation; of an owner who gave a mandate; of one's region."""
Rank = Literal["administrator", "staff"]


@dataclass(frozen=True, slots=True)
class Permission:
    """One act, who may do it and under which conditions; ``two_persons``: it waits for a second one's approval."""

    act: str
    roles: Mapping[Role, Reach]
    administrators: frozenset[Role] = frozenset()
    is_step_up: bool = False
    two_persons: bool = False
    second: Role | None = None
    """The role of the second person; None: the same as the first one's."""
    is_by_hand: bool = False
    """Only somebody who signed in does it: no token is made for it."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What a signed-in person acts as: a person, in a rank, for an organisation or over a region.

    ``person`` is the pseudonym of the account. ``region`` and ``line`` bound a regulator (None: no bound), ``mandates``
    are the owners for whom a platform delegate (代办员) may act. ``is_fresh``: who he is was proved a moment ago.
    ``scopes`` are the acts a token was made for; None: all that its bearer may do.
    """

    person: str
    rank: Rank = "staff"
    region: str | None = None
    line: str | None = None
    mandates: frozenset[str] = frozenset()
    is_fresh: bool = False
    scopes: frozenset[str] | None = None
    role_id: str | None = None
    """Which of the account's roles this is."""


def permission(
    act: str,
    *,
    own: Iterable[Role] = (),
    everyone: Iterable[Role] = (),
    downwards: bool = False,
    mandate: bool = False,
    administrators: Iterable[Role] = (),
    step_up: bool = False,
    two_persons: bool = False,
    second: Role | None = None,
) -> Permission:
    """A row: the roles that act for their own, for anybody; regulators downwards; delegates by mandate."""
    roles: dict[Role, Reach] = {**dict.fromkeys(own, "own"), **dict.fromkeys(everyone, "any")}
    if mandate:
        roles["delegate"] = "mandate"
    if downwards:
        roles["regulator"] = "downwards"
    return Permission(act, MappingProxyType(roles), frozenset(administrators), step_up, two_persons, second)


@dataclass(frozen=True, slots=True)
class Denied:
    """Why an act is not allowed: a stable code and one sentence."""

    code: str
    detail: str


def deny_role(row: Permission, role: Role, badge: Badge | None) -> Denied | None:
    """Why somebody of this role may not do the act at all, whoever it concerns; None when he may.

    Without a badge (a demonstration, the development header) rank, step-up and scopes are not asked for.
    """
    if role not in row.roles:
        return Denied("role_not_allowed", f"only {', '.join(row.roles)} may do this")
    if badge is None:
        return None
    if badge.scopes is not None and (row.is_by_hand or row.act not in badge.scopes):
        return Denied("token_scope", f"this token was not made for {row.act}")
    if role in row.administrators and badge.rank != "administrator":
        return Denied("administrator_only", "only an administrator of the organisation may do this")
    if row.is_step_up and not badge.is_fresh:
        return Denied("step_up_needed", "confirm who you are once more, then send this again")
    return None


def deny_reach(row: Permission, role: Role, identity: str, badge: Badge | None, *, own: str | None) -> Denied | None:
    """Why somebody of this role and identity may not do the act to what belongs to ``own``; None when he may."""
    match row.roles[role]:
        case "own" if identity != own:
            return Denied("not_yours", "this belongs to somebody else")
        case "mandate" if badge is not None and own not in badge.mandates:
            return Denied("no_mandate", "this owner has given no mandate to act for it")
        case _:
            return None
