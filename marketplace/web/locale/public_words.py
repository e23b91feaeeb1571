"""Words of the public pages: classes and fees of service items, kinds of lists, how a coverage ended."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from credit.joint import ListName

ITEM_CLASSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "mandatory": ("法定必需", "法律法规要求办理审批前须取得的中介服务成果，由申请人委托。"),
        "optional": ("申请人自选", "审批不强制要求，申请人可以自行决定是否委托。"),
        "commissioned": ("部门委托", "审批过程中由审批部门委托并付费的技术性服务，不得转嫁给申请人。"),
    }
)
"""By class: its name, and what it means."""
FEE_MODES: Mapping[str, str] = MappingProxyType(
    {"market": "市场调节价", "guided": "政府指导价", "government": "政府承担或政府定价"}
)
"""Who sets the fee."""
COVERAGE_ENDS: Mapping[str, str] = MappingProxyType({"withdrawn": "已撤销", "superseded": "已被替代"})
"""How a regional assessment ended before its day."""
CREDIT_LISTS: Mapping[ListName, tuple[str, str]] = MappingProxyType(
    {
        "debarment": ("失信惩戒名单", "受限的，和有严重失信信息、仍在公示期内的机构。"),
        "public_record": ("公示信息", "一般失信信息，公示期内列出；轻微失信原则上不公示。"),
        "commendation": ("守信激励名单", "受到表彰、仍在有效期内的机构；激励是减少抽查和加分，不免除任何责任。"),
    }
)
"""By list: its name, and who stands on it."""
