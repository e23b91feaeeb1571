"""What a service item legally asks of an agency, in the words of the agencies package."""

from __future__ import annotations

from collections.abc import Sequence

from agencies.qualifications import Requirement
from marketplace.catalogue.items import Catalogue, ServiceItem, covers


def requirements_of(codes: Sequence[str], catalogue: Catalogue) -> tuple[Requirement | None, ...]:
    """What the items of these codes ask, in their order; a demand's items are in the catalogue."""
    found = [catalogue.item(code) for code in codes]
    return tuple(requirement_of(item, catalogue) for item in found if item is not None)


def requirement_of(item: ServiceItem, catalogue: Catalogue) -> Requirement | None:
    """The kind and the grades that do, best first; None: the signed commitment is enough (承诺制)."""
    if item.qualification_kind is None:
        return None
    kind = catalogue.kind(item.qualification_kind)
    assert kind is not None, "items are read against the kinds"
    graded = kind.grades_best_first
    accepted = tuple(grade for grade in graded if covers(grade, item.minimum_grade, graded))
    return Requirement(kind.kind, accepted or None, item.source, item.code)
