"""标段公告: its lots in order, who holds which."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from marketplace.database import Database
from marketplace.usecases.read_notice import LotRow, NoticeFile, read_notice
from marketplace.web.addresses import NOTICES
from marketplace.web.pages.asking import PageRequest, identifier_of, page
from marketplace.web.pages.rows import demand_row, failure
from marketplace.web.views.notices import Held, Lot, NoticeView
from marketplace.web.views.parts import AgencyRef


@get(NOTICES + "/{notice:str}", include_in_schema=False)
async def notice_page(
    request: PageRequest, database: NamedDependency[Database], notice: FromPath[str]
) -> Response[str]:
    """One notice with all its lots."""
    file = await read_notice(database, identifier_of("notice", notice))
    return page(request, notice_view(file), now=file.now, is_example=file.notice.is_example)


def notice_view(file: NoticeFile) -> NoticeView:
    """The file as its page shows it."""
    assert file.notice.published_at is not None, "a draft is not shown"
    lots = tuple(_lot(one, file) for one in file.lots)
    holders = {one.winner.uscc: one.winner for one in lots if one.winner is not None}
    return NoticeView(
        id=file.notice.id,
        title=file.notice.title,
        owner_name=file.lots[0].row.owner_name,
        lot_cap=file.notice.lot_cap,
        published_at=file.notice.published_at,
        lots=lots,
        held=tuple(
            Held(agency, tuple(one.number for one in lots if one.winner == agency)) for agency in holders.values()
        ),
    )


def _lot(one: LotRow, file: NoticeFile) -> Lot:
    row = one.row
    winner = AgencyRef(row.winner, row.winner_name or row.winner) if row.winner else None
    reason = failure(row.reason) if row.reason and one.waits_for is None else None
    return Lot(one.number, demand_row(row, now=file.now), one.waits_for, winner, row.winning_fen, reason)
