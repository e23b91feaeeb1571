"""Why an act of credit was refused, in words: hearings, imports, inspections; codes are stable for ever (credit.md)."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.web.locale.phrases import Phrase

CREDIT: Mapping[str, Phrase] = {
    "statement_was_made": Phrase("已作过陈述申辩", "The case was stated before"),
    "hearing_is_over": Phrase(
        "陈述申辩期已过[（至 {hearing_until}）]", "The hearing is over[; it lasted to {hearing_until}]"
    ),
    "statement_not_answered": Phrase(
        "当事机构已陈述申辩，作出决定须予以答复", "The agency stated its case; the decision has to answer it"
    ),
    "no_statement_made": Phrase(
        "当事机构未作陈述申辩，无可答复", "Nothing was stated at a hearing, so nothing is answered"
    ),
}
"""By code."""
