"""待复核: what one person has proposed and another one decides; what is asked stands there in words.

Source: market.md section 1 (two people for every restriction), usecases/proposals.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from commons.errors import Forbidden
from commons.instants import parse_instant
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.usecases.proposals import (
    ProposalClosed,
    RejectProposal,
    open_proposals,
    reject_proposal,
)
from marketplace.web import formatting
from marketplace.web.addresses import PROPOSALS, agency_path
from marketplace.web.api.approving import ProposalDone, approve
from marketplace.web.api.reads_accounts import ProposalDocument, document_of
from marketplace.web.api.routing import TWO_PERSONS
from marketplace.web.locale import names
from marketplace.web.locale.proposal_words import ASKED, VALUES
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.forms import (
    FORM,
    NEEDS_PROOF,
    Faulty,
    command_of,
    entered,
    form_of,
    to,
    to_confirm,
    to_sign_in,
    tried,
)
from marketplace.web.pages.own_account import shown
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.account import ProposalRow, ProposalsView
from marketplace.web.views.parts import NOTHING_ENTERED, Entered

DONE: Mapping[str, str] = {"approved": "已复核同意，并已办理。", "rejected": "已否决。", "withdrawn": "已撤回。"}


@get(PROPOSALS, include_in_schema=False)
async def proposals_page(request: PageRequest) -> Response[str]:
    """What waits for whoever is signed in."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    done = DONE.get(query_of(request).get("done", ""), "")
    return shown(request, await _view(request, visitor, done=done))


async def _view(
    request: PageRequest, visitor: Visitor, *, done: str = "", again: Entered = NOTHING_ENTERED, failed: str = ""
) -> ProposalsView:
    caller = visitor.caller(None)
    found = await open_proposals(request.app.state.database, caller)
    return ProposalsView(tuple(_row(document_of(one, caller)) for one in found), done, again, failed)


def _row(one: ProposalDocument) -> ProposalRow:
    kind, _, identifier = one.subject.partition("/")
    summary = TWO_PERSONS[one.operation].summary.partition(" / ")[0]
    return ProposalRow(
        id=one.proposal,
        act=summary,
        subject=identifier,
        subject_path=agency_path(identifier) if kind == "agency" else "",
        asked=asked_rows(one.command),
        proposer=one.proposed_by,
        proposed_at=one.proposed_at,
        ends_at=one.ends_at,
        is_own=one.is_own,
    )


def asked_rows(command: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """What was asked, field by field, in words; what was left out is left out."""
    return tuple(
        (ASKED.get(name, name), _words(name, value)) for name, value in command.items() if value not in (None, [])
    )


def _words(name: str, value: object) -> str:
    """One value in words."""
    if isinstance(value, list):
        return "、".join(_words(name, one) for one in value)
    text = str(value)
    match name:
        case "region":
            return REGIONS.get(text).name
        case "items":
            item = load_catalogue().item(text)
            return item.name if item else text
        case "measures":
            return names.measure_names((text,))
        case "ends_at":
            return f"{formatting.deadline(parse_instant(text))}（北京时间）"
        case _:
            return VALUES.get(text, text)


@post(PROPOSALS, **FORM)
async def proposals_form(request: PageRequest) -> Response[str]:
    """Approve, or reject (one's own: withdraw) with a reason."""
    form = await form_of(request)
    visitor = form.signed_in
    caller, identifier = visitor.caller(None), form.get("proposal") or ""

    async def work() -> object:
        if form.get("do") == "approve":
            return await approve(request, caller, identifier)
        command = command_of(RejectProposal, form, ("proposal", "reason"))
        return await reject_proposal(request.app.state.database, caller, command)

    done = await tried(work)
    if isinstance(done, Faulty):
        if done.code == NEEDS_PROOF:
            return to_confirm(request)
        if done.code in {"role_not_allowed", "token_scope"}:
            raise Forbidden(done.code, "this role decides no proposals")
        again = await _view(request, visitor, again=entered(form, done), failed=identifier)
        return shown(request, again, done)
    verdict = "approved" if isinstance(done, ProposalDone) else ""
    if isinstance(done, ProposalClosed):
        verdict = done.verdict
    return to(request, f"{PROPOSALS}?done={verdict}")


PROPOSAL_PAGES: tuple[HTTPRouteHandler, ...] = (proposals_page, proposals_form)
"""Two people decide."""
