"""What was just done, in words, for the page one is sent on to: by the code that the form's handler names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.web.locale.agency_act_words import AGENCY_DONE
from marketplace.web.locale.announcement_words import ANNOUNCEMENT_DONE
from marketplace.web.locale.complaint_words import COMPLAINT_DONE
from marketplace.web.locale.job_words import JOB_DONE
from marketplace.web.locale.operating_words import OPERATING_DONE
from marketplace.web.locale.owner_words import OWNER_DONE
from marketplace.web.locale.regulating_words import REGULATING_DONE
from marketplace.web.locale.search_words import SEARCH

INBOX: Mapping[str, str] = {
    "notifications_read": "已标为已读",
    "preferences_set": "通知方式已保存",
    **JOB_DONE,
}
"""工作台."""
STEPS: Mapping[str, str] = {"satisfaction_given": "满意度已收到，谢谢", **COMPLAINT_DONE}
"""满意度."""

ACCOUNT: Mapping[str, str] = {
    "member_admitted": "成员已添加",
    "member_ended": "成员已移除，立即生效",
}
"""我的账号."""

DONE: Mapping[str, str] = MappingProxyType(
    {
        **INBOX, **STEPS, **SEARCH, **ACCOUNT, **OPERATING_DONE, **AGENCY_DONE, **REGULATING_DONE, **OWNER_DONE,
        **ANNOUNCEMENT_DONE,
    }
)  # fmt: skip
"""All of them: an area joins its own words here, one line each."""
