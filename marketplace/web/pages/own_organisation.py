"""认领单位、本单位成员: for whom one acts, and who else does."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import Forbidden
from marketplace.database import Database
from marketplace.sessions.limits import SESSION_LASTS
from marketplace.usecases.membership import (
    AdmitMember,
    ClaimOrganisation,
    EndMember,
    Organised,
    RoleEnded,
    RoleGiven,
    admit_member,
    claim_organisation,
    end_member,
)
from marketplace.usecases.read_account import read_members
from marketplace.usecases.session_acts import ChooseRole, choose_role
from marketplace.web.addresses import ACCOUNT, MEMBERS, ORGANISATION
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.forms import (
    FORM,
    NEEDS_PROOF,
    Faulty,
    Form,
    command_of,
    entered,
    form_of,
    to,
    to_confirm,
    to_sign_in,
    tried,
)
from marketplace.web.pages.own_account import shown
from marketplace.web.signed_in import Visitor, cookie_of, device_of, reader_of
from marketplace.web.views.account import MemberRow, MembersView, OrganisationView
from marketplace.web.views.parts import NOTHING_ENTERED, Entered


@get(ORGANISATION, include_in_schema=False)
async def organisation_page(request: PageRequest) -> Response[str]:
    """The form."""
    return to_sign_in(request) if reader_of(request) is None else shown(request, OrganisationView())


@post(ORGANISATION, **FORM)
async def organisation_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Claim it, and act for it from now on."""
    form = await form_of(request)
    visitor = form.signed_in
    assert visitor.secret is not None, "a session"
    code = (form.get("organisation") or "").strip().upper()
    done = await tried(
        lambda: claim_organisation(
            database, visitor.caller(None), command_of(ClaimOrganisation, form, ("role",), organisation=code)
        )
    )
    if isinstance(done, Faulty):
        return shown(request, OrganisationView(entered(form, done)), done)
    chosen = ChooseRole(role=done.role_id)
    opened = await choose_role(database, visitor.secret, visitor.bearer.account, chosen, device_of(request))
    return to(request, ACCOUNT, Set_Cookie=cookie_of(opened.secret, lasts=SESSION_LASTS))


@get(MEMBERS, include_in_schema=False)
async def members_page(request: PageRequest) -> Response[str]:
    """Who acts for the organisation that one acts for."""
    visitor = reader_of(request)
    return to_sign_in(request) if visitor is None else shown(request, await _members_view(request, visitor))


async def _members_view(request: PageRequest, visitor: Visitor, again: Entered = NOTHING_ENTERED) -> MembersView:
    role, organisation = _organisation(visitor)
    state = request.app.state
    found = await read_members(state.database, visitor.caller(None), role, organisation, identifiers=state.identifiers)
    return MembersView(
        role=role,
        organisation=organisation,
        rows=tuple(
            MemberRow(
                one.role.role_id, one.login, one.name, one.role.rank, one.role.is_verified, one.role.granted_at
            )
            for one in found.members
        ),
        is_administrator=visitor.bearer.rank == "administrator",
        entered=again,
    )  # fmt: skip


def _organisation(visitor: Visitor) -> tuple[Organised, str]:
    """For whom the session acts; ``Forbidden`` when it acts for no organisation."""
    one = visitor.bearer
    if one.organisation is None or one.actor_role not in {"owner", "agency"}:
        raise Forbidden("role_needed", "choose for which organisation you act")
    return one.actor_role, one.organisation


@post(MEMBERS, **FORM)
async def members_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Admit somebody, or end a membership."""
    form = await form_of(request)
    visitor = form.signed_in
    done = await tried(lambda: _change(database, visitor, form))
    if isinstance(done, Faulty):
        if done.code == NEEDS_PROOF:
            return to_confirm(request)
        return shown(request, await _members_view(request, visitor, entered(form, done)), done)
    return to(request, MEMBERS)


async def _change(database: Database, visitor: Visitor, form: Form) -> RoleGiven | RoleEnded:
    role, organisation = _organisation(visitor)
    caller = visitor.caller(None)
    if form.get("do") == "end":
        ending = command_of(EndMember, form, ("member", "reason"), role=role, organisation=organisation)
        return await end_member(database, caller, ending)
    admitting = command_of(AdmitMember, form, ("account", "rank"), role=role, organisation=organisation)
    return await admit_member(database, caller, admitting)


ORGANISATION_PAGES: tuple[HTTPRouteHandler, ...] = (
    organisation_page,
    organisation_form,
    members_page,
    members_form,
)
"""For whom somebody acts."""
