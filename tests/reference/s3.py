"""A storage that speaks as much of S3 as the product uses, on loopback: it checks every signature by its own reading.

PUT, GET, HEAD, DELETE, DeleteObjects and ListObjectsV2 of one bucket, path style, AWS Signature Version 4. A request
whose signature, body hash or clock is wrong is refused with 403. Source: the published description of that signature.
"""

from __future__ import annotations

import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

KEY, SECRET, REGION, BUCKET = "reference-key", "reference-secret", "us-east-1", "files"
LATE = timedelta(minutes=15)
_CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


class Storage:
    """What is kept: bytes and when they came, by key; ``down`` answers 503 to everything."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.asked: list[str] = []
        self.refused = 0
        self.is_down = False
        self.secret = SECRET


class Handler(BaseHTTPRequestHandler):
    """One request."""

    storage: Storage
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = unquote(urlsplit(self.path).path)
        self.storage.asked.append(f"{self.command} {path}")
        if self.storage.is_down:
            self._answer(503)
        elif not self._is_signed(body):
            self.storage.refused += 1
            self._answer(403)
        elif path.rstrip("/") == f"/{BUCKET}" and self.command == "GET":
            self._list(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))
        elif path.rstrip("/") == f"/{BUCKET}" and self.command == "POST" and "delete" in urlsplit(self.path).query:
            self._delete(body)
        elif path.startswith(f"/{BUCKET}/"):
            self._object(path.removeprefix(f"/{BUCKET}/"), body)
        else:
            self._answer(404)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _handle  # noqa: N815 - the library's names

    def _object(self, key: str, body: bytes) -> None:
        objects = self.storage.objects
        if self.command == "PUT":
            objects[key] = (body, datetime.now(UTC).replace(microsecond=0))
            self._answer(200, headers={"ETag": _tag(body)})
        elif self.command == "DELETE":
            objects.pop(key, None)
            self._answer(204)
        elif key not in objects:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            data, at = objects[key]
            told = {"ETag": _tag(data), "Last-Modified": at.strftime("%a, %d %b %Y %H:%M:%S GMT")}
            self._answer(200, data, headers=told)

    def _delete(self, body: bytes) -> None:
        """DeleteObjects: several keys at once; a key that is not there counts as deleted."""
        keys = [unescape(one) for one in re.findall(r"<Key>([^<]*)</Key>", body.decode())]
        for key in keys:
            self.storage.objects.pop(key, None)
        rows = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{rows}</DeleteResult>".encode())

    def _list(self, query: dict[str, str]) -> None:
        prefix, after = query.get("prefix", ""), query.get("continuation-token") or query.get("start-after", "")
        most = int(query.get("max-keys", "1000"))
        keys = sorted(key for key in self.storage.objects if key.startswith(prefix) and key > after)
        page = keys[:most]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{at:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>{_tag(data)}</ETag><Size>{len(data)}</Size></Contents>"
            for key, (data, at) in ((one, self.storage.objects[one]) for one in page)
        )
        more = len(keys) > most
        tail = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        text = f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{rows}{tail}</ListBucketResult>"
        self._answer(200, text.encode())

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_signed(self, body: bytes) -> bool:
        given = _CREDENTIAL.fullmatch(self.headers.get("authorization") or "")
        at = self.headers.get("x-amz-date") or ""
        told = self.headers.get("x-amz-content-sha256") or ""
        if given is None or given["key"] != KEY or not at.startswith(given["day"]):
            return False
        if abs(datetime.strptime(at, "%Y%m%dT%H%M%S%z") - datetime.now(UTC)) > LATE:
            return False
        if told not in {"UNSIGNED-PAYLOAD", sha256(body).hexdigest()}:
            return False
        names = given["headers"].split(";")
        parts = urlsplit(self.path)
        pairs = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(parts.query, True))
        canonical = "\n".join(
            [
                self.command,
                quote(unquote(parts.path), safe="/-_.~"),
                "&".join(f"{k}={v}" for k, v in pairs),
                *(f"{name}:{' '.join((self.headers.get(name) or '').split())}" for name in names),
                "",
                given["headers"],
                told,
            ]
        )
        scope = f"{given['day']}/{given['region']}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{self.storage.secret}".encode()
        for part in (given["day"], given["region"], "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(hmac.new(key, text.encode(), sha256).hexdigest(), given["signature"])


def _tag(data: bytes) -> str:
    return f'"{md5(data, usedforsecurity=False).hexdigest()}"'


class Serving:
    """The running storage and its address as the setting names it."""

    def __init__(self, storage: Storage, port: int) -> None:
        self.storage = storage
        self.address = f"s3+http://{KEY}:{SECRET}@127.0.0.1:{port}/{BUCKET}?region={REGION}"


@contextmanager
def s3() -> Iterator[Serving]:
    """Serve a new storage for the length of the block."""
    storage = Storage()
    handler = type("Bound", (Handler,), {"storage": storage})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Serving(storage, server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
