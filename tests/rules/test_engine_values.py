"""What the engine hands about are values: frozen, slotted, compared by what they hold (architecture: pure rooms)."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import is_dataclass
from types import ModuleType
from typing import Any

import bidding
from bidding.offers import Bid
from bidding.ranking import DrawNeeded, order

EDGES = {"store", "tables", "piccolo_app"}


def modules() -> list[ModuleType]:
    """Every pure module of the engine."""
    found = pkgutil.walk_packages(bidding.__path__, "bidding.")
    return [importlib.import_module(one.name) for one in found if one.name.split(".")[-1] not in EDGES]


def values() -> list[type[Any]]:
    """Every public dataclass that is defined in one of them."""
    found = {
        each
        for module in modules()
        for name, each in vars(module).items()
        if isinstance(each, type) and each.__module__ == module.__name__ and not name.startswith("_")
    }
    return sorted(filter(is_dataclass, found), key=lambda each: (each.__module__, each.__name__))


def test_every_value_of_the_engine_is_frozen_and_slotted() -> None:
    made = values()
    assert {Bid, DrawNeeded} < set(made)
    parameters = {each: each.__dataclass_params__ for each in made}
    assert [each for each in made if not parameters[each].frozen] == []
    assert [each for each in made if "__slots__" not in vars(each)] == []


def test_two_needed_draws_are_the_same_answer() -> None:
    assert order(["A", "B"], [[1, 1]], None) == DrawNeeded()
