"""What the data-sharing interface knows of an agency, for its filing: what it returns is never asked for on paper.

Asked for while the agency waits, for ``PATIENCE`` at most; without an answer the form is filled in by hand and says so.
Source: market.md section 2.
"""

from __future__ import annotations

from datetime import date

from marketplace.database import Database
from marketplace.neighbours.opened import Neighbours
from marketplace.usecases.act import Caller, Message, require


class LicenceText(Message):
    """The business licence, as a filing takes it."""

    name: str
    kind: str
    region: str
    legal_representative: str


class PaperText(Message):
    """A qualification, as it is added."""

    kind: str
    grade: str
    number: str
    issuer: str
    valid_from: date
    valid_until: date | None


class CertificateText(Message):
    """A practitioner's certificate; the holder is masked."""

    kind: str
    number: str
    holder: str


class Prefill(Message):
    """What is known; ``is_available`` False: the interface did not answer, or there is none here."""

    agency: str
    is_available: bool
    licence: LicenceText | None = None
    qualifications: tuple[PaperText, ...] = ()
    practitioners: tuple[CertificateText, ...] = ()


async def read_prefill(database: Database, caller: Caller, around: Neighbours, agency: str) -> Prefill:
    """For the agency itself; no transaction is open while the interface is asked."""
    require(caller, "read_prefill", own=agency)
    assert database.joined is None, "nothing is held meanwhile"
    said = None if around.sharing is None else await around.sharing.look_up(agency)
    if said is None:
        return Prefill(agency=agency, is_available=False)
    one = said.licence
    licence = None if one is None else LicenceText(
        name=one.name, kind=one.kind, region=one.region, legal_representative=one.legal_representative
    )  # fmt: skip
    papers = tuple(
        PaperText(
            kind=each.kind, grade=each.grade, number=each.number, issuer=each.issuer, valid_from=each.valid_from,
            valid_until=each.valid_until,
        )
        for each in said.papers
    )  # fmt: skip
    people = tuple(
        CertificateText(kind=each.kind, number=each.number, holder=each.holder) for each in said.certificates
    )
    return Prefill(agency=agency, is_available=True, licence=licence, qualifications=papers, practitioners=people)
