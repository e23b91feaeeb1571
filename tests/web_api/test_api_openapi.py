"""The OpenAPI document says what the API does: every route, every status, every field; and every write has an actor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from marketplace.publication.decide import answer
from marketplace.web.api.examples import EXAMPLES
from marketplace.web.api.openapi import documented
from marketplace.web.api.writes import WRITE_ROUTES
from tests.web_api.caller import OWNER_ACTOR, Api, agency, filing

READS = {"GET", "HEAD", "OPTIONS"}
SIGNING_IN = {"session", "accounts", "accounts/recovery"}
"""What nobody can be signed in for yet."""
OF_SESSIONS = {"session/role", "session/proof", "session/end", "account/sessions/end", "proposals/{proposal}/approval"}
"""Writes that are no use case under an idempotency key: of a session itself, and of another one's proposal."""
ACTORLESS = {
    f"/api/v1/{path}"
    for path in (
        "decide",
        "verify",
        "neighbours/{neighbour}/messages",
        "trials",
        "selections/{selection}/trials",
        "terms/check",
        *SIGNING_IN,
    )
}
"""What computes and keeps nothing, signs in, or is signed by a neighbour; all else that is no reading is a write."""


@pytest.fixture
async def document(api: Api) -> dict[str, Any]:
    """The document as it is served."""
    answered = await api.client.get("/api/v1/openapi.json")
    assert answered.status_code == 200
    found: dict[str, Any] = answered.json()
    return found


def handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Path template, method and handler of everything the application serves."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                yield route.path_format, method, handler


async def test_no_write_exists_without_an_actor(app: Litestar, api: Api) -> None:
    writes = [
        (path, method) for path, method, _ in handlers(app)
        if method not in READS and path not in ACTORLESS and path.startswith("/api/")
    ]  # fmt: skip
    assert len(writes) == len(WRITE_ROUTES) + len(OF_SESSIONS)
    for path, method in writes:
        address = path.replace("{", "").replace("}", "")
        answered = await api.client.request(method, address, json={})
        assert answered.status_code == 401, (method, path)


async def test_every_route_of_the_api_is_documented_once(app: Litestar, document: dict[str, Any]) -> None:
    served = {
        (path, method.lower())
        for path, method, _ in handlers(app)
        if path.startswith("/api/v1/") and method not in {"OPTIONS", "HEAD"} and "openapi.json" not in path
    }
    told = {(path, method) for path, item in document["paths"].items() for method in item}
    assert told == served
    names = [one["operationId"] for item in document["paths"].values() for one in item.values()]
    assert len(names) == len(set(names))


def test_operation_names_are_stable(document: dict[str, Any]) -> None:
    names = {one["operationId"] for item in document["paths"].values() for one in item.values() if "requestBody" in one}
    assert names == {
        "giveSatisfaction", "announce", "takeDownAnnouncement",
        "signIn", "chooseRole", "proveAgain", "endSession", "openAccount", "recoverAccount", "changePassword",
        "setSecondFactor", "makeToken", "revokeToken", "claimOrganisation", "admitMember", "endMember",
        "leaveOrganisation", "giveMandate",
        "endMandate", "appointOfficer", "endOfficer", "disableAccount", "rejectProposal", "approveProposal",
        "fileAgency", "addQualification", "putShelfOffer", "recordCreditFact", "restrictAgency", "postDemand",
        "publishDemand", "takeInstantAward", "signUp", "placeOffer", "settleSelection", "decideCase", "verifyCase",
        "abandonAward", "explainLowPrice", "ruleLowPrice", "cancelSelection", "suspendSelection", "resumeSelection",
        "publishAgain", "noticeRestriction", "objectToFact", "answerObjection", "applyForRepair", "grantRepair",
        "refuseRepair",
        "postNotice", "publishNotice", "pickFromShortlist", "awardDirectly", "tryTerms", "tryInvented", "checkTerms",
        "objectToFiling", "answerFilingObjection", "changeAgency", "suspendAgency", "withdrawAgency", "returnAgency",
        "followQualification", "offerItem", "stopItem", "withdrawShelfOffer",
        "stateAtHearing", "stateRelations", "claimPractitioner", "releasePractitioner", "ruleHold", "importDecisions",
        "liftRestriction", "subscribeWebhook", "rotateWebhook", "endWebhook", "markRead", "setPreferences",
        "requeueLetter", "answerCase", "requestSeal", "takeInbound", "keepFilter", "dropFilter",
        "startExport", "startVerification", "cancelJob",
        "uploadContract", "confirmContract", "proposeChange", "answerChange", "planMilestones", "reachMilestone",
        "arrangeVisit", "noteVisit", "handInResult", "acceptResult", "returnResult", "recordReview", "noteInvoice",
        "notePayment", "openDispute", "noteDispute", "closeDispute", "proposeTermination", "terminateContract",
        "rateContract", "answerRating", "archiveContract",
        "publishCatalogueVersion", "publishProfileVersion", "recordCoverage", "withdrawCoverage", "useCoverage",
        "stateMilestone",
        "askEnquiry", "answerEnquiry", "changeDemand", "withdrawDemand", "reconfirmOffer", "confirmAward",
        "changeDraft", "discardDraft",
        "objectToAward", "answerAwardObjection", "withdrawAwardObjection", "lodgeComplaint", "acceptComplaint",
        "decideComplaint",
        "attachFile", "checkAgenciesSheet", "checkDemandsSheet", "importAgencies", "importDemands",
        "planInspections", "announceInspection", "drawInspection", "recordFinding", "voidInspection",
    }  # fmt: skip


def test_every_reference_leads_somewhere_and_every_schema_is_used(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    text = json.dumps(document)
    for part in text.split('"$ref": "')[1:]:
        name = part.partition('"')[0].removeprefix("#/components/schemas/")
        assert name in schemas
    for name in schemas:
        assert f'"#/components/schemas/{name}"' in text, name


def test_every_write_says_what_its_problems_look_like(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        if "post" not in item or path in ACTORLESS:
            continue
        operation = item["post"]
        assert {"400", "401", "403", "404", "409", "413", "415", "422", "500", "503"} < set(operation["responses"])
        for status, told in operation["responses"].items():
            kind = "application/json" if status.startswith("2") else "application/problem+json"
            assert list(told["content"]) == [kind], (path, status)
        assert operation["security"] == [{"session": [], "formToken": []}, {"token": []}, {"developmentActor": []}]
        if path.removeprefix("/api/v1/") in OF_SESSIONS:
            continue
        key = next(one for one in operation["parameters"] if one["name"] == "Idempotency-Key")
        assert key["schema"]["maxLength"] == 128
        assert operation["summary"]
        assert operation["tags"][0] in [one["name"] for one in document["tags"]]


async def test_every_reading_tells_the_problems_it_answers_with(api: Api, document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        told, address = set(item["get"]["responses"]), path.replace("{", "").replace("}", "")
        assert {"400", "403", "500", "503"} <= told, path
        assert ("404" in told) == ("{" in path), path
        elsewhere = await api.client.get(address, headers={"Host": "elsewhere.example"})
        nobody = await api.client.get(address, headers={"X-Development-Actor": "nobody"})
        nothing = await api.client.get(f"{address}?q=%00")
        assert elsewhere.status_code == 403, path
        assert nothing.status_code == 400, path
        assert (nobody.status_code == 401) == ("401" in told) == ("security" in item["get"]), path


def test_a_body_does_not_repeat_what_the_address_says(document: dict[str, Any]) -> None:
    body = document["components"]["schemas"]["PlaceOfferBody"]
    named = {"agency", "price_fen", "discount_bp", "days", "nonce", "split", "terms_digest", "round"}
    assert set(body["properties"]) == named
    assert body["required"] == ["agency"]
    assert body["additionalProperties"] is False
    part = document["components"]["schemas"]["PartText"]
    assert part["properties"]["fen"]["maximum"] == 1_000_000_000_000


def test_every_example_is_taken_by_its_command(app: Litestar) -> None:
    shown = {handler.operation_id: handler for handler in documented(app) if handler.parsed_data_field is not None}
    assert set(EXAMPLES) == {*shown, "decideCase", "verifyCase"}
    for name, handler in shown.items():
        assert handler.parsed_data_field is not None
        handler.parsed_data_field.annotation.model_validate(EXAMPLES[str(name)])
    assert answer(json.dumps(EXAMPLES["decideCase"]).encode())["winner"] == "A1"
    assert answer(json.dumps(EXAMPLES["verifyCase"]).encode())["outcome"] == "award"


async def test_answers_have_the_shape_that_is_told(api: Api, document: dict[str, Any]) -> None:
    filed = await api.post("/agencies", filing(1), actor=agency(1))
    told = document["components"]["schemas"]["AgencyFiled"]
    assert set(filed.json()) == set(told["required"])
    refused = await api.post("/agencies", filing(1), actor=agency(1))
    assert set(refused.json()) == set(document["components"]["schemas"]["RefusedProblem"]["properties"])
    malformed = await api.post("/agencies", {}, actor=OWNER_ACTOR)
    assert set(malformed.json()) == set(document["components"]["schemas"]["MalformedProblem"]["properties"])


async def test_there_is_no_page_of_the_document_and_nothing_from_elsewhere(api: Api) -> None:
    for path in ("/schema", "/api/v1/schema", "/api/v1/swagger", "/api/v1/redoc", "/api/v1"):
        assert (await api.client.get(path)).status_code == 404
    text = (await api.client.get("/api/v1/openapi.json")).text
    assert "http" not in text.replace("https://json-schema.org", "").replace('"http', "")
