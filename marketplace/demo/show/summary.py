"""The last page: every selection in a row, how an award is computed again, how the site is opened."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from marketplace.catalogue.items import load_catalogue
from marketplace.demo.recomputing import Recomputed
from marketplace.demo.show.direct import named
from marketplace.demo.show.frame import BAD, GOOD, Paper, chosen
from marketplace.demo.show.sealed import Agencies, explained
from marketplace.demo.stage import Played
from marketplace.web import formatting
from marketplace.web.locale import names


def show_summary(paper: Paper, played: Sequence[Played], agencies: Agencies) -> None:
    """One row a selection: mode, winner, price, ceiling, saving, seconds."""
    columns: list[str | tuple[str, str]] = ["", "事项", "方式", "中选机构"]
    columns += [(head, "right") for head in ("中选价（元）", "限价（元）", "节约", "秒")]
    rows = [_row(number, one, agencies) for number, one in enumerate(played, start=1)]
    paper.table(columns, rows)


def _row(number: int, played: Played, agencies: Agencies) -> list[str | Text]:
    draft = played.scene.draft
    item = load_catalogue().item(draft.item)
    assert item is not None, "a played demand has an item of the catalogue"
    ceiling = int(str(played.scene.plan.terms["ceiling_fen"]))
    bought = f"{item.name}等 {len(draft.items)} 项" if draft.further_items else item.name
    head: list[str | Text] = [str(number), bought, names.MODES[draft.mode]]
    seconds = f"{played.seconds:.1f}"
    won = _won(played, agencies)
    if won is None:
        return [
            *head,
            Text("未选定" if draft.mode == "direct" else "流标"),
            "—",
            formatting.amount(ceiling),
            "—",
            seconds,
        ]
    name, price_fen = won
    spared = f"{formatting.share(ceiling - price_fen, ceiling)}%"
    shown = chosen(formatting.short_name(name))
    return [*head, shown, formatting.amount(price_fen), formatting.amount(ceiling), spared, seconds]


def _won(played: Played, agencies: Agencies) -> tuple[str, int] | None:
    """The winner's name and price in fen: computed, or named by the owner."""
    if (choice := named(played)) is not None:
        return agencies[choice.agency].name, choice.price_fen
    work = explained(played, agencies) if played.state.case is not None else None
    if work is None or work.winner is None or work.price_fen is None:
        return None
    return work.winner.name, work.price_fen


def show_recomputed(paper: Paper, done: Recomputed) -> None:
    """Where the cases lie, the command, and whether it gave the same decisions."""
    paper.lines([("案例文件", f"{done.folder}（{len(done.rows)} 个：条件、报价、抽取材料和当时的决定）")])
    paper.lines([("重算命令", f"./run decide {done.shown(done.rows[0])}")] if done.rows else [])
    same = [row for row in done.rows if row.is_same]
    words = f"已另起进程用该命令重算 {len(done.rows)} 个：{len(same)} 个与当时的决定逐字节相同（规范 JSON 的字节）"
    paper.line(f" {'✓' if len(same) == len(done.rows) else '✗'} {words}", GOOD if len(same) == len(done.rows) else BAD)
    for row in done.rows:
        if not row.is_same:
            paper.line(f"   ✗ {done.shown(row)}：当时 {row.recorded}，重算 {row.computed}", BAD)


def show_onward(paper: Paper, *, is_demo_folder: bool) -> None:
    """What can be done next."""
    opens = "./run serve --demo" if is_demo_folder else "./run serve"
    paper.lines(
        [
            ("打开网站", f"{opens}，然后在浏览器打开 http://127.0.0.1:8000"),
            ("用自己的表", "./run demo --templates 目录，填好后 ./run demo --demands 需求.xlsx --agencies 机构.xlsx"),
        ]
    )
