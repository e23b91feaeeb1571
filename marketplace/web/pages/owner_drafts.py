"""A draft of one's own: what the notice will say, the check as of now, and its publication, a notice with all its lots.

Changing it is the wizard's, giving it up an act of the desk. Source: pages.md (Owner), market.md sections 3 and 4.
"""

from __future__ import annotations

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from bidding.reading.terms import parse_demand_terms
from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.catalogue.coverage import Covered
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.publish_demand import PublishDemand, publish_demand
from marketplace.usecases.publish_notice import PublishNotice, publish_notice
from marketplace.usecases.read_own_drafts import OwnDraft, read_own_demand, read_own_draft
from marketplace.web import formatting
from marketplace.web.addresses import MY_DEMANDS, my_demand_path
from marketplace.web.casework.fairness import fairness_part
from marketplace.web.casework.terms import terms_view
from marketplace.web.pages.acting import Asked, Made, Sent, acted
from marketplace.web.pages.asking import PageRequest, identifier_of
from marketplace.web.pages.forms import FORM, to
from marketplace.web.pages.naming import item_of
from marketplace.web.pages.owner_facts import demand_beside, demand_clocks, demand_facts
from marketplace.web.pages.owner_reader import owner_reader
from marketplace.web.plans import Field, Plan
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor
from marketplace.web.views.forms import FormShown
from marketplace.web.views.owner import DraftView

_PUBLISH = Plan(
    (Field("despite_coverage", "已有区域评价仍要另行委托的理由", "prose", hint="会公开", limit=500, is_needed=False),),
    places={"already_covered": "despite_coverage"},
)
_PUBLISH_PLAIN = Plan(())


def publishing(draft: OwnDraft) -> Asked:
    """The form that publishes a draft; a reason is asked for only where an assessment stands for the item."""
    is_asked = bool(draft.fairness.covered) and draft.demand.notice is None
    return Asked(_PUBLISH if is_asked else _PUBLISH_PLAIN, my_demand_path(draft.demand.id, "publish"))


async def draft_made(database: Database, caller: Caller, identifier: str, form: FormShown | None = None) -> Made:
    """The page of a draft."""
    draft = await read_own_draft(database, caller, identifier)
    one = draft.demand
    view = DraftView(
        id=one.id, title=one.title, mode=one.mode, facts=demand_facts(one),
        terms=terms_view(parse_demand_terms(dict(one.terms)), digest=one.terms_digest),
        clocks=demand_clocks(one), description=one.description,
        fairness=fairness_part(draft.fairness, ceiling_fen=one.ceiling_fen, max_days=one.max_days),
        covered=tuple(_covered(each) for each in draft.fairness.covered), form=form or publishing(draft).fresh(),
        notice="" if draft.notice is None else draft.notice.title, lot=one.lot,
        lots=tuple((each.id, each.title, each.ceiling_fen) for each in draft.lots), beside=demand_beside(one),
        rule_profile=one.profile,
    )  # fmt: skip
    return Made(view, draft.now, one.is_example)


def _covered(one: Covered) -> str:
    """A regional assessment that stands for an item, in words."""
    last = formatting.last_day(one.coverage.valid_to)
    return f"{item_of(one.item).name}：已由“{one.coverage.zone}”的区域评价覆盖，有效至 {last}"


@post(f"{MY_DEMANDS}/{{demand:str}}/publish", **FORM)
async def publish_form(
    request: PageRequest, database: NamedDependency[Database], demand: FromPath[str]
) -> Response[str]:
    """Publish a draft, a lot with its whole notice; of what is public already its desk is shown."""
    visitor = owner_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    identifier, caller = identifier_of("demand", demand), visitor.caller(None)
    row = await read_own_demand(database, caller, identifier)
    asked = Asked(_PUBLISH_PLAIN, my_demand_path(identifier, "publish"))
    if row.state == "draft":
        asked = publishing(await read_own_draft(database, caller, identifier))

    async def work(sent: Sent) -> Done | Refused:
        own = my_demand_path(identifier)
        if row.notice is not None:
            notice = await publish_notice(database, sent.caller, sent.command(PublishNotice, notice=row.notice))
            return notice if isinstance(notice, Refused) else Done(own, "notice_published", row.notice)
        done = await publish_demand(database, sent.caller, sent.command(PublishDemand, demand=identifier))
        return done if isinstance(done, Refused) else Done(own, "demand_published", identifier)

    async def again(form: FormShown) -> Made:
        return await draft_made(database, caller, identifier, form)

    try:
        return await acted(request, asked, work, again=again, then=lambda done: done)
    except NotFound:
        return to(request, my_demand_path(identifier))


DRAFT_PAGES: tuple[HTTPRouteHandler, ...] = (publish_form,)
"""A draft's publication."""
