"""The neighbours of this installation, as its settings name them; a name that nobody speaks with is refused at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from commons.errors import Fault, Malformed
from marketplace.neighbours.client import Client
from marketplace.neighbours.lookups import Cases, Projects, Register
from marketplace.neighbours.messages import MailServer, SmsGateway
from marketplace.neighbours.port import Correspondent, DataSharing, ProjectPlatform, Receiver
from marketplace.neighbours.seals import Seals
from marketplace.neighbours.subscribers import Subscribers
from marketplace.settings import Mode, Settings

NAMES = (
    "investment-platform", "data-sharing", "unified-payment", "e-archive", "e-seal", "supervision", "complaints", "sms",
)  # fmt: skip
"""Whom the market speaks with, beside receivers of credit changes (``CREDIT_RECEIVERS``) and subscribers."""
CORRESPONDENTS = frozenset({"investment-platform", "supervision", "complaints"})
"""Those of them that send by themselves."""


@dataclass(slots=True)
class Neighbours:
    """Whoever is named in the settings; what is None is not there, and its letters wait."""

    clients: Mapping[str, Client] = field(default_factory=dict)
    mail: MailServer | None = None
    subscribers: Subscribers = field(default_factory=Subscribers)

    @property
    def receivers(self) -> dict[str, Receiver]:
        """Who takes letters by name; SMS is sent by lane, data sharing takes none."""
        return {name: one for name, one in self.clients.items() if name not in {"sms", "data-sharing"}}

    @property
    def projects(self) -> ProjectPlatform | None:
        """The investment-project platform."""
        found = self.clients.get("investment-platform")
        return found if isinstance(found, Projects) else None

    @property
    def sharing(self) -> DataSharing | None:
        """The data-sharing interface."""
        found = self.clients.get("data-sharing")
        return found if isinstance(found, Register) else None

    @property
    def sms(self) -> SmsGateway | None:
        """The gateway of short messages."""
        found = self.clients.get("sms")
        return found if isinstance(found, SmsGateway) else None

    @property
    def correspondents(self) -> dict[str, Correspondent]:
        """Who sends by himself."""
        return {name: one for name, one in self.clients.items() if isinstance(one, Projects | Cases)}

    def key_of(self, name: str) -> bytes | None:
        """The key that a neighbour's requests are checked by."""
        found = self.clients.get(name)
        return found.key if found is not None and name in CORRESPONDENTS else None

    async def close(self) -> None:
        """End all connections."""
        for one in self.clients.values():
            await one.close()
        await self.subscribers.close()


def open_neighbours(settings: Settings) -> Neighbours:
    """Build them; ``Malformed`` for a name that nobody speaks with, or one without its key."""
    known = [name for name in settings.neighbours if name in NAMES]
    faults = [
        Fault("/NEIGHBOURS", "unknown_neighbour", f"NEIGHBOURS knows {', '.join(NAMES)}, not {name}")
        for name in settings.neighbours
        if name not in NAMES
    ]
    faults += [
        Fault("/NEIGHBOUR_KEYS", "missing", f"{name} needs a key in NEIGHBOUR_KEYS")
        for name in known
        if name not in settings.neighbour_keys
    ]
    if "e-seal" in known and settings.seal_key is None:
        faults.append(Fault("/SEAL_KEY", "missing", "e-seal needs the service's public key in SEAL_KEY"))
    if faults:
        raise Malformed(tuple(faults))
    clients = {name: _client(name, settings) for name in known}
    mail = None if settings.mail_server is None else MailServer(settings.mail_server, settings.mail_sender)
    return Neighbours(clients, mail, Subscribers(is_development=settings.mode is Mode.DEVELOPMENT))


def _client(name: str, settings: Settings) -> Client:
    address, key = settings.neighbours[name], settings.neighbour_keys[name]
    match name:
        case "investment-platform":
            return Projects(name, address, key)
        case "data-sharing":
            return Register(name, address, key)
        case "supervision" | "complaints":
            return Cases(name, address, key)
        case "sms":
            return SmsGateway(name, address, key)
        case "e-seal":
            return Seals(name, address, key, public_key=settings.seal_key or b"")
        case _:
            return Client(name, address, key)


@asynccontextmanager
async def neighbours_of(settings: Settings) -> AsyncIterator[Neighbours]:
    """The neighbours for the length of the block."""
    made = open_neighbours(settings)
    try:
        yield made
    finally:
        await made.close()
