"""What follows in a selection, written beforehand: explanations, rulings, awards given up, pauses, ends, a next try.

Whom a message is from or about is mostly said by its part (``who``: the one proposed, the one whose price is asked
about), as nobody knows beforehand who that will be; the agency of the step stands in while there is none. Everything
comes early, late, twice, at once, from the wrong one as well.
"""

from __future__ import annotations

from collections.abc import Callable

from commons.canonical import Json
from tests.simulation.plans import DRAWS, PriceMode, SelectionPlan, next_publication
from tests.simulation.steps import Verb, Writer

TO_EXPLAIN = 4_000
"""Milliseconds that the profile of the simulation gives to explain a price."""
TO_CHOOSE = 4_000
"""Milliseconds that the profile of the simulation gives an owner to choose."""
PUBLICITY = 5_000
TO_CONFIRM = 4_000
"""Milliseconds that the profile of the simulation gives an agency to confirm its award."""
LONGEST_PAUSE = 2_500
"""Milliseconds that a suspension lasts at most, but for those that nobody ends."""
MOST_EXTENDED = 3_000
"""Milliseconds by which extensions move a round at most."""
BESIDE: tuple[Verb, ...] = ("settle", "tick", "read")
HALTING: tuple[Verb, ...] = ("suspend", "resume")
TakePart = Callable[[Writer, SelectionPlan], None]


def aftermath(writer: Writer, plan: SelectionPlan, take_part: TakePart) -> None:
    """Write down what follows, as the selection's fate has it and by chance."""
    ended = _fated(writer, plan, _ends(plan), take_part)
    if plan.fate == "abandon" or writer.maybe(0.4 if plan.mode in {"direct", *DRAWS} else 0.35):
        _abandoned(writer, plan, ended)
    if plan.fate not in {"abandon", "accepted", "lonely"} and writer.maybe(0.2):
        _suspended(writer, plan, ended)
    if plan.fate in {"suspend", "free", "drawn"} and writer.maybe(0.15):
        _cancelled(writer, plan, ended)


def _fated(writer: Writer, plan: SelectionPlan, ended: int, take_part: TakePart) -> int:
    """What the selection's fate is; gives when it should be over."""
    match plan.fate:
        case "accepted" | "rejected" | "silent":
            ended = _explained(writer, plan, ended)
        case "suspend":
            _suspended(writer, plan, ended, is_early=True)
            ended += LONGEST_PAUSE
        case "cancel":
            _cancelled(writer, plan, ended)
        case "drawn" if plan.mode == "credit_draw":
            ended = _picked(writer, plan, ended)
        case "lonely":
            _again(writer, plan, ended, take_part)
        case "abandon" | "free":
            if "low_price" in plan.terms:
                ended = _explained(writer, plan, ended)
    return ended


def _ends(plan: SelectionPlan) -> int:
    """When the last close is past, however often it was extended."""
    return plan.closes_at + (MOST_EXTENDED * len(plan.windows) if "extension" in plan.terms else 0)


def _somebody(writer: Writer, plan: SelectionPlan) -> int:
    return writer.dice.choice(plan.joining or (1, 2, 3))


def _doubled(writer: Writer, plan: SelectionPlan, first: int, verb: Verb, **values: Json) -> None:
    """The message of that step again: the very same, under the same key with other words, from somebody else, anew."""
    one, dice = writer.steps[first], writer.dice
    told = {**one.values, **values}
    if writer.maybe(0.4):
        writer.add(one.at + dice.choice((0, 1, 300)), "repeat", selection=plan.index, agency=one.agency, of=first)
    if writer.maybe(0.25):
        writer.add(one.at + 400, "other_body", selection=plan.index, agency=one.agency, of=first)
    if writer.maybe(0.35):
        writer.add(one.at + 7, "wrong_actor", selection=plan.index, agency=one.agency, of=first)
    if writer.maybe(0.5):
        again_at = one.at + dice.choice((0, 2, 500))
        writer.add(again_at, verb, selection=plan.index, agency=one.agency, **told)
        if writer.storms and writer.maybe(0.4):
            for beside in BESIDE:
                writer.add(one.at, beside, selection=plan.index)


def _explained(writer: Writer, plan: SelectionPlan, ended: int) -> int:
    """Whoever is asked explains, and the owner rules, up to three times in turn; gives when it should be over."""
    dice, index, at = writer.dice, plan.index, ended
    for turn in range(3):
        if (plan.fate == "silent" and turn == 0) or (turn > 0 and writer.maybe(0.3)):
            late = at + TO_EXPLAIN + dice.choice((-1, 0, 1, 700))
            writer.add(late, "explain", selection=index, agency=_somebody(writer, plan), who="flagged")
            writer.add(late + 50, "rule", selection=index, agency=_somebody(writer, plan), who="flagged", accepts=True)
            at += TO_EXPLAIN
            continue
        given = at + dice.randrange(150, 1_800)
        ruled = given + dice.randrange(40, 900)
        if writer.maybe(0.4):
            writer.add(dice.randrange(at, given), "rule", selection=index, agency=1, who="flagged", accepts=True)
        if writer.maybe(0.4):
            writer.add(dice.randrange(at, ruled), "explain", selection=index, agency=_somebody(writer, plan))
        first = writer.add(given, "explain", selection=index, agency=_somebody(writer, plan), who="flagged")
        _doubled(writer, plan, first, "explain")
        if plan.fate != "accepted" and writer.maybe(writer.strikes):
            struck: dict[str, Json] = {"who": "flagged", "approvers": ["R1", "R2"], "ends_at": None}
            writer.add(given - 20, "restrict", selection=index, agency=_somebody(writer, plan), **struck)
            writer.add(given - 10, "explain", selection=index, agency=_somebody(writer, plan), who="asked")
        accepts = {"accepted": True, "rejected": False}.get(plan.fate, writer.maybe(0.5)) if turn == 0 else (
            writer.maybe(0.5))  # fmt: skip
        ruling = writer.add(ruled, "rule", selection=index, agency=1, who="flagged", accepts=accepts)
        _doubled(writer, plan, ruling, "rule", accepts=not accepts)
        at = ruled
        if accepts:
            break
    return at


def _picked(writer: Writer, plan: SelectionPlan, ended: int) -> int:
    """The owner picks one of the short list: before there is one, a stranger, twice, at the last moment, not at all."""
    dice, index = writer.dice, plan.index
    if writer.maybe(0.3):
        writer.add(ended - 200, "pick", selection=index, agency=_somebody(writer, plan))
    if writer.maybe(0.4):
        writer.add(ended + 100, "pick", selection=index, agency=dice.choice((12, _somebody(writer, plan))))
    late = TO_CHOOSE + dice.choice((-1, 0, 1, 900))
    at = ended + (late if writer.maybe(0.3) else dice.randrange(120, 2_500))
    first = writer.add(at, "pick", selection=index, agency=_somebody(writer, plan), who="listed")
    _doubled(writer, plan, first, "pick")
    writer.add(at + dice.randrange(0, 900), "pick", selection=index, agency=_somebody(writer, plan))
    return max(at, ended)


def _abandoned(writer: Writer, plan: SelectionPlan, ended: int) -> None:
    """The award is given up, by the next in the ranking too; by others in vain, and before there is one."""
    dice, index, at = writer.dice, plan.index, ended
    if writer.maybe(0.3):
        writer.add(at - dice.randrange(50, 500), "abandon", selection=index, agency=_somebody(writer, plan))
    for chance in (1.0, 0.5, 0.5, 0.5):
        if not writer.maybe(chance):
            break
        at += dice.randrange(100, PUBLICITY - 400)
        first = writer.add(at, "abandon", selection=index, agency=_somebody(writer, plan), who="proposed")
        _doubled(writer, plan, first, "abandon")
        if writer.maybe(0.3):
            writer.add(at - 20, "abandon", selection=index, agency=_somebody(writer, plan))
        if writer.storms and writer.maybe(writer.strikes):
            values: dict[str, Json] = {"approvers": ["R1", "R2"], "ends_at": None}
            writer.add(at, "restrict", agency=_somebody(writer, plan), **values)


def confirmations(writer: Writer, plan: SelectionPlan) -> None:
    """Whoever is proposed takes the work, mostly: in publicity, after it, at the last moment; others in vain."""
    dice, index, at = writer.dice, plan.index, _ends(plan)
    if writer.maybe(0.2):
        writer.add(at - dice.randrange(50, 500), "confirm", selection=index, agency=_somebody(writer, plan))
    for _ in range(dice.choice((0, 1, 2, 3, 5))):
        moment = dice.choice((
            dice.randrange(100, PUBLICITY), PUBLICITY + dice.randrange(0, TO_CONFIRM),
            PUBLICITY + TO_CONFIRM + dice.choice((-1, 0, 1)),
        ))  # fmt: skip
        first = writer.add(at + moment, "confirm", selection=index, agency=_somebody(writer, plan), who="proposed")
        if writer.maybe(0.4):
            writer.add(at + moment, "repeat", selection=index, of=first)
        if writer.maybe(0.3):
            writer.add(at + moment + 7, "wrong_actor", selection=index, of=first)
        if writer.maybe(0.3):
            writer.add(at + moment, "confirm", selection=index, agency=_somebody(writer, plan))
        if writer.storms and writer.maybe(0.4):
            for beside in BESIDE:
                writer.add(at + moment, beside, selection=index)
        at += dice.choice((0, 900, PUBLICITY, PUBLICITY + TO_CONFIRM))


def _suspended(writer: Writer, plan: SelectionPlan, ended: int, *, is_early: bool = False) -> None:
    """Suspended for a while, rarely for ever; meanwhile everybody goes on in vain, and the wrong ones try to resume."""
    dice, index = writer.dice, plan.index
    before = plan.windows[0][0] - 100 if plan.mode == "multi_round" else plan.closes_at - 100  # mostly while it runs
    spans = [(plan.starts_at + 150, before)]
    if not is_early:  # in publicity, while an explanation is awaited, while rounds run
        spans += [(ended + 50, ended + PUBLICITY), (min(before, plan.closes_at - 200), plan.closes_at)]
    at = dice.randrange(*dice.choice(spans))
    by = dice.choice(("owner", "regulator"))
    until = at + dice.randrange(300, LONGEST_PAUSE)
    first = writer.add(at, "suspend", selection=index, by=by)
    _doubled(writer, plan, first, "suspend", by=dice.choice(("owner", "regulator")))
    if writer.storms and writer.maybe(0.4):
        _everybody(writer, plan, at)
    _everybody(writer, plan, dice.randrange(at + 1, until))
    for who in ("owner", "agency"):
        if writer.maybe(0.6):
            writer.add(dice.randrange(at, until), "resume", selection=index, agency=_somebody(writer, plan), by=who)
    if writer.maybe(0.08):
        return
    again = writer.add(until, "resume", selection=index, agency=_somebody(writer, plan), by="regulator")
    _doubled(writer, plan, again, "resume", by=by)
    _everybody(writer, plan, until + 1)
    if at < plan.closes_at and plan.windows:  # what was late without the suspension
        late = plan.closes_at + dice.randrange(1, until - at)
        writer.add(
            late, "offer", selection=index, agency=_somebody(writer, plan), **plan.offer(dice, plan.closes_at - 1)
        )
    if writer.maybe(0.2):
        writer.add(until + 200, "suspend", selection=index, by="owner")
        writer.add(until + dice.randrange(300, 1_200), "resume", selection=index, by="owner")


def _everybody(writer: Writer, plan: SelectionPlan, at: int) -> None:
    """Whatever anybody may want of the selection, at that time."""
    dice, index = writer.dice, plan.index
    agency = _somebody(writer, plan)
    if plan.mode in {"instant", "direct"}:
        writer.add(at, "take", selection=index)
        writer.add(at, "name", selection=index, agency=agency, price_fen=8_500_000)
        return
    opens_at = plan.windows[0][0] if plan.windows else plan.starts_at
    values: dict[Verb, dict[str, Json]] = {
        "offer": plan.offer(dice, min(max(at, opens_at), plan.closes_at - 1)),
        "pick": {"who": "listed"},
        "sign_up": {"commitment_signed": True},
        "abandon": {"who": "proposed"},
        "explain": {"who": "flagged"},
        "rule": {"who": "flagged", "accepts": True},
        "settle": {},
        "tick": {},
    }
    for verb in dice.sample(sorted(values), 3):
        writer.add(at, verb, selection=index, agency=agency, **values[verb])


def _cancelled(writer: Writer, plan: SelectionPlan, ended: int) -> None:
    """Cancelled at any time, twice, at once with what would go on; afterwards everybody goes on in vain."""
    dice, index = writer.dice, plan.index
    at = dice.randrange(plan.starts_at + 150, dice.choice((plan.closes_at, ended + PUBLICITY)))
    first = writer.add(at, "cancel", selection=index, is_approved=writer.maybe(0.7))
    _doubled(writer, plan, first, "cancel", is_approved=writer.maybe(0.7))
    if writer.storms and writer.maybe(0.4):
        _everybody(writer, plan, at)
    _everybody(writer, plan, at + dice.randrange(1, 3_000))
    for verb in HALTING:
        if writer.maybe(0.4):
            writer.add(at + dice.randrange(1, 900), verb, selection=index, by="owner")


def _again(writer: Writer, plan: SelectionPlan, ended: int, take_part: TakePart) -> None:
    """Too few came: published again, as it was; too few once more: in another mode; and once more, in vain."""
    dice, now = writer.dice, plan
    if writer.maybe(0.3):
        writer.add(plan.closes_at - 300, "again", selection=plan.index, **_clocks(plan, plan.closes_at + 9_000))
    crowds = (writer.maybe(0.4), True) if writer.maybe(0.8) else (True,)
    for number, enough in enumerate(crowds):
        at = ended + dice.randrange(100, 3_000)
        mode = _other(plan.mode) if number else now.mode
        assert mode != "instant", "a price mode"
        after = next_publication(dice, now, mode, at, enough=enough)
        values = _clocks(after, after.sign_up_closes_at)
        other = {**values, "terms": next_publication(dice, now, _other(now.mode), at, enough=True).terms}
        wrong, right = (values, {**values, "terms": after.terms}) if number else (other, values)
        if writer.maybe(0.5):
            writer.add(at - 40, "again", selection=plan.index, **wrong)
        first = writer.add(at, "again", selection=plan.index, **right)
        _doubled(writer, plan, first, "again")
        take_part(writer, after)
        late = writer.add(
            at + 500, "offer", selection=plan.index, agency=1, price_fen=11_000_000, days=5, publication=1
        )
        writer.add(at + 900, "repeat", selection=plan.index, agency=1, of=late)
        now, ended = after, _ends(after)
        if enough:
            break
    if writer.maybe(0.5):
        last = {**_clocks(now, ended + 9_000), "terms": plan.terms}
        writer.add(ended + dice.randrange(10, 2_000), "again", selection=plan.index, **last)


def _other(mode: str) -> PriceMode:
    return "comprehensive" if mode == "multi_round" else "multi_round"


def _clocks(plan: SelectionPlan, sign_up_closes_at: int) -> dict[str, Json]:
    """The clocks of a publication: the close of a sealed selection, or when its rounds begin."""
    by = sign_up_closes_at - plan.sign_up_closes_at
    if plan.mode == "multi_round":
        return {"sign_up_closes_at": sign_up_closes_at, "first_round_opens_at": plan.windows[0][0] + by}
    return {"sign_up_closes_at": sign_up_closes_at, "closes_at": plan.closes_at + by}
