"""A help desk (咨询窗口) as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """Whom people of a region ask, by telephone or there."""

    id: str
    region: str
    name: str
    phone: str
    hours: str
    address: str
    remark: str
    changed_at: datetime
