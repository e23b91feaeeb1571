"""Acts of an agency about its own file, one row each: what is on file, certificates, people, items, shelf, standing.

Days typed as the last day of a validity become the half-open end that the commands take. Source: market.md section 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from commons.canonical import Json
from marketplace.usecases.add_qualification import AddQualification, add_qualification
from marketplace.usecases.change_agency import ChangeAgency, change_agency
from marketplace.usecases.claim_practitioner import ClaimPractitioner, claim_practitioner
from marketplace.usecases.follow_qualification import FollowQualification, follow_qualification
from marketplace.usecases.offer_item import OfferItem, offer_item
from marketplace.usecases.put_shelf_offer import PutShelfOffer, put_shelf_offer
from marketplace.usecases.release_practitioner import ReleasePractitioner, release_practitioner
from marketplace.usecases.return_agency import ReturnAgency, return_agency
from marketplace.usecases.state_relations import StateRelations, state_relations
from marketplace.usecases.stop_item import StopItem, stop_item
from marketplace.usecases.suspend_agency import SuspendAgency, suspend_agency
from marketplace.usecases.withdraw_agency import WithdrawAgency, withdraw_agency
from marketplace.usecases.withdraw_shelf_offer import WithdrawShelfOffer, withdraw_shelf_offer
from marketplace.web.locale.names import AGENCY_KINDS
from marketplace.web.pages.acting import Sent
from marketplace.web.pages.agency_acts import AgencyAct
from marketplace.web.plans import Field, Plan, read_day
from marketplace.web.views.forms import Choice

_BY = re.compile(r"[\s,，、;；]+")
_USCC_LENGTH = 18
_ID = re.compile(r"\d{17}[\dXx]", re.ASCII)

KIND_CHOICES = tuple(Choice(code, name) for code, name in AGENCY_KINDS.items())
REASON = Field("reason", "理由", "prose", hint="会公开", limit=500)
FIRST = Field("valid_from", "有效期自", "day")
LAST = Field("last_day", "有效期至", "day", hint="含当日；长期有效的不填", is_needed=False, at="/valid_until")
OPTIONAL_LAST = Field("last_day", "有效期至", "day", hint="含当日；不变的不填", is_needed=False, at="/valid_until")

JOIN_PLAN = Plan(
    (
        Field("name", "机构名称", hint="与营业执照或登记证书一致"),
        Field("kind", "机构类型", "radios", options=KIND_CHOICES),
        Field("region", "注册地", "select", hint="只用于登记，不限制在哪里承接"),
        Field("legal_representative", "法定代表人或负责人", hint="不公开全名"),
        Field("contact_name", "联系人", hint="不公开", is_needed=False),
        Field("contact_phone", "联系电话", hint="加密保存，不公开", is_needed=False, complete="tel"),
        Field("commitment_signed", "我代表本机构签署以上承诺书", "box"),
    ),
    places={"commitment_not_signed": "commitment_signed", "already_filed": "name"},
)
"""入驻."""


def last_day(sent: Sent) -> dict[str, Json]:
    """The end of a validity out of its last day."""
    text = read_day(sent.get("last_day"))
    return {} if text is None else {"valid_until": (date.fromisoformat(text) + timedelta(days=1)).isoformat()}


def relations_of(sent: Sent) -> dict[str, Json]:
    """The whole statement: people and bodies one a line, an identifier and a share (percent) after the name."""
    said: dict[str, Json] = {"address": sent.get("address"), "contact": sent.get("contact")}
    if sent.get("representative"):
        said["legal_representative"] = _holder(sent.get("representative"))
    for name in ("controllers", "shareholders", "managers"):
        said[name] = [_holder(line) for line in sent.get(name).splitlines() if line.strip()]
    said["predecessors"] = [line.strip().upper() for line in sent.get("predecessors").splitlines() if line.strip()]
    return {"relations": said}


def _holder(line: str) -> dict[str, Json]:
    """One line: ``name identifier [share%]``; what it lacks is left for the command to find missing."""
    name, *rest = _BY.split(line.strip())
    found: dict[str, Json] = {"name": name}
    for text in rest:
        share = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2}))?[%％]", text)
        if share:
            found["share_bp"] = int(share[1]) * 100 + int((share[2] or "0").ljust(2, "0"))
        elif len(text) == _USCC_LENGTH and not _ID.fullmatch(text):
            found["uscc"] = text.upper()
        else:
            found["id_number"] = text.upper()
    return found


_CERTIFICATE = (
    Field("number", "证书编号", limit=64),
    Field("issuer", "发证机关", is_needed=False),
)
_LINES = "一行一个：姓名或名称、证件号码或统一社会信用代码、持股比例（可不填），用空格分开"

OWN_ACTS: Mapping[str, AgencyAct[Any]] = {
    one.name: one
    for one in (
        AgencyAct(
            "change", "变更备案信息", "变更", Plan(
                (
                    Field("name", "机构名称", is_needed=False),
                    Field("kind", "机构类型", "radios", is_needed=False, options=KIND_CHOICES),
                    Field("region", "注册地", "select", is_needed=False),
                    Field("contact_name", "联系人", hint="不公开；不变的不填", is_needed=False),
                    Field("contact_phone", "联系电话", hint="不公开；不变的不填", is_needed=False),
                    Field("reason", "说明", "prose", hint="会公开", limit=500, is_needed=False),
                ),
                places={"nothing_changed": "name"},
            ),
            ChangeAgency,
            lambda doing, command: change_agency(
                doing.database, doing.caller, command, profile=doing.profile,
                identifiers=doing.request.app.state.identifiers,
            ),
            "agency_changed", ("变更立即生效，并留在历史中；原来的内容不会删除。",),
        ),
        AgencyAct(
            "qualify", "登记资质", "登记", Plan(
                (
                    Field("kind", "资质种类", "select"),
                    Field("grade", "等级", "proposed", hint="按证书填写；没有等级的种类不填", limit=20,
                          is_needed=False),
                    *_CERTIFICATE, FIRST, LAST,
                    Field("scope", "业务范围", "prose", hint="按证书填写", limit=300, is_needed=False),
                    Field("items", "只适用于这些服务事项", "boxes", hint="证书没有限定的不选", is_needed=False),
                ),
                places={"grade_unknown": "grade", "qualification_known": "number"},
            ),
            AddQualification, lambda doing, command: add_qualification(doing.database, doing.caller, command),
            "qualification_added", ("到期之日零时（北京时间）起自动停用，不需要办理。",), last_day,
            receipt="qualification",
        ),
        AgencyAct(
            "renew", "资质延续", "登记延续", Plan((
                Field("last_day", "延续至", "day", hint="含当日", at="/valid_until"),
                Field("number", "新证书编号", hint="编号不变的不填", is_needed=False, limit=64),
                Field("reason", "说明", "prose", hint="会公开", limit=500),
            )),
            FollowQualification, lambda doing, command: follow_qualification(doing.database, doing.caller, command),
            "qualification_followed", ("延续从原有效期届满之日起算，中间没有空档。",), last_day, receipt="successor",
        ),
        AgencyAct(
            "correct", "资质更正", "更正", Plan((
                Field("grade", "等级", "proposed", is_needed=False, hint="不变的不填", limit=20),
                Field("number", "证书编号", is_needed=False, hint="不变的不填", limit=64),
                Field("issuer", "发证机关", is_needed=False, hint="不变的不填"),
                Field("valid_from", "有效期自", "day", is_needed=False, hint="不变的不填"),
                OPTIONAL_LAST,
                Field("reason", "更正的理由", "prose", hint="会公开", limit=500),
            )),
            FollowQualification, lambda doing, command: follow_qualification(doing.database, doing.caller, command),
            "qualification_followed", ("更正后原记录终止，历史保留。",), last_day, receipt="successor",
        ),
        AgencyAct(
            "drop", "注销资质", "注销", Plan((REASON,)),
            FollowQualification, lambda doing, command: follow_qualification(doing.database, doing.caller, command),
            "qualification_followed", ("注销后不能再凭它报名、上架；已提交的报价和已签的合同照常。",), is_grave=True,
        ),
        AgencyAct(
            "claim", "登记执业人员", "登记", Plan((
                Field("name", "姓名", hint="公开时隐去", at="/person/name"),
                Field("id_number", "证件号码", hint="加密保存，不公开", limit=18, at="/person/id_number"),
                Field("certificate_kind", "执业证书种类", hint="如 注册测绘师"),
                Field("certificate_number", "证书编号", limit=64), FIRST, LAST,
            )),
            ClaimPractitioner,
            lambda doing, command: claim_practitioner(
                doing.database, doing.caller, command, profile=doing.profile,
                identifiers=doing.request.app.state.identifiers,
            ),
            "practitioner_claimed",
            ("一人同一时间只在一家机构执业；已在别家登记的，记为待其注销，本机构的登记随后自动生效。",), last_day,
            receipt="claim",
        ),
        AgencyAct(
            "release", "注销执业人员登记", "注销登记", Plan((REASON,)), ReleasePractitioner,
            lambda doing, command: release_practitioner(doing.database, doing.caller, command),
            "practitioner_released", ("注销后此人可以在另一家机构登记。",),
        ),
        AgencyAct(
            "serve", "登记服务事项", "登记", Plan(
                (
                    Field("item", "服务事项", "select"),
                    Field("commitment_signed", "承诺具备承接能力", "box", hint="没有法定资质要求的事项须承诺",
                          is_needed=False),
                ),
                places={"commitment_not_signed": "commitment_signed", "already_offered": "item"},
            ),
            OfferItem, lambda doing, command: offer_item(doing.database, doing.caller, command), "item_offered",
            ("登记后公开，新需求会列在工作台；报名并不以登记为前提。",), receipt="item",
        ),
        AgencyAct(
            "stop", "停止服务事项", "停止", Plan(()), StopItem,
            lambda doing, command: stop_item(doing.database, doing.caller, command), "item_stopped",
            ("随时可以再登记；已报名和已中选的照常。",),
        ),
        AgencyAct(
            "relations", "申报关联信息", "申报", Plan((
                Field("representative", "法定代表人", hint="姓名 证件号码", is_needed=False, at="/relations"),
                Field("controllers", "实际控制人", "prose", hint=_LINES, is_needed=False, at="/relations"),
                Field("shareholders", "股东", "prose", hint=_LINES, is_needed=False, at="/relations"),
                Field("managers", "负责人", "prose", hint=_LINES, is_needed=False, at="/relations"),
                Field("predecessors", "承继的机构", "prose", hint="一行一个统一社会信用代码", is_needed=False,
                      at="/relations"),
                Field("address", "住所", is_needed=False, limit=300, at="/relations"),
                Field("contact", "联系方式", hint="用于核对关联，不公开", is_needed=False, at="/relations"),
            )),
            StateRelations,
            lambda doing, command: state_relations(
                doing.database, doing.caller, command, profile=doing.profile,
                identifiers=doing.request.app.state.identifiers,
            ),
            "relations_stated",
            ("请完整填写：以这一次为准，没有填写的视为没有。证件号码加密保存，公开时姓名隐去。",
             "与受限机构有关联的，先由监管部门核查，不会直接排除。"),
            relations_of,
        ),
        AgencyAct(
            "shelve", "上架报价", "上架", Plan(
                (
                    Field("item", "服务事项", "select"),
                    Field("unit_price_fen", "单价", "amount", hint="含税"),
                    Field("minimum_fee_fen", "最低收费", "amount", hint="不足此数按此数计"),
                    Field("days", "服务期限", "whole", unit="个工作日"),
                    Field("capacity", "可承接", "whole", unit="宗", hint="每中选一宗减一"),
                    Field("valid_from", "有效期自", "instant"),
                    Field("valid_until", "有效期至", "instant", hint="到此刻为止，不含"),
                    Field("nonce", "", "hidden", limit=64),
                    Field("renews", "", "hidden", is_needed=False),
                ),
                places={"already_on_shelf": "item", "validity_over": "valid_until"},
            ),
            PutShelfOffer, lambda doing, command: put_shelf_offer(doing.database, doing.caller, command),
            "shelf_offer_put",
            ("上架报价有约束力：业主“立等可取”选定后即为中选，不能再改价或放弃；不愿承接时请先撤下。",),
            receipt="offer", is_checked=True,
        ),
        AgencyAct(
            "unshelve", "撤下上架报价", "撤下", Plan(()), WithdrawShelfOffer,
            lambda doing, command: withdraw_shelf_offer(doing.database, doing.caller, command), "shelf_offer_withdrawn",
            ("撤下后不再被选中；已经选中的仍须承接。",),
        ),
        AgencyAct(
            "suspend", "暂停承接", "暂停", Plan((REASON,)), SuspendAgency,
            lambda doing, command: suspend_agency(doing.database, doing.caller, command), "agency_suspended",
            ("暂停后不能报名、报价、上架，上架报价全部撤下；已参加的选取和已签的合同照常履行。随时可以恢复。",),
            is_checked=True, is_grave=True,
        ),
        AgencyAct(
            "return", "恢复承接", "恢复", Plan((REASON,)), ReturnAgency,
            lambda doing, command: return_agency(doing.database, doing.caller, command), "agency_returned",
            ("恢复后立即可以报名、报价；上架报价须重新上架。",),
        ),
        AgencyAct(
            "leave", "退出平台", "退出", Plan((REASON,)), WithdrawAgency,
            lambda doing, command: withdraw_agency(doing.database, doing.caller, command), "agency_withdrawn",
            ("退出后机构档案和历史保留；已参加的选取和已签的合同照常履行；以后可以恢复。",),
            is_checked=True, is_grave=True,
        ),
    )
}  # fmt: skip
"""By the name in the address."""
