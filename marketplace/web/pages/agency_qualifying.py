"""登记资质: what the catalogue knows of the kind that was chosen, laid beside the fields of the form.

Its grades are proposed (the command alone says which ones it takes); the items that ask for it stand unfolded before
the others, which are folded by class. With a script the choice of another kind fetches the form anew; without one, the
form holds the grades of every kind until one is known. Source: market.md sections 2 and 3; pages.md (manners).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marketplace.catalogue.items import ServiceItem, load_catalogue
from marketplace.usecases.add_qualification import MAX_SCOPE
from marketplace.web.locale.public_words import ITEM_CLASSES
from marketplace.web.pages.agency_acts import AgencyAct
from marketplace.web.pages.naming import grade_options, qualification_options
from marketplace.web.plans import Field
from marketplace.web.views.forms import Anew, Choice

Values = Mapping[str, tuple[str, ...]]
"""Values by the names of fields, as typed."""
MOVED = "#grade-list, #grade-hint, #items"
"""What of the page is another for another kind."""


def qualifying(act: AgencyAct[Any], kind: str, address: str) -> AgencyAct[Any]:
    """The act with the choices of that kind ("": none chosen yet); ``address`` is where its page is asked for anew."""
    return replace(act, plan=replace(act.plan, fields=tuple(_laid(one, kind, address) for one in act.plan.fields)))


def _laid(one: Field, kind: str, address: str) -> Field:
    match one.name:
        case "kind":
            kinds = tuple(Choice(each.value, each.name) for each in qualification_options())
            return replace(one, options=kinds, anew=Anew(address, MOVED, "[name=items]"))
        case "grade":
            return graded(one, kind)
        case "items":
            return replace(one, options=item_choices(kind))
        case _:
            return one


def graded(one: Field, kind: str) -> Field:
    """The field of a grade with those of the kind proposed, best first; for a kind without any it says so."""
    grades = tuple(Choice(each.value, each.name) for each in grade_options(kind))
    if load_catalogue().kind(kind) is None:
        return replace(one, options=grades)
    if not grades:
        words = f"{kind}没有等级，不填"
        return replace(one, options=(), hint=words, asks=words)
    words = f"{kind}分{'、'.join(each.name for each in grades)}"
    return replace(one, options=grades, hint=words, asks=f"{words}，请按证书填写")


def item_choices(kind: str) -> tuple[Choice, ...]:
    """Every item, those that ask for the kind first and unfolded, the others by class."""
    items = sorted(
        load_catalogue().items, key=lambda one: (not _asks(one, kind), list(ITEM_CLASSES).index(one.item_class))
    )
    return tuple(_choice(one, kind) for one in items)


def _asks(item: ServiceItem, kind: str) -> bool:
    return bool(kind) and item.qualification_kind == kind


def _choice(item: ServiceItem, kind: str) -> Choice:
    if _asks(item, kind):
        return Choice(item.code, item.name, group=f"要求{kind}的事项", is_likely=True)
    return Choice(item.code, item.name, group=ITEM_CLASSES[item.item_class][0])


def asked_values(query: Values) -> dict[str, tuple[str, ...]]:
    """What the form begins with by its address: the kind that was asked for, and items of the catalogue."""
    catalogue = load_catalogue()
    kinds = tuple(one for one in query.get("kind", ())[:1] if catalogue.kind(one) is not None)
    items = tuple(one for one in query.get("items", ())[:MAX_SCOPE] if catalogue.item(one) is not None)
    return {"kind": kinds, "items": items}
