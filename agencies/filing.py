"""Filing (备案): zero threshold. Machine checks only, in effect at once, for the whole province.

Invariant: nothing but a readable filing and the signed commitment is asked for; no fee, local branch, certificate,
turnover or prior contract can refuse (market.md section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from commons.sources import Source
from commons.verdicts import Reason, Verdict, verdict

AgencyKind = Literal["company", "public_institution", "social_organisation", "sole_trader"]

FILING_RULE = Source("涉批中介网上超市备案规则（generic-v1）", "no", "market.md 2")


@dataclass(frozen=True, slots=True)
class Filing:
    """What an agency (中介机构) states about itself; ``region`` is its place of registration, never a limit."""

    uscc: str
    name: str
    kind: AgencyKind
    region: str
    is_commitment_signed: bool


def judge_filing(filing: Filing, *, is_filed: bool) -> Verdict:
    """Allowed unless the commitment is not signed or the agency is on file already."""
    reasons: list[Reason] = []
    if not filing.is_commitment_signed:
        reasons.append(Reason("commitment_not_signed", FILING_RULE))
    if is_filed:
        reasons.append(Reason("already_filed", FILING_RULE, {"agency": filing.uscc}))
    return verdict(tuple(reasons))
