"""Codes that others issue, read and checked: the credit code of an organisation, the code of an investment project.

Invariants: a value exists only when its shape holds; equal codes are equal texts, in one normal form. Typed text is
made normal first: full-width characters become ASCII, small letters capitals, any hyphen or dash ``-``, spaces go.
Sources: GB 32100 and GB/T 40058, both known by title and by descriptions of them, the texts not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NewType, Self

from stdnum.cn.uscc import calc_check_digit

from commons.errors import Fault, Malformed
from commons.instants import DayPeriod
from commons.regions import REGIONS, Regions

DemandId = NewType("DemandId", str)
SelectionId = NewType("SelectionId", str)
OfferId = NewType("OfferId", str)

MAX_TYPED = 64
"""Longest text that is looked at as a code, in characters."""

USCC_LENGTH = 18
_USCC = re.compile(r"[1-9ANY][1-9][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")

_PROJECT = re.compile(r"([0-9]{4})-([0-9]{6})-[0-9]{2}-[0-9]{2}-[0-9]{5}[0-9A-Z](-[0-9]{3})?")
_PROJECT_DIGITS = re.compile(r"(.{4})(.{6})(.{2})(.{2})(.{6})(.{3})?")
_MONTHS = range(1, 13)
_YEARS_IN_FULL = range(2013, 2021)
"""Codes of up to 2020 begin with the year; as year and month none of these could be read, so nothing is guessed."""

_NORMAL = (
    {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
    | {small: small - 0x20 for small in range(ord("a"), ord("z") + 1)}
    | {full: full - 0xFF00 for full in range(0xFF41, 0xFF5B)}
    | dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
)


@dataclass(frozen=True, slots=True, order=True)
class Uscc:
    """统一社会信用代码: 18 characters, the last one checks the rest; the check inside ``organisation`` is not made.

    The registering departments A, N and Y (the army's, agriculture's, others') are read too: a village's collective
    that owns a project has an N.
    """

    code: str

    def __post_init__(self) -> None:
        """Refuse anything but a correct code in normal form (``ValueError``)."""
        if fault := _uscc_fault(self.code, ""):
            raise ValueError(fault.detail)

    @classmethod
    def parse(cls, typed: str, *, pointer: str = "") -> Self:
        """Typed text → code; ``Malformed``: ``uscc_length``, ``uscc_characters``, ``uscc_check``; hyphens go too."""
        code = _normal(typed).replace("-", "")
        if fault := _uscc_fault(code, pointer):
            raise Malformed((fault,))
        return cls(code)

    @classmethod
    def completed(cls, first: str) -> Self:
        """The first 17 characters with the character that checks them, as invented examples need it."""
        return cls(first + calc_check_digit(first))

    @property
    def department(self) -> str:
        """The registering department's character: 9 market regulation, 5 civil affairs, 1 establishment."""
        return self.code[0]

    @property
    def kind(self) -> str:
        """The kind of organisation, counted by each registering department for itself."""
        return self.code[1]

    @property
    def division(self) -> str:
        """The six digits of the registering authority's division (not the organisation's seat)."""
        return self.code[2:8]

    @property
    def organisation(self) -> str:
        """The nine characters that name the organisation itself."""
        return self.code[8:17]

    def __str__(self) -> str:
        return self.code


def _uscc_fault(code: str, pointer: str) -> Fault | None:
    if len(code) != USCC_LENGTH:
        return Fault(pointer, "uscc_length", f"a credit code has {USCC_LENGTH} characters")
    if not _USCC.fullmatch(code):
        return Fault(pointer, "uscc_characters", "a credit code has other characters than these, or in other places")
    if calc_check_digit(code[:-1]) != code[-1]:
        return Fault(pointer, "uscc_check", "the last character does not check the others")
    return None


@dataclass(frozen=True, slots=True, order=True)
class ProjectCode:
    """项目代码: ``YYMM-RRRRRR-DD-TT-NNNNNC``; up to 2020 ``YYYY-RRRRRR-DD-TT-NNNNNN``, also with ``-NNN`` behind it.

    Whether the last character checks the others is not looked at: that part of the standard was not read.
    """

    code: str

    def __post_init__(self) -> None:
        """Refuse anything but a code's shape in normal form, with a time that can be (``ValueError``)."""
        if fault := _project_fault(self.code, ""):
            raise ValueError(fault.detail)

    @classmethod
    def parse(cls, typed: str, *, regions: Regions = REGIONS, pointer: str = "") -> Self:
        """Typed text → code; ``Malformed``: ``project_code_shape``, ``…_time``, ``…_region`` (none such then)."""
        code = _normal(typed)
        if "-" not in code and (parts := _PROJECT_DIGITS.fullmatch(code)):
            code = "-".join(part for part in parts.groups() if part)
        if fault := _project_fault(code, pointer):
            raise Malformed((fault,))
        project = cls(code)
        if not regions.existed_in(project.region, project.issued_in):
            detail = f"there was no region {project.region} when the code was issued"
            raise Malformed((Fault(pointer, "project_code_region", detail),))
        return project

    @property
    def region(self) -> str:
        """The six digits of the region the code was issued for."""
        return self.code[5:11]

    @property
    def issued_in(self) -> DayPeriod:
        """The month (up to 2020: the year) that the code names."""
        first = int(self.code[:4])
        if first in _YEARS_IN_FULL:
            return DayPeriod(date(first, 1, 1), date(first + 1, 1, 1))
        year, month = 2000 + first // 100, first % 100
        return DayPeriod(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))

    def __str__(self) -> str:
        return self.code


def _project_fault(code: str, pointer: str) -> Fault | None:
    parts = _PROJECT.fullmatch(code)
    if not parts:
        return Fault(pointer, "project_code_shape", "a project code looks like 2610-330304-04-01-104270")
    first, annex = int(parts[1]), parts[3]
    by_year, by_month = first in _YEARS_IN_FULL, first % 100 in _MONTHS
    if not by_year and not by_month:
        return Fault(pointer, "project_code_time", f"{parts[1]} is neither a year and month nor a year up to 2020")
    if annex and not by_year:
        return Fault(pointer, "project_code_shape", "only codes up to 2020 have three more digits at the end")
    return None


def _normal(typed: str) -> str:
    """The normal form; of what is longer than any code, nothing."""
    return "" if len(typed) > MAX_TYPED else "".join(typed.translate(_NORMAL).split())
