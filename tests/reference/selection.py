"""A second ``decide``, slow and obviously right: selection.md in naive steps, a section's number beside each.

It shares nothing with the engine: a valid case as JSON in, unchecked, the decision's dictionary out, fractions inside.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

Raw = dict[str, Any]
WHOLE = 10_000  # basis points of one, and the highest credit in hundredths
TIMES = ("opens_at", "closes_at")
HALF = Fraction(1, 2)  # floor(x + HALF) rounds half-up
instant = datetime.fromisoformat


class DrawMissingError(Exception):
    """7: a draw is needed and the case holds no inputs for it."""


def decide(case: Raw) -> Raw:
    """8: the decision of a valid case, with every stable key."""
    terms, mode, rejected, silent = case["terms"], case["terms"]["mode"], Raw(), set[str]()
    valid, record = Room(case).played(rejected) if mode == "multi_round" else (admitted(case, rejected), {})
    valid = [bid | {"credit": min(max(bid.get("credit", 0), 0), WHOLE)} for bid in valid]
    if mode in {"comprehensive", "multi_round"}:
        valid, silent = without_low_prices(valid, terms, rejected)
    order, more, outcome = list[Raw](), {"reason": "too_few_bidders"}, "unsuccessful"
    if len(valid) >= (1 if mode in {"instant", "multi_round"} else terms.get("min_bidders", 1)):
        inside = without_extremes(valid, terms, rejected) if mode == "mean_price" else valid
        try:
            (order, more), outcome = in_order(case, valid, inside), "owner_choice" if mode == "credit_draw" else "award"
        except DrawMissingError:
            more, outcome = {}, "draw_needed"
    if order and order[0]["bidder"] in silent:
        outcome, more = "awaiting_explanation", {"flagged": order[0]["bidder"]}
    shown = {"instant": ["price_fen"], "comprehensive": ["total", "points"], "multi_round": ["price_fen", "effective"]}
    keys = ["bidder", "rank", *shown.get(mode, [])]
    ranking = [{key: (bid | {"rank": rank})[key] for key in keys} for rank, bid in enumerate(order, 1)]
    out = [{"bidder": bidder, "reasons": rejected[bidder]} for bidder in sorted(rejected)]
    winner = order[0]["bidder"] if outcome == "award" else None
    return {"outcome": outcome, "winner": winner, "ranking": ranking, "rejected": out} | more | record


def admitted(case: Raw, rejected: Raw) -> list[Raw]:
    """2, 6: the valid bids of the modes without rounds, with the price of a shelf offer computed."""
    terms, valid = case["terms"], []
    for given in case["offers"] if terms["mode"] == "instant" else case["bids"]:
        bid = dict(given)
        if terms["mode"] == "instant":
            bid["price_fen"] = max(bid["minimum_fee_fen"], bid["unit_price_fen"] * terms["quantity"])
        if faults := ["voided"] if "voided_at" in bid else faults_of(bid, terms, case.get("at")):
            rejected[bid["bidder"]] = faults
        else:
            valid.append(bid)
    return valid


def in_order(case: Raw, valid: list[Raw], inside: list[Raw]) -> tuple[list[Raw], Raw]:
    """1, 3, 5, 6, 7: by the mode's number, lowest first, then the ties; and what only this mode's decision says."""
    terms, more = case["terms"], Raw()
    match terms.get("rule", terms["mode"]):
        case "random_draw" | "draw":
            numbers: list[Any] = [lot(case, bid["bidder"]) for bid in valid]
        case "credit_draw":
            edge = sorted(bid["credit"] for bid in valid)[-terms["big_list"] :][0]
            inside = [bid for bid in valid if bid["credit"] >= edge]
            labels = [[f"{bid['bidder']}/{i + 1}" for i in range(max(1, bid["credit"] // 100))] for bid in inside]
            numbers = [min(lot(case, label) for label in own) for own in labels]
            drawn = sorted((number, bid["bidder"]) for number, bid in zip(numbers, inside, strict=True))
            more["shortlist"] = [bidder for _, bidder in drawn[: terms["small_list"]]]
        case "mean_price":
            factor, middle = benchmark(valid, terms, case)
            more = {"benchmark_fen": middle, "factor_bp": factor}
            numbers = [abs(bid["price_fen"] - middle) for bid in inside]
        case "multi_round":
            numbers = [Fraction(*bid["effective"]) for bid in valid]
        case "cheapest":
            numbers = [bid["price_fen"] for bid in valid]
        case _:
            columns = [points_of(criterion, valid, case) for criterion in terms["criteria"]]
            for bid, *points in zip(valid, *columns, strict=True):
                bid |= {"points": points, "total": sum(points)}
            numbers = [-bid["total"] for bid in valid]
    facts = {"price": "price_fen", "days": "days", "received": "seq"}
    together, order = dict[Any, list[Raw]](), list[Raw]()
    for bid, number in zip(inside, numbers, strict=True):
        ties = [-bid["credit"] if tie == "credit" else bid[facts[tie]] for tie in terms["ties"] if tie != "draw"]
        together.setdefault((number, *ties), []).append(bid)
    for key in sorted(together):  # whoever stands on one key only the draw can part
        order += sorted(together[key], key=lambda bid: lot(case, bid["bidder"]) if len(together[key]) > 1 else b"")
    return order, more


def faults_of(bid: Raw, terms: Raw, at: str | None = None) -> list[str]:
    """2, 6: what speaks against an offer by itself, in this order; a fact that is not there is not looked at."""
    price, days = bid.get("price_fen", 1), bid.get("days", 1)
    faults = [(price <= 0, "price_not_positive"), (price > terms["ceiling_fen"], "ceiling_exceeded")]
    faults += [(days <= 0, "days_not_positive"), (days > terms.get("max_days", days), "days_exceeded")]
    if at is not None:
        in_time = instant(bid["valid_from"]) <= instant(at) < instant(bid["valid_until"])
        faults += [(bid["capacity"] < 1, "no_capacity"), (not in_time, "offer_not_valid")]
    return [code for applies, code in faults if applies]


def without_low_prices(bids: list[Raw], terms: Raw, rejected: Raw) -> tuple[list[Raw], set[str]]:
    """4: those who stay, and who of them is flagged without an accepted explanation."""
    lines, prices = terms.get("low_price", {}), sorted(bid["price_fen"] for bid in bids)
    below = single = Fraction(terms["ceiling_fen"] * lines.get("below_ceiling_bp", 0), WHOLE)
    if len(prices) > 1:
        below = max(below, Fraction(sum(prices) * lines.get("below_mean_bp", 0), len(prices) * WHOLE))
        single = Fraction(prices[1] * lines.get("below_second_bp", 0), WHOLE) if prices[0] < prices[1] else below
    flagged = [bid for bid in bids if bid["price_fen"] < below or prices[0] == bid["price_fen"] < single]
    leaving = {bid["bidder"] for bid in flagged if bid.get("explanation") == "rejected"}
    if not leaving:
        return bids, {bid["bidder"] for bid in flagged if bid.get("explanation") != "accepted"}
    rejected |= {bidder: ["abnormally_low"] for bidder in leaving}
    return without_low_prices([bid for bid in bids if bid["bidder"] not in leaving], terms, rejected)


def without_extremes(bids: list[Raw], terms: Raw, rejected: Raw) -> list[Raw]:
    """1, mean price: all at the highest or lowest price leave the ranking, if the terms say so and somebody is left."""
    prices = sorted(bid["price_fen"] for bid in bids)
    inside = [bid for bid in bids if prices[0] < bid["price_fen"] < prices[-1]]
    if terms.get("dropped_may_win", True) or len(bids) < terms.get("drop_from", 5) or not inside:
        return bids
    rejected |= {bid["bidder"]: ["extreme_price_dropped"] for bid in bids if bid not in inside}
    return inside


def benchmark(bids: list[Raw], rule: Raw, case: Raw) -> tuple[int, int]:
    """3, 7: the factor, drawn without bias if there are several; the mean of what is kept times it, in whole fen."""
    choices, tries = sorted(rule.get("factor_bp", [WHOLE])), 0
    drawn = 0 if len(choices) == 1 else 2**64
    while drawn >= 2**64 // len(choices) * len(choices):
        drawn, tries = int.from_bytes(lot(case, f"factor/{tries}", 8), "big"), tries + 1
    factor, prices = choices[drawn % len(choices)], sorted(bid["price_fen"] for bid in bids)
    kept = prices[1:-1] if len(prices) >= rule.get("drop_from", 5) else prices
    return factor, floor(Fraction(sum(kept) * factor, len(kept) * WHOLE) + HALF)


def points_of(criterion: Raw, bids: list[Raw], case: Raw) -> list[int]:
    """3: everybody's hundredths of points under one criterion."""
    kind, pts = criterion["kind"], criterion["points"] * 100
    if kind == "days" or (kind == "price" and criterion["formula"] == "lowest"):
        values = [bid["days" if kind == "days" else "price_fen"] for bid in bids]
        least = min(values)
        return [floor(Fraction(pts * least, value) + HALF) for value in values]
    if kind == "price":
        middle, points = benchmark(bids, criterion, case)[1], []
        for bid in bids:
            side = "above" if bid["price_fen"] > middle else "below"
            percent = abs(Fraction(bid["price_fen"], middle) - 1) * 100
            loss = criterion[side] * (ceil(percent) if criterion.get("deviation") == "whole_up" else percent)
            points.append(floor(max(Fraction(0), pts - min(loss, criterion.get(f"{side}_max", loss))) + HALF))
        return points
    if kind == "credit":
        return [floor(Fraction(pts * bid["credit"], WHOLE) + HALF) for bid in bids]
    if kind == "grade":
        return [100 * criterion["table"].get(bid.get("grade"), 0) for bid in bids]
    if kind == "experience":
        return [min(pts, bid.get("experience", 0) * criterion["each"]) for bid in bids]
    kept = [sorted(bid["marks"])[1:-1] if len(bid["marks"]) >= 5 else bid["marks"] for bid in bids]
    return [floor(Fraction(sum(marks), len(marks)) + HALF) for marks in kept]


def lot(case: Raw, label: str, length: int = 32) -> bytes:
    """7: HKDF (RFC 5869) with SHA-256, one block at most."""
    if "draw" not in case:
        raise DrawMissingError
    key = hmac.digest(bytes.fromhex(case["draw"]["salt"]), bytes.fromhex(case["draw"]["ikm"]), "sha256")
    return hmac.digest(key, label.encode() + b"\x01", "sha256")[:length]


class Room:  # 5: the rounds played through offer by offer
    def __init__(self, case: Raw) -> None:
        self.terms, self.offers = case["terms"], case["offers"]
        self.people = {one["bidder"]: one for one in case["bidders"]}
        self.until = {each: instant(self.people[each].get("voided_at", "9999-12-31T23:59:59Z")) for each in self.people}
        self.playing, self.past, self.standing, self.sealed = [*self.people], list[Raw](), Raw(), Raw()
        self.coming = [one | {"moves": 0} | {key: instant(one[key]) for key in TIMES} for one in self.terms["rounds"]]

    def played(self, rejected: Raw) -> tuple[list[Raw], Raw]:
        told = [self.told(offer | {"seq": seq}) for seq, offer in enumerate(self.offers, 1)]
        while self.coming:
            self.close()
        rejected |= {bidder: ["voided"] for bidder, person in self.people.items() if "voided_at" in person}
        left = [self.standing[bidder] for bidder in self.playing if bidder not in rejected]
        return left, {"offers": told, "rounds": self.past}

    def close(self) -> None:
        now = self.coming.pop(0)
        self.standing, self.sealed = self.standing | self.sealed, {}
        self.playing = [each for each in self.playing if each in self.standing and now["closes_at"] < self.until[each]]
        too_few = not self.past and len(self.playing) < self.terms.get("min_bidders", 1)
        prices = {each: Fraction(*self.standing[each]["effective"]) for each in self.playing}
        best = sorted(prices.values())[: None if too_few else now.get("survivors")]
        self.playing = [each for each in self.playing if prices[each] <= best[-1]]
        closed = now["closes_at"].isoformat().replace("+00:00", "Z")
        self.past.append({"round": len(self.past) + 1, "closes_at": closed, "alive": sorted(self.playing)})
        if too_few:
            self.coming, self.playing = [], []

    def told(self, offer: Raw) -> Raw:
        at, answer = instant(offer["at"]), {"seq": offer["seq"], "accepted": False}
        while self.coming and self.coming[0]["closes_at"] <= at:
            self.close()
        if reason := next(self.refusals(offer, at), None):
            return answer | {"reason": reason}
        now, extension = self.coming[0], self.terms.get("extension", {"limit": 0, "window_s": 0})
        kept = self.people[offer["bidder"]] | offer | {"effective": [*self.effective(offer).as_integer_ratio()]}
        (self.standing if now["kind"] == "open" else self.sealed)[offer["bidder"]] = kept
        window = timedelta(seconds=extension["window_s"])
        if now["kind"] == "open" and now["moves"] < extension["limit"] and now["closes_at"] - at <= window:
            now["moves"] += 1
            for each in self.coming:
                later = TIMES if each is not now else ["closes_at"]
                each |= {key: each[key] + timedelta(seconds=extension["extend_s"]) for key in later}
        return answer | {"accepted": True}

    def effective(self, offer: Raw) -> Fraction:
        own = sum(self.people[offer["bidder"]].get("preferences", {}).values())
        most = sum(each["max_bp"] for each in self.terms.get("preferences", []))
        days = Fraction(offer.get("days", 0) * self.terms.get("day_value_fen", 0))
        return Fraction(offer["price_fen"]) / (1 + Fraction(own, WHOLE - most)) + days

    def refusals(self, offer: Raw, at: datetime) -> Iterator[str]:
        if not self.coming:
            yield "selection_closed"
        if at < self.coming[0]["opens_at"]:
            yield "round_not_open"
        if self.until.get(offer["bidder"], at) <= at:
            yield "not_admitted"
        if offer["bidder"] not in self.playing:
            yield "eliminated"
        yield from faults_of(offer, self.terms)
        rivals = [offer["bidder"]] if self.terms["step_basis"] == "own" else self.playing
        stood = [self.standing[each] for each in rivals if each in self.standing and at < self.until[each]]
        best = min((Fraction(*each["effective"]) for each in stood), default=None)
        if best is not None and self.effective(offer) > best - self.terms["step_fen"]:
            yield "step_not_met"
        drop = min((each["price_fen"] for each in stood), default=self.terms["ceiling_fen"]) - offer["price_fen"]
        if self.terms.get("step_multiple") and drop % self.terms["step_fen"]:
            yield "not_a_step_multiple"
