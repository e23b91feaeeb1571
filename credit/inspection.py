"""Inspection draws (双随机、一公开): whom, and by whom, is drawn from published inputs that anybody can repeat.

Invariants: tickets by risk (the worse the grade, the more), at least one each: a commendation takes some away, never
all; inspectors related to a target are out before anything is drawn; each department of a joint visit sends its own;
the same inputs draw the same for ever, and a missing input stalls, it has no default.
Source: credit.md section 5, trust.md section 5; the tickets are rows of data/inspection.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import cast

from commons.canonical import Json, canonical
from commons.draws import Draw
from commons.errors import NotFound
from commons.sources import Source, TextSeen
from commons.verdicts import Param, Reason, Verdict, verdict
from credit.restrictions import approved_by_two

INSPECTION_RULE = Source("涉批中介网上超市双随机抽查规则（generic-v1）", "no", "credit.md 5")
INSPECTION_TABLE = "generic-v1"


@dataclass(frozen=True, slots=True)
class TicketTable:
    """Tickets by grade, of whoever is new, and how many fewer a commendation means."""

    by_grade: Mapping[str, int]
    new: int
    commendation_fewer: int
    sources: Mapping[str, Source]

    def tickets(self, grade: str | None, *, is_commended: bool) -> int:
        """Tickets of an agency of that grade (None: new), at least one; an unknown grade is a bug (``KeyError``)."""
        full = self.new if grade is None else self.by_grade[grade]
        return max(1, full - self.commendation_fewer) if is_commended else full


def parse_ticket_tables(text: str) -> dict[str, TicketTable]:
    """CSV text → tables by version; a malformed row is a bug of the data and raises."""
    values: dict[str, dict[str, int]] = {}
    sources: dict[str, dict[str, Source]] = {}
    for row in csv.DictReader(text.splitlines()):
        values.setdefault(row["version"], {})[row["key"]] = int(row["value"])
        source = Source(row["source"], cast("TextSeen", row["text_seen"]), row["words"])
        sources.setdefault(row["version"], {})[row["key"]] = source
    return {
        version: TicketTable(
            {key.removeprefix("tickets_"): value for key, value in keys.items() if len(key) == len("tickets_A")},
            keys["tickets_new"], keys["commendation_fewer"], sources[version],
        )
        for version, keys in values.items()
    }  # fmt: skip


@cache
def _shipped() -> dict[str, TicketTable]:
    return parse_ticket_tables((resources.files("credit") / "data" / "inspection.csv").read_text("utf-8"))


def ticket_table(version: str = INSPECTION_TABLE) -> TicketTable:
    """The table of that version; ``NotFound`` otherwise."""
    try:
        return _shipped()[version]
    except KeyError:
        raise NotFound("inspection_table", version) from None


@dataclass(frozen=True, slots=True)
class Inspector:
    """An official by pseudonym, whose department, and the agencies that one is related to."""

    id: str
    department: str
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """What is announced before any input is known: who may be drawn with how many tickets, and who may be sent.

    ``targets`` agencies are drawn; ``each`` inspectors of every department visit each of them together.
    """

    candidates: tuple[tuple[str, int], ...]
    inspectors: tuple[Inspector, ...]
    departments: tuple[str, ...]
    targets: int
    each: int = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """One joint visit: the agency, and the inspectors of each department in the order of the departments."""

    agency: str
    inspectors: tuple[tuple[str, tuple[str, ...]], ...]


def judge_call(call: Call) -> Verdict:
    """Allowed when there is enough to draw from: agencies, and for each of them unrelated inspectors everywhere."""
    reasons: list[Reason] = []
    if len(call.candidates) < call.targets:
        counts: dict[str, Param] = {"given": len(call.candidates), "targets": call.targets}
        reasons.append(Reason("too_few_candidates", INSPECTION_RULE, counts))
    for department in call.departments:
        short = [one for one, _ in call.candidates if len(_unrelated(call, one, department)) < call.each]
        if short:
            params: dict[str, Param] = {"department": department, "agency": short[0], "needed": call.each}
            reasons.append(Reason("inspectors_all_related", INSPECTION_RULE, params))
    return verdict(tuple(reasons))


def _unrelated(call: Call, agency: str, department: str) -> tuple[str, ...]:
    return tuple(one.id for one in call.inspectors if one.department == department and agency not in one.related)


def nonce_commitment(inspection: str, department: str, nonce: str) -> str:
    """What a department publishes of its part before anything is known: a hash bound to the matter and to itself."""
    return sha256(b"inspection-nonce-v1" + canonical([inspection, department, nonce])).hexdigest()


def draw_inputs(preimage: str, nonces: Mapping[str, str]) -> dict[str, Json]:
    """Salt and input key material in hex: the operator's preimage; the departments' nonces in order of their names."""
    listed: list[Json] = [[department, nonces[department]] for department in sorted(nonces)]
    return {"salt": preimage, "ikm": canonical(listed).hex()}


def judge_inputs(departments: Sequence[str], nonces: Mapping[str, str]) -> Verdict:
    """Allowed when every department has given its part; whoever has not is named."""
    lacking = [one for one in departments if one not in nonces]
    return verdict(tuple(Reason("draw_input_missing", INSPECTION_RULE, {"department": one}) for one in lacking))


def judge_void(*, approvers: Sequence[str], decided_by: str) -> Verdict:
    """Allowed by two different regulators of whom one acts: nobody alone draws again until the result pleases."""
    reasons = [replace(one, source=INSPECTION_RULE) for one in approved_by_two(approvers)]
    if decided_by not in approvers:
        reasons.append(Reason("caller_is_no_approver", INSPECTION_RULE))
    return verdict(tuple(reasons))


def draw_visits(call: Call, inputs: Mapping[str, Json]) -> tuple[Visit, ...]:
    """Targets by weighted rank, then for each of them the inspectors of every department by rank; a total function.

    ``call`` was judged; the labels are the agency's code, and ``agency:department:inspector``.
    """
    draw = Draw(bytes.fromhex(cast("str", inputs["salt"])), bytes.fromhex(cast("str", inputs["ikm"])))
    drawn = draw.weighted_order(call.candidates)[: call.targets]
    return tuple(
        Visit(agency, tuple((one, _sent(draw, call, agency, one)) for one in call.departments)) for agency in drawn
    )


def _sent(draw: Draw, call: Call, agency: str, department: str) -> tuple[str, ...]:
    """The inspectors whom a department sends to an agency."""
    free = sorted(_unrelated(call, agency, department))
    return tuple(sorted(free, key=lambda one: (draw.rank(f"{agency}:{department}:{one}"), one)))[: call.each]
