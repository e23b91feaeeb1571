"""What was announced of an inspection, drawn and found, and whether its draw can be repeated; and a plan's course."""

from __future__ import annotations

from marketplace.database import Database
from marketplace.usecases.inspections import Inspection, Plan, inspection_of, opened_in, plan_of


async def read_inspection(database: Database, identifier: str) -> Inspection:
    """The inspection; ``NotFound`` for an unknown one. The operator's part is in it: do not show it before the draw."""
    async with database.read() as connection:
        return await inspection_of(connection, identifier)


async def read_inspection_plan(database: Database, identifier: str) -> tuple[Plan, tuple[Inspection, ...]]:
    """The plan with its inspections, in the order announced; ``NotFound`` for an unknown one."""
    async with database.read() as connection:
        return await plan_of(connection, identifier), await opened_in(connection, identifier)
