"""What went wrong with a request, in words: by its kind for programs, by its status for people; in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.web.formatting import duration
from marketplace.web.locale.phrases import Language, Phrase

KINDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "malformed": Phrase("请求不是所声明的样子", "The request does not have the declared shape"),
        "actor_missing": Phrase("请说明是谁在办理", "Say who asks"),
        "forbidden": Phrase("这一身份不能这样做", "This actor may not do this"),
        "not_found": Phrase("这个地址下什么也没有", "Nothing is kept under this address"),
        "method_not_allowed": Phrase("这个地址不支持这种请求", "This address does not take this method"),
        "too_often": Phrase("尝试次数过多", "Tried too often"),
        "conflict": Phrase("请求与已有的记录冲突", "The request contradicts what is recorded"),
        "too_large": Phrase("内容太大", "The body is too large"),
        "media_type": Phrase("内容不是 application/json", "The body is not application/json"),
        "refused": Phrase("按规则不予办理，附全部理由", "Refused by the rules, with every reason"),
        "idempotency_key_reused": Phrase("这个幂等键已用于另一请求", "This idempotency key belongs to another request"),
        "unexpected": Phrase("这里出了意外", "Something unexpected went wrong here"),
        "unavailable": Phrase("暂时不能服务", "Not available at the moment"),
        "request": Phrase("不能处理这一请求", "The request cannot be handled"),
    }
)
"""The kinds of problem; the ``type`` is ``/problems/`` and the kind, stable for ever."""

TITLES: Mapping[int, Phrase] = MappingProxyType(
    {
        400: Phrase("请求里有看不懂的内容", "Something in the request cannot be read"),
        401: Phrase("没有登录，或登录没有成功", "Not signed in, or signing in failed"),
        403: Phrase("不能这样做", "You may not do this"),
        404: Phrase("没有这个页面", "There is no such page"),
        405: Phrase("不支持这种请求", "This address does not take this kind of request"),
        409: Phrase("与已有的记录冲突", "This contradicts what is recorded"),
        413: Phrase("发来的内容太大", "What was sent is too large"),
        422: Phrase("不符合规则", "Refused by the rules"),
        429: Phrase("尝试次数过多", "Tried too often"),
        503: Phrase("暂时不能服务", "Not available at the moment"),
    }
)
"""By status; every other one is an error of ours."""
OURS = Phrase("出错了", "Something went wrong here")

ADVICE: Mapping[int, Phrase] = MappingProxyType(
    {
        404: Phrase(
            "地址可能写错了，或者内容不曾公开。可以从下面的入口查找。",
            "The address may be mistyped, or its content was never public. The ways in are below.",
        ),
        500: Phrase(
            "这是我们的问题，已经记录。没有收到回执的操作视为没有发生。",
            "This is our fault, and it is on record. What gave no receipt has not happened.",
        ),
        503: Phrase(
            "服务暂时没有回应。已确认的报价和结果不会丢失；没有收到回执的操作视为没有发生，可以放心重试。",
            "The service does not answer at the moment. Confirmed offers and results are not lost; what gave no receipt"
            " has not happened and may be tried again.",
        ),
    }
)
"""What it means for whoever reads it."""


def title_of(status: int, language: Language = "zh") -> str:
    """What went wrong."""
    return TITLES.get(status, OURS).say({}, language)


def advice_of(status: int, retry_after_s: int | None, language: Language = "zh") -> str:
    """What it means, and when to try again; "" where the title says it all."""
    found = ADVICE.get(status)
    words = "" if found is None else found.say({}, language)
    if retry_after_s is None:
        return words
    again = f"请在 {duration(retry_after_s)}后重试。" if language == "zh" else f"Try again in {retry_after_s} seconds."
    return f"{words} {again}".strip() if language == "en" else words + again
