"""Accounts of people, what each may act as, and proposals that wait for a second person.

Personal data is sealed (``name``, ``contact``) and matched by keyed digest; a role is ended, never deleted.
"""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, BigSerial, Boolean, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class AccountRow(Table, tablename="account"):
    """A person who signs in (账号); ``epoch`` grows when the password or a second factor changes: sessions end."""

    id = Varchar(length=16, primary_key=True)
    login = Varchar(length=64, unique=True)
    name = Bytea()
    contact = Bytea(null=True, default=None)
    contact_digest = Varchar(length=64, null=True, default=None, index=True)
    password = Text(null=True, default=None)
    totp = Bytea(null=True, default=None)
    totp_pending = Bytea(null=True, default=None)
    totp_step = BigInt(null=True, default=None)
    epoch = Integer(default=1)
    is_disabled = Boolean(default=False)
    is_example = Boolean(default=False)
    made_at = Timestamptz(default=None)


class RecoveryCodeRow(Table, tablename="recovery_code"):
    """A code that stands in once for the second factor; only its hash is kept."""

    id = Bytea(primary_key=True, default=None)
    account = Varchar(length=16, index=True)
    made_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class AccountRoleRow(Table, tablename="account_role"):
    """What an account may act as: for an organisation, over a region and line, or for the platform.

    ``approved_by`` is the second person of an appointment (null: one gave it alone).
    """

    id = Varchar(length=16, primary_key=True)
    account = Varchar(length=16, index=True)
    role = Varchar(length=16)
    rank = Varchar(length=16)
    organisation = Varchar(length=18, null=True, default=None, index=True)
    acting = Varchar(length=64)
    region = Varchar(length=6, null=True, default=None)
    line = Varchar(length=32, null=True, default=None)
    is_verified = Boolean(default=False)
    granted_by = Varchar(length=96)
    approved_by = Varchar(length=96, null=True, default=None)
    reason = Text()
    granted_at = Timestamptz(default=None)
    ended_by = Varchar(length=96, null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class MandateRow(Table, tablename="mandate"):
    """An owner lets a platform delegate (代办员) act for it until an instant."""

    id = Varchar(length=16, primary_key=True)
    owner = Varchar(length=18, index=True)
    delegate = Varchar(length=64, index=True)
    granted_by = Varchar(length=96)
    granted_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class ExternalIdentityRow(Table, tablename="external_identity"):
    """Who an identity provider (统一身份认证) says somebody is, and the account that stands for."""

    issuer = Varchar(length=255)
    subject = Varchar(length=255)
    account = Varchar(length=16, index=True)
    made_at = Timestamptz(default=None)

    external_identity_once = Unique([issuer, subject])


class ProposalRow(Table, tablename="proposal"):
    """An act that waits for a second person (双人复核): what was asked, by whom, and what became of it.

    ``items`` are what a regulator's line is held against (none: all; null: the act knows no line).
    """

    id = Varchar(length=16, primary_key=True)
    operation = Varchar(length=48)
    act = Varchar(length=48)
    command = JSONB()
    subject = Varchar(length=48)
    actor_role = Varchar(length=16)
    actor_id = Varchar(length=64)
    person = Varchar(length=64)
    region = Varchar(length=6, null=True, default=None)
    items = JSONB(null=True, default=None)
    made_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    verdict = Varchar(length=16, null=True, default=None)
    decided_by = Varchar(length=64, null=True, default=None)
    decided_person = Varchar(length=64, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    reason = Text(null=True, default=None)


class AccessEntryRow(Table, tablename="access_entry"):
    """The access log (访问日志): who did or read what that is not public, for the auditor; written, never changed."""

    place = BigSerial(primary_key=True)
    at = Timestamptz(default=None, index=True)
    person = Varchar(length=64, index=True)
    actor = Varchar(length=96)
    what = Varchar(length=64)
    about = Text()
    outcome = Varchar(length=32)
