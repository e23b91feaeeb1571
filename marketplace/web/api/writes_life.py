"""The writes in the life of a demand: enquiries, changed terms, confirming an award, objections and complaints."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.accept_complaint import AcceptComplaint, ComplaintAccepted, accept_complaint
from marketplace.usecases.answer_award_objection import (
    AnswerAwardObjection,
    AwardObjectionAnswered,
    answer_award_objection,
)
from marketplace.usecases.answer_enquiry import AnswerEnquiry, EnquiryAnswered, answer_enquiry
from marketplace.usecases.ask_enquiry import AskEnquiry, EnquiryAsked, ask_enquiry
from marketplace.usecases.change_demand import ChangeDemand, DemandChanged, change_demand
from marketplace.usecases.change_draft import ChangeDraft, DraftChanged, change_draft
from marketplace.usecases.confirm_award import AwardConfirmed, ConfirmAward, confirm_award
from marketplace.usecases.decide_complaint import ComplaintDecided, DecideComplaint, decide_complaint
from marketplace.usecases.discard_draft import DiscardDraft, DraftDiscarded, discard_draft
from marketplace.usecases.lodge_complaint import ComplaintLodged, LodgeComplaint, lodge_complaint
from marketplace.usecases.object_to_award import AwardObjectedTo, ObjectToAward, object_to_award
from marketplace.usecases.reconfirm_offer import OfferReconfirmed, ReconfirmOffer, reconfirm_offer
from marketplace.usecases.withdraw_award_objection import (
    AwardObjectionWithdrawn,
    WithdrawAwardObjection,
    withdraw_award_objection,
)
from marketplace.usecases.withdraw_demand import DemandWithdrawn, WithdrawDemand, withdraw_demand
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import DEMANDS, SELECTIONS

_DEMAND = "/demands/{demand:str}"
_SELECTION = "/selections/{selection:str}"

_DEMANDS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_DEMAND}/enquiries", "askEnquiry", DEMANDS, "询问 / Ask about a demand", AskEnquiry, EnquiryAsked,
        lambda visit, command: ask_enquiry(visit.database, visit.caller, command), ("demand",),
    )),
    handler_of(Write(
        f"{_DEMAND}/enquiry-answers", "answerEnquiry", DEMANDS, "答复询问 / Answer an enquiry",
        AnswerEnquiry, EnquiryAnswered,
        lambda visit, command: answer_enquiry(visit.database, visit.caller, command), ("demand",),
    )),
    handler_of(Write(
        f"{_DEMAND}/changes", "changeDemand", DEMANDS, "变更选取条件 / Change the terms of a demand",
        ChangeDemand, DemandChanged,
        lambda visit, command: change_demand(visit.database, visit.caller, command), ("demand",),
    )),
    handler_of(Write(
        f"{_DEMAND}/draft-changes", "changeDraft", DEMANDS, "修改草稿 / Change a draft", ChangeDraft, DraftChanged,
        lambda visit, command: change_draft(visit.database, visit.caller, command, profile=visit.profile), ("demand",),
    )),
    handler_of(Write(
        f"{_DEMAND}/discarding", "discardDraft", DEMANDS, "放弃草稿 / Discard a draft", DiscardDraft, DraftDiscarded,
        lambda visit, command: discard_draft(visit.database, visit.caller, command), ("demand",),
    )),
    handler_of(Write(
        f"{_DEMAND}/withdrawal", "withdrawDemand", DEMANDS, "撤回需求 / Withdraw a demand",
        WithdrawDemand, DemandWithdrawn,
        lambda visit, command: withdraw_demand(visit.database, visit.caller, command), ("demand",),
    )),
)  # fmt: skip

_AWARDS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_SELECTION}/offer-confirmations", "reconfirmOffer", SELECTIONS, "确认报价继续有效 / Confirm an offer anew",
        ReconfirmOffer, OfferReconfirmed,
        lambda visit, command: reconfirm_offer(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/award-confirmations", "confirmAward", SELECTIONS, "确认中选 / Confirm an award",
        ConfirmAward, AwardConfirmed,
        lambda visit, command: confirm_award(visit.database, visit.caller, command), ("selection",),
    )),
)  # fmt: skip

_OBJECTIONS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_SELECTION}/objections", "objectToAward", SELECTIONS, "中选异议 / Object to an award",
        ObjectToAward, AwardObjectedTo,
        lambda visit, command: object_to_award(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/objection-answers", "answerAwardObjection", SELECTIONS, "答复中选异议 / Answer an objection",
        AnswerAwardObjection, AwardObjectionAnswered,
        lambda visit, command: answer_award_objection(visit.database, visit.caller, command), ("selection",),
        second="approver",
    )),
    handler_of(Write(
        f"{_SELECTION}/objection-withdrawals", "withdrawAwardObjection", SELECTIONS,
        "撤回中选异议 / Withdraw an award objection", WithdrawAwardObjection, AwardObjectionWithdrawn,
        lambda visit, command: withdraw_award_objection(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/complaints", "lodgeComplaint", SELECTIONS, "投诉 / Complain to the regulator",
        LodgeComplaint, ComplaintLodged,
        lambda visit, command: lodge_complaint(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/complaint-acceptances", "acceptComplaint", SELECTIONS, "受理投诉 / Accept or refuse a complaint",
        AcceptComplaint, ComplaintAccepted,
        lambda visit, command: accept_complaint(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/complaint-decisions", "decideComplaint", SELECTIONS, "投诉处理决定 / Decide a complaint",
        DecideComplaint, ComplaintDecided,
        lambda visit, command: decide_complaint(visit.database, visit.caller, command), ("selection",),
        second="approver",
    )),
)  # fmt: skip

LIFE_WRITES: tuple[HTTPRouteHandler, ...] = (*_DEMANDS, *_AWARDS, *_OBJECTIONS)
"""Each needs an actor."""
