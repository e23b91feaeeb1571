"""满意度: one short form about one finished step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from marketplace.web.views.forms import FormShown


@dataclass(frozen=True, slots=True)
class SatisfactionView:
    """Which step of what; ``form`` is None before the step is over and once the person has answered."""

    template: ClassVar[str] = "satisfaction.html"

    step: str
    subject: str
    is_over: bool
    is_given: bool
    form: FormShown | None
