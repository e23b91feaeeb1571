"""Two instant selections from one shelf: the first takes the last unit of an offer, the second finds it gone."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_hex
from typing import TypedDict, cast

from commons.verdicts import Refused
from marketplace.demo.callers import agency, granted, owner
from marketplace.demo.posting import shelf_offer_of
from marketplace.demo.stage import NONCE_BYTES, Played, Scene, Stage
from marketplace.seed.plans import DemandDraft
from marketplace.usecases.put_shelf_offer import put_shelf_offer
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award

EXPIRING = "12990008MA00005099"
"""Its shelf offer for the item has run out in the seed; here it is put up again for a moment."""
SPENT = "91990004MA0000250J"
"""Its offer can give one award, which the first selection takes."""
MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class TwoPicks:
    """Both selections, each with its award."""

    first: Played
    second: Played


async def instant(stage: Stage, first: DemandDraft, second: DemandDraft) -> TwoPicks:
    """立等可取: twice from the same shelf; in between one offer is spent and one runs out."""
    north = await _take(stage, await stage.open(first))
    stage.expect(_winner(north) == SPENT, "立等可取：第一次选中的不是预期的机构")
    expires_at = stage.now() + MOMENT * stage.slowness
    shelf = next(one for one in stage.agencies[EXPIRING].shelf if one.item == first.item)
    short = replace(shelf, valid_until=expires_at)
    command = shelf_offer_of(EXPIRING, short, nonce=token_hex(NONCE_BYTES))
    granted(await put_shelf_offer(stage.database, agency(EXPIRING), command), "上架")
    await stage.until(expires_at)
    south = await _take(stage, await stage.open(second))
    reasons = _rejected(south)
    stage.expect("no_capacity" in reasons.get(SPENT, ()), "立等可取：余量用尽的上架报价没有被拒绝")
    stage.expect("offer_not_valid" in reasons.get(EXPIRING, ()), "立等可取：过期的上架报价没有被拒绝")
    stage.expect(_winner(south), "立等可取：第二次没有人中选")
    return TwoPicks(north, south)


async def _take(stage: Stage, scene: Scene) -> Played:
    """The owner takes the engine's first."""
    caller = owner(scene.draft.owner_uscc)
    answer = await take_instant_award(stage.database, caller, TakeInstantAward(demand=scene.demand))
    seconds = time.monotonic() - scene.began
    state = await stage.settled(scene)
    if isinstance(answer, Refused):
        stage.expect(held=False, otherwise=f"{scene.draft.title}：{'、'.join(answer.codes)}")
    elif isinstance(answer, InstantAwarded):
        stage.expect(state.proposed == answer.winner, f"{scene.draft.title}：记录的中选机构与答复不同")
    return Played(scene, state, seconds)


def _winner(played: Played) -> object:
    return (played.state.decision or {}).get("winner")


def _rejected(played: Played) -> dict[str, list[str]]:
    rows = cast("list[_Rejected]", (played.state.decision or {}).get("rejected", []))
    return {row["bidder"]: row["reasons"] for row in rows}


class _Rejected(TypedDict):
    """A row of the decision's ``rejected``."""

    bidder: str
    reasons: list[str]
