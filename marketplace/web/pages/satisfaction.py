"""满意度: after a finished step, how it went; nothing is chosen beforehand, words are optional, once a person."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from commons.errors import Fault, Forbidden, Malformed, NotFound
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.statistics.facts import Step
from marketplace.usecases.act import Caller
from marketplace.usecases.give_satisfaction import GiveSatisfaction, SatisfactionGiven, give_satisfaction
from marketplace.usecases.read_satisfaction import read_step
from marketplace.web.addresses import satisfaction_path
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page
from marketplace.web.pages.asking import PageRequest, identifier_of
from marketplace.web.pages.forms import FORM, to_sign_in
from marketplace.web.plans import Field, Plan
from marketplace.web.receipts import Done
from marketplace.web.signed_in import reader_of
from marketplace.web.views.forms import Choice, FormShown
from marketplace.web.views.satisfaction import SatisfactionView

STEPS: Mapping[Step, str] = MappingProxyType(
    {
        "filing": "备案入驻",
        "publication": "发布需求",
        "selection": "选取",
        "contract": "签订合同",
        "acceptance": "成果验收",
    }
)
"""What each step is called."""
STARS = (
    Choice("5", "很满意"),
    Choice("4", "满意"),
    Choice("3", "一般"),
    Choice("2", "不满意"),
    Choice("1", "很不满意"),
)
PLAN = Plan(
    (
        Field("stars", "这一步办得怎么样", "radios", options=STARS),
        Field(
            "words", "哪里可以办得更好", "prose", hint="选填；只有运营和审计人员能看到，不显示是谁写的", limit=500,
            is_needed=False,
        ),
    )
)  # fmt: skip


@get("/satisfaction/{step:str}/{subject:str}", include_in_schema=False)
async def satisfaction_page(
    request: PageRequest, database: NamedDependency[Database], step: FromPath[str], subject: FromPath[str]
) -> Response[str]:
    """The form, for whoever took part in the step."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    known = step_of(step)
    asked = Asked(PLAN, satisfaction_path(known, subject))
    return made_page(request, await _made(database, visitor.caller(None), known, subject, asked.fresh()))


@post("/satisfaction/{step:str}/{subject:str}", **FORM)
async def satisfaction_form(
    request: PageRequest, database: NamedDependency[Database], step: FromPath[str], subject: FromPath[str]
) -> Response[str]:
    """Keep the answer, and show that it is kept."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    known = step_of(step)

    async def work(sent: Sent) -> SatisfactionGiven | Refused:
        stars = sent.get("stars")
        if stars not in {one.value for one in STARS}:
            raise Malformed((Fault("/stars", "missing", "choose one"),))
        command = GiveSatisfaction(step=known, subject=subject, stars=int(stars), words=sent.get("words"))
        return await give_satisfaction(database, sent.caller, command)

    async def again(form: FormShown) -> Made:
        return await _made(database, visitor.caller(None), known, subject, form)

    path = satisfaction_path(known, subject)
    return await acted(request, Asked(PLAN, path), work, again=again, then=lambda _: Done(path, "satisfaction_given"))


def step_of(text: str) -> Step:
    """The step that an address names; ``NotFound`` for none."""
    found: Step | None = next((one for one in get_args(Step) if one == text), None)
    if found is None:
        raise NotFound("step", text)
    return found


async def may_still_tell(request: PageRequest, database: Database, step: Step, subject: str) -> bool:
    """Whether the reader took part in a step that is over, and has not said yet how it went."""
    visitor = reader_of(request)
    if visitor is None or visitor.bearer.actor_role not in {"owner", "agency"}:
        return False
    try:
        found = await read_step(database, visitor.caller(None), step, subject)
    except (Forbidden, NotFound):
        return False
    return found.over_at is not None and not found.is_given


async def _made(database: Database, caller: Caller, step: Step, subject: str, form: FormShown) -> Made:
    found = await read_step(database, caller, step, identifier_of("step", subject))
    is_open = found.over_at is not None and not found.is_given
    view = SatisfactionView(STEPS[step], subject, found.over_at is not None, found.is_given, form if is_open else None)
    return Made(view, found.now, found.is_example)


SATISFACTION_PAGES: tuple[HTTPRouteHandler, ...] = (satisfaction_page, satisfaction_form)
