"""Readings of what follows an outcome."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from bidding.selection import Ruled
from commons.events import Actor
from marketplace.database import Database
from marketplace.usecases.act import Message
from marketplace.usecases.read_explanations import read_explanations
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, answered, provide_reader
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import SELECTIONS
from marketplace.web.pages.asking import identifier_of


class ExplanationDocument(Message):
    """One explanation of an abnormally low price; ``text`` is the owner's and the agency's until the result."""

    agency: str
    asked_at: datetime
    until: datetime
    given_at: datetime | None
    text: str | None
    ruling: Ruled | None
    reason: str | None
    ruled_at: datetime | None


class ExplanationsListed(Message):
    """The explanations of a selection, in the order asked."""

    selection: str
    explanations: tuple[ExplanationDocument, ...]


@get(
    "/selections/{selection:str}/explanations",
    operation_id="listExplanations",
    name="listExplanations",
    tags=[SELECTIONS],
    summary="异常低价说明 / Explanations of abnormally low prices",
    dependencies={"reader": Provide(provide_reader)},
    responses=problems(401, 403, *NAMED),
    security=[{}, *SECURITY],
)
async def list_explanations(
    database: NamedDependency[Database], selection: FromPath[str], reader: NamedDependency[Actor | None]
) -> Response[ExplanationsListed]:
    """What was asked, given and ruled; the words where the reader may have them."""
    identifier = identifier_of("selection", selection)
    found = await read_explanations(database, identifier, reader)
    rows = tuple(
        ExplanationDocument(
            agency=one.agency,
            asked_at=one.asked_at,
            until=one.until,
            given_at=one.given_at,
            text=one.text,
            ruling=one.ruling,
            reason=one.reason,
            ruled_at=one.ruled_at,
        )
        for one in found
    )
    return answered(ExplanationsListed(selection=identifier, explanations=rows))
