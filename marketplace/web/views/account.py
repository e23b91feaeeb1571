"""Signing in, one's own account, the people of one's organisation, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from marketplace.web.views.forms import FormShown
from marketplace.web.views.parts import NOTHING_ENTERED, Entered, Option


@dataclass(frozen=True, slots=True)
class SignInView:
    """登录: login name and password, or (with a ticket) the second step; the identity providers by name and title."""

    template: ClassVar[str] = "sign_in.html"

    providers: tuple[Option, ...]
    onward: str = ""
    ticket: str = ""
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class SignUpView:
    """注册账号."""

    template: ClassVar[str] = "sign_up.html"

    onward: str = ""
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class CodesView:
    """恢复码, shown this once: after opening an account, or after the second factor was put in force.

    ``onward`` is where one wanted to go before signing in.
    """

    template: ClassVar[str] = "codes.html"

    login: str
    codes: tuple[str, ...]
    made_at: datetime
    why: Literal["opened", "second_factor"]
    onward: str = ""


@dataclass(frozen=True, slots=True)
class RecoverView:
    """找回账号: a recovery code and a new password; signing in with it goes on to where one wanted to go."""

    template: ClassVar[str] = "recover.html"

    entered: Entered = NOTHING_ENTERED
    onward: str = ""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role of one's own; ``is_current``: the session acts as it now."""

    id: str
    role: str
    rank: str
    acting: str
    organisation: str | None
    region_name: str
    line: str
    is_verified: bool
    granted_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session of one's own, by its number."""

    number: int
    agent: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AccountView:
    """我的账号: who one is, as what one may act, where one is signed in."""

    template: ClassVar[str] = "account.html"

    login: str
    name: str
    contact: str
    has_second_factor: bool
    codes_left: int
    roles: tuple[RoleLine, ...]
    sessions: tuple[SessionRow, ...]
    tokens: int
    may_approve: bool
    account: str
    """The account's code, by which an administrator admits the person."""
    entered: Entered = NOTHING_ENTERED
    onward: str = ""
    """Where one goes on to as whatever one chooses to act; "" for nowhere."""


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """再次验证身份: the code where a second factor is set, else the password, or signing in anew at a provider."""

    template: ClassVar[str] = "confirm.html"

    has_second_factor: bool
    providers: tuple[Option, ...]
    onward: str
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class PasswordView:
    """修改密码; whoever came by a provider has none yet."""

    template: ClassVar[str] = "password.html"

    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class SecondFactorView:
    """两步验证: off, being set (key as text and as a picture of a QR code), or in force."""

    template: ClassVar[str] = "second_factor.html"

    is_in_force: bool
    is_begun: bool = False
    key: str = ""
    picture: str = ""
    codes_left: int = 0
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token that is in force, without its secret."""

    id: str
    name: str
    acts: int
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokensView:
    """接口令牌; ``made`` is a token that was just made, shown this once. Without a role none can be made."""

    template: ClassVar[str] = "tokens.html"

    rows: tuple[TokenRow, ...]
    acts: tuple[Option, ...]
    chosen: tuple[str, ...] = ()
    made: str = ""
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """认领单位, and where one goes on to then ("": nowhere)."""

    template: ClassVar[str] = "organisation.html"

    entered: Entered = NOTHING_ENTERED
    onward: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who acts for the organisation, and the form that ends it."""

    id: str
    login: str
    name: str
    rank: str
    is_verified: bool
    granted_at: datetime
    ending: FormShown


@dataclass(frozen=True, slots=True)
class MembersView:
    """本单位成员; an administrator admits and ends."""

    template: ClassVar[str] = "members.html"

    role: str
    organisation: str
    rows: tuple[MemberRow, ...]
    is_administrator: bool
    admitting: FormShown


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What waits for a second person: the act in words, what exactly was asked, by whom; ``is_own``: to withdraw."""

    id: str
    act: str
    subject: str
    subject_path: str
    asked: tuple[tuple[str, str], ...]
    proposer: str
    proposed_at: datetime
    ends_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class ProposalsView:
    """待复核: oldest first; ``done`` says in words what was just decided."""

    template: ClassVar[str] = "proposals.html"

    rows: tuple[ProposalRow, ...]
    done: str = ""
    entered: Entered = NOTHING_ENTERED
    failed: str = ""
    """The proposal that the faults are about."""
