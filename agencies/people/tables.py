"""Tables of people behind agencies: ties, practitioners and holds, each written once; what followed beside them."""

from __future__ import annotations

from piccolo.columns import Array, Bytea, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class TieRow(Table, tablename="agency_tie"):
    """A tie (关联关系): ``digest`` is keyed, ``sealed`` the identifier encrypted (null where there is none)."""

    id = Varchar(length=16, primary_key=True)
    agency = Varchar(length=18, index=True)
    kind = Varchar(length=24)
    digest = Varchar(length=64, index=True)
    shown = Text()
    share_bp = Integer(null=True, default=None)
    sealed = Bytea(null=True, default=None)
    stated_at = Timestamptz(default=None)


class TieEndedRow(Table, tablename="agency_tie_ended"):
    """A tie that stands no longer, since when."""

    tie = Varchar(length=16, primary_key=True)
    ended_at = Timestamptz(default=None)


class PractitionerRow(Table, tablename="practitioner"):
    """A practitioner (执业人员) claimed by an agency; of one person's claims the earliest that stands is active."""

    id = Varchar(length=16, primary_key=True)
    agency = Varchar(length=18, index=True)
    person = Varchar(length=64, index=True)
    shown = Text()
    sealed = Bytea()
    certificate_kind = Text()
    certificate_number = Varchar(length=64)
    valid_from = Date(default=None)
    valid_until = Date(null=True, default=None)
    claimed_at = Timestamptz(default=None)


class PractitionerEndedRow(Table, tablename="practitioner_ended"):
    """A claim that stands no longer: the agency let the person go, or a regulator ruled."""

    claim = Varchar(length=16, primary_key=True)
    decided_by = Varchar(length=64)
    reason = Text()
    ended_at = Timestamptz(default=None)


class HoldRow(Table, tablename="agency_hold"):
    """A hold for review (待核查): the agency, whom it is linked to, because of which restriction or selection."""

    id = Varchar(length=16, primary_key=True)
    agency = Varchar(length=18, index=True)
    linked_to = Varchar(length=18)
    restriction = Varchar(length=16, null=True, default=None)
    selection = Varchar(length=16, null=True, default=None, index=True)
    kinds = Array(base_column=Varchar(length=24), default=list)
    digests = Array(base_column=Varchar(length=64), default=list)
    opened_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)


class HoldRuledRow(Table, tablename="agency_hold_ruled"):
    """What a regulator made of a hold, once."""

    hold = Varchar(length=16, primary_key=True)
    ruling = Varchar(length=12)
    decided_by = Varchar(length=64)
    reason = Text()
    ruled_at = Timestamptz(default=None)
