"""认领单位、本单位成员: for whom one acts, and who else does."""

from __future__ import annotations

from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Forbidden
from commons.verdicts import Refused
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
from marketplace.web.addresses import MEMBERS, ORGANISATION
from marketplace.web.onward import ONWARD, onward_of
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page
from marketplace.web.pages.asking import PageRequest, identifier_of, query_of
from marketplace.web.pages.forms import (
    FORM,
    Faulty,
    command_of,
    entered,
    form_of,
    to,
    to_sign_in,
    tried,
)
from marketplace.web.pages.own_account import shown
from marketplace.web.plans import Field, Plan, proposed
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor, cookie_of, device_of, reader_of
from marketplace.web.views.account import MemberRow, MembersView, OrganisationView
from marketplace.web.views.forms import Choice, FormShown

RANKS = (Choice("staff", "经办人", "办理日常事项"), Choice("administrator", "管理员", "还可以管理成员"))
ADMITTING = Asked(
    Plan(
        (
            Field(
                "account", "账号代码", hint="对方先注册账号，再把“我的账号”页上的账号代码告诉您", limit=16,
                asks="账号代码最多 16 个字符",
            ),
            Field("rank", "成员级别", "radios", options=RANKS),
        )
    ),
    MEMBERS,
)  # fmt: skip
"""Who is to act for the organisation, and in which rank."""
ENDING = Plan((Field("reason", "理由（留在记录中）", limit=500, asks="请填写理由，最多 500 字"),))
"""Why a membership ends."""


@get(ORGANISATION, include_in_schema=False)
async def organisation_page(request: PageRequest) -> Response[str]:
    """The form; it keeps the page that one came from."""
    onward = onward_of(query_of(request).get(ONWARD), otherwise="")
    return to_sign_in(request) if reader_of(request) is None else shown(request, OrganisationView(onward=onward))


@post(ORGANISATION, **FORM)
async def organisation_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Claim it, act for it from now on, and go on to the page that one came from."""
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
        again = OrganisationView(entered(form, done), onward_of(form.get(ONWARD), otherwise=""))
        return shown(request, again, done)
    chosen = ChooseRole(role=done.role_id)
    opened = await choose_role(database, visitor.secret, visitor.bearer.account, chosen, device_of(request))
    onward = onward_of(form.get(ONWARD))
    return to(request, onward, Set_Cookie=cookie_of(opened.secret, lasts=SESSION_LASTS))


@get(MEMBERS, include_in_schema=False)
async def members_page(request: PageRequest) -> Response[str]:
    """Who acts for the organisation that one acts for."""
    visitor = reader_of(request)
    return to_sign_in(request) if visitor is None else made_page(request, await _members(request))


async def _members(request: PageRequest, again: FormShown | None = None) -> Made:
    """The page, one of its forms as it was sent."""
    visitor = reader_of(request)
    assert visitor is not None, "form_of has asked, or the page"
    role, organisation = _organisation(visitor)
    state = request.app.state
    found = await read_members(state.database, visitor.caller(None), role, organisation, identifiers=state.identifiers)
    forms = {} if again is None else {again.id: again}
    view = MembersView(
        role=role,
        organisation=organisation,
        rows=tuple(
            MemberRow(
                one.role.role_id, one.login, one.name, one.role.rank, one.role.is_verified, one.role.granted_at,
                forms.get(f"end-{one.role.role_id}") or _ending(one.role.role_id).fresh(),
            )
            for one in found.members
        ),
        is_administrator=visitor.bearer.rank == "administrator",
        admitting=forms.get("") or ADMITTING.fresh(proposed(rank="staff")),
    )  # fmt: skip
    return Made(view, datetime.now(UTC))


def _organisation(visitor: Visitor) -> tuple[Organised, str]:
    """For whom the session acts; ``Forbidden`` when it acts for no organisation."""
    one = visitor.bearer
    if one.organisation is None or one.actor_role not in {"owner", "agency"}:
        raise Forbidden("role_needed", "choose for which organisation you act")
    return one.actor_role, one.organisation


@post(MEMBERS, **FORM)
async def admit_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Admit somebody."""

    async def work(sent: Sent) -> RoleGiven | Refused:
        role, organisation = _organisation(sent.form.signed_in)
        return await admit_member(
            database, sent.caller, sent.command(AdmitMember, role=role, organisation=organisation)
        )  # fmt: skip

    return await acted(
        request,
        ADMITTING,
        work,
        again=lambda form: _members(request, form),
        then=lambda done: Done(MEMBERS, "member_admitted", done.role_id),
    )


@post(f"{MEMBERS}/{{member:str}}/end", **FORM)
async def end_form(request: PageRequest, database: NamedDependency[Database], member: FromPath[str]) -> Response[str]:
    """End a membership."""
    identifier = identifier_of("member", member)

    async def work(sent: Sent) -> RoleEnded | Refused:
        role, organisation = _organisation(sent.form.signed_in)
        command = sent.command(EndMember, role=role, organisation=organisation, member=identifier)
        return await end_member(database, sent.caller, command)

    return await acted(
        request,
        _ending(identifier),
        work,
        again=lambda form: _members(request, form),
        then=lambda _: Done(MEMBERS, "member_ended", identifier),
    )


def _ending(member: str) -> Asked:
    return Asked(ENDING, f"{MEMBERS}/{member}/end", f"end-{member}")


ORGANISATION_PAGES: tuple[HTTPRouteHandler, ...] = (
    organisation_page,
    organisation_form,
    members_page,
    admit_form,
    end_form,
)
"""For whom somebody acts."""
