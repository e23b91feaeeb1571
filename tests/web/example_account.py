"""Example views of signing in and of accounts; all names and codes are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import segno

from marketplace.web.locale.act_names import ACT_NAMES
from marketplace.web.page_frame import Reader
from marketplace.web.pages.own_organisation import ADMITTING, _ending
from marketplace.web.views.account import (
    AccountView,
    CodesView,
    ConfirmView,
    MemberRow,
    MembersView,
    OrganisationView,
    PasswordView,
    ProposalRow,
    ProposalsView,
    RecoverView,
    RoleLine,
    SecondFactorView,
    SessionRow,
    SignInView,
    SignUpView,
    TokenRow,
    TokensView,
)
from marketplace.web.views.pages import PageView
from marketplace.web.views.parts import Entered, Option
from tests.web.example_cases import code

AT = datetime(2026, 11, 20, 6, 32, 10, tzinfo=UTC)
READER = Reader("zhang.san@shili-cehui", "agency", code(3), "administrator", "0" * 64)
PROVIDERS = (Option("unified", "统一身份认证（示例）"),)
CODES = tuple(f"K7QM-2XWD-{number}R" for number in range(10))
AGENT = "Chrome 142 · Linux"
QR = segno.make("otpauth://totp/%E7%A4%BA%E4%BE%8B:zhang.san?secret=ABCDEFGH", micro=False)
WRONG = Entered(
    {"login": "张三"}, {"login": "登录名为 3 至 64 个字符：字母、数字和 . _ @ + -", "again": "两次填写的密码不一致"}
)


def account(*, is_new: bool = False) -> AccountView:
    """An account with two roles, or with nothing yet."""
    roles = (
        RoleLine("M1", "agency", "administrator", code(3), code(3), "", "", True, AT, True),
        RoleLine("M2", "owner", "staff", code(4), code(4), "", "", False, AT, False),
        RoleLine("M3", "regulator", "staff", "R-330300-7K3F2Q9M", None, "温州市", "自然资源", True, AT, False),
    )  # fmt: skip
    rows = (SessionRow(812, AGENT, AT, AT, AT + timedelta(hours=12)), SessionRow(3, "", AT, AT, AT))
    return AccountView(
        "zhang.san", "张三（示例）", "" if is_new else "***678", not is_new, 0 if is_new else 9,
        () if is_new else roles, rows[:1] if is_new else rows, 2, not is_new, "P261120-7K3F2Q9M",
    )  # fmt: skip


def tokens(*, made: str = "") -> TokensView:
    """Two tokens and the form for another."""
    rows = (
        TokenRow("K261120-AAAA0001", "报价程序（示例）", 3, AT, AT + timedelta(days=90), AT),
        TokenRow("K261120-AAAA0002", "对账（示例）", 1, AT, AT + timedelta(days=9), None),
    )
    acts = tuple(Option(act, ACT_NAMES[act]) for act in ("place_offer", "sign_up"))
    return TokensView(rows, acts, ("sign_up",), made)


def members(*, is_administrator: bool = True) -> MembersView:
    """Three people of one agency."""
    rows = (
        MemberRow("M1", "zhang.san", "张三（示例）", "administrator", True, AT, _ending("M1").fresh()),
        MemberRow("M2", "li.si", "李四（示例）", "staff", False, AT, _ending("M2").fresh()),
    )
    return MembersView("agency", code(3), rows, is_administrator, ADMITTING.fresh())


def proposals(*, is_failed: bool = False) -> ProposalsView:
    """One to approve and one's own."""
    asked = (
        ("机构", code(3)), ("性质", "市场（平台规则与承诺）"), ("依据", "放弃中选（示例）"), ("地区", "温州市"),
        ("限制至", "2027年5月20日 00:00（北京时间）"), ("停止的行为", "报名、报价、上架"),
    )  # fmt: skip
    rows = (
        ProposalRow("Z1", "作出失信限制", code(3), f"/agencies/{code(3)}", asked, "R-330300-7K3F2Q9M", AT,
                    AT + timedelta(days=7), is_own=False),
        ProposalRow("Z2", "终止选取", "S261120-AAAA0001", "", (("理由", "项目调整（示例）"),), "R-330300-AAAAAAAA", AT,
                    AT + timedelta(days=7), is_own=True),
    )  # fmt: skip
    if is_failed:
        return ProposalsView(rows, "", Entered({}, {"": "依据的信用信息已失效"}), "Z1")
    return ProposalsView(rows, "已否决。")


def pages() -> dict[str, tuple[PageView, str]]:
    """Every example by name, with its path."""
    return {
        "sign-in": (SignInView(PROVIDERS, "/account/tokens"), "/sign-in"),
        "sign-in-plain": (SignInView(()), "/sign-in"),
        "sign-in-second": (
            SignInView((), "", "dGlja2V0", Entered({}, {"code": "动态码不正确，或已经用过"})), "/sign-in",
        ),
        "sign-up": (SignUpView(), "/sign-up"),
        "sign-up-faults": (SignUpView("/account", WRONG), "/sign-up"),
        "codes": (CodesView("zhang.san", CODES, AT, "opened"), "/sign-up"),
        "codes-second": (CodesView("zhang.san", CODES, AT, "second_factor"), "/account/second-factor"),
        "recover": (RecoverView(), "/recover"),
        "account": (account(), "/account"),
        "account-new": (account(is_new=True), "/account"),
        "account-wanted": (replace(account(is_new=True), onward="/workbench/post"), "/account"),
        "confirm": (ConfirmView(False, PROVIDERS, "/account/members"), "/account/confirm"),
        "confirm-code": (ConfirmView(True, PROVIDERS, "/account"), "/account/confirm"),
        "password": (PasswordView(), "/account/password"),
        "second-factor": (SecondFactorView(False), "/account/second-factor"),
        "second-factor-begun": (
            SecondFactorView(False, True, "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567", QR.svg_data_uri(scale=6)),
            "/account/second-factor",
        ),
        "second-factor-again": (
            SecondFactorView(False, True, entered=Entered({}, {"code": "动态码不正确"})), "/account/second-factor",
        ),
        "second-factor-on": (SecondFactorView(True, codes_left=9), "/account/second-factor"),
        "tokens": (tokens(), "/account/tokens"),
        "tokens-made": (tokens(made="mkt_" + "x" * 43), "/account/tokens"),
        "organisation": (OrganisationView(), "/account/organisation"),
        "organisation-faults": (
            OrganisationView(Entered({"organisation": "123", "role": "owner"}, {"organisation": "请填写 18 位代码"})),
            "/account/organisation",
        ),
        "members": (members(), "/account/members"),
        "members-staff": (members(is_administrator=False), "/account/members"),
        "proposals": (proposals(), "/proposals"),
        "proposals-failed": (proposals(is_failed=True), "/proposals"),
        "proposals-none": (ProposalsView(()), "/proposals"),
    }  # fmt: skip
