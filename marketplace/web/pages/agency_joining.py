"""入驻: from an account to an agency that is on file, on one page.

Whoever names the code of an organisation that nobody acts for becomes its administrator; what data sharing knows of it
is filled in; with the commitment signed it is on file at once, and goes on to the page that it came from.
Source: market.md section 2; pages.md (agency).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import NotFound
from commons.instants import beijing_date
from commons.regions import REGIONS
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.sessions.limits import SESSION_LASTS
from marketplace.settings import Settings
from marketplace.usecases.file_agency import AgencyFiled, FileAgency, file_agency
from marketplace.usecases.membership import ClaimOrganisation, RoleGiven, claim_organisation
from marketplace.usecases.read_agency import AgencyFile, read_agency
from marketplace.usecases.read_prefill import Prefill, read_prefill
from marketplace.usecases.session_acts import ChooseRole, choose_role
from marketplace.web.addresses import JOIN, OWN_AGENCY
from marketplace.web.locale.agency_act_words import COMMITMENT
from marketplace.web.onward import ONWARD, leading, onward_of
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page
from marketplace.web.pages.agency_acts import agency_reader
from marketplace.web.pages.agency_own_acts import JOIN_PLAN
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.forms import FORM, to, to_sign_in
from marketplace.web.plans import Field, Plan, proposed
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor, cookie_of, device_of, reader_of
from marketplace.web.views.agency_own import JoinView
from marketplace.web.views.forms import Choice, FormShown

CODE_PLAN = Plan(
    (Field("organisation", "统一社会信用代码", hint="18 位；在营业执照或登记证书上", limit=18),),
    places={"organisation_claimed": "organisation"},
)
"""For which organisation one joins."""


def code_asked(onward: str) -> Asked:
    """The form of it, which keeps the page that one goes on to."""
    return Asked(CODE_PLAN, leading(f"{JOIN}/code", onward), "code")


def _onward(request: PageRequest) -> str:
    """The page that one came from and goes on to; "" for none."""
    return onward_of(query_of(request).get(ONWARD), otherwise="")


@get(JOIN, include_in_schema=False)
async def join_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Where one is on the way to being on file."""
    visitor, onward = reader_of(request), _onward(request)
    if visitor is None:
        return made_page(request, Made(JoinView(0, here=leading(JOIN, onward)), datetime.now(UTC)))
    if visitor.bearer.actor_role != "agency":
        view = JoinView(1, code_asked(onward).fresh(), here=leading(JOIN, onward))
        return made_page(request, Made(view, datetime.now(UTC)))
    if await own_file(request, database, visitor) is not None:
        return to(request, onward or OWN_AGENCY)
    return made_page(request, await _joining(request, database, visitor))


async def own_file(request: PageRequest, database: Database, visitor: Visitor) -> AgencyFile | None:
    """The agency's own file; None before it is on file."""
    settings: Settings = request.app.state.settings
    try:
        return await read_agency(database, visitor.actor.id, profile=settings.profile)
    except NotFound:
        return None


@post(f"{JOIN}/code", **FORM)
async def join_code(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Act for the organisation from now on: nobody did before."""
    if reader_of(request) is None:
        return to_sign_in(request)
    given: list[RoleGiven] = []
    onward = _onward(request)

    async def work(sent: Sent) -> RoleGiven:
        code = sent.get("organisation").upper()
        command = sent.command(ClaimOrganisation, role="agency", organisation=code)
        given.append(await claim_organisation(database, sent.caller, command))
        return given[0]

    async def again(form: FormShown) -> Made:
        return Made(JoinView(1, form, here=leading(JOIN, onward)), datetime.now(UTC))

    asked = code_asked(onward)
    answered = await acted(request, asked, work, again=again, then=lambda _: Done(leading(JOIN, onward)))
    return await _as_agency(request, database, given[0], answered) if given else answered


async def _as_agency(
    request: PageRequest, database: Database, given: RoleGiven, answered: Response[str]
) -> Response[str]:
    """The same answer, in a session that acts for the organisation."""
    visitor = reader_of(request)
    assert visitor is not None, "somebody claimed it"
    assert visitor.secret is not None, "in a session"
    chosen = ChooseRole(role=given.role_id)
    opened = await choose_role(database, visitor.secret, visitor.bearer.account, chosen, device_of(request))
    answered.headers["Set-Cookie"] = cookie_of(opened.secret, lasts=SESSION_LASTS)
    return answered


@post(JOIN, **FORM)
async def join_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """File it: in effect at once, for the whole province."""
    visitor = agency_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor

    async def work(sent: Sent) -> AgencyFiled | Refused:
        command = sent.command(FileAgency, uscc=visitor.actor.id)
        state = request.app.state
        return await file_agency(
            database, sent.caller, command, profile=state.settings.profile, identifiers=state.identifiers
        )

    async def again(shown: FormShown) -> Made:
        return await _joining(request, database, visitor, shown)

    onward = _onward(request)
    asked = Asked(_join_plan(), leading(JOIN, onward))
    return await acted(
        request, asked, work, again=again, then=lambda done: Done(onward or OWN_AGENCY, "agency_filed", done.agency)
    )


def _join_plan() -> Plan:
    return JOIN_PLAN.with_options(region=region_choices(datetime.now(UTC)))


def region_choices(now: datetime) -> tuple[Choice, ...]:
    """Every division of the day, with the one it lies in; then the other provinces."""
    return tuple(Choice(one.code, REGIONS.full_name(one.code)) for one in REGIONS.registering(beijing_date(now)))


async def _joining(request: PageRequest, database: Database, visitor: Visitor, form: FormShown | None = None) -> Made:
    """The form of a filing, with what data sharing knows."""
    known = await read_prefill(database, visitor.caller(None), request.app.state.neighbours, visitor.actor.id)
    licence = known.licence
    if form is None:
        values = (
            proposed()
            if licence is None
            else proposed(
                name=licence.name, kind=licence.kind, region=licence.region,
                legal_representative=licence.legal_representative,
            )
        )  # fmt: skip
        form = Asked(_join_plan(), leading(JOIN, _onward(request))).fresh(values)
    view = JoinView(
        2, form, visitor.actor.id, licence is not None, known.is_available, _papers(known),
        tuple(f"{one.kind} {one.number} {one.holder}" for one in known.practitioners), COMMITMENT,
    )  # fmt: skip
    return Made(view, datetime.now(UTC))


def _papers(known: Prefill) -> tuple[str, ...]:
    return tuple(
        f"{one.kind}{f' {one.grade}' if one.grade else ''}，{one.number}，"
        + (f"至 {one.valid_until - timedelta(days=1)}" if one.valid_until else "长期")
        for one in known.qualifications
    )


JOIN_PAGES: tuple[HTTPRouteHandler, ...] = (join_page, join_code, join_form)
"""From an account to an agency on file."""
