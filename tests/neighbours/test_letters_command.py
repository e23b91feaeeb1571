"""``letters``: what waits and what is dead, and a dead letter that is tried again, from the command line."""

from __future__ import annotations

import re

from marketplace.command_line import WRONG
from marketplace.database import Database
from marketplace.usecases.address_notes import address_next
from tests.neighbours.test_neighbour_outages import happen
from tests.store.commanding import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.commanding import Machine


async def bury(database: Database) -> None:
    await happen(database, "contract/S1", "contract.paid")
    await address_next(database)
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE outbox_delivery SET dead_at = now(), attempts = 8, reason = 'status-422' "
            "WHERE receiver = 'unified-payment'"
        )


def test_a_dead_letter_is_listed_with_its_reason_and_tried_again_by_its_number(machine: Machine) -> None:
    status, said, complained = machine.run("letters")
    assert (status, "没有死信" in said) == (0, True), complained
    machine.on(bury)
    status, said, complained = machine.run("letters")
    assert (status, "unified-payment  待发 0  死信 1" in said, "status-422" in said) == (0, True, True), complained
    found = re.search(r"^([0-9a-f-]{36})  unified-payment", said, re.MULTILINE)
    assert found is not None, said
    status, said, complained = machine.run("letters", "--requeue", found[1])
    assert (status, found[1] in said) == (0, True), complained
    assert "unified-payment  待发 1  死信 0" in machine.run("letters")[1]
    status, _, complained = machine.run("letters", "--requeue", found[1])
    assert (status, "没有这件死信" in complained) == (WRONG, True)
    assert machine.run("letters", "--requeue", "1")[0] == WRONG
