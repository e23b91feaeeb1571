"""What the API's problems look like, said once for the OpenAPI document (RFC 9457 with our members)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from litestar.openapi.datastructures import ResponseSpec
from pydantic import Field

from marketplace.usecases.act import Message
from marketplace.web.errors import PROBLEM

Param = str | int | bool | None


class Problem(Message):
    """What went wrong: ``code`` is stable, ``instance`` is what support is asked with."""

    type: Annotated[str, Field(examples=["/problems/not-found"])]
    title: str
    status: int
    detail: str
    code: Annotated[str, Field(examples=["not_found"])]
    instance: Annotated[str, Field(examples=["urn:uuid:3f0c2d0e-5d2b-4c89-9e50-2b8f6b0c1f4e"])]


class FaultDocument(Message):
    """One fault: a JSON pointer into the body (empty: the whole, or a header or query parameter)."""

    pointer: str
    code: str
    detail: str


class MalformedProblem(Problem):
    """The first hundred faults, and how many there are."""

    error_count: int
    errors: list[FaultDocument]


class SourceDocument(Message):
    """Where a rule comes from, and how far its text was read."""

    title: str
    place: str
    text_seen: Literal["yes", "title", "partial", "no"]


class ReasonDocument(Message):
    """One reason of a refusal: the code is stable for ever; ``words`` are Chinese."""

    code: str
    params: dict[str, Param]
    source: SourceDocument
    words: str
    words_en: str


class RefusedProblem(Problem):
    """``refused`` with every reason; or ``idempotency_key_reused`` without any."""

    reasons: Annotated[list[ReasonDocument], Field(default_factory=list)]


_PROBLEMS: Mapping[int, tuple[type[Problem], str]] = MappingProxyType(
    {
        400: (MalformedProblem, "请求格式有误，列出全部错误 / Malformed, with every fault"),
        401: (Problem, "未说明操作者 / Nobody says who asks"),
        403: (Problem, "该操作者或所用的主机名不获受理 / This actor, or this host name, may not do this"),
        404: (Problem, "没有这一编号 / Nothing under this identifier"),
        409: (Problem, "与已记录的事实冲突 / Contradicts what is recorded"),
        413: (Problem, "内容过大 / The body is too large"),
        415: (Problem, "只接受 application/json / Only application/json is read"),
        422: (RefusedProblem, "按规则不予办理，列出全部原因 / Refused by the rules, with every reason"),
        429: (Problem, "次数过多，见 Retry-After / Too many tries, see Retry-After"),
        500: (Problem, "出现未预料的错误 / Something unexpected"),
        503: (Problem, "暂不可用，见 Retry-After / Not available just now"),
    }
)


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The answers of these statuses, as the OpenAPI document shows them; all of them when none is named."""
    return {
        status: ResponseSpec(model, generate_examples=False, description=words, media_type=PROBLEM)
        for status, (model, words) in _PROBLEMS.items()
        if not statuses or status in statuses
    }
