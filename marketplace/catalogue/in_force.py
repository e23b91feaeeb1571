"""The catalogue and a rule profile as they hold in a region at an instant, read out of the rows of their versions.

A demand keeps what versions made of the rules it was published under (``kept``), so that they decide it for
ever, without a look at any version: an empty keeping means the shipped data, as in every demand published before there
were versions. Source: market.md section 3, docs/adr/0024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import cast

from commons.canonical import Json
from commons.profiles import ProfileValue, RuleProfile, Unit
from commons.sources import Source, TextSeen
from marketplace.catalogue.cleaning import AbolishedItem, abolished_items
from marketplace.catalogue.items import Catalogue, item_of, load_catalogue, row_of
from marketplace.catalogue.profiles import rule_profile
from marketplace.catalogue.versions import Content, Row, Version, content_at, digest_of, overlays_at

ABOLITION = ("valid_to", "document", "document_place", "document_seen")
"""Fields of an item's row that say from which day it is abolished, and by what."""


@cache
def catalogue_base() -> Content:
    """The shipped catalogue as rows."""
    rows: dict[str, Row] = {item.code: cast("Row", row_of(item)) for item in load_catalogue().items}
    for one in abolished_items().values():
        rows[one.code] = {**rows.get(one.code, {"code": one.code, "name": one.name}), **abolition(one)}
    return rows


@cache
def profile_base(name: str) -> Content:
    """A shipped profile as rows; ``NotFound`` for an unknown name."""
    return {key: value_row(value) for key, value in rule_profile(name).values.items()}


def value_row(value: ProfileValue) -> dict[str, Json]:
    """A value as a row."""
    source = value.source
    return {
        "value": value.value, "unit": value.unit, "source": source.title, "place": source.place,
        "text_seen": source.text_seen,
    }  # fmt: skip


def abolition(one: AbolishedItem) -> dict[str, Json]:
    """What a row says of an abolished item."""
    said = one.document
    return dict(zip(ABOLITION, (one.valid_to.isoformat(), said.title, said.place, said.text_seen), strict=True))


def values_of(content: Content) -> dict[str, ProfileValue]:
    """Rows → values by key."""
    return {
        key: ProfileValue(
            key,
            cast("int", row["value"]),
            cast("Unit", row["unit"]),
            Source(str(row["source"]), cast("TextSeen", row["text_seen"]), str(row["place"])),
        )
        for key, row in content.items()
    }


def catalogue_of(content: Content) -> Catalogue:
    """Rows → the catalogue; an item that is abolished on some day stands in it until it is asked for."""
    items = (item_of(cast("Mapping[str, str]", row)) for _, row in sorted(content.items()) if "class" in row)
    return Catalogue(tuple(items), load_catalogue().kinds)


def abolished_of(content: Content) -> dict[str, AbolishedItem]:
    """Rows → the items that are abolished from some day on, by code."""
    return {
        code: AbolishedItem(
            code,
            str(row["name"]),
            date.fromisoformat(str(row["valid_to"])),
            Source(str(row["document"]), cast("TextSeen", row["document_seen"]), str(row["document_place"])),
        )
        for code, row in content.items()
        if "valid_to" in row
    }


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds in a region at an instant; ``versions`` are those that made it of the shipped data, farthest first."""

    profile: RuleProfile
    catalogue: Catalogue
    abolished: Mapping[str, AbolishedItem]
    versions: tuple[str, ...]
    profile_digest: str
    catalogue_digest: str


def catalogue_at(versions: Sequence[Version], region: str, *, at: datetime) -> Content:
    """The catalogue's rows in that region at that instant."""
    return content_at(catalogue_base(), [one for one in versions if one.kind == "catalogue"], region=region, at=at)


def profile_at(versions: Sequence[Version], name: str, region: str, *, at: datetime) -> Content:
    """The rows of the profile of that name in that region at that instant; ``NotFound`` for an unknown name."""
    own = [one for one in versions if one.kind == "profile" and one.name == name]
    return content_at(profile_base(name), own, region=region, at=at)


def rules_at(versions: Sequence[Version], name: str, region: str, *, at: datetime) -> Rules:
    """The rules of the profile of that name and the catalogue in that region at that instant."""
    own = [one for one in versions if one.kind == "catalogue" or one.name == name]
    if not any(one.in_force_from <= at for one in own):
        return shipped_rules(name)
    items, values = catalogue_at(own, region, at=at), profile_at(own, name, region, at=at)
    used = (
        one.id for kind in ("catalogue", "profile")
        for one in overlays_at([each for each in own if each.kind == kind], region=region, at=at)
    )  # fmt: skip
    return Rules(
        rule_profile(name).overlaid(values_of(values)), catalogue_of(items), abolished_of(items), tuple(used),
        digest_of(values), digest_of(items),
    )  # fmt: skip


@cache
def shipped_rules(name: str) -> Rules:
    """The shipped profile of that name and the shipped catalogue, as rules."""
    base = catalogue_base()
    return Rules(
        rule_profile(name), load_catalogue(), abolished_items(), (), digest_of(profile_base(name)), digest_of(base)
    )


def kept(rules: Rules, items: Iterable[str]) -> dict[str, Json]:
    """What a demand for these items keeps of the rules: both digests, the versions, and what differs from the base."""
    shipped = profile_base(rules.profile.name)
    values = {key: value_row(value) for key, value in rules.profile.values.items()}
    rows: dict[str, Json] = {}
    for code in items:
        item = rules.catalogue.item(code)
        if item is not None and dict(row_of(item)) != _shipped_item(code):
            rows[code] = dict(row_of(item))
    return {
        "profile_digest": rules.profile_digest,
        "catalogue_digest": rules.catalogue_digest,
        "versions": list(rules.versions),
        "profile": {key: row for key, row in values.items() if row != shipped.get(key)},
        "items": rows,
    }  # fmt: skip


def _shipped_item(code: str) -> Mapping[str, str] | None:
    item = load_catalogue().item(code)
    return None if item is None else row_of(item)


def kept_profile(profile: RuleProfile, keeping: Mapping[str, Json]) -> RuleProfile:
    """The profile with what a demand keeps of the rules it was published under."""
    return profile.overlaid(values_of(cast("Content", keeping.get("profile") or {})))


def kept_catalogue(keeping: Mapping[str, Json]) -> Catalogue:
    """The catalogue with the items that a demand keeps as they were when it was published."""
    own = cast("Content", keeping.get("items") or {})
    if not own:
        return load_catalogue()
    left = tuple(item for item in load_catalogue().items if item.code not in own)
    return Catalogue((*left, *catalogue_of(own).items), load_catalogue().kinds)
