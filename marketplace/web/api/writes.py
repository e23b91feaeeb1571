"""Every write of the API, one row each: address, command, answer, use case."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.abandon_award import AbandonAward, AwardAbandoned, abandon_award
from marketplace.usecases.act import Identifier, Message
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.answer_objection import AnswerObjection, ObjectionAnswered, answer_objection
from marketplace.usecases.apply_for_repair import ApplyForRepair, RepairAppliedFor, apply_for_repair
from marketplace.usecases.award_directly import AwardDirectly, AwardedDirectly, award_directly
from marketplace.usecases.cancel_selection import CancelSelection, SelectionCancelled, cancel_selection
from marketplace.usecases.explain_low_price import ExplainLowPrice, LowPriceExplained, explain_low_price
from marketplace.usecases.file_agency import AgencyFiled, FileAgency, file_agency
from marketplace.usecases.grant_repair import GrantRepair, RepairApproved, grant_repair
from marketplace.usecases.notice_restriction import NoticeRestriction, RestrictionNoticed, notice_restriction
from marketplace.usecases.object_to_fact import FactObjectedTo, ObjectToFact, object_to_fact
from marketplace.usecases.pick_from_shortlist import PickedFromShortlist, PickFromShortlist, pick_from_shortlist
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.post_notice import NoticePosted, PostNotice, post_notice
from marketplace.usecases.publish_again import DemandPublishedAgain, PublishAgain, publish_again
from marketplace.usecases.publish_demand import DemandPublished, PublishDemand, publish_demand
from marketplace.usecases.publish_notice import NoticePublished, PublishNotice, publish_notice
from marketplace.usecases.put_shelf_offer import PutShelfOffer, ShelfOfferPut, put_shelf_offer
from marketplace.usecases.record_credit_fact import CreditFactRecorded, RecordCreditFact, record_credit_fact
from marketplace.usecases.refuse_repair import RefuseRepair, RepairRefused, refuse_repair
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.resume_selection import ResumeSelection, SelectionResumed, resume_selection
from marketplace.usecases.rule_low_price import LowPriceRuled, RuleLowPrice, rule_low_price
from marketplace.usecases.settle_selection import settle_selection
from marketplace.usecases.sign_up import SignedUp, SignUp, sign_up
from marketplace.usecases.suspend_selection import SelectionSuspended, SuspendSelection, suspend_selection
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from marketplace.web.api.announcements import ANNOUNCEMENT_WRITES
from marketplace.web.api.routing import Visit, Write, handler_of
from marketplace.web.api.tags import AGENCIES, CREDIT, DEMANDS, SELECTIONS
from marketplace.web.api.writes_accounts import ACCOUNT_WRITES
from marketplace.web.api.writes_agencies import AGENCY_LIFE_WRITES
from marketplace.web.api.writes_catalogue import CATALOGUE_WRITES
from marketplace.web.api.writes_contracts import CONTRACT_WRITES
from marketplace.web.api.writes_credit import CREDIT_WRITES
from marketplace.web.api.writes_files import FILE_WRITES
from marketplace.web.api.writes_jobs import JOB_WRITES
from marketplace.web.api.writes_life import LIFE_WRITES
from marketplace.web.api.writes_neighbours import NEIGHBOUR_WRITES
from marketplace.web.api.writes_people import PEOPLE_WRITES
from marketplace.web.api.writes_satisfaction import SATISFACTION_WRITES
from marketplace.web.api.writes_search import SEARCH_WRITES
from marketplace.web.imports.serving import IMPORT_WRITES


class SettleSelection(Message):
    """Which selection; the clock says what is due."""

    selection: Identifier


class SelectionSettled(Message):
    """Where the selection stands; nothing of an offer is shown before the decision is on record."""

    selection: str
    mode: str
    rounds_closed: int
    is_decided: bool
    outcome: str | None
    proposed: str | None


async def _settle(visit: Visit, command: SettleSelection) -> SelectionSettled:
    state = await settle_selection(visit.database, command.selection)
    outcome = None if state.decision is None else str(state.decision["outcome"])
    return SelectionSettled(
        selection=state.id,
        mode=state.mode,
        rounds_closed=state.rounds_closed,
        is_decided=state.is_decided,
        outcome=outcome,
        proposed=state.proposed,
    )


_AGENCY = "/agencies/{agency:str}"
_FACT = f"{_AGENCY}/credit-facts/{{fact:str}}"
_DEMAND = "/demands/{demand:str}"
_SELECTION = "/selections/{selection:str}"

_AGENCIES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/agencies", "fileAgency", AGENCIES, "机构备案 / File an agency", FileAgency, AgencyFiled,
        lambda visit, command: file_agency(
            visit.database, visit.caller, command, profile=visit.profile, identifiers=visit.identifiers
        ),
    )),
    handler_of(Write(
        f"{_AGENCY}/qualifications", "addQualification", AGENCIES, "登记资质 / Add a qualification",
        AddQualification, QualificationAdded,
        lambda visit, command: add_qualification(visit.database, visit.caller, command), ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/shelf-offers", "putShelfOffer", AGENCIES, "上架报价 / Put an offer on the shelf",
        PutShelfOffer, ShelfOfferPut,
        lambda visit, command: put_shelf_offer(visit.database, visit.caller, command), ("agency",),
    )),
)  # fmt: skip

_CREDIT: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_AGENCY}/credit-facts", "recordCreditFact", CREDIT, "记录信用信息 / Record a credit fact",
        RecordCreditFact, CreditFactRecorded,
        lambda visit, command: record_credit_fact(visit.database, visit.caller, command), ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/restrictions", "restrictAgency", CREDIT, "限制机构 / Restrict an agency",
        RestrictAgency, AgencyRestricted,
        lambda visit, command: restrict_agency(visit.database, visit.caller, command, profile=visit.profile),
        ("agency",), second="approvers",
    )),
    handler_of(Write(
        f"{_AGENCY}/restriction-notices", "noticeRestriction", CREDIT, "事先告知 / Give prior notice of a restriction",
        NoticeRestriction, RestrictionNoticed,
        lambda visit, command: notice_restriction(visit.database, visit.caller, command, profile=visit.profile),
        ("agency",),
    )),
)  # fmt: skip

_FOLLOWING: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_FACT}/objections", "objectToFact", CREDIT, "信用异议 / Object to a credit fact",
        ObjectToFact, FactObjectedTo,
        lambda visit, command: object_to_fact(visit.database, visit.caller, command, profile=visit.profile),
        ("agency", "fact"),
    )),
    handler_of(Write(
        f"{_FACT}/objection-answers", "answerObjection", CREDIT, "答复信用异议 / Answer a credit objection",
        AnswerObjection, ObjectionAnswered,
        lambda visit, command: answer_objection(visit.database, visit.caller, command, profile=visit.profile),
        ("agency", "fact"),
    )),
    handler_of(Write(
        f"{_FACT}/repair-applications", "applyForRepair", CREDIT, "申请信用修复 / Apply for credit repair",
        ApplyForRepair, RepairAppliedFor,
        lambda visit, command: apply_for_repair(visit.database, visit.caller, command, profile=visit.profile),
        ("agency", "fact"),
    )),
    handler_of(Write(
        f"{_FACT}/repair-approvals", "grantRepair", CREDIT, "准予信用修复 / Approve a credit repair",
        GrantRepair, RepairApproved,
        lambda visit, command: grant_repair(visit.database, visit.caller, command), ("agency", "fact"),
    )),
    handler_of(Write(
        f"{_FACT}/repair-refusals", "refuseRepair", CREDIT, "不予信用修复 / Refuse a credit repair",
        RefuseRepair, RepairRefused,
        lambda visit, command: refuse_repair(visit.database, visit.caller, command), ("agency", "fact"),
    )),
)  # fmt: skip

_DEMANDS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/demands", "postDemand", DEMANDS, "起草需求 / Post a demand", PostDemand, DemandPosted,
        lambda visit, command: post_demand(visit.database, visit.caller, command, profile=visit.profile),
    )),
    handler_of(Write(
        f"{_DEMAND}/publication", "publishDemand", DEMANDS, "发布需求 / Publish a demand",
        PublishDemand, DemandPublished,
        lambda visit, command: publish_demand(visit.database, visit.caller, command), ("demand",),
    )),
    handler_of(Write(
        f"{_DEMAND}/award", "takeInstantAward", DEMANDS, "立等可取 / Take an instant award",
        TakeInstantAward, InstantAwarded,
        lambda visit, command: take_instant_award(visit.database, visit.caller, command), ("demand",),
    )),
)  # fmt: skip

_NOTICES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/notices", "postNotice", DEMANDS, "起草标段公告 / Post a notice of lots", PostNotice, NoticePosted,
        lambda visit, command: post_notice(visit.database, visit.caller, command, profile=visit.profile),
    )),
    handler_of(Write(
        "/notices/{notice:str}/publication", "publishNotice", DEMANDS, "发布标段公告 / Publish a notice of lots",
        PublishNotice, NoticePublished,
        lambda visit, command: publish_notice(visit.database, visit.caller, command), ("notice",),
    )),
)  # fmt: skip

_CHOICES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_SELECTION}/choice", "pickFromShortlist", SELECTIONS, "业主择定 / Pick from the short list",
        PickFromShortlist, PickedFromShortlist,
        lambda visit, command: pick_from_shortlist(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/direct-award", "awardDirectly", SELECTIONS, "直接选取 / Award directly",
        AwardDirectly, AwardedDirectly,
        lambda visit, command: award_directly(visit.database, visit.caller, command), ("selection",),
    )),
)  # fmt: skip

_SELECTIONS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_SELECTION}/sign-ups", "signUp", SELECTIONS, "报名 / Sign up", SignUp, SignedUp,
        lambda visit, command: sign_up(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/offers", "placeOffer", SELECTIONS, "报价响应 / Place an offer", PlaceOffer, OfferPlaced,
        lambda visit, command: place_offer(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/settlement", "settleSelection", SELECTIONS, "办理到期事项 / Settle what is due",
        SettleSelection, SelectionSettled, _settle, ("selection",), 200,
    )),
)  # fmt: skip

_OUTCOMES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_DEMAND}/publications", "publishAgain", DEMANDS, "再次发布 / Publish a demand again",
        PublishAgain, DemandPublishedAgain,
        lambda visit, command: publish_again(visit.database, visit.caller, command), ("demand",),
    )),
    handler_of(Write(
        f"{_SELECTION}/abandonments", "abandonAward", SELECTIONS, "放弃中选 / Abandon an award",
        AbandonAward, AwardAbandoned,
        lambda visit, command: abandon_award(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/cancellation", "cancelSelection", SELECTIONS, "终止选取 / Cancel a selection",
        CancelSelection, SelectionCancelled,
        lambda visit, command: cancel_selection(visit.database, visit.caller, command), ("selection",),
        second="approver",
    )),
    handler_of(Write(
        f"{_SELECTION}/suspensions", "suspendSelection", SELECTIONS, "暂停选取 / Suspend a selection",
        SuspendSelection, SelectionSuspended,
        lambda visit, command: suspend_selection(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/resumptions", "resumeSelection", SELECTIONS, "恢复选取 / Resume a selection",
        ResumeSelection, SelectionResumed,
        lambda visit, command: resume_selection(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/explanations", "explainLowPrice", SELECTIONS, "说明异常低价 / Explain an abnormally low price",
        ExplainLowPrice, LowPriceExplained,
        lambda visit, command: explain_low_price(visit.database, visit.caller, command), ("selection",),
    )),
    handler_of(Write(
        f"{_SELECTION}/explanation-rulings", "ruleLowPrice", SELECTIONS, "认定低价说明 / Rule on an explanation",
        RuleLowPrice, LowPriceRuled,
        lambda visit, command: rule_low_price(visit.database, visit.caller, command), ("selection",),
    )),
)  # fmt: skip

WRITE_ROUTES: tuple[HTTPRouteHandler, ...] = (
    *ANNOUNCEMENT_WRITES,
    *ACCOUNT_WRITES,
    *_AGENCIES,
    *_CREDIT,
    *_FOLLOWING,
    *CREDIT_WRITES,
    *PEOPLE_WRITES,
    *SATISFACTION_WRITES,
    *CATALOGUE_WRITES,
    *AGENCY_LIFE_WRITES,
    *FILE_WRITES,
    *NEIGHBOUR_WRITES,
    *SEARCH_WRITES,
    *IMPORT_WRITES,
    *JOB_WRITES,
    *_DEMANDS,
    *_NOTICES,
    *_SELECTIONS,
    *_CHOICES,
    *_OUTCOMES,
    *CONTRACT_WRITES,
    *LIFE_WRITES,
)
"""All of them; each needs an actor."""
