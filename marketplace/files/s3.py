"""Files in S3-compatible storage, through ``obstore`` (Rust's object_store): signed requests, retries, path style.

Invariant: ``put`` returns after the storage has acknowledged the whole object, which is what S3 promises to keep.
Whatever goes wrong outside is ``Unavailable``; an address or key never appears in its words. Source: ADR 0025.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from commons.errors import Unavailable
from marketplace.files.place import Bucket
from marketplace.files.port import FOLDER, is_digest, place_of, require_whole

PATIENCE = timedelta(seconds=30)
"""For one request, its answer included."""
RETRIES = 3


class S3Files:
    """Files in one bucket."""

    def __init__(self, bucket: Bucket) -> None:
        """Keep files in ``bucket``; nothing is asked of it yet."""
        self._store = S3Store(
            bucket.name,
            config={
                "endpoint": bucket.endpoint,
                "region": bucket.region,
                "access_key_id": bucket.access_key,
                "secret_access_key": bucket.secret_key,
                "virtual_hosted_style_request": False,
            },
            client_options={
                "allow_http": bucket.endpoint.startswith("http://"),
                "timeout": PATIENCE,
                "connect_timeout": timedelta(seconds=5),
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": PATIENCE},
        )

    async def put(self, digest: str, body: bytes) -> None:
        """Keep the bytes; acknowledged by the storage once it returns."""
        require_whole(digest, body)
        with _outside():
            await obstore.put_async(self._store, place_of(digest), body, use_multipart=False)

    async def get(self, digest: str) -> bytes:
        """The bytes of that hash, compared with it."""
        with _outside():
            found = await obstore.get_async(self._store, place_of(digest))
            body = bytes(await found.bytes_async())
        return require_whole(digest, body)

    async def holds(self, digest: str) -> bool:
        """Whether there is such an object."""
        with _outside():
            try:
                await obstore.head_async(self._store, place_of(digest))
            except FileNotFoundError:
                return False
        return True

    async def remove(self, digest: str) -> None:
        """Remove the object, if it is there."""
        with _outside():
            try:
                await obstore.delete_async(self._store, place_of(digest))
            except FileNotFoundError:
                return

    async def older(self, than: datetime, *, after: str, limit: int) -> tuple[str, ...]:
        """What was put before an instant, by the storage's own clock; S3 lists in the order of the names."""
        found: list[str] = []
        with _outside():
            offset = place_of(after) if after else None
            async for page in obstore.list(self._store, FOLDER, offset=offset, chunk_size=limit):
                for one in page:
                    name = one["path"].rpartition("/")[2]
                    if is_digest(name) and one["last_modified"] < than:
                        found.append(name)
                if len(found) >= limit:
                    break
        return tuple(sorted(found)[:limit])


@contextmanager
def _outside() -> Iterator[None]:
    """Failures of the storage as ``Unavailable``, by their kind alone: their words hold addresses."""
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        message = f"the storage of files does not answer as it should ({type(error).__name__})"
        raise Unavailable(message) from None
