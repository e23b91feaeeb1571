"""Acts of an agency in a demand, one row each: signing up, offering, confirming, asking, objecting.

The terms that were looked at go along with what binds (``terms_digest``), and so does the agency's part of a draw.
Source: selection.md sections 2 and 7; market.md section 4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bidding.assembling import DRAW_MODES
from bidding.discount import discounted_fen
from bidding.joint_purchase import (
    SPLIT_ITEM_MISSING,
    SPLIT_ITEM_REPEATED,
    SPLIT_ITEM_UNKNOWN,
    SPLIT_PART_NEGATIVE,
    SPLIT_SUM_DIFFERS,
    Part,
    check_split,
)
from bidding.offers import own_refusals
from bidding.terms import DemandTerms, PricedTerms, needs_draw
from commons.canonical import Json
from commons.verdicts import Reason, Refused
from credit.rulebook import rulebook
from marketplace.usecases.abandon_award import AbandonAward, abandon_award
from marketplace.usecases.ask_enquiry import AskEnquiry, ask_enquiry
from marketplace.usecases.confirm_award import ConfirmAward, confirm_award
from marketplace.usecases.explain_low_price import ExplainLowPrice, explain_low_price
from marketplace.usecases.lodge_complaint import LodgeComplaint, lodge_complaint
from marketplace.usecases.object_to_award import ObjectToAward, object_to_award
from marketplace.usecases.place_offer import PlaceOffer, place_offer
from marketplace.usecases.reconfirm_offer import ReconfirmOffer, reconfirm_offer
from marketplace.usecases.record_credit_fact import RULEBOOK
from marketplace.usecases.sign_up import SignUp, sign_up
from marketplace.usecases.withdraw_award_objection import WithdrawAwardObjection, withdraw_award_objection
from marketplace.web import formatting
from marketplace.web.pages.acting import Sent
from marketplace.web.pages.agency_acts import AgencyAct
from marketplace.web.pages.naming import item_of
from marketplace.web.plans import Field, Plan, read_amount, read_whole
from marketplace.web.views.agency_acts import Pairs

_DIGEST = Field("terms_digest", "", "hidden", limit=64, is_needed=False)
_NONCE = Field("nonce", "", "hidden", limit=64, is_needed=False)
_GROUNDS = Field("grounds", "理由", "prose", hint="会公开，您的名称不公开", limit=500)


_SPLIT_CODES = (
    SPLIT_ITEM_MISSING, SPLIT_ITEM_REPEATED, SPLIT_ITEM_UNKNOWN, SPLIT_PART_NEGATIVE, SPLIT_SUM_DIFFERS,
)  # fmt: skip
_RULE = rulebook(RULEBOOK).rules["award_abandoned"]
_ABANDONED = f"{formatting.signed_points(_RULE.points)} 分，计 {_RULE.valid_months} 个月"
"""What giving an award up costs, as the rulebook has it."""


def number_of(sent: Sent) -> dict[str, Json]:
    """The number of an objection of one's own."""
    text = sent.get("objection")
    return {"objection": read_whole(text) if read_whole(text) is not None else text}


def sign_up_act(terms: DemandTerms) -> AgencyAct[Any]:
    """Signing up; in a draw that is all there is to do, and it binds."""
    is_drawn = terms.mode in DRAW_MODES
    fields = [
        Field("similar_jobs", "近三年同类业绩", "whole", unit="项", hint="没有的填 0；如实申报，中选后核对",
              is_needed=False),
        Field("commitment_signed", "承诺符合条件、所报属实", "box",
              hint="资质、限制和回避由系统当场核对；不符合的会列出全部原因"),
    ]  # fmt: skip
    lead: tuple[str, ...] = ("报名不收费、不交保证金；准入与否当场答复。",)
    if is_drawn:
        lead = (
            f"按公布金额 {formatting.yuan(terms.ceiling_fen)} 和期限承接，不另报价；报名即有约束力，被抽中即为中选。",
        )
    return AgencyAct(
        "sign-up", "报名", "确认报名" if is_drawn else "报名",
        Plan((*fields, _DIGEST, _NONCE), places={"commitment_not_signed": "commitment_signed"}),
        SignUp, lambda doing, command: sign_up(doing.database, doing.caller, command), "signed_up", lead,
        is_checked=is_drawn,
    )  # fmt: skip


def split_of(items: Sequence[str]) -> Callable[[Sent], dict[str, Json]]:
    """Reads what of the price belongs to each item of a joint purchase; nothing typed, nothing is said."""

    def read(sent: Sent) -> dict[str, Json]:
        typed = [(item, sent.get(f"part{number}")) for number, item in enumerate(items, 1)]
        if not any(text for _, text in typed):
            return {}
        return {"split": [{"item": item, "fen": read_amount(text)} for item, text in typed if text]}

    return read


def _parts(items: Sequence[str]) -> tuple[Field, ...]:
    """A field for each item, where several are bought under one price."""
    if len(items) < 2:  # noqa: PLR2004 - one item has no parts
        return ()
    hint = "可不填；填则每项都填，合计等于报价；只作展示，不影响比选"
    return tuple(
        Field(f"part{number}", f"其中：{item_of(item).name}", "amount", hint=hint if number == 1 else "",
              asks="分项要么都不填，要么每项都填，合计等于报价", is_needed=False, at="/split")
        for number, item in enumerate(items, 1)
    )  # fmt: skip


def offer_act(terms: PricedTerms, items: Sequence[str] = ()) -> AgencyAct[Any]:
    """The sealed offer as the terms ask for it, with its split over several items; read once more before it is sent."""
    ceiling = formatting.yuan(terms.ceiling_fen)
    price = Field("price_fen", "报价", "amount", hint=f"含税，大于 0，不高于最高限价 {ceiling}", limit=24)
    if terms.price_basis == "discount_rate":
        price = Field(
            "discount_bp", "下浮率", "rate", hint=f"报价 = 最高限价 {ceiling} × (1 − 下浮率)，四舍五入到分", limit=8
        )
    fields = [price]
    if terms.needs_days:
        most = "" if terms.max_days is None else f"1 至 {terms.max_days} 个工作日"
        fields.append(Field("days", "服务期限", "whole", unit="个工作日", hint=most, limit=5))
    fields += _parts(items)
    named = price.name
    places = {
        **dict.fromkeys(_SPLIT_CODES, "part1"),
        **dict.fromkeys(("ceiling_exceeded", "price_not_positive", "discount_out_of_range"), named),
        **dict.fromkeys(("days_exceeded", "days_not_positive"), "days"),
    }
    return AgencyAct(
        "offer", "密封报价", "确认提交报价", Plan((*fields, _DIGEST, _NONCE), places=places),
        PlaceOffer, lambda doing, command: place_offer(doing.database, doing.caller, command), "offer_placed",
        ("截止前密封：任何人都看不到，业主也一样；截止前可以再报，以最后一次为准，不能撤回。",),
        read=split_of(items), receipt="digest", is_checked=True,
    )  # fmt: skip


def offer_sums(terms: PricedTerms) -> Any:
    """What an offer adds up to, in words: the price that counts with its capitals, and what it saves."""

    def sums(command: PlaceOffer) -> Pairs:
        ceiling = terms.ceiling_fen
        price = command.price_fen
        if price is None:
            price = discounted_fen(ceiling, command.discount_bp or 0)
        lower = ceiling - price
        share = f"（{formatting.share(abs(lower), ceiling)}%）"
        return (
            ("最高限价", formatting.yuan(ceiling)),
            ("低于限价" if lower >= 0 else "高于限价", f"{formatting.yuan(abs(lower))}{share}"),
            ("报价合计", f"{formatting.yuan(price)}　{formatting.capitals(price) if price > 0 else ''}"),
        )

    return sums


def offer_judge(terms: PricedTerms, items: Sequence[str] = ()) -> Callable[[PlaceOffer], tuple[Reason, ...]]:
    """The refusals that an offer earns by its price, days and split alone, before anybody confirms it."""

    def judge(command: PlaceOffer) -> tuple[Reason, ...]:
        own = own_refusals(
            command.price_fen, command.days, ceiling_fen=terms.ceiling_fen, max_days=terms.max_days,
            discount_bp=command.discount_bp,
        )  # fmt: skip
        if command.split is None:
            return own
        price = command.price_fen
        if price is None:
            price = discounted_fen(terms.ceiling_fen, command.discount_bp or 0)
        ruling = check_split(items, price, tuple(Part(one.item, one.fen) for one in command.split))
        return (*own, *(ruling.reasons if isinstance(ruling, Refused) else ()))

    return judge


def asks_nonce(terms: DemandTerms, *, is_sign_up: bool) -> bool:
    """Whether the agency's part of a draw goes along: with the sign-up in the draw modes, else with the offer."""
    return (terms.mode in DRAW_MODES) if is_sign_up else needs_draw(terms)


PART_ACTS: Mapping[str, AgencyAct[Any]] = {
    one.name: one
    for one in (
        AgencyAct(
            "reconfirm", "确认报价继续有效", "确认", Plan((_DIGEST,)), ReconfirmOffer,
            lambda doing, command: reconfirm_offer(doing.database, doing.caller, command), "offer_reconfirmed",
            ("选取条件已经变更：不确认的报价不再计入；也可以按新条件重新报价。",),
        ),
        AgencyAct(
            "ask", "询问", "提交询问",
            Plan((Field("question", "问题", "prose", hint="会公开，您的名称不公开", limit=500),)),
            AskEnquiry, lambda doing, command: ask_enquiry(doing.database, doing.caller, command), "enquiry_asked",
            receipt="enquiry",
        ),
        AgencyAct(
            "explain", "说明低价", "提交说明", Plan((
                Field("text", "报价为什么能做到", "prose", hint="成本构成、人员、设备；只有业主与监管部门可见",
                      limit=5000),
            )),
            ExplainLowPrice, lambda doing, command: explain_low_price(doing.database, doing.caller, command),
            "explanation_given", ("报价低于低价核查线，业主采纳说明后才能中选；逾期不说明的不中选。",),
        ),
        AgencyAct(
            "confirm", "确认中选", "确认中选", Plan(()), ConfirmAward,
            lambda doing, command: confirm_award(doing.database, doing.caller, command), "award_confirmed",
            ("确认后即应按中选价和期限签约。",),
        ),
        AgencyAct(
            "abandon", "放弃中选", "放弃中选", Plan((Field("reason", "理由", "prose", hint="会公开", limit=500),)),
            AbandonAward, lambda doing, command: abandon_award(doing.database, doing.caller, command),
            "award_abandoned",
            (f"放弃中选会记入信用信息（{_ABANDONED}），由排序中的下一家递补，不能恢复。",),
            receipt="credit_fact", is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "object", "对结果提出异议", "提出异议", Plan((_GROUNDS,)), ObjectToAward,
            lambda doing, command: object_to_award(doing.database, doing.caller, command), "award_objected",
            ("公示期内可以提出；提出后签约暂停，业主须在规定的期限内答复，答复公开。",), receipt="objection",
        ),
        AgencyAct(
            "withdraw-objection", "撤回异议", "撤回", Plan((Field("objection", "异议", "select"),)),
            WithdrawAwardObjection,
            lambda doing, command: withdraw_award_objection(doing.database, doing.caller, command),
            "award_objection_withdrawn", read=number_of, receipt="objection",
        ),
        AgencyAct(
            "complain", "向监管部门投诉", "提交投诉", Plan((Field("objection", "异议", "select"), _GROUNDS)),
            LodgeComplaint, lambda doing, command: lodge_complaint(doing.database, doing.caller, command),
            "complaint_lodged", ("对答复不服的可以投诉；监管部门在规定期限内决定是否受理。",), read=number_of,
            receipt="objection",
        ),
    )
}  # fmt: skip
"""By the name in the address."""
