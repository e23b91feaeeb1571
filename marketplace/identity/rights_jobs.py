"""Who may ask for long work, and see it: whoever acts for somebody, each his own. Imports ask the rows of importing."""

from __future__ import annotations

from commons.events import Role
from marketplace.identity.permissions import Permission, permission

ACTING: tuple[Role, ...] = ("owner", "agency", "regulator", "operator", "auditor", "delegate")

JOB_RIGHTS: tuple[Permission, ...] = (
    permission("start_export", everyone=ACTING),
    permission("start_verification", everyone=ACTING),
    permission("read_jobs", everyone=ACTING),
    permission("cancel_job", everyone=ACTING),
)
