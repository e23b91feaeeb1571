"""Of which events somebody else is told: one table, event type → neighbours, people, subscribers.

Whoever appends such an event tells nobody: the record's own ``append`` leaves a note for the desk in the same
transaction, and the desk addresses it afterwards (``usecases.address_notes``). A type that stands in no row leaves no
note. ``people`` names sides of the matter: its owner, the agency whom the event names (or who has won), the agencies
that take part, the regulators of its region. Source: market.md section 5, docs/adr/0026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Side = Literal["owner", "agency", "bidders", "regulators"]
Neighbour = Literal[
    "investment-platform", "data-sharing", "unified-payment", "e-archive", "e-seal", "supervision", "complaints", "sms"
]
PROJECTS: tuple[Neighbour, ...] = ("investment-platform",)
DESK = "desk"
"""The receiver of every note: it decides who else is one."""


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told of a type of event; subscribers of webhooks may ask for every type in the table."""

    neighbours: tuple[Neighbour, ...] = ()
    people: tuple[Side, ...] = ()


_BOTH: tuple[Side, ...] = ("owner", "agency")
_OF_CONTRACT = Route(PROJECTS, _BOTH)
_OF_COMPLAINT = Route(("supervision", "complaints"), ("owner", "agency", "regulators"))

ROUTES: Mapping[str, Route] = MappingProxyType(
    {
        "demand.published": Route(PROJECTS),
        "demand.published_again": Route(PROJECTS, ("bidders",)),
        "enquiry.asked": Route((), ("owner",)),
        "enquiry.answered": Route((), ("bidders",)),
        "selection.terms_changed": Route(PROJECTS, ("bidders",)),
        "selection.decided": Route(PROJECTS, ("owner", "bidders")),
        "selection.evaluated": Route((), ("owner",)),
        "explanation.asked": Route((), ("agency",)),
        "choice.asked": Route((), ("owner",)),
        "award.proposed": Route(PROJECTS, _BOTH),
        "award.confirmed": Route(PROJECTS, _BOTH),
        "award.abandoned": Route(PROJECTS, ("owner", "agency", "regulators")),
        "award.lapsed": Route(PROJECTS, ("owner", "agency", "regulators")),
        "award.set_aside": Route(PROJECTS, ("owner", "bidders", "regulators")),
        "confirmation.asked": Route((), ("agency",)),
        "confirmation.given": Route(PROJECTS, ("owner",)),
        "objection.raised": Route((), ("owner", "agency", "regulators")),
        "objection.answered": Route((), ("owner", "agency", "regulators")),
        "complaint.lodged": _OF_COMPLAINT,
        "complaint.accepted": _OF_COMPLAINT,
        "complaint.refused": _OF_COMPLAINT,
        "complaint.decided": _OF_COMPLAINT,
        "selection.suspended": Route(PROJECTS, ("owner", "bidders")),
        "selection.resumed": Route(PROJECTS, ("owner", "bidders")),
        "selection.cancelled": Route(PROJECTS, ("owner", "bidders")),
        "selection.unsuccessful": Route(PROJECTS, ("owner", "bidders")),
        "selection.withdrawn": Route(PROJECTS, ("bidders",)),
        "selection.annulled": Route(PROJECTS, ("owner", "bidders")),
        "contract.opened": _OF_CONTRACT,
        "contract.uploaded": Route((), _BOTH),
        "contract.confirmed": _OF_CONTRACT,
        "contract.change_proposed": Route((), _BOTH),
        "contract.change_agreed": _OF_CONTRACT,
        "contract.visit_arranged": Route((), _BOTH),
        "contract.milestone_reached": Route((), ("owner",)),
        "contract.delivered": Route(PROJECTS, ("owner",)),
        "contract.returned": Route((), ("agency",)),
        "contract.accepted": _OF_CONTRACT,
        "contract.deemed_accepted": _OF_CONTRACT,
        "contract.reviewed": _OF_CONTRACT,
        "contract.invoiced": Route(("unified-payment",), ("owner",)),
        "contract.paid": Route(("unified-payment",), ("agency",)),
        "contract.dispute_opened": Route((), ("owner", "agency", "regulators")),
        "contract.dispute_closed": Route((), ("owner", "agency", "regulators")),
        "contract.termination_proposed": Route((), _BOTH),
        "contract.terminated": Route(PROJECTS, ("owner", "agency", "regulators")),
        "contract.rated": Route((), ("agency",)),
        "contract.archived": Route(("e-archive",), _BOTH),
        "credit_fact.recorded": Route((), ("agency",)),
        "credit_fact.repair_refused": Route((), ("agency",)),
        "restriction.noticed": Route((), ("agency", "regulators")),
        "restriction.lifted": Route((), ("agency",)),
        "agency.restricted": Route(("supervision",), ("agency",)),
    }
)
