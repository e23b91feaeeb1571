"""What may differ from one installation to the next, read once from the environment.

Every field is documented in docs/reference/settings.md under its variable's name (a tidy test compares). A wrong value
is refused at start with all faults at once, never replaced by a guess.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

from commons.errors import Fault, Malformed

PROJECT = Path(__file__).resolve().parent.parent
LARGEST_POOL = 500
LARGEST_PORT = 65535
_NAME = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_RECEIVER = re.compile(r"https://[^\s,]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/[^\s,]*", re.ASCII)
FILE_STORE = re.compile(
    r"(?P<scheme>s3://|s3\+http://(?=[^@]*@(127\.0\.0\.1|localhost)[:/]))(?P<key>[^:@/\s]+):(?P<secret>[^:@/\s]+)"
    r"@(?P<host>[A-Za-z0-9.-]+(:[0-9]{1,5})?)/(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
    r"(\?region=(?P<region>[a-z0-9-]{1,32}))?",
    re.ASCII,
)
_PUBLIC = re.compile(r"(https://[A-Za-z0-9.-]+|http://(127\.0\.0\.1|localhost))(:[0-9]{1,5})?", re.ASCII)
_MAIL_SERVER = re.compile(r"smtps?://([^:@/\s]+:[^:@/\s]+@)?[A-Za-z0-9.-]+(:[0-9]{1,5})?", re.ASCII)
_MAIL_SENDER = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PROVIDER = re.compile(
    r"(?P<issuer>https://[^\s,;?#]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?(/[^\s,;?#]*)?)"
    r";(?P<client>[^\s,;]+);(?P<secret>[^\s,;]+)(;uscc=(?P<uscc>[A-Za-z0-9_.:/-]{1,64}))?(;title=(?P<title>[^\s,;]+))?",
    re.ASCII,
)


class Mode(StrEnum):
    """How strict the start is: production refuses what development warns about."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Whose word on who somebody is counts here (统一身份认证, OpenID Connect).

    ``uscc_claim`` is the claim in which it names the legal person that signs in (None: it speaks of people alone).
    """

    name: str
    issuer: str
    client: str
    secret: str = field(repr=False)
    title: str
    uscc_claim: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with their defaults; the variable is the field's name in capitals."""

    mode: Mode = Mode.DEVELOPMENT
    database_url: str | None = field(default=None, repr=False)
    test_database_url: str | None = field(default=None, repr=False)
    data_dir: Path = PROJECT / ".data"
    profile: str = "generic-v1"
    pool_size: int = 10
    port: int = 8000
    identifier_key: str | None = field(default=None, repr=False)
    credit_feeds: Mapping[str, bytes] = field(default_factory=dict)
    credit_receivers: Mapping[str, str] = field(default_factory=dict)
    file_store: str | None = field(default=None, repr=False)
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    neighbours: Mapping[str, str] = field(default_factory=dict)
    neighbour_keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    seal_key: bytes | None = field(default=None, repr=False)
    mail_server: str | None = field(default=None, repr=False)
    mail_sender: str = "market@localhost"
    oidc_providers: tuple[IdentityProvider, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings (an empty variable counts as unset); Malformed names every variable that is wrong."""
        given = os.environ if environment is None else environment
        values = {name: given[name] for name in VARIABLES if given.get(name)}
        faults: list[Fault] = []
        mode = values.get("MODE", Mode.DEVELOPMENT)
        if mode not in tuple(Mode):
            faults.append(Fault("/MODE", "not-a-mode", f"MODE must be development or production, not {mode!r}"))
            mode = Mode.DEVELOPMENT
        faults.extend(
            Fault(f"/{name}", "not-a-dsn", f"{name} must begin with postgresql://")
            for name in ("DATABASE_URL", "TEST_DATABASE_URL")
            if not values.get(name, "postgresql://").startswith(("postgresql://", "postgres://"))
        )
        key = values.get("IDENTIFIER_KEY")
        if key is not None and not _KEY.fullmatch(key):
            faults.append(Fault("/IDENTIFIER_KEY", "not-a-key", "IDENTIFIER_KEY must be 64 hex digits in lower case"))
        if key is None and mode == Mode.PRODUCTION:
            faults.append(Fault("/IDENTIFIER_KEY", "missing", "production needs an IDENTIFIER_KEY of its own"))
        for name, shape, words in _ADDRESSES:
            if name in values and not shape.fullmatch(values[name]):
                faults.append(Fault(f"/{name}", "not-an-address", f"{name} must be {words}"))
        pool_size = _whole_number(values, "POOL_SIZE", 10, LARGEST_POOL, faults)
        port = _whole_number(values, "PORT", 8000, LARGEST_PORT, faults)
        feeds = _named(values, "CREDIT_FEEDS", _KEY, "a public key of 64 hex digits", faults)
        receivers = _named(values, "CREDIT_RECEIVERS", _RECEIVER, "an https address, or http on this machine", faults)
        neighbours = _named(values, "NEIGHBOURS", _RECEIVER, "an https address, or http on this machine", faults)
        keys = _named(values, "NEIGHBOUR_KEYS", _KEY, "a shared key of 64 hex digits", faults)
        if mode == Mode.PRODUCTION and "PUBLIC_URL" not in values:
            faults.append(Fault("/PUBLIC_URL", "missing", "production needs the site's own address: PUBLIC_URL"))
        proxies = _networks(values, faults)
        providers = _named(
            values, "OIDC_PROVIDERS", _PROVIDER, "ISSUER;CLIENT;SECRET[;uscc=CLAIM][;title=NAME]", faults
        )
        if faults:
            raise Malformed(tuple(faults))
        return cls(
            mode=Mode(mode),
            database_url=values.get("DATABASE_URL"),
            test_database_url=values.get("TEST_DATABASE_URL"),
            data_dir=Path(values["DATA_DIR"]).expanduser().absolute() if "DATA_DIR" in values else PROJECT / ".data",
            profile=values.get("PROFILE", "generic-v1"),
            pool_size=pool_size,
            port=port,
            identifier_key=key,
            credit_feeds={name: bytes.fromhex(one) for name, one in feeds.items()},
            credit_receivers=receivers,
            file_store=values.get("FILE_STORE"),
            public_url=values.get("PUBLIC_URL"),
            trusted_proxies=proxies,
            neighbours=neighbours,
            neighbour_keys={name: bytes.fromhex(one) for name, one in keys.items()},
            seal_key=bytes.fromhex(values["SEAL_KEY"]) if "SEAL_KEY" in values else None,
            mail_server=values.get("MAIL_SERVER"),
            mail_sender=values.get("MAIL_SENDER", "market@localhost"),
            oidc_providers=tuple(_provider(name, one) for name, one in providers.items()),
        )


_ADDRESSES = (
    ("FILE_STORE", FILE_STORE, "s3://ACCESS:SECRET@host/bucket, or s3+http:// on this machine"),
    ("PUBLIC_URL", _PUBLIC, "the site's own address, https://host[:port], or http on this machine"),
    ("SEAL_KEY", _KEY, "a public key of 64 hex digits"),
    ("MAIL_SERVER", _MAIL_SERVER, "smtp:// or smtps:// with [user:password@]host[:port]"),
    ("MAIL_SENDER", _MAIL_SENDER, "one e-mail address"),
)

VARIABLES = tuple(name.upper() for name in Settings.__dataclass_fields__)
"""The environment variables read, in the order of the fields."""


def _named(
    values: Mapping[str, str], variable: str, shape: re.Pattern[str], words: str, faults: list[Fault]
) -> dict[str, str]:
    """``name=value,name=value`` → values by name; a fault for each part that is not so, or comes twice."""
    found: dict[str, str] = {}
    for part in values.get(variable, "").split(","):
        name, _, value = part.strip().partition("=")
        if not part.strip():
            continue
        if not _NAME.fullmatch(name) or not shape.fullmatch(value) or name in found:
            faults.append(Fault(f"/{variable}", "not-named", f"{variable} is a list of name=value, each value {words}"))
        found[name] = value
    return found


def _provider(name: str, text: str) -> IdentityProvider:
    """One provider out of the text that ``_PROVIDER`` has matched; client, secret and title may be percent-encoded."""
    found = _PROVIDER.fullmatch(text)
    assert found is not None, "a part that does not match is a fault"
    return IdentityProvider(
        name, found["issuer"], unquote(found["client"]), unquote(found["secret"]), unquote(found["title"] or name),
        found["uscc"],
    )  # fmt: skip


def _networks(values: Mapping[str, str], faults: list[Fault]) -> tuple[str, ...]:
    """``10.0.0.1,10.1.0.0/16`` → networks; a fault for a part that is none."""
    found = [one.strip() for one in values.get("TRUSTED_PROXIES", "").split(",") if one.strip()]
    for one in found:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            words = "TRUSTED_PROXIES is a list of addresses or networks"
            faults.append(Fault("/TRUSTED_PROXIES", "not-a-network", words))
    return tuple(found)


def _whole_number(values: Mapping[str, str], name: str, default: int, largest: int, faults: list[Fault]) -> int:
    text = values.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(largest)) and 1 <= int(text) <= largest):
        faults.append(Fault(f"/{name}", "out-of-range", f"{name} must be a whole number from 1 to {largest}"))
        return default
    return int(text)
