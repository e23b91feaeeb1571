"""The statistics as the API answers them: each number with its sample, its unit and its definition."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from marketplace.usecases.act import Message


class NumberDocument(Message):
    """One number. ``spread``: median and quartiles are values of the sample; ``share``: a part of it; ``total``: a sum.

    Units: permille (tenths of a percent), fen, workday, day, second, star (1 to 5), hundredth, case. ``few``: a sample
    under five, from which nothing is to be concluded. ``mean`` is an exact fraction.
    """

    measure: Annotated[str, Field(examples=["saving_ceiling"])]
    kind: Annotated[str, Field(examples=["spread"])]
    unit: Annotated[str, Field(examples=["permille"])]
    sample: Annotated[int, Field(examples=[1241])]
    few: bool
    part: int | None
    total: int | None
    least: int | None
    quarter: int | None
    median: Annotated[int | None, Field(examples=[186])]
    three_quarters: int | None
    most: int | None
    mean: Annotated[str | None, Field(examples=["231077/1241"])]


class CutDocument(Message):
    """The numbers of one city, item or month; what was never counted there is left out."""

    code: str
    name: str
    numbers: tuple[NumberDocument, ...]


class CellDocument(Message):
    """Concentration of a county and item: ``top_fen`` of ``fen`` went to the four largest agencies."""

    county: str
    item: str
    awards: int
    agencies: int
    fen: int
    top_fen: int
    share_bp: int
    few: bool


class DefinitionDocument(Message):
    """What a number means."""

    measure: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    formula: str
    source: str
    text_seen: str


class StatisticsDocument(Message):
    """The report: ``first`` to ``last`` are its days; ``due`` changes are not counted yet, ``unsettled`` ones are.

    ``is_example``: everything in it is invented; ``has_other``: there are data of the other kind, not in it.
    """

    now: datetime
    first: date
    last: date
    first_month: str
    last_month: str
    city: str
    item: str
    is_example: bool
    has_other: bool
    due: int
    unsettled: int
    numbers: tuple[NumberDocument, ...]
    by_city: tuple[CutDocument, ...]
    by_item: tuple[CutDocument, ...]
    by_month: tuple[CutDocument, ...]
    concentration_year: str
    concentration: tuple[CellDocument, ...]
    definitions: tuple[DefinitionDocument, ...]
