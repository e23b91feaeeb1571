"""One contract from award to archive: whose turn it is stands on the work list, and each neighbour hears its part."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

from commons.canonical import canonical
from marketplace.contracts.archive import PRIVATE
from marketplace.database import Database
from marketplace.record.store import load
from marketplace.usecases.act import Caller
from marketplace.usecases.address_notes import address_next
from marketplace.usecases.archive_contract import ArchiveContract, archive_contract
from marketplace.usecases.ask_enquiry import AskEnquiry, ask_enquiry
from marketplace.usecases.contract_desk import ContractMoved
from marketplace.usecases.deliver_letters import deliver_letter
from marketplace.usecases.read_work_list import read_work_list
from tests.neighbours.test_neighbour_outages import town, types_of
from tests.usecases.contracted import AGENCY, OWNER_CALLER, STRANGER, Deal, awarded
from tests.usecases.market import REGULATOR, Market, agency, code, owner, sealed_terms


async def acts(database: Database, caller: Caller) -> list[str]:
    return [one.act for one in (await read_work_list(database, caller)).tasks]


async def test_whose_turn_it_is_stands_on_the_work_list_and_each_neighbour_hears_its_part(database: Database) -> None:
    deal = Deal(database, await awarded(Market(database)))
    assert await acts(database, AGENCY) == await acts(database, OWNER_CALLER) == ["upload_contract"]
    assert await acts(database, STRANGER) == []
    await deal.upload()
    assert (await acts(database, AGENCY), await acts(database, OWNER_CALLER)) == ([], ["confirm_contract"])
    await deal.confirm()
    assert (await acts(database, AGENCY), await acts(database, OWNER_CALLER)) == (["hand_in_result"], [])
    await deal.hand_in()
    assert (await acts(database, AGENCY), await acts(database, OWNER_CALLER)) == ([], ["accept_result"])
    await deal.accept()
    await deal.invoice()
    await deal.pay()
    assert await acts(database, OWNER_CALLER) == ["rate_contract"]
    await deal.rate()
    await deal.reply()
    assert isinstance(await archive_contract(database, OWNER_CALLER, ArchiveContract(contract=deal.id)), ContractMoved)
    assert await acts(database, OWNER_CALLER) == await acts(database, AGENCY) == []
    async with town("investment-platform", "unified-payment", "e-archive") as (servers, post):
        while await address_next(database):
            pass
        for name in servers:
            while await deliver_letter(database, post, name):
                pass
        (archived,) = servers["e-archive"].handed.values()
        platform = types_of(servers["investment-platform"])
        assert sorted(types_of(servers["unified-payment"])) == ["contract.invoiced", "contract.paid"]
    contract = [one for one in platform if one.startswith("contract.")]
    assert contract == ["contract.opened", "contract.confirmed", "contract.delivered", "contract.accepted"]
    assert {"demand.published", "award.proposed"} <= set(platform)
    package = {name: base64.b64decode(body) for name, body in archived["package"].items()}
    assert {"demand.json", "terms.json", "offers.json", "record.json"} <= set(package)
    assert not any(name.startswith(PRIVATE) for name in package)
    async with database.read() as connection:
        recorded = await load(connection, [f"contract/{deal.id}"])
        receipt = await connection.fetchval("SELECT receipt FROM outbox_delivery WHERE receiver = 'e-archive'")
    last = next(one.event for one in recorded if one.event.type == "contract.archived")
    assert (archived["id"], archived["digest"]) == (last.id, last.digest)
    assert receipt == f"R-{last.id[:8]}"
    told = [one["digest"] for one in json.loads(package["record.json"])]
    assert all(one.event.digest in told for one in recorded[:-1]), "the package is the record before its archiving"
    assert canonical(archived["data"]) == canonical(dict(last.data))


async def test_an_enquiry_stands_on_the_owners_list_and_nobody_elses(database: Database) -> None:
    market = Market(database)
    await market.file(1)
    at = datetime.now(UTC)
    demand = await market.publish(
        sealed_terms(), sign_up_closes_at=at + timedelta(hours=1), closes_at=at + timedelta(hours=2)
    )
    await ask_enquiry(database, agency(1), AskEnquiry(demand=demand.demand, agency=code(1), question="范围（示例）"))
    (task,) = (await read_work_list(database, owner())).tasks
    assert (task.act, task.subject, task.is_overdue) == ("answer_enquiry", f"demand/{demand.demand}", False)
    assert task.due_at <= at + timedelta(hours=2)
    for caller in (agency(1), REGULATOR, Caller(STRANGER.actor)):
        assert await acts(database, caller) == []
