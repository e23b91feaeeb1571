"""Writes about accounts, one row each: roles, mandates, tokens, offices; and the two-person rule."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from commons.verdicts import Refused
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.mandates import EndMandate, GiveMandate, MandateEnded, MandateGiven, end_mandate, give_mandate
from marketplace.usecases.membership import (
    AdmitMember,
    ClaimOrganisation,
    EndMember,
    LeaveOrganisation,
    RoleEnded,
    RoleGiven,
    admit_member,
    claim_organisation,
    end_member,
    leave_organisation,
)
from marketplace.usecases.offices import (
    AccountSwitched,
    AppointOfficer,
    DisableAccount,
    EndOfficer,
    appoint_officer,
    disable_account,
    end_officer,
)
from marketplace.usecases.own_account import (
    ChangePassword,
    PasswordChanged,
    SecondFactorSet,
    SetSecondFactor,
    change_password,
    set_second_factor,
)
from marketplace.usecases.proposals import (
    ProposalClosed,
    RejectProposal,
    reject_proposal,
)
from marketplace.usecases.tokens import MakeToken, RevokeToken, TokenMade, TokenRevoked, make_token, revoke_token
from marketplace.web.api.approving import ProposalDone, approve
from marketplace.web.api.documents import problems
from marketplace.web.api.routing import SECURITY, Write, handler_of
from marketplace.web.api.tags import ACCOUNTS
from marketplace.web.errors import answer, refusal
from marketplace.web.guards import provide_caller, require_actor
from marketplace.web.requests import StrictRequest

_OWN: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/account/password", "changePassword", ACCOUNTS, "修改密码 / Change one's password",
        ChangePassword, PasswordChanged,
        lambda visit, command: change_password(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/account/second-factor", "setSecondFactor", ACCOUNTS, "两步验证 / Set or remove the second factor",
        SetSecondFactor, SecondFactorSet,
        lambda visit, command: set_second_factor(
            visit.database, visit.caller, command, identifiers=visit.identifiers
        ),
    )),
    handler_of(Write(
        "/account/tokens", "makeToken", ACCOUNTS, "生成接口令牌 / Make a token for programs", MakeToken, TokenMade,
        lambda visit, command: make_token(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/account/tokens/{token:str}/revocation", "revokeToken", ACCOUNTS, "作废接口令牌 / Revoke a token",
        RevokeToken, TokenRevoked,
        lambda visit, command: revoke_token(visit.database, visit.caller, command), ("token",),
    )),
)  # fmt: skip

_ORGANISATIONS: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/organisations", "claimOrganisation", ACCOUNTS, "认领单位 / Claim an organisation",
        ClaimOrganisation, RoleGiven,
        lambda visit, command: claim_organisation(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/organisations/{organisation:str}/members", "admitMember", ACCOUNTS, "添加成员 / Admit a member",
        AdmitMember, RoleGiven,
        lambda visit, command: admit_member(visit.database, visit.caller, command), ("organisation",),
    )),
    handler_of(Write(
        "/organisations/{organisation:str}/members/{member:str}/end", "endMember", ACCOUNTS,
        "移除成员 / End a membership", EndMember, RoleEnded,
        lambda visit, command: end_member(visit.database, visit.caller, command), ("organisation", "member"),
    )),
    handler_of(Write(
        "/account/roles/{member:str}/end", "leaveOrganisation", ACCOUNTS, "退出单位 / Leave an organisation",
        LeaveOrganisation, RoleEnded,
        lambda visit, command: leave_organisation(visit.database, visit.caller, command), ("member",),
    )),
    handler_of(Write(
        "/owners/{owner:str}/mandates", "giveMandate", ACCOUNTS, "授权代办员 / Give a delegate a mandate",
        GiveMandate, MandateGiven,
        lambda visit, command: give_mandate(visit.database, visit.caller, command), ("owner",),
    )),
    handler_of(Write(
        "/owners/{owner:str}/mandates/{delegate:str}/end", "endMandate", ACCOUNTS, "收回授权 / End a mandate",
        EndMandate, MandateEnded,
        lambda visit, command: end_mandate(visit.database, visit.caller, command), ("owner", "delegate"),
    )),
)  # fmt: skip

_OFFICES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/officers", "appointOfficer", ACCOUNTS, "任命岗位 / Appoint an officer", AppointOfficer, RoleGiven,
        lambda visit, command: appoint_officer(visit.database, visit.caller, command), second="approver", about="login",
    )),
    handler_of(Write(
        "/officers/{officer:str}/end", "endOfficer", ACCOUNTS, "免去岗位 / End an office", EndOfficer, RoleEnded,
        lambda visit, command: end_officer(visit.database, visit.caller, command), ("officer",),
    )),
    handler_of(Write(
        "/accounts/closing", "disableAccount", ACCOUNTS, "停用或启用账号 / Close an account, or open it again",
        DisableAccount, AccountSwitched,
        lambda visit, command: disable_account(visit.database, visit.caller, command),
    )),
    handler_of(Write(
        "/proposals/{proposal:str}/rejection", "rejectProposal", ACCOUNTS, "否决或撤回 / Reject or withdraw a proposal",
        RejectProposal, ProposalClosed,
        lambda visit, command: reject_proposal(visit.database, visit.caller, command), ("proposal",),
    )),
)  # fmt: skip


class ApproveProposal(Message):
    """Nothing to say but yes."""


@post(
    "/proposals/{proposal:str}/approval",
    operation_id="approveProposal",
    summary="复核同意 / Approve what somebody proposed",
    tags=[ACCOUNTS],
    status_code=201,
    guards=[require_actor],
    dependencies={"caller": Provide(provide_caller)},
    request_class=StrictRequest,
    responses=problems(),
    security=SECURITY,
    opt={"commits": True},
)
async def approve_proposal(
    request: Request[Any, Any, Any],
    proposal: FromPath[str],
    data: JSONBody[ApproveProposal],
    caller: NamedDependency[Caller],
) -> Response[ProposalDone]:
    """The second person approves: the act is judged anew and done, once, in the name of both."""
    _ = data
    done = await approve(request, caller, proposal)
    if isinstance(done, Refused):
        return answer(request, refusal(done))
    return Response(done, status_code=201, headers={"Cache-Control": "no-store"})


ACCOUNT_WRITES: tuple[HTTPRouteHandler, ...] = (*_OWN, *_ORGANISATIONS, *_OFFICES)
"""Each needs an actor; what is done to an account of one's own needs an account."""
