"""Terms tried out (试算) and checked (条款检查) over the API: computed, and nothing kept.

Nobody has to say who he is: what is read here is public as soon as it is there at all. Only the warnings about a draft
are its owner's; to everybody else a draft is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from bidding.inventing import Crowd
from commons.events import Actor
from commons.verdicts import Reason
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.check_terms import CheckTerms, check_terms
from marketplace.usecases.fairness import Fairness, fairness_text
from marketplace.usecases.read_warnings import read_warnings
from marketplace.usecases.try_terms import Trial, read_past, try_invented, try_on
from marketplace.usecases.weigh_terms import warning_texts
from marketplace.web.api import read_documents as documents
from marketplace.web.api import trial_models as models
from marketplace.web.api.computing import computed
from marketplace.web.api.documents import ReasonDocument, problems
from marketplace.web.api.read_models import AgencyName
from marketplace.web.api.reading import NAMED, ApiRequest, answered, provide_reader
from marketplace.web.api.routing import SECURITY
from marketplace.web.api.tags import DEMANDS, ENGINE
from marketplace.web.api.verify import verify_case
from marketplace.web.locale.reasons import reason_text
from marketplace.web.pages.asking import identifier_of
from marketplace.web.requests import MAX_COMMAND_BYTES, StrictRequest

ANY_TRIAL = (400, 403, 413, 415, 500, 503)
"""Problems that anything computed from a body may answer with."""


_MADE = models.Assumption(
    code="offers_as_they_were_made",
    zh="按当时的报价重算；若当时就用这些条件，各机构的报价可能不同",
    en="computed from the offers as they were made; under these terms somebody might have offered otherwise",
)
_INVENTED = models.Assumption(
    code="offers_are_invented",
    zh="报价由种子虚构，不代表任何机构；案例附后，任何人可以重算",
    en="the offers are invented from the seed and stand for no agency; the case is here for anybody to decide again",
)


@post(
    "/selections/{selection:str}/trials",
    operation_id="tryTerms",
    name="tryTerms",
    tags=[ENGINE],
    summary="用以往报价试算条件 / Try terms on past offers",
    description="有结果之后方可 / Once there is a result, never before",
    status_code=200,
    request_class=StrictRequest,
    request_max_body_size=MAX_COMMAND_BYTES,
    responses=problems(404, 409, *ANY_TRIAL),
    opt={"commits": False},
)
async def try_terms(
    database: NamedDependency[Database], selection: FromPath[str], data: JSONBody[models.TryTerms]
) -> Response[models.PastTrialDocument]:
    """The decision under these terms beside the one that was made."""
    past = await read_past(database, identifier_of("award", selection))
    trial = await computed(lambda: try_on(past, data.terms))
    document = models.PastTrialDocument(
        **_told(trial, _MADE),
        selection=past.selection,
        demand=past.demand,
        as_of=past.ruling.as_of,
        decision_then=dict(past.ruling.decision),
        winner_then=_winner(past.ruling.decision["winner"], past.names),
        winner=_winner(trial.decision["winner"], past.names),
        participants=tuple(documents.agency_name(uscc, past.names) for uscc in sorted(past.names)),
    )
    return answered(document)


@post(
    "/trials",
    operation_id="tryInvented",
    name="tryInvented",
    tags=[ENGINE],
    summary="用虚构报价试算条件 / Try terms on invented offers",
    status_code=200,
    request_class=StrictRequest,
    request_max_body_size=MAX_COMMAND_BYTES,
    responses=problems(*ANY_TRIAL),
    opt={"commits": False},
)
async def try_with_invented(data: JSONBody[models.TryInvented]) -> Response[models.TrialDocument]:
    """The decision among invented bidders, with the case it was made of."""
    ranges = (data.price_bp.as_range(), data.days.as_range(), data.credit.as_range())
    crowd = Crowd(data.bidders, *ranges, data.seed)
    trial = await computed(lambda: try_invented(data.terms, crowd))
    return answered(models.TrialDocument(**_told(trial, _INVENTED)))


@post(
    "/terms/check",
    operation_id="checkTerms",
    name="checkTerms",
    tags=[ENGINE],
    summary="发布前检查条件 / Check terms before publishing",
    status_code=200,
    request_class=StrictRequest,
    request_max_body_size=MAX_COMMAND_BYTES,
    responses=problems(*ANY_TRIAL),
    opt={"commits": False},
)
async def check(
    request: ApiRequest, database: NamedDependency[Database], data: JSONBody[CheckTerms]
) -> Response[models.WarningsDocument]:
    """Warnings, and how many agencies could take part today."""
    settings: Settings = request.app.state.settings
    return answered(_weighed(await check_terms(database, data, profile=settings.profile)))


@get(
    "/demands/{demand:str}/warnings",
    operation_id="readTermsWarnings",
    name="readTermsWarnings",
    tags=[DEMANDS],
    summary="条款提示 / Warnings about a demand's terms",
    description="起草阶段只对业主和代办员公开 / While it is a draft, for its owner and the delegates",
    dependencies={"reader": Provide(provide_reader)},
    responses=problems(401, *NAMED),
    security=[{}, *SECURITY],
)
async def read_terms_warnings(
    database: NamedDependency[Database], demand: FromPath[str], reader: NamedDependency[Actor | None]
) -> Response[models.WarningsDocument]:
    """The same as the check before posting, as of now."""
    return answered(_weighed(await read_warnings(database, identifier_of("demand", demand), reader)))


TRIAL_ROUTES = (try_terms, try_with_invented, check, read_terms_warnings, verify_case)
"""Addresses relative to the API's."""


def _told(trial: Trial, assumption: models.Assumption) -> dict[str, Any]:
    """What every trial's document has."""
    return {
        "terms_digest": trial.terms_digest,
        "assumption": assumption,
        "decision": trial.decision,
        "sensitivity": tuple(models.WeightRangeDocument.model_validate(one.as_json()) for one in trial.sensitivity),
        "warnings": warning_texts(trial.warnings),
        "case": trial.case,
    }


def _winner(uscc: object, names: Mapping[str, str]) -> AgencyName | None:
    return documents.agency_name(uscc, names) if isinstance(uscc, str) else None


def _weighed(found: Fairness) -> models.WarningsDocument:
    reach, told = found.reach, fairness_text(found)
    most = reach.cuts_most
    return models.WarningsDocument(
        warnings=warning_texts(found.warnings),
        reach=models.ReachDocument(
            at=found.at,
            on=found.on,
            filed=reach.filed,
            qualified=reach.qualified,
            cuts_most=None if most is None else most.code,
            conditions=tuple(
                models.ConditionDocument(code=one.code, left=one.left, cut=one.cut, source=documents.source(one.source))
                for one in reach.conditions
            ),
        ),
        must_change=tuple(_must_change(one) for one in found.must_change),
        similar=told.similar,
        covered_by=told.covered_by,
    )


def _must_change(one: Reason) -> ReasonDocument:
    return ReasonDocument(
        code=one.code, params=dict(one.params), source=documents.source(one.source), words=reason_text(one),
        words_en=reason_text(one, "en"),
    )  # fmt: skip
