"""A form as a page shows it: its fields with what was typed, what is wrong with it, and the key that makes it one act.

Made by ``web.plans`` from a plan; shown by the macros of ``parts/forms.html``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from commons.sources import Source

FieldKind = Literal[
    "line", "prose", "amount", "whole", "rate", "day", "instant", "select", "radios", "boxes", "box", "file",
    "password", "hidden", "proposed",
]  # fmt: skip
"""line, prose: text; amount: yuan; rate: percent; day: civil day; instant: Beijing time; boxes: several; box: yes;
proposed: a line with values to choose from, where anything may be typed."""

Proof = Literal["", "password", "code"]
"""What proves again who somebody is, asked for on the form itself: nothing, the password, a code."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: the value that is sent, its name, and a line under it.

    Where there are many, each has a ``group``, folded unless ``is_likely`` (or chosen) stands in it.
    """

    value: str
    name: str
    hint: str = ""
    group: str = ""
    is_likely: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Choices under one name, folded or not."""

    name: str
    choices: tuple[Choice, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Anew:
    """The page that a script asks anew for another choice, what of it is taken over, which other fields are told."""

    address: str
    moves: str
    tells: str = ""


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field: ``value`` as typed, ``chosen`` where several may be, ``fault`` beside it; ids begin with the form's.

    ``anew`` says what is asked again when another choice is made.
    """

    id: str
    name: str
    label: str
    kind: FieldKind
    hint: str = ""
    unit: str = ""
    limit: int = 120
    is_needed: bool = True
    options: tuple[Choice, ...] = ()
    complete: str = "off"
    accept: str = ""
    value: str = ""
    chosen: tuple[str, ...] = ()
    fault: str = ""
    capitals: str = ""
    anew: Anew | None = None

    @property
    def groups(self) -> tuple[ChoiceGroup, ...]:
        """The choices by group, in the order of the first of each."""
        names = dict.fromkeys(one.group for one in self.options)
        every = ((name, tuple(one for one in self.options if one.group == name)) for name in names)
        return tuple(
            ChoiceGroup(name, held, any(one.is_likely or one.value in self.chosen for one in held))
            for name, held in every
        )


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong, for the summary: its words, the field it is about ("" for none), where the rule is."""

    words: str
    field: str = ""
    label: str = ""
    source: Source | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class FormShown:
    """A form; ``key`` makes sending it twice one act, ``proof`` says what must be proved again before it is sent.

    ``language`` is that of the summary of what is wrong.
    """

    action: str
    fields: Mapping[str, FieldShown]
    key: str
    id: str = ""
    wrong: tuple[Wrong, ...] = ()
    proof: Proof = ""
    has_files: bool = False
    language: Literal["zh", "en"] = "zh"

    @property
    def place(self) -> str:
        """The id of the summary of what is wrong."""
        return f"{self.id}-faults" if self.id else "faults"
