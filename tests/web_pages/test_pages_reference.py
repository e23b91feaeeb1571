"""The back office: the operator alone keeps what is in it, audited; no table that proves anything is in reach."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from litestar import Litestar
from litestar.routes import ASGIRoute

from commons.errors import Conflict, Forbidden, NotFound
from commons.events import Actor
from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.usecases.act import Caller
from marketplace.usecases.help_desks import (
    HelpDeskSet,
    RemoveHelpDesk,
    SetHelpDesk,
    read_help_desks,
    remove_help_desk,
    seen_of,
    set_help_desk,
)
from marketplace.web.addresses import WORK
from tests.usecases.market import owner
from tests.web_pages.site import Site
from tests.web_pages.test_pages_agency import follow, hidden
from tests.web_pages.test_pages_operating import official

ROOT = Path(__file__).parents[2]
OPERATOR = Caller(Actor("operator", "O1"))
AREA = f"{WORK}/reference"
REFERENCE = {"help_desk"}
OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "kept": "access_entry account_role contract inbound_message outbox_delivery agency_hold"
        " agency_hold_ruled agency_tie agency_tie_ended announcement announcement_end attachment"
        " attachment_use authority_line coverage coverage_end coverage_saving credit_fact"
        " credit_fact_followed credit_import filing_objection notice offered_item outbox practitioner"
        " practitioner_ended project_milestone proposal qualification qualification_followed record_event"
        " restriction restriction_followed rule_version satisfaction selection_bidder selection_void"
        " shelf_offer statistics_past",
        "folded": "agency agency_status demand selection",
        "counted": "demand_tally demand_tally_step statistics_baseline statistics_case statistics_due"
        " statistics_share statistics_state statistics_tally statistics_winner",
        "persons": "account api_token external_identity mandate message_preference notification notification_read"
        " recovery_code saved_filter session sign_in_attempt",
        "running": "known_project long_job long_job_error long_job_file rate_window request_answer webhook",
    }
)
"""Every other table, by why it is none of the back office: it proves something; it is what the record folds to; it is
counted from others; it is somebody's own, changed by that person's acts; the machinery writes it itself."""
PROVED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE NOT tgisinternal AND proname LIKE '%kept%'
"""


def desk(**changes: str) -> SetHelpDesk:
    fields = {"region": "330300", "name": "温州窗口（示例）", "phone": "0577-12345678", "hours": "工作日 9:00—17:00"}
    return SetHelpDesk(**{**fields, **changes})  # type: ignore[arg-type]  # a test's shorthand


async def test_every_table_says_what_it_is_and_the_back_office_keeps_none_that_proves_anything(
    database: Database,
) -> None:
    named = [name for names in OTHERS.values() for name in names.split()]
    assert len(named) == len(set(named))
    known = {table._meta.tablename for table in all_tables()}
    assert known == {*named, *REFERENCE}, "a new table says here what it is"
    async with database.read() as connection:
        guarded = {name for (name,) in await connection.fetch(PROVED)}
    assert guarded <= set(OTHERS["kept"].split()), "what is only added to proves something"
    assert not guarded & REFERENCE


def test_only_the_store_of_the_back_office_writes_its_table_and_it_writes_no_other() -> None:
    store = (ROOT / "marketplace/reference/store.py").read_text()
    tables = {table._meta.tablename for table in all_tables()}
    said = " ".join(
        node.value
        for node in ast.walk(ast.parse(store))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ).split()
    assert tables & set(said) == REFERENCE
    modules = [path for path in (ROOT / "marketplace").rglob("*.py") if "help_desk" in path.read_text()]
    sql = [
        path.name for path in modules if "INTO help_desk" in path.read_text() or "FROM help_desk" in path.read_text()
    ]
    assert sql == ["store.py"]


def test_nothing_foreign_is_mounted(app: Litestar) -> None:
    mounted = [route.path for route in app.routes if isinstance(route, ASGIRoute)]
    assert mounted == [], "an application of somebody else's would have its own way in"


async def test_only_the_operator_keeps_help_desks_and_nobody_overwrites_what_he_has_not_seen(
    database: Database,
) -> None:
    with pytest.raises(Forbidden):
        await set_help_desk(database, owner(), desk())
    done = await set_help_desk(database, OPERATOR, desk())
    assert isinstance(done, HelpDeskSet)
    (one,) = (await read_help_desks(database)).rows
    await set_help_desk(database, OPERATOR, desk(desk=one.id, seen=seen_of(one), phone="0577-87654321"))
    with pytest.raises(Conflict):
        await set_help_desk(database, OPERATOR, desk(desk=one.id, seen=seen_of(one)))
    with pytest.raises(Conflict):
        await remove_help_desk(database, OPERATOR, RemoveHelpDesk(desk=one.id, seen=seen_of(one)))
    (now,) = (await read_help_desks(database)).rows
    assert now.phone == "0577-87654321"
    await remove_help_desk(database, OPERATOR, RemoveHelpDesk(desk=one.id, seen=seen_of(now)))
    with pytest.raises(NotFound):
        await remove_help_desk(database, OPERATOR, RemoveHelpDesk(desk=one.id, seen=seen_of(now)))
    async with database.read() as connection:
        lines = await connection.fetch("SELECT what, about FROM access_entry ORDER BY place")
    assert [line["what"] for line in lines] == ["setHelpDesk", "setHelpDesk", "removeHelpDesk"]
    was, became = seen_of(one), seen_of(now)
    prefix = f"help_desk/{one.id}"
    assert [line["about"] for line in lines] == [
        f"{prefix} - > {was}", f"{prefix} {was} > {became}", f"{prefix} {became} > -",
    ]  # fmt: skip


async def test_the_operator_keeps_them_on_pages_and_everybody_reads_them(site: Site, database: Database) -> None:
    assert "还没有公布咨询窗口" in await site.text("/help-desks")
    assert (await site.get(AREA)).status_code == 303
    reader = await official(site, database, "op-first", "operator")
    page = (await reader.get(AREA)).text
    assert "行政区划" in page
    path = f"{AREA}/desk"
    fields = {**hidden((await reader.get(path)).text), "region": "330300", "name": "温州窗口（示例）", "phone": "电话"}
    wrong = await reader.send(path, {**fields, "hours": "工作日"})
    assert wrong.status_code == 400
    assert "电话为 5 至 40 个数字" in wrong.text
    told = await follow(reader, path, {**fields, **hidden(wrong.text), "phone": "0577-12345678", "hours": "工作日"})
    assert "咨询窗口已保存" in told
    public = await site.text("/help-desks")
    assert "0577-12345678" in public
    (one,) = (await read_help_desks(database)).rows
    path = f"{AREA}/remove/{one.id}"
    check = await reader.send(path, hidden((await reader.get(path)).text))
    assert "删除" in check.text
    assert "已删除" in await follow(reader, path, {**hidden(check.text), "_sure": "1"})
    assert "0577-12345678" not in await site.text("/help-desks")
    log = (await reader.get(f"{WORK}/access-log?act=removeHelpDesk")).text
    assert one.id in log
    auditor = await official(site, database, "auditor", "auditor")
    assert "添加窗口" not in (await auditor.get(AREA)).text
    refused = await auditor.send(f"{AREA}/desk", {**fields, "phone": "0577-12345678", "hours": "工作日"})
    assert refused.status_code in {403, 422}
    assert not (await read_help_desks(database)).rows
