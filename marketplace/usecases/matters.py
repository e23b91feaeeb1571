"""What an event is about, for those who are told of it: its demand, its agency, its region, who takes part.

Read when it is told, not when it happened: what is told besides the event is how the matter stands now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agencies import store as agencies
from bidding import store as bidding
from commons.canonical import Json
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.demands.store import Demand

_AGENCY_KEYS = ("bidder", "agency")
_DEMAND_OF = "SELECT demand FROM selection WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Matter:
    """The demand (None for what is about an agency alone), the agency concerned, the region, the words for both."""

    demand: Demand | None
    agency: str | None
    region: str | None
    title: str
    link: str

    def document(self) -> dict[str, Json]:
        """The matter as neighbours are told of it: nothing that the site does not show to everybody."""
        if self.demand is None:
            return {"agency": self.agency, "region": self.region, "title": self.title}
        one = self.demand
        return {
            "demand": one.id, "selection": one.selection, "title": one.title, "project_code": one.project_code,
            "project_name": one.project_name, "owner_code": one.owner_code, "owner_name": one.owner_name,
            "region": one.region, "items": list(one.items), "mode": one.mode, "is_example": one.is_example,
        }  # fmt: skip


async def matter_of(connection: Connection, subject: str, data: Mapping[str, Json]) -> Matter:
    """The matter of an event by its subject; one that is about neither demand nor agency has neither."""
    kind, _, identifier = subject.partition("/")
    named = next((str(data[key]) for key in _AGENCY_KEYS if isinstance(data.get(key), str)), None)
    if kind == "agency":
        held = await agencies.particulars(connection, identifier)
        name, region = ("", None) if held is None else (held.name, held.region)
        return Matter(None, identifier, region, name, f"/agencies/{identifier}")
    number = identifier if kind == "demand" else await connection.fetchval(_DEMAND_OF, identifier)
    demand = None if number is None else await demands.demand_by_id(connection, number)
    if demand is None:
        return Matter(None, named, None, "", "/")
    return Matter(demand, named or demand.winner, demand.region, demand.title, f"/demands/{demand.id}")


async def bidders_of(connection: Connection, matter: Matter) -> tuple[str, ...]:
    """Who takes part in the matter's selection."""
    return () if matter.demand is None else await bidding.bidders(connection, [matter.demand.selection])
