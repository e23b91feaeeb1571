"""The course of one selection by the plainest reading of its record, event after event: what may follow what, and when.

Written against the rules, not against the product's fold; at the end the two are compared. It knows the clocks of the
profile that the simulation uses (demo-v1: four seconds to explain, to choose or to confirm, five of publicity).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from commons.instants import format_instant, parse_instant
from tests.simulation.facts import Facts
from tests.simulation.plans import DRAWS, SEALED
from tests.simulation.record_rows import Row

TO_EXPLAIN, TO_CHOOSE, PUBLICITY = timedelta(seconds=4), timedelta(seconds=4), timedelta(seconds=5)
TO_CONFIRM = timedelta(seconds=4)
Asked = Mapping[str, str]


def course_of(facts: Facts) -> Iterator[str]:
    """Everything that could not follow what was before it, and every end that is not where the record puts it."""
    course = Course(facts)
    for row in facts.rows:
        yield from (f"event {row.seq}, {row.type}: {fault}" for fault in course.take(row))
    yield from course.compared()


@dataclass
class Course:
    """What the record has said so far. ``ends`` are the clocks that run or ran out, by what they end."""

    facts: Facts
    ends: dict[str, datetime] = field(default_factory=dict)
    rounds: list[tuple[datetime, datetime]] = field(default_factory=list)
    suspended: Row | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    ruling: Row | None = None
    is_decided: bool = False
    over: str | None = None
    proposed: str | None = None
    proposals: list[str] = field(default_factory=list)
    abandoned: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    ruled: list[str] = field(default_factory=list)
    picked: Row | None = None
    confirmed: dict[str, datetime] = field(default_factory=dict)

    def take(self, row: Row) -> Iterator[str]:
        """One more event; what is wrong with it."""
        if self.over is not None and (row.type != "bidder.refused" or self.over == "selection.cancelled"):
            yield f"follows {self.over}, after which nothing follows"
        if self.suspended is not None and row.type not in {"selection.resumed", "selection.cancelled"}:
            yield f"happened while the selection was suspended, since {self.suspended.at}"
        if row.type == "selection.opened":
            self._opened(row)
        yield from self._followed(row)

    def _followed(self, row: Row) -> Iterator[str]:
        """One event of the close and what comes after it."""
        match row.type:
            case "selection.evaluated" | "selection.decided":
                yield from self._decided(row)
            case "choice.asked" | "choice.made":
                yield from self._chosen(row)
            case "explanation.asked" | "explanation.given" | "explanation.accepted" | "explanation.rejected":
                yield from self._explained(row)
            case "award.proposed" | "deadline.moved" | "award.confirmed" | "award.abandoned":
                yield from self._awarded(row)
            case "confirmation.asked" | "confirmation.given" | "award.lapsed":
                yield from self._confirming(row)
            case "selection.suspended" | "selection.resumed" | "selection.cancelled":
                yield from self._halted(row)
            case "selection.unsuccessful":
                self.over, self.proposed = row.type, None
                left = [one for one in self._ranking() if one not in self.abandoned and one not in self.facts.voids]
                if left:
                    yield f"nobody is said to be left, and there is {left[0]}"

    def _opened(self, row: Row) -> None:
        for key in ("sign_up_closes_at", "closes_at"):
            if row.data[key] is not None:
                self.ends[key] = parse_instant(row.data[key])
        planned = row.data["terms"].get("rounds", [])
        self.rounds = [(parse_instant(one["opens_at"]), parse_instant(one["closes_at"])) for one in planned]

    def _decided(self, row: Row) -> Iterator[str]:
        if self.is_decided:
            yield "the selection was decided before"
        if self.ruling is not None and parse_instant(row.data["as_of"]) < parse_instant(self.ruling.data["as_of"]):
            yield "is of an instant before the last ruling"
        self.ruling, self.is_decided = row, row.type == "selection.decided"
        if self.is_decided and row.data["decision"]["outcome"] == "unsuccessful":
            self.over = row.type

    def _flagged(self) -> str | None:
        return None if self.ruling is None or self.is_decided else self.ruling.data["decision"].get("flagged")

    def _explained(self, row: Row) -> Iterator[str]:
        bidder, end = row.data["bidder"], f"explanation of {row.data['bidder']}"
        match row.type:
            case "explanation.asked":
                if bidder in self.asked or bidder != self._flagged():
                    yield f"{bidder} is asked, and was asked before or is not first"
                self.asked.append(bidder)
                self.ends[end] = parse_instant(row.data["as_of"]) + TO_EXPLAIN
                if parse_instant(row.data["until"]) != self.ends[end]:
                    yield f"{bidder} is given until {row.data['until']}"
            case "explanation.given":
                if bidder not in self.asked or bidder in self.given or bidder in self.ruled:
                    yield f"{bidder} explains, and was not asked, or explained before, or is ruled on"
                if bidder in self.asked and row.at >= self.ends[end]:
                    yield f"{bidder} explains after its deadline {self.ends[end]}"
                if row.envelope["actor"] != {"role": "agency", "id": bidder}:
                    yield f"{bidder} is explained by somebody else"
                if self.facts.is_restricted(bidder, at=row.at):
                    yield f"{bidder} explains while it is restricted"
                self.given.append(bidder)
            case _:
                yield from self._ruled(row, bidder, end)

    def _ruled(self, row: Row, bidder: str, end: str) -> Iterator[str]:
        as_of = parse_instant(row.data["as_of"])
        if bidder in self.ruled or bidder not in self.asked:
            yield f"the explanation of {bidder} was ruled on before, or never asked for"
        if bidder != self._flagged():
            yield f"{bidder} is ruled on and nobody waits for it"
        self.ruled.append(bidder)
        if row.data["ground"] == "not_given":
            if bidder in self.given or row.type != "explanation.rejected":
                yield f"the silence of {bidder} is ruled on, who was not silent"
            if bidder in self.asked and as_of < self.ends[end]:
                yield f"{bidder} was ruled out as of {as_of}, before its deadline {self.ends[end]}"
        elif bidder not in self.given or row.envelope["actor"]["role"] != "owner" or as_of != row.at:
            yield f"{bidder} is ruled on unheard, by somebody else or as of another instant"

    def _chosen(self, row: Row) -> Iterator[str]:
        """The owner's choice: asked once, made once, out of the list as it is, in time or else by silence."""
        as_of = parse_instant(row.data["as_of"])
        if row.type == "choice.asked":
            if "choice" in self.ends:
                yield "a choice was asked for before"
            self.ends["choice"] = as_of + TO_CHOOSE
            if parse_instant(row.data["until"]) != self.ends["choice"]:
                yield f"the owner is given until {row.data['until']}"
            return
        if self.picked is not None:
            yield "a choice was made before"
        self.picked = row
        if self.facts.state.mode == "direct":
            return
        listed = self._decision()["decision"].get("shortlist") or []
        is_silence = row.data["ground"] == "silence"
        if row.data["bidder"] not in listed or (is_silence and row.data["bidder"] != listed[0]):
            yield f"{row.data['bidder']} is chosen out of {listed}"
        if row.envelope["actor"]["role"] != ("system" if is_silence else "owner"):
            yield f"chosen by a {row.envelope['actor']['role']}"
        if is_silence == (as_of < self.ends["choice"]) or (not is_silence and as_of != row.at):
            yield f"chosen as of {as_of}, asked until {self.ends['choice']}"

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._decision()["decision"]["ranking"]
        return rows

    def _ranking(self) -> list[str]:
        """Who is proposed in which order: whoever was picked before everybody else."""
        if self.ruling is None:
            return []
        ranking = [str(one["bidder"]) for one in self._rows()]
        first = None if self.picked is None else self.picked.data["bidder"]
        return sorted(ranking, key=lambda bidder: bidder != first)

    def _awarded(self, row: Row) -> Iterator[str]:
        bidder, end = row.data["bidder"], f"publicity of {row.data['bidder']}"
        if row.type == "award.abandoned":
            yield from self._given_up(row, bidder, end)
            return
        until = parse_instant(row.data["publicity_until"])
        if row.type == "award.proposed":
            yield from self._proposed(row, bidder)
            self.ends[end] = parse_instant(row.data["as_of"]) + PUBLICITY
            self.proposed = bidder
            self.proposals.append(bidder)
        elif bidder != self.proposed:
            yield f"{bidder} is not proposed"
        if until != self.ends.get(end):
            yield f"the publicity of {bidder} is said to end at {until}, it ends at {self.ends.get(end)}"
        if row.type == "award.confirmed":
            self.over = row.type

    def _confirming(self, row: Row) -> Iterator[str]:
        """The agency proposed is asked when its publicity is over, says yes once, or gives its award up by silence."""
        bidder = row.data["bidder"]
        end, publicity = f"confirmation of {bidder}", self.ends.get(f"publicity of {bidder}")
        if bidder != self.proposed or self.facts.state.mode == "instant":
            yield f"{row.type} of {bidder}, who is not proposed or bound already"
            return
        assert publicity is not None, "proposed"
        match row.type:
            case "confirmation.asked":
                as_of = parse_instant(row.data["as_of"])
                self.ends[end] = as_of + TO_CONFIRM
                if as_of != publicity or parse_instant(row.data["until"]) != self.ends[end] or bidder in self.confirmed:
                    yield f"{bidder} is asked as of {as_of} until {row.data['until']}, shown until {publicity}"
            case "confirmation.given":
                if bidder in self.confirmed or row.envelope["actor"]["role"] != "agency":
                    yield f"{bidder} confirms again, or by somebody else"
                if row.at >= self.ends.get(end, publicity):
                    yield f"{bidder} confirms too late"
                self.confirmed[bidder] = row.at
            case _:
                as_of = parse_instant(row.data["as_of"])
                if as_of != self.ends.get(end) or bidder in self.confirmed:
                    yield f"the award of {bidder} lapses as of {as_of}, it may be confirmed until {self.ends.get(end)}"
                self.abandoned.append(bidder)
                self.proposed = None

    def _proposed(self, row: Row, bidder: str) -> Iterator[str]:
        """The next in the frozen ranking who is not gone, at its own price, from the instant of the one before it."""
        ranking, voided = self._ranking(), self.facts.voids.get(bidder)
        if bidder in self.proposals or bidder in self.abandoned:
            yield f"{bidder} was proposed before"
        if self.proposals and ranking.index(bidder) < ranking.index(self.proposals[-1]):
            yield f"{bidder} stands before {self.proposals[-1]} in the ranking"
        as_of = parse_instant(row.data["as_of"])
        if voided is not None and voided <= as_of:
            yield f"{bidder} is proposed as of {as_of}, void since {voided}"
        if as_of < parse_instant(self._decision()["as_of"]):
            yield f"{bidder} is proposed as of an instant before the decision"
        if [one["rank"] for one in self._decision()["decision"]["ranking"] if one["bidder"] == bidder] != [
            row.data["rank"]
        ]:
            yield f"{bidder} is proposed as number {row.data['rank']}"
        if row.data["price_fen"] not in self._prices(bidder):
            yield f"{bidder} is proposed at {row.data['price_fen']} fen, which it never offered"

    def _decision(self) -> Mapping[str, Any]:
        assert self.ruling is not None, "a proposal follows a decision"
        return self.ruling.data

    def _prices(self, bidder: str) -> set[int]:
        if self.facts.state.mode in DRAWS:
            return {int(str(self.facts.state.terms["ceiling_fen"]))}
        if self.facts.state.mode in {"instant", "direct"}:
            return {one["price_fen"] for one in self._rows() if one["bidder"] == bidder}
        offers = [row.private for row in self.facts.of("offer.placed")]
        return {one["price_fen"] for one in offers if one["bidder"] == bidder and one["reason"] is None}

    def _given_up(self, row: Row, bidder: str, end: str) -> Iterator[str]:
        if bidder != self.proposed or bidder in self.abandoned:
            yield f"{bidder} gives up what it was not proposed for, or gave up before"
        if row.envelope["actor"] != {"role": "agency", "id": bidder} or self.facts.state.mode == "instant":
            yield f"the award of {bidder} is given up by somebody else, or binds"
        last = self.ends.get(f"confirmation of {bidder}") or self.ends.get(end)
        if bidder in self.confirmed:
            last = max(self.ends[end], self.confirmed[bidder])
        if last is not None and row.at >= last:
            yield f"{bidder} gives up after the end of its publicity and of its time to confirm"
        self.abandoned.append(bidder)
        self.proposed = None

    def _halted(self, row: Row) -> Iterator[str]:
        role = row.envelope["actor"]["role"]
        match row.type:
            case "selection.cancelled":
                self.over, self.suspended, self.proposed = row.type, None, None
                if self._is_drawn() and row.data.get("approver") is None:
                    yield "what was drawn is cancelled by one alone"
                if role != "owner" or (self.facts.state.mode == "instant" and self.ruling is not None):
                    yield f"cancelled by a {role}, or bound already"
            case "selection.suspended":
                if role not in ({"regulator"} if self._is_drawn() else {"owner", "regulator"}):
                    yield f"suspended by a {role}, drawn or not"
                if self.rounds and self.ruling is None and row.at >= self.rounds[0][0]:
                    yield f"rounds that began at {self.rounds[0][0]} are suspended"
                self.suspended = row
            case _:
                yield from self._resumed(row, role)

    def _is_drawn(self) -> bool:
        """Whether the inputs of the draw are public."""
        return self.ruling is not None and "draw" in (self.ruling.data["case"] or {})

    def _resumed(self, row: Row, role: str) -> Iterator[str]:
        since = self.suspended
        if since is None:
            yield "nothing was suspended"
            return
        if role not in {"owner", "regulator"} or (since.envelope["actor"]["role"], role) == ("regulator", "owner"):
            yield f"resumed by the {role} what a {since.envelope['actor']['role']} suspended"
        if row.data["suspended_at"] != format_instant(since.at):
            yield f"suspended at {since.at}, it is said at {row.data['suspended_at']}"
        by = row.at - since.at
        self.ends = {what: end + by if end > since.at else end for what, end in self.ends.items()}
        if self.rounds and self.rounds[0][0] > since.at:
            self.rounds = [(opens_at + by, closes_at + by) for opens_at, closes_at in self.rounds]
        self.pauses.append((since.at, row.at))
        self.suspended = None

    def _final(self) -> datetime:
        """From when on nothing takes the award from whoever is proposed; the last event where nobody knows."""
        end = self.ends[f"publicity of {self.proposed}"]
        if self.facts.state.mode == "instant":
            return end
        return max(end, self.confirmed.get(str(self.proposed), self.facts.rows[-1].at))

    def compared(self) -> Iterator[str]:
        """The ends and parts of the product's fold beside those of this reading."""
        state = self.facts.state
        folded = {"sign_up_closes_at": state.sign_up_closes_at, "closes_at": state.closes_at}
        folded |= {f"publicity of {bidder}": end.at for bidder, end in state.publicity.items()}
        folded |= {f"confirmation of {bidder}": end.at for bidder, end in state.confirming.items()}
        folded |= {"choice": state.choice_until.at} if state.choice_until is not None else {}
        folded |= {f"explanation of {bidder}": one.until.at for bidder, one in state.explanations.items()}
        for what, end in folded.items():
            if end != self.ends.get(what):
                yield f"{what}: {end} in the fold, {self.ends.get(what)} by the record"
        if {end for end in folded.values() if end is not None} and folded.keys() < self.ends.keys():
            yield f"ends that the fold does not know: {sorted(self.ends.keys() - folded.keys())}"
        planned: Any = state.terms.get("rounds") or []
        held = [(parse_instant(one["opens_at"]), parse_instant(one["closes_at"])) for one in planned]
        if held != self.rounds:
            yield f"rounds {held} in the fold, {self.rounds} by the record"
        voided = self.facts.voids.get(self.proposed or "")
        if voided is not None and voided < min(self._final(), self.facts.rows[-1].at):
            yield f"{self.proposed} stays proposed or awarded, void since {voided}"
        mine = (self.proposed, sorted(self.abandoned), self.suspended is not None, self.over == "selection.cancelled")
        proposed = None if state.proposed in state.abandoned else state.proposed
        theirs = (proposed, sorted(state.abandoned), state.suspension is not None, state.cancelled_at is not None)
        if mine != theirs:
            yield f"proposed, given up, suspended, cancelled: {theirs} in the fold, {mine} by the record"
        for row in self.facts.of("selection.decided", "selection.evaluated")[:1]:
            if state.mode in SEALED | DRAWS and parse_instant(row.data["as_of"]) != self.ends["closes_at"]:
                yield f"ruled as of {row.data['as_of']}, closed at {self.ends['closes_at']}"
