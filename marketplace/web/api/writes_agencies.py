"""The writes about an agency's own life: objections, changes, standing back, certificates that follow, items, shelf."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from marketplace.usecases.agency_leaving import AgencyLeft
from marketplace.usecases.answer_filing_objection import (
    AnswerFilingObjection,
    FilingObjectionAnswered,
    answer_filing_objection,
)
from marketplace.usecases.change_agency import AgencyChanged, ChangeAgency, change_agency
from marketplace.usecases.follow_qualification import FollowQualification, QualificationFollowed, follow_qualification
from marketplace.usecases.object_to_filing import FilingObjectedTo, ObjectToFiling, object_to_filing
from marketplace.usecases.offer_item import ItemOffered, OfferItem, offer_item
from marketplace.usecases.return_agency import AgencyReturned, ReturnAgency, return_agency
from marketplace.usecases.stop_item import ItemStopped, StopItem, stop_item
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from marketplace.usecases.withdraw_agency import WithdrawAgency, withdraw_agency
from marketplace.usecases.withdraw_shelf_offer import (
    ShelfOfferWithdrawn,
    WithdrawShelfOffer,
    withdraw_shelf_offer,
)
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import AGENCIES

_AGENCY = "/agencies/{agency:str}"

_FILING: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_AGENCY}/filing-objections", "objectToFiling", AGENCIES, "备案异议 / Object to a filing",
        ObjectToFiling, FilingObjectedTo,
        lambda visit, command: object_to_filing(visit.database, visit.caller, command, profile=visit.profile),
        ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/filing-objections/{{objection:str}}/answer", "answerFilingObjection", AGENCIES,
        "答复备案异议 / Answer a filing objection", AnswerFilingObjection, FilingObjectionAnswered,
        lambda visit, command: answer_filing_objection(visit.database, visit.caller, command),
        ("agency", "objection"),
    )),
    handler_of(Write(
        f"{_AGENCY}/changes", "changeAgency", AGENCIES, "变更备案信息 / Change what is on file",
        ChangeAgency, AgencyChanged,
        lambda visit, command: change_agency(
            visit.database, visit.caller, command, profile=visit.profile, identifiers=visit.identifiers
        ),
        ("agency",),
    )),
)  # fmt: skip

_STANDING: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_AGENCY}/suspension", "suspendAgency", AGENCIES, "机构暂停 / Stand back", SuspendAgency, AgencyLeft,
        lambda visit, command: suspend_agency(visit.database, visit.caller, command), ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/withdrawal", "withdrawAgency", AGENCIES, "机构退出 / Leave", WithdrawAgency, AgencyLeft,
        lambda visit, command: withdraw_agency(visit.database, visit.caller, command), ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/return", "returnAgency", AGENCIES, "机构恢复 / Return", ReturnAgency, AgencyReturned,
        lambda visit, command: return_agency(visit.database, visit.caller, command), ("agency",),
    )),
)  # fmt: skip

_ABILITIES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        f"{_AGENCY}/qualifications/{{qualification:str}}/followings", "followQualification", AGENCIES,
        "资质变更 / What becomes of a certificate", FollowQualification, QualificationFollowed,
        lambda visit, command: follow_qualification(visit.database, visit.caller, command),
        ("agency", "qualification"),
    )),
    handler_of(Write(
        f"{_AGENCY}/items", "offerItem", AGENCIES, "登记服务事项 / State an item", OfferItem, ItemOffered,
        lambda visit, command: offer_item(visit.database, visit.caller, command), ("agency",),
    )),
    handler_of(Write(
        f"{_AGENCY}/items/{{item:str}}/stop", "stopItem", AGENCIES, "停止服务事项 / State an item no longer",
        StopItem, ItemStopped,
        lambda visit, command: stop_item(visit.database, visit.caller, command), ("agency", "item"),
    )),
    handler_of(Write(
        f"{_AGENCY}/shelf-offers/{{offer:str}}/withdrawal", "withdrawShelfOffer", AGENCIES,
        "下架报价 / Take an offer off the shelf", WithdrawShelfOffer, ShelfOfferWithdrawn,
        lambda visit, command: withdraw_shelf_offer(visit.database, visit.caller, command), ("agency", "offer"),
    )),
)  # fmt: skip

AGENCY_LIFE_WRITES = (*_FILING, *_STANDING, *_ABILITIES)
