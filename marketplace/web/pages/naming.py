"""Codes of the market as the values that views hold: places, items, agencies, choices of a filter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.usecases.read_happenings import Happening
from marketplace.web.views.parts import AgencyRef, ItemRef, Option, Place, TimelineEntry

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_CITY_LEVEL = 2


def place_of(region: str, address: str = "") -> Place:
    """A division by its code, with city and county told apart."""
    chain = REGIONS.chain(region)
    city = chain[min(len(chain), _CITY_LEVEL) - 1].name
    return Place(region, city, chain[_CITY_LEVEL].name if len(chain) > _CITY_LEVEL else "", address)


def item_of(code: str) -> ItemRef:
    """A service item by its code; a code the catalogue does not know is its own name."""
    item = load_catalogue().item(code)
    return ItemRef(code, item.name if item else code)


def agency_of(uscc: str, names: Mapping[str, str]) -> AgencyRef:
    """An agency by its code; somebody without a name on file is shown by the code."""
    return AgencyRef(uscc, names.get(uscc, uscc))


def item_options() -> tuple[Option, ...]:
    """Every service item."""
    return tuple(Option(item.code, item.name) for item in load_catalogue().items)


def qualification_options() -> tuple[Option, ...]:
    """Every kind of qualification."""
    return tuple(Option(kind.kind, kind.kind) for kind in load_catalogue().kinds)


def grade_options(kind: str) -> tuple[Option, ...]:
    """The grades of a kind, best first; of all kinds while none is chosen."""
    kinds = [one for one in load_catalogue().kinds if not kind or one.kind == kind]
    grades = dict.fromkeys(grade for one in kinds for grade in one.grades_best_first)
    return tuple(Option(grade, grade) for grade in grades)


def city_options(now: datetime) -> tuple[Option, ...]:
    """The cities of the day."""
    return tuple(Option(city.code, city.name) for city in REGIONS.cities(beijing_date(now)))


def stem(number: int) -> str:
    """A masked bidder: 甲 to 癸, then 甲2 and so on."""
    again, index = divmod(number, len(_STEMS))
    return _STEMS[index] + (str(again + 1) if again else "")


def entry_of(one: Happening) -> TimelineEntry:
    """A happening for a timeline."""
    return TimelineEntry(one.at, one.what, one.params, one.until)
