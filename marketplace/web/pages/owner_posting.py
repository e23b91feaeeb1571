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
from typing import Any, TypeAlias

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
from marketplace.demands.demand import LOTLESS
from marketplace.usecases.change_draft import ChangeDraft, DraftChanged, change_draft
from marketplace.usecases.look_up_project import read_project
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.post_notice import NoticePosted, post_notice
from marketplace.usecases.read_own_demands import read_own_demands
from marketplace.usecases.read_own_drafts import read_own_demand, read_own_draft
from marketplace.usecases.rules_in_force import PROVINCE, current_rules, profile_of
from marketplace.web.addresses import POST_DEMAND, my_demand_path
from marketplace.web.locale.names import BUYER_CLASSES, MODES
from marketplace.web.locale.owner_words import CHECKS, MODE_HINTS, PRESETS, STEPS
from marketplace.web.pages.acting import Asked as AskedForm
from marketplace.web.pages.acting import Made, Sent, acted, made_page, new_key, wrong_of
from marketplace.web.pages.asking import PageRequest, identifier_of, query_of
from marketplace.web.pages.forms import FORM, Form, form_of
from marketplace.web.pages.owner_reach import reach_of
from marketplace.web.pages.owner_reader import owner_reader, owners_for, profile_name
from marketplace.web.pages.trial import input_of
from marketplace.web.plans import Field, Plan, shown_form, values_of
from marketplace.web.posted import DRAFT, NONCE, Posting
from marketplace.web.posting import copied, proposed_clocks, stated, step_of, step_plan, steps_of, whole_plan
from marketplace.web.posting_beside import Every, Part, beside, one_of, parts_of, require_lots
from marketplace.web.posting_terms import preset, terms_fields, terms_start, with_orders
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor
from marketplace.web.views.forms import Choice, FormShown, Wrong
from marketplace.web.views.owner import Fold, PostView
from marketplace.web.views.trial import TrialInput

STEP, BACK, PRESET, MORE, CHECK, SAVE = "_step", "_back", "_preset", "_more", "_check", "_save"
WIZARD: Any = {**FORM, "request_max_body_size": 128 * 1024}
Kept: TypeAlias = DemandPosted | NoticePosted | DraftChanged
NAMES = dict(STEPS)


@dataclass(frozen=True, slots=True)
class Under:
    """Who posts, by which rules, what was said so far; ``is_lot`` where a lot of a notice is changed."""

    visitor: Visitor
    rules: Rules
    now: datetime
    every: Every
    is_lot: bool = False

    @property
    def mode(self) -> str:
        """The way of selecting chosen so far, "" before."""
        return self.one("mode")

    @property
    def is_delegate(self) -> bool:
        """Whether somebody posts for an owner."""
        return self.visitor.actor.role == "delegate"

    @property
    def posting(self) -> Posting:
        """What was typed, as it is read."""
        owner = self.one("owner_code") if self.is_delegate else self.visitor.actor.id
        return Posting(self.every, self.rules.profile, owner, self.is_delegate)

    def one(self, name: str) -> str:
        """What was said of a field."""
        return one_of(self.every, name)

    def said(self, **more: str) -> Under:
        """The same with more said; what was typed already stays."""
        added = {name: (text,) for name, text in more.items() if text and not self.one(name)}
        return replace(self, every={**self.every, **added})


@get(POST_DEMAND, include_in_schema=False)
async def post_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The first step, empty, with what an earlier demand says (``from``), or with all of a draft (``draft``)."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    every: dict[str, tuple[str, ...]] = {}
    query = query_of(request)
    if source := query.get("from", ""):
        every = copied(await read_own_demand(database, visitor.caller(None), identifier_of("demand", source)))
    if source := query.get(DRAFT, ""):
        draft = (await read_own_draft(database, visitor.caller(None), identifier_of("demand", source))).demand
        every = {**stated(draft, profile_of(draft)), DRAFT: (draft.id,), NONCE: (token_hex(32),)}
    under = await _under(request, database, visitor, every)
    return made_page(request, Made(await _view(request, database, under, "project"), under.now))


async def _under(request: PageRequest, database: Database, visitor: Visitor, every: Every) -> Under:
    region = (every.get("region") or (PROVINCE,))[0]
    known = REGIONS.exists(region, beijing_date(datetime.now(UTC)))
    rules, now = await current_rules(database, profile_name(request), region if known else PROVINCE)
    is_lot = False
    if changed := one_of(every, DRAFT):
        row = await read_own_demand(database, visitor.caller(None), identifier_of("demand", changed))
        is_lot = row.notice is not None
    return Under(visitor, rules, now, every, is_lot)


@post(POST_DEMAND, **WIZARD)
async def post_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """The next step, the one before, the same with more rows or its check, or the draft."""
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
    if (other := _turned(form, under, step)) is not None:
        return await _shown(request, database, *other)
    wrong, faults = _judged(under, step)
    if wrong or faults or form.get(CHECK):
        return await _shown(request, database, under, step, wrong=wrong, faults=faults)
    steps = steps_of(under.mode)
    if step == steps[-1] or (form.get(SAVE) and under.one(DRAFT)):
        return await _kept(request, database, under, step)
    return await _shown(request, database, under, steps[steps.index(step) + 1])


def _turned(form: Form, under: Under, step: str) -> tuple[Under, str] | None:
    """What another button than the next step asks for: the step before, more rows, weights to begin with."""
    steps = steps_of(under.mode)
    if form.get(BACK):
        return under, steps[max(0, steps.index(step) - 1)]
    if form.get(MORE):
        return under, step
    if (chosen := form.get(PRESET)) in PRESETS:
        weights = {name: (text,) for name, text in preset(str(chosen)).items()}
        return replace(under, every={**under.every, **weights}), step
    return None


def _judged(under: Under, step: str) -> tuple[tuple[Wrong, ...], Mapping[str, str]]:
    """What is wrong with a step as typed: by its plan, the project code's digits, the rows, the terms."""
    plan = _plan(under, step)
    try:
        values_of(plan, under.every)
        match step:
            case "project":
                ProjectCode.parse(under.one("project_code"), pointer="/project_code")
            case "item":
                require_lots(under.every)
            case "about" | "terms":
                beside(under.every)
            case _:
                pass
    except Malformed as malformed:
        return wrong_of(plan, malformed), {}
    if step in {"terms", "clocks"}:
        faults = under.posting.terms()[1]
        rounds = {key: words for key, words in faults.items() if key.startswith("r") and key[1:2].isdigit()}
        if step == "terms":
            return (), {key: words for key, words in faults.items() if key not in rounds}
        return tuple(Wrong(words, key, _label(plan, key)) for key, words in (rounds or faults).items()), {}
    return (), {}


def _label(plan: Plan, key: str) -> str:
    found = plan.named(key)
    return "" if found is None else found.label


async def _kept(request: PageRequest, database: Database, under: Under, last: str) -> Response[str]:
    """The draft; what is wrong with it is shown at the step that asks for it."""
    posting = under.posting
    plan = whole_plan(under.mode, under.every, is_delegate=under.is_delegate)
    profile = profile_name(request)

    async def work(sent: Sent) -> Done | Refused:
        kept = await _keep(database, sent, posting, profile)
        return kept if isinstance(kept, Refused) else _onward(kept)

    async def again(shown: FormShown) -> Made:
        first = next((one.field for one in shown.wrong if one.field), "")
        named = bool(shown.wrong and first)
        step = step_of(first, under.mode, under.every, is_delegate=under.is_delegate) if named else last
        view = await _view(request, database, under, step, wrong=shown.wrong)
        return Made(replace(view, form=replace(view.form, proof=shown.proof)), under.now)

    return await acted(request, AskedForm(plan, POST_DEMAND), work, again=again, then=lambda done: done)


async def _keep(database: Database, sent: Sent, posting: Posting, profile: str) -> Kept | Refused:
    """Post the demand, or the notice with its lots, or change the draft."""
    command = posting.command()
    if isinstance(command, ChangeDraft):
        return await change_draft(database, sent.caller, command, profile=profile)
    if isinstance(command, PostDemand):
        return await post_demand(database, sent.caller, command, profile=profile)
    try:
        return await post_notice(database, sent.caller, command, profile=profile)
    except Malformed as malformed:
        raise posting.shared(malformed) from None


def _onward(done: Kept) -> Done:
    """To the draft, or to the first lot of the notice, which names the others."""
    if isinstance(done, NoticePosted):
        return Done(my_demand_path(done.lots[0].demand), "lots_kept", done.notice)
    return Done(
        my_demand_path(done.demand), "draft_changed" if isinstance(done, DraftChanged) else "draft_kept", done.demand
    )


async def _shown(
    request: PageRequest, database: Database, under: Under, step: str, *, wrong: tuple[Wrong, ...] = (),
    faults: Mapping[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if wrong or faults else HTTPStatus.OK
    view = await _view(request, database, under, step, wrong=wrong, faults=faults or {})
    return made_page(request, Made(view, under.now), status)


async def _view(
    request: PageRequest, database: Database, under: Under, step: str, *, wrong: tuple[Wrong, ...] = (),
    faults: Mapping[str, str] | None = None,
) -> PostView:  # fmt: skip
    """A step with what it proposes, and how many could take part once the terms are said."""
    note, tone = "", ""
    if step == "about" and not under.one(DRAFT):
        under, note, tone = await _looked_up(database, under)
    under = _begun(under, step)
    plan, parts = _plan(under, step), _parts(under, step)
    terms: tuple[TrialInput, ...] = ()
    if step == "terms":
        terms = tuple(
            input_of(with_orders(one, under.mode), _typed(under), faults or {}) for one in terms_fields(under.mode)
        )
        named = {one.key: one.field.label for one in terms}
        wrong = wrong or tuple(
            Wrong(f"{named[key]}：{words}" if key in named else words) for key, words in (faults or {}).items()
        )
    steps = steps_of(under.mode)
    form = shown_form(plan, POST_DEMAND, new_key(), sent=under.every, wrong=wrong)
    asked = {one.name for one in plan.fields} | {one.key for one in terms}
    held = tuple((name, text) for name, all_of in under.every.items() if name not in asked for text in all_of if text)
    folded = {one.name for part in parts for one in part.fields}
    is_new = step == "project" and not under.one(DRAFT)
    return PostView(
        step=step, at=steps.index(step), steps=(*(NAMES[one] for one in steps), "核对发布"), title=NAMES[step],
        form=form, order=tuple(one.name for one in plan.fields if one.name not in folded), held=held,
        said=_said(under, steps[: steps.index(step)]), terms=terms, presets=_presets(under, step),
        copies=await _copies(database, under) if is_new else (), note=note, tone=tone, is_last=step == steps[-1],
        folds=tuple(_fold(part, form) for part in parts), draft=under.one(DRAFT), is_lot=under.is_lot,
        reach=None if faults else await reach_of(database, under.posting, step, profile_name(request)),
    )  # fmt: skip


def _typed(under: Under) -> dict[str, str]:
    return {one.key: under.one(one.key) for one in terms_fields(under.mode)}


def _fold(part: Part, form: FormShown) -> Fold:
    """A fold as it is shown: open where anything stands in it, or is wrong with it."""
    fields = [form.fields[one.name] for one in part.fields]
    return Fold(
        part.title, part.hint, tuple(one.name for one in part.fields),
        is_open=any(any(one.chosen) or one.fault for one in fields), size=part.size,
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
            if any(under.one(name) for name in ("ceiling", "least", "ties", DRAFT)):
                return under.said(**{NONCE: token_hex(32)})
            start = terms_start(under.mode, under.rules.profile, under.one("buyer_class"))
            return under.said(**start, **{NONCE: token_hex(32)})
        case "clocks":
            return under.said(
                **proposed_clocks(under.mode, under.rules.profile, now=under.now), **{NONCE: token_hex(32)}
            )
        case _:
            return under


def _parts(under: Under, step: str) -> tuple[Part, ...]:
    """What a step folds away; a draft that is changed stays one demand."""
    planned = under.rules.profile["rounds"].value
    return parts_of(step, under.mode, under.every, may_have_lots=not under.one(DRAFT), rounds=planned)


def _plan(under: Under, step: str) -> Plan:
    """The step's plan with the choices of today."""
    plan = step_plan(step, under.mode, is_delegate=under.is_delegate, parts=_parts(under, step))
    items = tuple(Choice(one.code, f"{one.name}（{one.code}）") for one in under.rules.catalogue.items)
    return plan.with_options(
        owner_code=tuple(Choice(one, one) for one in owners_for(under.visitor)),
        region=region_choices(under.now), item=items,
        further_items=tuple(Choice(one.value, one.name) for one in items),
        buyer_class=tuple(Choice(code, name) for code, name in BUYER_CLASSES.items()),
        mode=tuple(Choice(one, MODES[one], MODE_HINTS[one]) for one in _modes(under)),
    )  # fmt: skip


def _modes(under: Under) -> tuple[str, ...]:
    """The ways that these rules leave to this buyer; the direct choice only where it is allowed."""
    key = f"direct_{under.one('buyer_class') or 'fiscal'}"
    direct = ("direct",) if key in under.rules.profile.values and under.rules.profile[key].value else ()
    found = (*(one for one in MODE_HINTS if one != "direct"), *direct)
    is_lots = under.is_lot or under.posting.has_lots
    return tuple(one for one in found if not (is_lots and one in LOTLESS))


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
            if text and one.kind != "prose" and one.is_needed:
                found.append((one.label, _words(one, text)))
    return tuple(found)


def _words(one: Field, text: str) -> str:
    return next((choice.name for choice in one.options if choice.value == text), text)


POSTING_PAGES: tuple[HTTPRouteHandler, ...] = (post_page, post_form)
"""The wizard."""
