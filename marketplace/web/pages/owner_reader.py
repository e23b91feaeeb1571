"""Who reads as an owner, or for one: owners for themselves, delegates (代办员) for those who gave them a mandate."""

from __future__ import annotations

from litestar import Response

from commons.errors import Forbidden
from marketplace.settings import Settings
from marketplace.web.addresses import HOME, MY_DEMANDS, WORK
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import to_roles, to_sign_in
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.agency_acts import Trail

OWNERS = frozenset({"owner", "delegate"})
AT_WORK: Trail = ((HOME, "首页"), (WORK, "工作台"))
AT_DEMANDS: Trail = (*AT_WORK, (MY_DEMANDS, "我的需求"))


def owner_reader(request: PageRequest) -> Visitor | Response[str]:
    """Who reads; else where he is sent: to sign in, or to take a role. ``Forbidden`` for every other role."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    if visitor.bearer.actor_role is None:
        return to_roles(request)
    if visitor.bearer.actor_role not in OWNERS:
        raise Forbidden("role_not_allowed", "this page is for owners and who acts for them")
    return visitor


def owners_for(visitor: Visitor) -> tuple[str, ...]:
    """The owners for whom the reader may act."""
    if visitor.actor.role == "owner":
        return (visitor.actor.id,)
    return tuple(sorted(visitor.bearer.mandates))


def profile_name(request: PageRequest) -> str:
    """The rule profile of this site."""
    settings: Settings = request.app.state.settings
    return settings.profile
