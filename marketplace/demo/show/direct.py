"""A direct choice in lines: who was refused it, who was named for how much and why, and that nothing was computed."""

from __future__ import annotations

from typing import NamedTuple, cast

from commons.canonical import Json
from marketplace.demo.scenes.direct import Direct
from marketplace.demo.show.asked import asked
from marketplace.demo.show.drawn import show_choice
from marketplace.demo.show.frame import GOOD, QUIET, STRONG, Paper, saving, told
from marketplace.demo.show.sealed import Agencies, short_names
from marketplace.demo.stage import Played
from marketplace.web import formatting
from marketplace.web.locale import names


class Named(NamedTuple):
    """Who was named, for how many fen and days."""

    agency: str
    price_fen: int
    days: int | None


def named(played: Played) -> Named | None:
    """The direct choice of a scene; None where nobody was named or it is of another mode."""
    picked, decision = played.state.picked, played.state.decision
    if picked is None or decision is None or played.state.case is not None:
        return None
    (row,) = cast("list[dict[str, Json]]", decision["ranking"])
    return Named(picked.bidder, cast("int", row["price_fen"]), cast("int | None", row.get("days")))


def show_two_owners(paper: Paper, found: Direct, agencies: Agencies) -> None:
    """The owner that may not choose directly first, then the one that may."""
    draft = found.fiscal
    buyer = names.BUYER_CLASSES[draft.buyer_class]
    paper.refusals([(f"{draft.owner_name}（{buyer}）", "发布同样的需求，直接选取", found.refused)])
    show_direct(paper, found.played, agencies, briefly=True)


def show_direct(paper: Paper, played: Played, agencies: Agencies, *, briefly: bool = False) -> None:
    """One direct choice from the demand to the award."""
    asked(paper, played.scene, briefly=briefly)
    paper.refusals(told(played.scene.turned_away, short_names(agencies)))
    choice = named(played)
    if choice is None:
        paper.line(" ■ 没有选定机构", STRONG)
        return
    show_choice(paper, played, agencies)
    days = f"，{formatting.days(choice.days)}" if choice.days is not None else ""
    paper.line(f" ✓ 中选：{agencies[choice.agency].name}，{formatting.yuan(choice.price_fen)}{days}", GOOD)
    paper.line(f"   {saving(choice.price_fen, int(str(played.scene.plan.terms['ceiling_fen'])))}")
    paper.line("   直接选取不经计算，没有可以重算的案例；记录并公示的是谁选、选了谁、价格和理由", QUIET)
