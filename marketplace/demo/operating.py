"""What the operator of an example site does besides: says that it is being filled, names a help desk, has it verified.

Each act has a key of its own and says the same however often it is asked, so that a load which was ended in the middle
goes on. The announcement is taken down when the load is done: from then on the head of each page says what it said.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from commons.instants import beijing_date
from marketplace.database import Database
from marketplace.demo.callers import granted, operator
from marketplace.usecases.announce import Announce, announce
from marketplace.usecases.help_desks import SetHelpDesk, set_help_desk
from marketplace.usecases.start_job import StartVerification, start_verification
from marketplace.usecases.take_down_announcement import TakeDownAnnouncement, take_down_announcement

PATIENCE = timedelta(days=30)
"""How long after its beginning a load may still be said to be under way."""
FILLING = "正在装入示例数据（示例）"
WORDS = (
    "本站是示例站点，正在装入示例数据：机构、项目、人员与金额均为虚构。装完之前，列表和统计不完整（示例）。\n"
    "装完后本公告撤下，各页页眉仍会写明“示例数据”（示例）。"
)
FILLED = "示例数据已经装完，各页页眉都写明“示例数据”（示例）"
DESK = SetHelpDesk(
    region="330000",
    name="省平台咨询窗口（示例）",
    phone="0571-00000000",
    hours="工作日 9:00–17:00（示例）",
    address="示例路 1 号（示例）",
    remark="示例窗口：号码不通，不接受咨询",
)


async def say_that_it_fills(database: Database, load: str, *, begun_at: datetime, at: datetime) -> str | None:
    """Announce that the example data is being loaded; its id, None for a load that began too long ago to say so."""
    until = begun_at + PATIENCE
    if until <= at:
        return None
    command = Announce(kind="information", title=FILLING, text=WORDS, until=until, is_example=True)
    return granted(await announce(database, operator(f"{load}/filling"), command), FILLING).announcement


async def say_that_it_is_full(database: Database, load: str, announcement: str) -> None:
    """Take that announcement down."""
    command = TakeDownAnnouncement(announcement=announcement, reason=FILLED)
    granted(await take_down_announcement(database, operator(f"{load}/filled"), command), FILLED)


async def name_help_desk(database: Database, load: str) -> None:
    """Name a help desk of the whole province, which nobody can call."""
    granted(await set_help_desk(database, operator(f"{load}/desk"), DESK), DESK.name)


async def have_awards_verified(database: Database, load: str, *, since: datetime, until: datetime) -> str:
    """Ask for every award of these Beijing days to be computed anew; the job, which the site takes up once it runs."""
    command = StartVerification(since=f"{beijing_date(since)}", until=f"{beijing_date(until)}")
    return (await start_verification(database, operator(f"{load}/verification"), command)).job
