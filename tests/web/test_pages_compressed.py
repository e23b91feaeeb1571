"""Answers are compressed for whoever takes it, streams and files pass as they are; no size tells of a form token."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from marketplace.identity.proofs import form_token, is_form_token
from marketplace.web.compressing import compressing, takes_gzip

PAGE = b"<p>" + "页".encode() * 2_000


def scope(accepts: str | None) -> Any:
    headers = [] if accepts is None else [(b"accept-encoding", accepts.encode())]
    return {"type": "http", "method": "GET", "headers": headers}


@pytest.mark.parametrize(
    ("accepts", "taken"),
    [
        ("gzip", True), ("deflate, gzip;q=1.0, *;q=0.5", True), ("GZIP", True), ("*", True), ("br, gzip; q=0.1", True),
        (None, False), ("", False), ("identity", False), ("gzip;q=0", False), ("gzip; q=0.000", False),
        ("x-gzip2", False),
    ],
)  # fmt: skip
def test_gzip_is_sent_to_whom_it_suits(accepts: str | None, *, taken: bool) -> None:
    assert takes_gzip(scope(accepts)) is taken


async def answered(
    kind: str, *parts: bytes, accepts: str = "gzip", **headers: str
) -> tuple[dict[str, str], list[bytes]]:
    """What a browser gets of an application that answers in these parts."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        sent = [(b"content-type", kind.encode()), (b"content-length", str(sum(map(len, parts))).encode())]
        sent += [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": sent})
        for number, part in enumerate(parts, 1):
            await send({"type": "http.response.body", "body": part, "more_body": number < len(parts)})

    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> Any:
        raise AssertionError

    await compressing(app)(scope(accepts), receive, send)
    start, *bodies = messages
    return {name.decode(): value.decode() for name, value in start["headers"]}, [one["body"] for one in bodies]


async def test_a_page_is_compressed_and_says_so() -> None:
    headers, (body,) = await answered("text/html; charset=utf-8", PAGE)
    assert gzip.decompress(body) == PAGE
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    again, _ = await answered("text/html", PAGE, vary="HX-Request")
    assert again["vary"] == "HX-Request, Accept-Encoding"


@pytest.mark.parametrize(
    ("kind", "parts", "headers"),
    [
        ("text/event-stream", (PAGE, PAGE), {}),
        ("text/html", (PAGE, PAGE), {}),
        ("application/pdf", (PAGE,), {}),
        ("text/html", (b"short",), {}),
        ("text/html", (PAGE,), {"content-encoding": "gzip"}),
    ],
    ids=["a stream", "a page in parts", "a file", "a short answer", "one that is compressed already"],
)
async def test_what_is_not_compressed_passes_as_it_is(
    kind: str, parts: tuple[bytes, ...], headers: dict[str, str]
) -> None:
    sent, bodies = await answered(kind, *parts, **headers)
    assert tuple(bodies) == parts
    assert sent.get("content-encoding") == headers.get("content-encoding")
    assert sent["content-length"] == str(sum(map(len, parts)))


async def test_nothing_is_compressed_for_who_does_not_take_it() -> None:
    headers, bodies = await answered("text/html", PAGE, accepts="identity")
    assert (bodies, "content-encoding" in headers) == ([PAGE], False)


def test_a_form_token_looks_different_each_time_and_holds_for_its_session_alone() -> None:
    tokens = {form_token("secret") for _ in range(50)}
    assert len(tokens) == 50
    assert all(is_form_token("secret", one) for one in tokens)
    one = tokens.pop()
    assert not is_form_token("another", one)
    altered = one[:-1] + ("0" if one[-1] != "0" else "1")
    for given in ("", one[:64], altered, one.upper() if one != one.upper() else "", f" {one}", "0" * 128, "é" * 128):
        assert not is_form_token("secret", given)
