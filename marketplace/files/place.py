"""Where files are kept, as the setting says it: a bucket's address, or nothing for the data folder.

``s3://ACCESS:SECRET@host[:port]/bucket[?region=…]`` is reached over https; ``s3+http://…`` on this machine alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote

from marketplace.settings import FILE_STORE

REGION = "us-east-1"
"""What S3-compatible storage takes where it knows no regions."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of S3-compatible storage and the keys to it; the secret never shows in a representation."""

    endpoint: str
    name: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


def read_bucket(address: str) -> Bucket | None:
    """The bucket of an address; None for what is none (unencrypted only on this machine)."""
    found = FILE_STORE.fullmatch(address)
    if found is None:
        return None
    scheme = "http" if found["scheme"] == "s3+http://" else "https"
    return Bucket(
        endpoint=f"{scheme}://{found['host']}",
        name=found["bucket"],
        region=found["region"] or REGION,
        access_key=unquote(found["key"]),
        secret_key=unquote(found["secret"]),
    )
