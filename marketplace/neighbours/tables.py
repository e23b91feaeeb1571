"""What is kept of neighbours: projects they know, messages that came in, and who is called by webhook."""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, Boolean, Bytea, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class KnownProjectRow(Table, tablename="known_project"):
    """What the investment-project platform said of a project code, kept so that nothing has to wait for it."""

    code = Varchar(length=32, primary_key=True)
    is_found = Boolean(null=True, default=None)
    name = Text(null=True, default=None)
    owner_code = Varchar(length=18, null=True, default=None)
    owner_name = Text(null=True, default=None)
    region = Varchar(length=6, null=True, default=None)
    asked_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)


class InboundMessageRow(Table, tablename="inbound_message"):
    """A message that a neighbour sent, once each; ``answered_at`` where it is a case that wants a result."""

    id = Varchar(length=16, primary_key=True)
    neighbour = Varchar(length=64)
    message = Varchar(length=64)
    sequence = BigInt()
    type = Varchar(length=48)
    about = Varchar(length=64, index=True)
    region = Varchar(length=6, null=True, default=None)
    payload = JSONB()
    sent_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    due_at = Timestamptz(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)

    inbound_message_once = Unique([neighbour, message])


class WebhookRow(Table, tablename="webhook"):
    """A subscription (订阅): an address that is called for events of these types; its secrets are sealed.

    After a rotation the earlier secret signs as well until ``earlier_until``.
    """

    id = Varchar(length=16, primary_key=True)
    role = Varchar(length=16)
    organisation = Varchar(length=64, index=True)
    address = Text()
    types = JSONB()
    secret = Bytea()
    earlier = Bytea(null=True, default=None)
    earlier_until = Timestamptz(null=True, default=None)
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
