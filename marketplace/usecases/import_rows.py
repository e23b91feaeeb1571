"""Rows of a large sheet, a few at a time: each does what its use cases do, or leaves nothing and says every reason.

Unlike a small import, which is all or nothing, rows that the rules refuse are named and the others stay: by then every
cell of the sheet has been found right. Invariants: a row is one savepoint; certificates of an agency are part of its
row; what contradicts the record under another transaction's hands is refused, not tried for ever.
Source: docs/adr/0025, 0035.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import asyncpg

from commons.verdicts import Reason, Refused
from marketplace.database import Connection
from marketplace.identity.identifiers import Identifiers
from marketplace.usecases.act import Caller, Message, require
from marketplace.usecases.add_qualification import AddQualification, add_qualification
from marketplace.usecases.file_agency import FileAgency, file_agency
from marketplace.usecases.joined import Joined, RowsRefusedError, each
from marketplace.usecases.post_demand import PostDemand, post_demand

Said = tuple[str, Reason | str]
"""A stable code, and the reason or words."""
Act = Callable[[], Awaitable[Message | Refused]]
_CLASHES = "与已有的登记冲突（编号或代码重复）"


async def import_agency_row(
    connection: Connection, caller: Caller, filing: FileAgency, papers: Sequence[AddQualification], *, profile: str,
    identifiers: Identifiers,
) -> tuple[Said, ...]:  # fmt: skip
    """File an agency with its certificates; everything that the rules say against it, and then nothing stays."""
    require(caller, "import_agencies")
    joined = Joined(connection)

    async def file() -> Message | Refused:
        return await file_agency(joined, caller, filing, profile=profile, identifiers=identifiers)

    return await _row(joined, [file], [partial(add_qualification, joined, caller, paper) for paper in papers])


async def import_demand_row(
    connection: Connection, caller: Caller, posting: PostDemand, *, profile: str
) -> tuple[Said, ...]:
    """Keep a draft; everything that the rules say against it, and then nothing stays."""
    joined = Joined(connection)

    async def post() -> Message | Refused:
        require(caller, "import_demands", own=posting.owner_code)
        return await post_demand(joined, caller, posting, profile=profile)

    return await _row(joined, [post])


async def _row(joined: Joined, *stages: Sequence[Act]) -> tuple[Said, ...]:
    """Do the acts, stage after stage until one has a refusal; in a savepoint of their own."""
    try:
        async with joined.savepoint():
            for acts in stages:
                await _all(acts)
    except RowsRefusedError as error:
        return tuple(said for _, said in error.rows)
    except asyncpg.IntegrityConstraintViolationError:
        return (("contradicts_record", _CLASHES),)
    return ()


async def _all(acts: Sequence[Act]) -> None:
    _, refused = await each(lambda place: acts[place](), len(acts))
    if refused:
        raise RowsRefusedError(tuple(refused))
