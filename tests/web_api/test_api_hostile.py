"""No value in any field of any body brings more than a problem the document tells of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.usecases.market import Market, code, instant_terms, nonce, round_terms, sealed_terms
from tests.web_api.caller import CERTIFICATE, OWNER_ACTOR, REGULATOR, Api, agency, demand, filing, problem, shelf_offer

HOSTILE: tuple[Any, ...] = (
    None, True, 0, -1, 10**12, 10**19, -(10**19), "", " ", "0", "\u202e\U0001f600\x7f", "x" * 400, "9" * 18, "'; --",
    "%00", "NaN", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2999-12-31T23:59:59.999999Z",
    "2026-02-29T00:00:00Z", "0001-01-01", "9999-12-31", "20260101", "2026-W01-1", [], [None], {}, {"": ""}, [[[[]]]],
    "f" * 64,
)  # fmt: skip
EXPECTED = {200, 201, 202, 400, 403, 404, 409, 422}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, the innermost too."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The document with another value in one place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


TERMS = [sealed_terms(), round_terms(opens_in=600, length=60), instant_terms()]


async def attack(api: Api, path: str, body: Any, actor: str) -> None:
    """Put every hostile value in every place."""
    for place in places(body):
        for new in HOSTILE:
            answered = await api.post(path, changed(body, place, new), actor=actor)
            assert answered.status_code in EXPECTED, (place, new, answered.text)
            if answered.status_code >= 400:
                problem(answered, answered.status_code)
            elif path == "/demands":
                published = await api.post(f"/demands/{answered.json()['demand']}/publication", actor=actor)
                assert published.status_code in EXPECTED, (place, new, published.text)


@pytest.mark.parametrize("terms", TERMS, ids=[str(one["mode"]) for one in TERMS])
async def test_no_value_in_a_demand_is_more_than_malformed(api: Api, terms: dict[str, Any]) -> None:
    body = demand(terms, recusals=[{"agency": code(3), "reason": "示例"}], first_round_opens_at="2030-01-08T01:00:00Z")
    await attack(api, "/demands", body, OWNER_ACTOR)


async def test_no_value_in_the_other_bodies_is_more_than_a_problem(api: Api, market: Market) -> None:
    await market.file(1)
    published = await market.publish(sealed_terms(), sign_up_s=60, close_s=90)
    restriction = {"layer": "market", "basis": "示例", "region": "330302", "ends_at": None}
    offer = {"agency": code(1), "price_fen": 9_000_000, "days": 20, "nonce": nonce(1)}
    sign_up = {"agency": code(1), "commitment_signed": True, "similar_jobs": 1, "preferences": {"a": 1}}
    fact = {"code": "award_abandoned", "basis": "示例"}
    for path, body, actor in (
        ("/agencies", filing(9, contact_name="", contact_phone=""), agency(9)),
        (f"/agencies/{code(1)}/qualifications", CERTIFICATE, agency(1)),
        (f"/agencies/{code(1)}/shelf-offers", shelf_offer(1), agency(1)),
        (f"/agencies/{code(1)}/credit-facts", fact, REGULATOR),
        (f"/selections/{published.selection}/sign-ups", sign_up, agency(1)),
        (f"/selections/{published.selection}/offers", offer, agency(1)),
        (f"/demands/{published.demand}/award", {"expected": code(1)}, OWNER_ACTOR),
        (f"/agencies/{code(1)}/restrictions", restriction, REGULATOR),
    ):
        await attack(api, path, body, actor)
