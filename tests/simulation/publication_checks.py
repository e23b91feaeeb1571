"""A demand and its selections: published once, again after too few bidders, at most three times in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marketplace.usecases.publish_again import DemandPublishedAgain
from tests.simulation.facts import Facts
from tests.simulation.messages import Sent
from tests.simulation.record_rows import Row, broken_chain

MOST = 3
KINDS = ("demand.published", "demand.published_again")


def publications(
    demand: Mapping[str, Any], record: Sequence[Row], selections: Mapping[str, Facts], sent: Sequence[Sent]
) -> Iterator[str]:
    """Everything wrong with how often, why and as what the demand was published; ``selections`` are all it has."""
    yield from broken_chain(record)
    published = [row for row in record if row.type in KINDS]
    if [row.type for row in published] != list(KINDS[:1] + KINDS[1:] * (len(published) - 1))[: len(published)]:
        yield "the demand was published otherwise than once, and then again"
    if len(published) > MOST:
        yield f"the demand was published {len(published)} times"
    named = [str(row.data["selection"]) for row in published]
    if sorted(named) != sorted(selections):
        yield f"selections {sorted(selections)} exist, {named} were published"
        return
    if named and demand["selection"] != named[-1]:
        yield f"the demand shows {demand['selection']}, the last publication is {named[-1]}"
    for number, (before, row) in enumerate(zip(named, published[1:], strict=False), start=2):
        yield from _again(row, selections[before], selections[named[number - 1]], number)
    yield from _told(demand, published, sent)


def _again(row: Row, failed: Facts, again: Facts, number: int) -> Iterator[str]:
    if row.data["after"] != failed.selection or row.data["publication"] != number:
        yield f"publication {number} is said to be {row.data['publication']}, after {row.data['after']}"
    ends = [one for one in failed.of("selection.decided") if one.data["decision"].get("reason") == "too_few_bidders"]
    if not ends or ends[0].at > row.at:
        yield f"published again although {failed.selection} had not found too few bidders"
    first, terms, before = again.rows[0], again.rows[0].data["terms"], failed.rows[0].data["terms"]
    if first.data.get("publication") != number or first.at != row.at:
        yield f"the selection of publication {number} was not opened with it"
    if (number == MOST) != (first.data["mode"] != failed.rows[0].data["mode"]):
        yield f"publication {number} is in mode {first.data['mode']}, after {failed.rows[0].data['mode']}"
    if terms["ceiling_fen"] != before["ceiling_fen"]:
        yield f"publication {number} has another ceiling"
    if number < MOST and {**terms, "rounds": 0} != {**before, "rounds": 0}:
        yield f"publication {number} has other terms"


def _told(demand: Mapping[str, Any], published: Sequence[Row], sent: Sequence[Sent]) -> Iterator[str]:
    """Each publication came from one message, and each that was acknowledged is there."""
    asked = {one.command.reason: one for one in sent if getattr(one.command, "demand", None) == demand["id"]
             and hasattr(one.command, "reason")}  # fmt: skip
    for row in published[1:]:
        one = asked.pop(row.data["reason"], None)
        if one is None or (one.answers and not isinstance(one.answer, DemandPublishedAgain)):
            yield f"a publication that nobody asked for, or twice: {row.data['reason']}"
        elif isinstance(one.answer, DemandPublishedAgain) and one.answer.selection != row.data["selection"]:
            yield f"step {one.step.number} was told of {one.answer.selection}, it is {row.data['selection']}"
    for one in asked.values():
        if isinstance(one.answer, DemandPublishedAgain):
            yield f"the publication of step {one.step.number} was acknowledged and is not there"
