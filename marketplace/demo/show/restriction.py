"""The restriction in tables: what it stopped at once, and the ten cities in which nothing accepts the agency."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from commons.regions import REGIONS
from commons.verdicts import Reason
from marketplace.demo.scenes.restriction import BARRED, BASIS, HOME, NEIGHBOUR, Restricted
from marketplace.demo.show.frame import BAD, STRONG, Paper, chosen, told
from marketplace.demo.show.sealed import Agencies, short_names, show_sealed
from marketplace.web import formatting
from marketplace.web.locale.reasons import reason_text


def show_restricted(paper: Paper, found: Restricted, agencies: Agencies) -> None:
    """The running selection first, then the restriction and the ten cities."""
    names = short_names(agencies)
    barred, neighbour, home = names[BARRED.agency], names[NEIGHBOUR], REGIONS.get(HOME).name
    show_sealed(paper, found.played, agencies, briefly=True)
    paper.line(
        f" 限制：{home}两名监管人员批准，{agencies[BARRED.agency].name}自"
        f" {formatting.instant(found.done.starts_at)} 起受限（{BASIS}）。", STRONG,
    )  # fmt: skip
    paper.line(
        f" 同时：{len(found.done.voided_in)} 个进行中的报价失效，{found.done.shelf_offers_withdrawn} 个上架报价撤下。"
        f"它之后再做的每一件事："
    )
    paper.refusals(told(found.other, names))
    rows: list[list[str | Text]] = [
        [row.city, row.county, _answer(row.barred), _answer(row.neighbour)]
        for row in found.rows
    ]  # fmt: skip
    paper.table(["城市", "项目所在", f"{barred}（受限）", f"{neighbour}（同城，未受限）"], rows)
    refused = sum(1 for row in found.rows if row.barred)
    admitted = sum(1 for row in found.rows if not row.neighbour)
    whole = len(found.rows)
    mark = "✓" if refused == admitted == whole else "✗"
    paper.line(
        f" {mark} 受限机构在其余各市报名：{refused}/{whole} 被拒绝；同城对照机构：{admitted}/{whole} 被接受", "bold"
    )


def _answer(reasons: Sequence[Reason]) -> Text:
    """Admitted, or the first words of every reason, and which city a restriction comes from."""
    if not reasons:
        return chosen("✓ 接受")
    return Text(f"✗ 拒绝：{'；'.join(_shortly(one) for one in reasons)}", style=BAD)


def _shortly(reason: Reason) -> str:
    words = reason_text(reason).split("：")[0]
    region = reason.params.get("region")
    return f"{words}（{REGIONS.get(region).name}作出）" if isinstance(region, str) else words
