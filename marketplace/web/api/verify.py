"""核验: a case file in the body, computed anew and held against the award that it is of; nothing kept.

Nobody has to say who he is for it; how many files one address may have computed is counted.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from bidding.comparing import Step, first_difference
from commons.errors import NotFound
from marketplace.database import Database
from marketplace.usecases.read_published import PublishedAward
from marketplace.web.api import verify_models as models
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import answered
from marketplace.web.api.tags import ENGINE
from marketplace.web.locale import verify_words
from marketplace.web.requests import require_json
from marketplace.web.signed_in import device_of
from marketplace.web.verifying import MAX_DROPPED, Held, code_in, dropped


@post(
    "/verify",
    operation_id="verifyCase",
    name="verifyCase",
    tags=[ENGINE],
    summary="核验一份案卷 / Verify a case file",
    description=(
        "The body is a case file as `readCase` gives it, or a case alone; at most 4 MiB. Without `award` it is held "
        "against the award that the file names; one that is not known here is computed and said to be unknown."
    ),
    status_code=200,
    request_max_body_size=MAX_DROPPED,
    responses=problems(400, 403, 404, 413, 415, 429, 500, 503),
    opt={"commits": False},
)
async def verify_case(
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    *,
    award: Annotated[
        str, QueryParameter(max_length=100, description="与哪一个公告对照 / The award to hold it against")
    ] = "",
) -> Response[models.VerificationDocument]:
    """Every step, every figure that differs, and the digests side by side."""
    data = await request.body()
    if data:
        require_json(request)
    code = code_in(award) if award else None
    if award and code is None:
        raise NotFound("award", award)
    return answered(_told(await dropped(database, data, address=device_of(request).address, code=code)))


def _told(held: Held) -> models.VerificationDocument:
    done, first = held.done, first_difference(held.done.steps)
    return models.VerificationDocument(
        award=None if held.award is None else held.award.demand.id,
        agrees=first is None,
        first_difference=None if first is None else first.code,
        steps=tuple(_step(one) for one in done.steps),
        digests=models.FileDigestsDocument(file=done.digests.file, case=done.digests.case, terms=done.digests.terms),
        published_digests=None if held.award is None else _published(held.award),
        decision=dict(done.decision),
    )


def _published(award: PublishedAward) -> models.CaseDigestsDocument | None:
    if award.file is None or award.case_digest is None:
        return None
    return models.CaseDigestsDocument(file=award.file.digest, case=award.case_digest, terms=award.demand.terms_digest)


def _step(step: Step) -> models.VerifiedStepDocument:
    name, holds, fails = verify_words.TITLES.get(step.code, (step.code,) * 3)
    return models.VerifiedStepDocument(
        code=step.code,
        state=step.state,
        subjects=step.subjects,
        cells=step.cells,
        total=step.total,
        differences=tuple(
            models.VerifiedFigureDocument(
                subject=one.subject, cell=one.cell, given=one.given, found=one.found, given_by=one.given_by
            )
            for one in step.differences
        ),
        zh={"same": holds, "differs": fails}.get(step.state, name),
        en=verify_words.english(step),
    )
