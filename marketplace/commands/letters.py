"""``letters``: what waits for whom and which letters are dead; ``--requeue ID`` tries a dead one again.

Source: docs/adr/0026.
"""

from __future__ import annotations

from commons.errors import NotFound
from marketplace.command_line import WRONG, Parser, say
from marketplace.commands.acting import CLI, made, market, run
from marketplace.settings import Settings
from marketplace.usecases.letters import Letters, RequeueLetter, read_letters, requeue_letter

HELP = """\
外发件：每个接收方还有几件待发、几件死信，以及每件死信的原因。
  ./run letters --requeue 编号    重新投递一件死信（次数重新计算）"""


def main(arguments: list[str]) -> int:
    """``./run letters``; the exit status."""
    parser = Parser(prog="./run letters", description=HELP)
    parser.add_argument("--requeue", metavar="编号", help="重新投递这件死信")
    identifier: str | None = parser.parse_args(arguments).requeue

    async def work(settings: Settings) -> int:
        async with market(settings) as database:
            if identifier is None:
                _print(await read_letters(database, CLI))
                return 0
            try:
                done = await requeue_letter(database, CLI, made(RequeueLetter, letter=identifier))
            except NotFound:
                say(f"没有这件死信：{identifier}")
                return WRONG
        print(f"已重新投递 {done.letter}（{done.receiver}）。")
        return 0

    return run(work)


def _print(found: Letters) -> None:
    for queue in found.queues:
        last = "—" if queue.delivered_at is None else f"{queue.delivered_at:%Y-%m-%d %H:%M:%SZ}"
        print(f"{queue.receiver}  待发 {queue.waiting}  死信 {queue.dead}  最近送达 {last}")
    for one in found.dead:
        print(f"{one.letter}  {one.receiver}  {one.type}  {one.about}  试过 {one.attempts} 次  {one.reason or ''}")
    if not found.dead:
        print("没有死信。")
