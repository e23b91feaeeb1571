"""What went wrong with a request, in words: by its status, for the page and for the part of a page that says so."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.web.formatting import duration

TITLES: Mapping[int, str] = MappingProxyType(
    {
        400: "请求里有看不懂的内容",
        401: "没有登录，或登录没有成功",
        403: "不能这样做",
        404: "没有这个页面",
        405: "不支持这种请求",
        409: "与已有的记录冲突",
        413: "发来的内容太大",
        422: "不符合规则",
        429: "尝试次数过多",
        503: "暂时不能服务",
    }
)
"""By status; every other one is an error of ours."""

ADVICE: Mapping[int, str] = MappingProxyType(
    {
        404: "地址可能写错了，或者内容不曾公开。可以从下面的入口查找。",
        500: "这是我们的问题，已经记录。没有收到回执的操作视为没有发生。",
        503: "服务暂时没有回应。已确认的报价和结果不会丢失；没有收到回执的操作视为没有发生，可以放心重试。",
    }
)
"""What it means for whoever reads it."""


def title_of(status: int) -> str:
    """What went wrong."""
    return TITLES.get(status, "出错了")


def advice_of(status: int, retry_after_s: int | None) -> str:
    """What it means, and when to try again; "" where the title says it all."""
    words = ADVICE.get(status, "")
    return words if retry_after_s is None else f"{words}请在 {duration(retry_after_s)}后重试。"
