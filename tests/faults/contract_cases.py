"""Cases out of the API's own document, as schemathesis makes them, with addresses and bodies that name what there is.

A case is left as it was made, or its address names a real matter, or its body is the document's own example in which
some fields are those that were made: so that what lies behind the first refusal is asked as well.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as told

from commons.instants import beijing_date, format_instant
from tests.faults.contract_scenes import Living

KEY = "Idempotency-Key"
KEYLESS = 0.5
"""Of the cases that are sent without a key: one that came up before answers what it answered."""
A_FIELD = 0.2
"""Of the fields of an example that are as they were made."""
ANOTHER = 0.5
"""Of the names that are of any matter of their kind."""
TODAY = 0.6
"""Of the days and instants of an example that are today's."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
LONGEST_S = 60
"""Seconds after which a request that is not answered is a fault of the site."""
HOWS = ("known", "known", "named", "named", "left")
"""What becomes of a case: its address names a matter (and its body is the example), or it is left as it was made."""
CHECKS: tuple[Any, ...] = (
    not_a_server_error, told.status_code_conformance, told.content_type_conformance,
    told.response_headers_conformance, told.response_schema_conformance,
)  # fmt: skip
MADE: dict[str, Any] = {
    "generation": {"with-security-parameters": False},
    "checks": {"negative_data_rejection": {"expected-statuses": ["4XX"]}},
}
"""Who asks is ours to say; what cannot fit may be refused by any status of the 4xx that the document tells."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that the document does not foresee; ``words`` say how to get it again."""

    operation: str
    status: int
    what: str
    words: str


Saw = Callable[[str, int, list[Wrong]], None]


@dataclass
class Asker:
    """Sends cases of one site's document; ``names`` of matters by path parameter, ``special`` by operation.

    ``living`` are identifiers of everything that there is by now, by kind.
    """

    document: dict[str, Any]
    address: str
    names: Mapping[str, str]
    special: Mapping[str, Mapping[str, str]]
    living: Living = field(default_factory=dict)
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        """Read the document."""
        self.http.trust_env = False
        schema = schemathesis.openapi.from_dict(self.document, config=schemathesis.Config.from_dict(MADE))
        self.operations: list[Any] = [one.ok() for one in schema.get_all_operations()]
        self._strategies: dict[int, st.SearchStrategy[Case]] = {}

    def ask(self, place: int, most: int, seed: int, headers: Mapping[str, str], saw: Saw) -> int:
        """Send up to so many cases of one operation; how many there were: fewer when no more can be made."""
        count = 0

        def one(case: Case, how: str, mixed: int) -> None:
            nonlocal count
            count += 1
            is_ours = self._weave(case, how, random.Random(f"{seed} {place} {mixed}"))
            saw(*self._send(case, headers, is_ours=is_ours))

        given = hypothesis.given(self._strategy(place), st.sampled_from(HOWS), st.integers(0, 2**32))(one)
        hypothesis.settings(
            max_examples=most, phases=[Phase.generate], database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )(hypothesis.seed(seed)(given))()  # fmt: skip
        return count

    def _strategy(self, place: int) -> st.SearchStrategy[Case]:
        """What fits, and what does not where anything can: every text is a name."""
        if place not in self._strategies:
            one = self.operations[place]
            modes = list(GenerationMode) if one.body or one.query or one.headers else [GenerationMode.POSITIVE]
            self._strategies[place] = st.one_of([one.as_strategy(generation_mode=mode) for mode in modes])
        return self._strategies[place]

    def _weave(self, case: Case, how: str, chance: random.Random) -> bool:
        """Name real matters in the address and, of what is known to fit, the body; whether the body is ours."""
        if how == "left":
            return False
        special = self.special.get(case.operation.definition.raw["operationId"], {})
        case.path_parameters = {
            name: self._name(name, special, chance) or made for name, made in case.path_parameters.items()
        }
        if chance.random() < KEYLESS:  # a key that came up before answers what it answered
            case.headers.pop(KEY, None)
        if how == "known" and (example := _example(case)) is not None and isinstance(case.body, dict):
            case.body = _mixed(self._known(example, chance), case.body, chance)
            return True
        return False

    def _name(self, kind: str, special: Mapping[str, str], chance: random.Random) -> str | None:
        """A matter of this kind: the one that is made for it, or any that there is; None where it is no kind."""
        if kind in self.living and chance.random() < ANOTHER:
            return chance.choice(self.living[kind])
        return special.get(kind, self.names.get(kind))

    def _known(self, example: Any, chance: random.Random, place: str = "") -> Any:
        """The example with matters that there are."""
        match example:
            case dict():
                return {name: self._known(value, chance, name) for name, value in example.items()}
            case list() if place == "attachments":
                return list(self.living.get("attachment", ())[:1])
            case list():
                return [self._known(value, chance, place) for value in example]
            case str() if place != "number" and (name := self._name(place, {}, chance)):
                return name
            case str() if chance.random() < TODAY:
                return _today(example, place)
            case _:
                return example

    def _send(self, case: Case, headers: Mapping[str, str], *, is_ours: bool) -> tuple[str, int, list[Wrong]]:
        """The operation, the status, and what is wrong with the answer."""
        name = case.operation.definition.raw["operationId"]
        answered = case.call(self.address, session=self.http, headers=dict(headers), timeout=LONGEST_S)
        checks = list(CHECKS) if is_ours else [*CHECKS, told.negative_data_rejection]
        try:
            case.validate_response(answered, checks=checks)
        except FailureGroup as group:
            words = f"{answered.request.method} {answered.request.url} {_text(answered.request.body)}"
            return (
                name,
                answered.status_code,
                [
                    Wrong(name, answered.status_code, one.title, f"{words} -> {one.message} {answered.text[:300]}")
                    for one in group.exceptions
                ],
            )
        return name, answered.status_code, []


def _example(case: Case) -> Any:
    """The body that the document shows."""
    body = case.operation.definition.raw.get("requestBody", {}).get("content", {})
    return deepcopy(body.get("application/json", {}).get("example"))


def _today(text: str, place: str) -> str:
    """A day or an instant of an example as somebody would state it now; any other text as it is."""
    now = datetime.now(UTC)
    if DAY.fullmatch(text):
        return beijing_date(now).isoformat()
    if INSTANT.fullmatch(text):
        return format_instant(now + timedelta(minutes=10 if place.startswith("sign_up") else 15))
    return text


def _mixed(known: Any, made: Any, chance: random.Random) -> Any:
    """What is known to fit, with a field in five as it was made, here or further in."""
    if not isinstance(known, dict) or not isinstance(made, dict):
        return known
    mixed = {
        name: made[name] if name in made and chance.random() < A_FIELD else _mixed(value, made.get(name), chance)
        for name, value in known.items()
    }
    more = {name: value for name, value in made.items() if name not in known and chance.random() < A_FIELD}
    return mixed | more


def _text(body: Any) -> str:
    return body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
