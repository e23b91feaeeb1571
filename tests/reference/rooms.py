"""Random multi-round cases: offers steered by the reference itself, so that most are near a bound or a boundary."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from tests.reference.chances import AT, CREDITS, chance, draw_inputs, low_price, ties_of, written
from tests.reference.selection import Room

Raw = dict[str, Any]
GHOST = "GHOST"
MOST = 10**12
TICK = timedelta(microseconds=1)


def room_case(source: random.Random, _mode: str) -> Raw:
    """A valid case of timed rounds."""
    terms = room_terms(source)
    names = source.sample(
        ["R0", "R1", "R2", "R3", "R4", "R5", "r", "乙", "A1", "A"], source.choice([1, 2, 3, 3, 4, 4, 5, 6])
    )
    edges = [datetime.fromisoformat(each[key]) for each in terms["rounds"] for key in ("opens_at", "closes_at")]
    case: Raw = {"terms": terms, "bidders": [person(source, name, terms, edges) for name in names], "offers": []}
    room, now = Room(case), edges[0] - timedelta(seconds=source.choice([0, 0, 1, 30]))
    for seq in range(1, source.choice([1, 6, 12, 20, 30, 30]) + 1):
        now = next_instant(source, room, now)
        quiet = [name for name in names if name not in room.standing | room.sealed]
        offer = {"bidder": source.choice([*names * 3, *quiet * 9, GHOST]), "at": written(now, source)}
        offer |= priced(source, room, offer["bidder"], now)
        case["offers"].append(offer)
        room.told(offer | {"seq": seq})
    return case | draw_inputs(source, 75)


def room_terms(source: random.Random) -> Raw:
    """Terms with any of the options; steps small beside the ceiling, so that there is room to fall."""
    ceiling = source.choice([1000, 1_000_000, 20_000_000, 10**12])
    terms: Raw = {"mode": "multi_round", "ceiling_fen": ceiling, "min_bidders": source.choice([1, 1, 2, 3])}
    terms |= {"step_fen": max(1, ceiling * source.choice([1, 5, 20]) // 1000), "rounds": [], "max_days": 30}
    terms["step_basis"] = source.choice(["own", "leader"])
    start, count = AT, source.randint(1, 4)
    for place in range(count):
        end = start + timedelta(seconds=source.choice([30, 60, 600]), microseconds=source.choice([0, 0, 0, 500_000, 1]))
        each: Raw = {
            "kind": source.choice(["open", "sealed"]),
            "opens_at": written(start, source),
            "closes_at": written(end, source),
        }
        if place + 1 < count and chance(source, 40):
            each["survivors"] = source.choice([1, 2, 2, 3, 9])
        terms["rounds"].append(each)
        start = end + timedelta(seconds=source.choice([0, 0, 1, 120]))
    if chance(source, 50):
        lengths = {"window_s": source.choice([1, 5, 20, 60, 900]), "extend_s": source.choice([1, 30, 120])}
        terms["extension"] = lengths | {"limit": source.choice([1, 2, 3])}
    if chance(source, 30):
        terms["day_value_fen"] = source.choice([0, 1, max(1, ceiling // 500)])
    if chance(source, 40):
        limits = source.choice([[500, 1000], [9999], [3000, 1, 700], [0, 250], []])
        terms["preferences"] = [{"code": f"p{place}", "max_bp": most} for place, most in enumerate(limits)]
    plain = not terms.get("day_value_fen") and not any(each["max_bp"] for each in terms.get("preferences", []))
    if plain and chance(source, 45):
        terms["step_multiple"] = chance(source, 85)
    if chance(source, 50):
        terms |= low_price(source)
    if chance(source, 15):
        del terms["max_days"]
    facts = ["price", "credit", "days"] if "max_days" in terms else ["price", "credit"]
    terms["ties"] = ties_of(source, facts) if chance(source, 60) else ["draw"]
    if terms["rounds"][-1]["kind"] == "open" and chance(source, 40):
        terms["ties"][-1] = "received"
    return terms


def person(source: random.Random, name: str, terms: Raw, edges: list[datetime]) -> Raw:
    """A bidder, perhaps preferred, perhaps barred at some instant near a boundary."""
    known: Raw = {"bidder": name, "credit": source.choice(CREDITS)}
    if chance(source, 60):
        known["explanation"] = source.choice(["missing", "accepted", "rejected"])
    offered = [each for each in terms.get("preferences", []) if chance(source, 70)]
    if offered:
        known["preferences"] = {
            each["code"]: source.choice([0, each["max_bp"], each["max_bp"] // 2]) for each in offered
        }
    if chance(source, 12):
        moved = timedelta(seconds=source.choice([0, 0, -30, 1, 30, 120, 9000]))
        known["voided_at"] = written(source.choice(edges) + moved + source.choice([-TICK, 0 * TICK, TICK]), source)
    return known


def next_instant(source: random.Random, room: Room, now: datetime) -> datetime:
    """An instant not before this one: soon, or at a boundary of the round that runs, to the microsecond."""
    soon = now + source.choice([0 * TICK, TICK, timedelta(seconds=1), timedelta(seconds=7, microseconds=1000)])
    fewer = not room.past and len(room.standing | room.sealed) < room.terms["min_bidders"]
    if not room.coming or chance(source, 97 if fewer else 75):
        return soon
    current, window = room.coming[0], timedelta(seconds=room.terms.get("extension", {}).get("window_s", 5))
    edge: datetime = source.choice([current["opens_at"], current["closes_at"], *[current["closes_at"] - window] * 2])
    return max(now, edge + source.choice([-TICK, 0 * TICK, 0 * TICK, TICK]))


def priced(source: random.Random, room: Room, bidder: str, now: datetime) -> Raw:
    """Price and days, mostly just within or just beyond the bound that holds for this bidder now."""
    terms, days = room.terms, source.choice([1, 5, 10, 20, 30, 30])
    ceiling, step = terms["ceiling_fen"], terms["step_fen"]
    rivals = [bidder] if terms["step_basis"] == "own" else room.playing
    stood = [room.standing[each] for each in rivals if each in room.standing and now < room.until.get(each, now)]
    if chance(source, 5):
        return {"price_fen": min(source.choice([0, -1, ceiling + 1]), MOST), "days": source.choice([days, 0, 31])}
    others = [each["price_fen"] for each in [*room.standing.values(), *room.sealed.values()]]
    if others and chance(source, 15):
        return {"price_fen": source.choice(others), "days": days}
    if not stood or chance(source, 5):
        fall = source.choice([0, 1, 2, 3, 10]) * step + source.choice([0, 0, 0, 1])
        return {"price_fen": max(1, ceiling - fall), "days": days}
    best = min(Fraction(*each["effective"]) for each in stood)
    wanted = best - step * source.choice([1, 1, 1, 2, 3]) - days * terms.get("day_value_fen", 0)
    unit = room.effective({"bidder": bidder, "price_fen": 1, "days": 0}) if bidder in room.people else Fraction(1)
    price = floor(wanted / unit) + source.choice([0, 0, 0, 0, -1, 1])
    return {"price_fen": min(max(1, price), MOST), "days": days}
