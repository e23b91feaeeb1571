"""The agencies that won on a seeded site say that they take the work, so that a visitor later finds awards that stand.

Without a word an award is given up in the end (docs/adr/0022); a site that nobody attends would show nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from marketplace.demo.callers import agency
from marketplace.demo.stage import Played, Stage
from marketplace.usecases.confirm_award import ConfirmAward, confirm_award


async def confirm_awards(stage: Stage, ended: Iterable[object]) -> int:
    """Every award proposed in the scenes that ended is confirmed by its agency; how many there were."""
    played = [getattr(one, "played", one) for one in ended]
    done = 0
    for one in (each for each in played if isinstance(each, Played)):
        state = await stage.settled(one.scene)
        if not state.proposed or not state.needs_confirmation:
            continue
        who = state.proposed
        answer = await confirm_award(stage.database, agency(who), ConfirmAward(selection=state.id, agency=who))
        stage.expect(getattr(answer, "confirmed_at", None), f"{one.scene.draft.title}：{who} 没有能确认中选")
        done += 1
    return done
