"""发布需求: one step a page, each with what was said before; at the end a draft, which its own page publishes.

Nothing is kept before the draft: the form carries what was typed, so that it works without script and two tabs do not
meet. Source: pages.md (Owner), market.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.codes import ProjectCode
from commons.errors import Malformed, NotFound
from commons.instants import beijing_date
from commons.regions import REGIONS
from commons.verdicts import Refused
from marketplace.catalogue.in_force import Rules
from marketplace.database import Database
from marketplace.usecases.look_up_project import read_project
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.read_own_demands import read_own_demands
from marketplace.usecases.read_own_drafts import read_own_demand
from marketplace.usecases.rules_in_force import PROVINCE, current_rules
from marketplace.web.addresses import POST_DEMAND, my_demand_path
from marketplace.web.locale.names import BUYER_CLASSES, MODES
from marketplace.web.locale.owner_words import CHECKS, MODE_HINTS, PRESETS, STEPS
from marketplace.web.pages.acting import Asked as AskedForm
from marketplace.web.pages.acting import Made, Sent, acted, made_page, new_key, wrong_of
from marketplace.web.pages.asking import PageRequest, identifier_of, query_of
from marketplace.web.pages.forms import FORM, form_of
from marketplace.web.pages.owner_reader import owner_reader, owners_for, profile_name
from marketplace.web.pages.trial import input_of, with_ties
from marketplace.web.plans import Field, Plan, command_from, read_whole, shown_form, values_of
from marketplace.web.posting import (
    Every,
    copied,
    preset,
    proposed_clocks,
    read_posted_terms,
    step_of,
    step_plan,
    steps_of,
    terms_fields,
    terms_start,
    whole_plan,
)
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor
from marketplace.web.views.forms import Choice, FormShown, Wrong
from marketplace.web.views.owner import PostView
from marketplace.web.views.trial import TrialInput

STEP, BACK, PRESET, NONCE = "_step", "_back", "_preset", "nonce"
WIZARD: Any = {**FORM, "request_max_body_size": 64 * 1024}
NAMES = dict(STEPS)


@dataclass(frozen=True, slots=True)
class Under:
    """Who posts, by which rules, what was said so far."""

    visitor: Visitor
    rules: Rules
    now: datetime
    every: Every

    @property
    def mode(self) -> str:
        """The way of selecting chosen so far, "" before."""
        return self.one("mode")

    @property
    def is_delegate(self) -> bool:
        """Whether somebody posts for an owner."""
        return self.visitor.actor.role == "delegate"

    def one(self, name: str) -> str:
        """What was said of a field."""
        return (self.every.get(name) or ("",))[0].strip()

    def said(self, **more: str) -> Under:
        """The same with more said; what was typed already stays."""
        added = {name: (text,) for name, text in more.items() if text and not self.one(name)}
        return replace(self, every={**self.every, **added})


@get(POST_DEMAND, include_in_schema=False)
async def post_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The first step, empty or with what an earlier demand says."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    every: dict[str, tuple[str, ...]] = {}
    if source := query_of(request).get("from", ""):
        every = copied(await read_own_demand(database, visitor.caller(None), identifier_of("demand", source)))
    under = await _under(request, database, visitor, every)
    return made_page(request, Made(await _view(database, under, "project"), under.now))


async def _under(request: PageRequest, database: Database, visitor: Visitor, every: Every) -> Under:
    region = (every.get("region") or (PROVINCE,))[0]
    known = REGIONS.exists(region, beijing_date(datetime.now(UTC)))
    rules, now = await current_rules(database, profile_name(request), region if known else PROVINCE)
    return Under(visitor, rules, now, every)


@post(POST_DEMAND, **WIZARD)
async def post_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The next step, the one before, or the draft."""
    form = await form_of(request)
    visitor = form.signed_in
    reader = owner_reader(request)
    if not isinstance(reader, Visitor):
        return reader
    step = form.get(STEP) or "project"
    every = {name: tuple(all_of) for name, all_of in form.every.items() if not name.startswith("_")}
    under = await _under(request, database, visitor, every)
    steps = steps_of(under.mode)
    if step not in steps:
        raise NotFound("page", step)
    if form.get(BACK):
        return await _shown(request, database, under, steps[max(0, steps.index(step) - 1)])
    if (chosen := form.get(PRESET)) in PRESETS:
        weights = {name: (text,) for name, text in preset(str(chosen)).items()}
        return await _shown(request, database, replace(under, every={**under.every, **weights}), step)
    wrong, faults = _judged(under, step)
    if wrong or faults:
        return await _shown(request, database, under, step, wrong=wrong, faults=faults)
    steps = steps_of(under.mode)
    if step == steps[-1]:
        return await _kept(request, database, under)
    return await _shown(request, database, under, steps[steps.index(step) + 1])


def _judged(under: Under, step: str) -> tuple[tuple[Wrong, ...], Mapping[str, str]]:
    """What is wrong with a step as typed: by its plan, the project code's digits, the terms."""
    plan = _plan(under, step)
    try:
        values_of(plan, under.every)
        if step == "project":
            ProjectCode.parse(under.one("project_code"), pointer="/project_code")
    except Malformed as malformed:
        return wrong_of(plan, malformed), {}
    if step == "terms":
        _, faults = read_posted_terms(under.mode, _typed(under))
        return (), faults
    return (), {}


def _typed(under: Under) -> dict[str, str]:
    return {one.key: under.one(one.key) for one in terms_fields(under.mode)}


async def _kept(request: PageRequest, database: Database, under: Under) -> Response[str]:
    """The draft; what is wrong with it is shown at the step that asks for it."""
    terms, _ = read_posted_terms(under.mode, _typed(under))
    plan = whole_plan(under.mode, is_delegate=under.is_delegate)
    owner = under.one("owner_code") if under.is_delegate else under.visitor.actor.id

    async def work(sent: Sent) -> DemandPosted | Refused:
        more: dict[str, Any] = {"terms": terms, "owner_code": owner, NONCE: under.one(NONCE) or None}
        count = read_whole(under.one("quantity"))
        if count is not None:
            more["quantity"] = count
        command = command_from(plan, PostDemand, under.every, **{k: v for k, v in more.items() if v is not None})
        return await post_demand(database, sent.caller, command, profile=profile_name(request))

    async def again(shown: FormShown) -> Made:
        first = next((one.field for one in shown.wrong if one.field), "")
        last = steps_of(under.mode)[-1]
        step = step_of(first, under.mode, is_delegate=under.is_delegate) if shown.wrong and first else last
        view = await _view(database, under, step, wrong=shown.wrong)
        return Made(replace(view, form=replace(view.form, proof=shown.proof)), under.now)

    return await acted(
        request, AskedForm(plan, POST_DEMAND), work, again=again,
        then=lambda done: Done(my_demand_path(done.demand), "draft_kept", done.demand),
    )  # fmt: skip


async def _shown(
    request: PageRequest, database: Database, under: Under, step: str, *, wrong: tuple[Wrong, ...] = (),
    faults: Mapping[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if wrong or faults else HTTPStatus.OK
    view = await _view(database, under, step, wrong=wrong, faults=faults or {})
    return made_page(request, Made(view, under.now), status)


async def _view(
    database: Database, under: Under, step: str, *, wrong: tuple[Wrong, ...] = (),
    faults: Mapping[str, str] | None = None,
) -> PostView:  # fmt: skip
    """A step with what it proposes."""
    note, tone = "", ""
    if step == "about":
        under, note, tone = await _looked_up(database, under)
    under = _begun(under, step)
    plan = _plan(under, step)
    terms: tuple[TrialInput, ...] = ()
    if step == "terms":
        terms = tuple(
            input_of(with_ties(one, under.mode, {}), _typed(under), faults or {}) for one in terms_fields(under.mode)
        )
        named = {one.key: one.field.label for one in terms}
        wrong = wrong or tuple(
            Wrong(f"{named[key]}：{words}" if key in named else words) for key, words in (faults or {}).items()
        )
    steps = steps_of(under.mode)
    asked = {one.name for one in plan.fields} | {one.key for one in terms}
    held = tuple((name, text) for name, all_of in under.every.items() if name not in asked for text in all_of if text)
    copies = await _copies(database, under) if step == "project" else ()
    return PostView(
        step=step, at=steps.index(step), steps=(*(NAMES[one] for one in steps), "核对发布"), title=NAMES[step],
        form=shown_form(plan, POST_DEMAND, new_key(), sent=under.every, wrong=wrong),
        order=tuple(one.name for one in plan.fields), held=held, said=_said(under, steps[: steps.index(step)]),
        terms=terms, presets=_presets(under, step), copies=copies, note=note, tone=tone, is_last=step == steps[-1],
    )  # fmt: skip


def _presets(under: Under, step: str) -> tuple[tuple[str, str], ...]:
    if step != "terms" or under.mode != "comprehensive":
        return ()
    return tuple((name, words) for name, (words, _) in PRESETS.items())


async def _looked_up(database: Database, under: Under) -> tuple[Under, str, str]:
    """What the approval platform says of the code fills the rest; the owner's own last name otherwise."""
    known = await read_project(database, under.one("project_code"))
    note, tone = CHECKS[known.check]
    said = under.said(
        project_name=known.name or "", region=known.region or _region_in(under.one("project_code")),
        owner_name=known.owner_name or "",
    )  # fmt: skip
    if not said.one("owner_name"):
        own = await read_own_demands(database, under.visitor.caller(None), limit=1)
        said = said.said(owner_name=own.rows[0].owner_name if own.rows else "")
    return said, note, tone


def _region_in(code: str) -> str:
    """The division that a project code names."""
    parts = code.split("-")
    return parts[1] if len(parts) > 1 else ""


def _begun(under: Under, step: str) -> Under:
    """What a step proposes where nothing was typed."""
    match step:
        case "item":
            return under.said(quantity="1")
        case "terms":
            if under.one("ceiling"):
                return under
            start = terms_start(under.mode, under.rules.profile, under.one("buyer_class"))
            return under.said(**start, **{NONCE: token_hex(32)})
        case "clocks":
            return under.said(
                **proposed_clocks(under.mode, under.rules.profile, now=under.now), **{NONCE: token_hex(32)}
            )
        case _:
            return under


def _plan(under: Under, step: str) -> Plan:
    """The step's plan with the choices of today."""
    plan = step_plan(step, under.mode, is_delegate=under.is_delegate)
    items = tuple(Choice(one.code, f"{one.name}（{one.code}）") for one in under.rules.catalogue.items)
    return plan.with_options(
        owner_code=tuple(Choice(one, one) for one in owners_for(under.visitor)),
        region=region_choices(under.now), item=items,
        buyer_class=tuple(Choice(code, name) for code, name in BUYER_CLASSES.items()),
        mode=tuple(Choice(one, MODES[one], MODE_HINTS[one]) for one in _modes(under)),
    )  # fmt: skip


def _modes(under: Under) -> tuple[str, ...]:
    """The ways that these rules leave to this buyer; the direct choice only where it is allowed."""
    key = f"direct_{under.one('buyer_class') or 'fiscal'}"
    direct = ("direct",) if key in under.rules.profile.values and under.rules.profile[key].value else ()
    return (*(one for one in MODE_HINTS if one not in {"direct", "instant"}), *direct)


def region_choices(now: datetime) -> tuple[Choice, ...]:
    """Every division of the day, cities before their counties."""
    on = beijing_date(now)
    return tuple(
        choice
        for city in REGIONS.cities(on)
        for choice in (
            Choice(city.code, f"{city.name}（市本级）"),
            *(Choice(one.code, f"{city.name} {one.name}") for one in REGIONS.counties(city.code, on)),
        )
    )


async def _copies(database: Database, under: Under) -> tuple[tuple[str, str], ...]:
    """Earlier demands to copy from."""
    own = await read_own_demands(database, under.visitor.caller(None), limit=5)
    return tuple((row.id, row.title) for row in own.rows)


def _said(under: Under, steps: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What the steps before have brought, in words."""
    found: list[tuple[str, str]] = []
    for step in steps:
        for one in _plan(under, step).fields:
            text = under.one(one.name)
            if text and one.kind != "prose":
                found.append((one.label, _words(one, text)))
    return tuple(found)


def _words(one: Field, text: str) -> str:
    return next((choice.name for choice in one.options if choice.value == text), text)


POSTING_PAGES: tuple[HTTPRouteHandler, ...] = (post_page, post_form)
"""The wizard."""
