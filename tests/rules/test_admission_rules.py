"""Who may take part: the clock, the commitment, and what lies in the agency itself; row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agencies.qualifications import Qualification, Requirement
from commons.sources import Source
from commons.verdicts import Refused
from credit.restrictions import Restriction
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirements_of
from marketplace.demands.admission import Applicant, Call, judge_sign_up, merits
from marketplace.demands.demand import Recusal

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
CLOSES = AT + timedelta(hours=1)
SOURCE = Source("规则（示例）", "no", "1")
SURVEY, DESIGN = Requirement("survey", ("甲级",), SOURCE), Requirement("design", None, SOURCE)
HELD = Qualification("survey", "甲级", "№1", "某厅（示例）", date(2020, 1, 1), None)
BARRED = Restriction("r1", "A", "market", "串通（示例）", "440300", AT, None)
RECUSED = Recusal("A", "回避（示例）")

# what differs from somebody sound → reasons
ROWS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    ({"at": CLOSES - timedelta(microseconds=1)}, ()),
    ({"at": CLOSES}, ("sign_up_closed",)),
    ({"commitment_signed": False}, ("commitment_not_signed",)),
    ({"requirements": (None,), "held": ()}, ()),
    ({"requirements": ()}, ()),
    ({"held": ()}, ("qualification_missing",)),
    ({"requirements": (SURVEY, DESIGN)}, ("qualification_missing",)),
    ({"requirements": (DESIGN, SURVEY), "held": ()}, ("qualification_missing",) * 2),
    ({"requirements": (DESIGN, DESIGN), "held": ()}, ("qualification_missing",)),  # one thing is said once
    ({"restrictions": (BARRED,)}, ("restricted",)),
    ({"owner": "A"}, ("own_demand",)),
    ({"recusals": (RECUSED,)}, ("recused",)),
    ({"recusals": (Recusal("B", "回避（示例）"),)}, ()),
    (
        {"at": CLOSES, "commitment_signed": False, "held": (), "restrictions": (BARRED,), "recusals": (RECUSED,)},
        ("sign_up_closed", "commitment_not_signed", "qualification_missing", "restricted", "recused"),
    ),
]


@pytest.mark.parametrize(("facts", "expected"), ROWS)
def test_only_the_law_a_restriction_a_recusal_the_commitment_and_the_clock_refuse(
    facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    known: dict[str, Any] = {"held": (HELD,), "restrictions": (), "requirements": (SURVEY,), "recusals": ()}
    known |= {"owner": "O", "commitment_signed": True, "at": AT} | facts
    applicant = Applicant("A", known["held"], known["restrictions"])
    call = Call(known["requirements"], known["recusals"], known["owner"], closes_on=date(2026, 11, 30))
    signed, at = known["commitment_signed"], known["at"]
    ruling = judge_sign_up(applicant, call, commitment_signed=signed, sign_up_closes_at=CLOSES, at=at)
    assert (ruling.codes if isinstance(ruling, Refused) else ()) == expected
    of_itself = {"sign_up_closed", "commitment_not_signed"}
    assert [one.code for one in merits(applicant, call, at=at)] == [one for one in expected if one not in of_itself]


def test_items_ask_for_what_the_catalogue_says_and_some_for_the_commitment_alone() -> None:
    catalogue = load_catalogue()
    asked = {item.code: requirements_of([item.code], catalogue) for item in catalogue.items}
    kinds = {item.code: item.qualification_kind for item in catalogue.items}
    assert {None} < {*kinds.values()}
    for code, (requirement,) in asked.items():
        assert (None if requirement is None else requirement.kind) == kinds[code]
    both = [code for code in kinds if kinds[code] is not None][:2]
    assert requirements_of(both, catalogue) == (*asked[both[0]], *asked[both[1]])
    assert requirements_of(["no-such-item"], catalogue) == ()
