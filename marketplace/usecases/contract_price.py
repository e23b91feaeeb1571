"""Why a change may not raise a contract's price to an amount: the demand's ceiling, what the law makes a public tender.

Invariant: no change reaches a price at which the demand could not have been published, or the offer not been placed;
judged by the rules that the demand kept. Source: market.md sections 3 and 4, docs/adr/0023.
"""

from __future__ import annotations

from commons.verdicts import Reason
from marketplace.catalogue.conditions import judge_tender
from marketplace.contracts.signing import above_ceiling
from marketplace.database import Connection
from marketplace.demands import store as demands
from marketplace.usecases.barred import whole_of
from marketplace.usecases.contract_desk import Desk


async def too_high(connection: Connection, desk: Desk, amount_fen: int | None) -> tuple[Reason, ...]:
    """Every reason against that new total in fen; none where it stays (None) or does not rise."""
    contract, demand = desk.contract, desk.demand
    assert contract.amount_fen is not None, "signed"
    if amount_fen is None or amount_fen <= contract.amount_fen:
        return ()
    lots = () if demand.notice is None else await demands.lots_of(connection, demand.notice)
    whole_fen = whole_of(demand, lots) - demand.ceiling_fen + amount_fen
    return (
        *above_ceiling(amount_fen, ceiling_fen=demand.ceiling_fen),
        *judge_tender(
            desk.profile, demand.buyer_class, demand.items, whole_fen=whole_fen,
            declared=bool(demand.declared.get("public_tender")),
        ),
    )  # fmt: skip
