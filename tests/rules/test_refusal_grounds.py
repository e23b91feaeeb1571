"""Nothing but a legal requirement, a restriction, the clock, the commitment or recusal refuses: found from the code."""

from __future__ import annotations

import pytest

from tests.rules.reachable_reasons import (
    NOT_FOLLOWED,
    makes_reasons_outside,
    modules_reached,
    read,
    refusals,
    sources,
)
from tests.rules.refusal_grounds import ACTS, GROUNDS, LISTED, PATH, REQUEST, document

TEXTS = sources()
PLANTS = {
    "marketplace.usecases.file_agency.file_agency": (
        "agencies.filing",
        "    if is_filed:\n",
        '    if filing.name:\n        reasons.append(Reason("turnover_too_low", FILING_RULE))\n    if is_filed:\n',
    ),
    "marketplace.usecases.sign_up.sign_up": (
        "agencies.qualifications",
        "    if requirement is None:\n        return ()\n    of_kind",
        '    if not held:\n        return (Reason("no_earlier_jobs", QUALIFICATION_RULE),)\n    of_kind',
    ),
    "marketplace.usecases.offer_item.offer_item": (
        "agencies.offered",
        "    return tuple(reasons)",
        '    code = "fee_not_paid" if reasons else ""\n    return (*reasons, Reason(code, OFFERED_RULE))',
    ),
    "marketplace.usecases.put_shelf_offer.put_shelf_offer": (
        "marketplace.demands.admission",
        "def _recused(",
        'def _local(agency: str) -> tuple[Reason, ...]:\n    return (Reason("not_from_here", X),)\n\n\ndef _recused(',
    ),
}
"""By act: a module, what stands there, and what a threshold that somebody slips in would look like."""


@pytest.mark.parametrize("act", ACTS)
def test_an_act_refuses_with_what_is_listed_and_nothing_else(act: str) -> None:
    assert refusals(act, TEXTS) == LISTED[act]


@pytest.mark.parametrize("act", ACTS)
def test_what_else_stops_an_act_is_the_request_itself(act: str) -> None:
    assert refusals(act, TEXTS, ("Conflict", "Forbidden")) <= REQUEST


def test_every_listed_code_has_its_ground_once() -> None:
    grounded = [code for codes, _ in GROUNDS.values() for code in codes]
    assert len(grounded) == len(set(grounded))
    assert set(grounded) == frozenset().union(*LISTED.values())
    assert not any(code for code in grounded if any(word in code for word in ("turnover", "deposit", "fee", "local")))


@pytest.mark.parametrize("act", ACTS)
def test_no_reason_is_made_where_none_would_be_found(act: str) -> None:
    outside = [module for module in modules_reached(act, TEXTS) if makes_reasons_outside(TEXTS[module])]
    assert outside == []


def test_what_is_not_followed_exists() -> None:
    for dotted in NOT_FOLLOWED:
        module, _, name = dotted.rpartition(".")
        assert name in read(TEXTS[module]).functions, dotted


@pytest.mark.parametrize("act", ACTS)
def test_a_planted_threshold_is_found(act: str) -> None:
    module, before, after = PLANTS[act]
    assert before in TEXTS[module]
    planted = TEXTS[module].replace(before, after, 1)
    if "_local(" in after:
        planted = planted.replace("        *dormant(applicant.life),\n", "        *_local(applicant.agency),\n", 1)
    found = refusals(act, {**TEXTS, module: planted}) - LISTED[act]
    assert found & {"turnover_too_low", "no_earlier_jobs", "fee_not_paid", "not_from_here"}


def test_a_code_that_nobody_can_read_from_the_source_stops_the_reading() -> None:
    text = TEXTS["agencies.filing"].replace('Reason("already_filed"', "Reason(filing.name")
    with pytest.raises(AssertionError, match="cannot be read"):
        refusals("marketplace.usecases.file_agency.file_agency", {**TEXTS, "agencies.filing": text})


def test_the_reference_shows_the_list() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert document(text) == text, "run: python -m tests.rules.refusal_grounds"
    assert "`own_work`" in text
