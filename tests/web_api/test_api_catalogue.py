"""Versions, coverage, the fairness check and project clocks over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from commons.instants import beijing_date, format_instant
from tests.usecases.market import PROFILE, sealed_terms
from tests.web_api.caller import OWNER_ACTOR, REGULATOR, Api, demand, problem

OPERATOR = "operator:O1"
PROJECT = "2610-330304-04-01-104270"
ZONE = "瓯海经济开发区（示例）"


async def read(api: Api, path: str, status: int = 200) -> dict:
    answered = await api.client.get(f"/api/v1{path}")
    assert answered.status_code == status, answered.text
    return answered.json()


async def test_a_version_is_published_read_in_its_region_and_compared(api: Api) -> None:
    body = {
        "region": "330300", "reason": "调整（示例）", "source": "办法（示例）", "text_seen": "no", "released": [],
        "values": [{"key": "owner_choice", "value": 9, "unit": "seconds"}],
    }  # fmt: skip
    published = await api.post(f"/profiles/{PROFILE}/versions", body, actor=OPERATOR)
    assert published.status_code == 201, published.text
    version = published.json()["version"]
    for region, expected, used in (("330304", 9, [version]), ("330100", 4, []), ("", 4, [])):
        found = await read(api, f"/profiles/{PROFILE}?region={region}")
        assert {one["key"]: one["value"] for one in found["values"]}["owner_choice"] == expected
        assert found["versions"] == used
    before = format_instant(datetime.now(UTC) - timedelta(hours=1))
    past = await read(api, f"/profiles/{PROFILE}?region=330304&at={before}")
    assert past["versions"] == []
    listed = await read(api, f"/profiles/{PROFILE}/versions")
    assert [one["version"] for one in listed["versions"]] == [version]
    told = await read(api, f"/profiles/{PROFILE}/diff?new={version}")
    cells = {one["field"]: (one["old"], one["new"]) for one in told["changes"][0]["cells"]}
    assert cells["value"] == (4, 9)
    assert len((await read(api, f"/profiles/{PROFILE}/modes"))["modes"]) == 3 * 3 * 7
    refused = problem(await api.post(f"/profiles/{PROFILE}/versions", body, actor=OPERATOR), 400)
    assert [one["code"] for one in refused["errors"]] == ["changes_nothing"]
    for path in ("/profiles/nobody-v1", "/profiles/nobody-v1/versions"):
        await read(api, path, 404)
    for path in (f"/profiles/{PROFILE}?region=999999", f"/profiles/{PROFILE}?at=now", "/catalogue/diff?new=V1"):
        await read(api, path, 400)


def today() -> date:
    """The civil day of the test, not that of its import: a run may cross midnight in Beijing."""
    return beijing_date(datetime.now(UTC))


async def test_the_catalogue_of_a_region_says_what_is_abolished_there(api: Api) -> None:
    gone = {
        "code": "SV26", "name": "土地评估", "valid_to": today().isoformat(), "document": "决定（示例）",
        "text_seen": "no",
    }  # fmt: skip
    body = {
        "region": "330304", "reason": "清理（示例）", "source": "决定（示例）", "text_seen": "no", "released": [],
        "items": [], "abolished": [gone],
    }  # fmt: skip
    assert (await api.post("/catalogue/versions", body, actor=OPERATOR)).status_code == 201
    there, elsewhere = await read(api, "/catalogue?region=330304"), await read(api, "/catalogue?region=330100")
    assert "SV26" in {one["code"] for one in there["abolished"]}
    assert "SV26" not in {one["code"] for one in elsewhere["abolished"]}
    assert len((await read(api, "/catalogue/versions"))["versions"]) == 1
    refused = problem(await api.post("/demands", demand(item="SV26", recusals=[]), actor=OWNER_ACTOR), 422)
    assert [(one["code"], one["source"]["title"]) for one in refused["reasons"]] == [("item_abolished", "决定（示例）")]
    forbidden = await api.post("/catalogue/versions", body, actor=REGULATOR)
    assert problem(forbidden, 403)["code"] == "role_not_allowed"


async def test_a_covered_demand_is_told_refused_and_given_up(api: Api) -> None:
    ring = [["120.60", "27.95"], ["120.65", "27.95"], ["120.65", "28.00"], ["120.60", "27.95"]]
    body = {
        "region": "330304", "zone": ZONE, "items": ["RA02"], "result": "可行（示例）",
        "access_standard": "6 米以内（示例）", "negative_list": ["爆破"], "document": "报告（示例）", "text_seen": "no",
        "valid_from": today().isoformat(),
        "valid_to": (today() + timedelta(days=10)).isoformat(),
        "polygon": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    recorded = await api.post("/coverages", body, actor=REGULATOR)
    assert recorded.status_code == 201, recorded.text
    coverage = recorded.json()["coverage"]
    shown = await read(api, f"/coverages/{coverage}")
    assert shown["rings"][0][0] == [120_600_000, 27_950_000]
    assert [one["coverage"] for one in (await read(api, "/coverages?region=330300"))["coverages"]] == [coverage]
    check = {
        "terms": sealed_terms(),
        "item": "RA02",
        "further_items": [],
        "recused": [],
        "region": "330304",
        "zone": ZONE,
    }
    told = await api.post("/terms/check", {**check, "conditions": [{"kind": "tax_in", "region": "330300"}]})
    assert told.status_code == 200, told.text
    assert [one["code"] for one in told.json()["must_change"]] == ["regional_barrier", "already_covered"]
    assert all(one["words"] and one["words_en"] for one in told.json()["must_change"])
    posted = await api.post("/demands", demand(item="RA02", zone=ZONE, recusals=[]), actor=OWNER_ACTOR)
    assert [one["coverage"] for one in posted.json()["fairness"]["covered_by"]] == [coverage]
    draft = posted.json()["demand"]
    refused = problem(await api.post(f"/demands/{draft}/publication", {}, actor=OWNER_ACTOR), 422)
    assert refused["reasons"][0]["code"] == "already_covered"
    assert "6 米以内" in refused["reasons"][0]["words"]
    used = await api.post(f"/demands/{draft}/coverage-use", {}, actor=OWNER_ACTOR)
    assert (used.status_code, used.json()["saved_fee_fen"]) == (201, None)
    saved = await read(api, "/coverage-savings")
    assert (saved["demands"], saved["with_fee"], bool(saved["definition_zh"])) == (1, 0, True)
    ended = await api.post(f"/coverages/{coverage}/withdrawal", {"reason": "条件变化（示例）"}, actor=REGULATOR)
    assert ended.status_code == 201
    assert (await read(api, f"/coverages/{coverage}"))["end"] == "withdrawn"
    assert (await read(api, "/coverages"))["coverages"] == []


async def test_a_project_has_its_clock(api: Api) -> None:
    await read(api, f"/projects/{PROJECT}/timeline", 404)
    posted = await api.post("/demands", demand(recusals=[]), actor=OWNER_ACTOR)
    assert (await api.post(f"/demands/{posted.json()['demand']}/publication", {}, actor=OWNER_ACTOR)).status_code == 201
    day = (today() - timedelta(days=10)).isoformat()
    stated = await api.post(
        f"/projects/{PROJECT}/milestones", {"milestone": "coded", "reached_on": day}, actor=OWNER_ACTOR
    )
    assert stated.status_code == 201, stated.text
    found = await read(api, f"/projects/{PROJECT}/timeline")
    assert (found["days_used"], found["days_left"], found["clock"]["key"]) == (10, 90, "project_total_general")
    assert found["clock"]["source"]["text_seen"] == "no"
    assert [one["is_joint"] for one in found["demands"]] == [False]
