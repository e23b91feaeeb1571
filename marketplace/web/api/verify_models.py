"""What a verification answers with; money in fen, points and credit in hundredths, as the decision has them."""

from __future__ import annotations

from typing import Any, Literal

from marketplace.usecases.act import Message


class VerifiedFigureDocument(Message):
    """One figure: whose (``subject``: a bidder, ``#n`` an offer, ``round n``, or ""), which, given by whom, and found.

    ``cell`` is its path in the terms or in the row; null stands for a cell that is not there.
    """

    subject: str
    cell: str
    given: Any
    found: Any
    given_by: Literal["market", "file"]


class VerifiedStepDocument(Message):
    """One step: ``same``, ``differs``, ``nothing`` of the kind, ``unknown`` here; the first differences, all counted.

    Of ``terms``, ``bidders``, ``offers`` and ``draw`` what stands in the file is compared; of the others what is
    computed from it.
    """

    code: str
    state: Literal["same", "differs", "nothing", "unknown"]
    subjects: int
    cells: int
    total: int
    differences: tuple[VerifiedFigureDocument, ...]
    zh: str
    en: str


class FileDigestsDocument(Message):
    """SHA-256 in hex of the file as sent, of its case and of its terms in canonical form."""

    file: str
    case: str
    terms: str


class CaseDigestsDocument(Message):
    """The same as published: of the case file, of its case, of the terms when they were frozen."""

    file: str
    case: str
    terms: str


class VerificationDocument(Message):
    """A case file computed anew: ``award`` null where it is not known here; ``agrees``: no step differs.

    ``first_difference`` is the code of the first step that differs.
    """

    award: str | None
    agrees: bool
    first_difference: str | None
    steps: tuple[VerifiedStepDocument, ...]
    digests: FileDigestsDocument
    published_digests: CaseDigestsDocument | None
    decision: dict[str, Any]
