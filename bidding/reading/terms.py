"""Terms of a selection out of untrusted JSON: what cannot be read, or contradicts itself, is refused whole.

Keys of other modes may stand in the terms and are not used; keys of no mode are refused. Source: selection.md
sections 1 and 10.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from bidding.reading.criteria import read_criteria, read_drop_from, read_factors, read_low_price, read_ties
from bidding.reading.fields import Fields, keys
from bidding.terms import (
    ComprehensiveTerms,
    CreditDrawTerms,
    DemandTerms,
    DirectTerms,
    Extension,
    InstantRule,
    InstantTerms,
    MeanPriceTerms,
    MultiRoundTerms,
    Preference,
    PriceBasis,
    RandomDrawTerms,
    Round,
    RoundKind,
    StepBasis,
    Terms,
)
from commons.canonical import Json
from commons.documents import Faults
from commons.money import BASIS

COMPUTED = ("comprehensive", "multi_round", "instant", "mean_price", "random_draw", "credit_draw")
"""Modes that the engine computes: all but ``direct``, which is the owner's own choice."""

_KEYS = keys(
    "mode ceiling_fen ties min_bidders max_days low_price criteria step_fen step_basis step_multiple "
    "rounds extension day_value_fen preferences rule quantity drop_from dropped_may_win factor_bp "
    "big_list small_list price_basis lot_cap"
)
_DIRECT_KEYS = keys("mode ceiling_fen max_days")
_ROUND_KEYS = keys("kind opens_at closes_at survivors")
_EXTENSION_KEYS = keys("window_s extend_s limit")
_PREFERENCE_KEYS = keys("code max_bp")
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


def parse_terms(raw: Json, pointer: str = "/terms") -> Terms:
    """Terms of any mode that the engine computes; ``Malformed`` with every fault, pointers below ``pointer``."""
    faults = Faults()
    terms = read_terms(raw, pointer, faults)
    faults.raise_if_any()
    assert terms is not None, "no terms without a fault"
    return terms


def parse_demand_terms(raw: Json, pointer: str = "/terms") -> DemandTerms:
    """Terms that a demand is published under: any mode of the engine, or a direct choice; ``Malformed`` otherwise.

    Terms of a direct choice are a ceiling in fen and, where given, ``max_days``: nothing else is decided by rules.
    """
    if not isinstance(raw, dict) or raw.get("mode") != "direct":
        return parse_terms(raw, pointer)
    faults = Faults()
    fields = Fields(raw, pointer, _DIRECT_KEYS, faults)
    terms = DirectTerms(fields.needed_integer("ceiling_fen", 1), fields.integer("max_days", 1))
    faults.raise_if_any()
    return terms


def read_terms(raw: Json, pointer: str, faults: Faults) -> Terms | None:
    """Terms with their faults noted; None when not even the mode can be read."""
    fields = Fields(raw, pointer, _KEYS, faults)
    terms: Terms | None = None
    match fields.text("mode"):
        case "comprehensive":
            terms = _comprehensive(fields)
        case "multi_round":
            terms = _multi_round(fields)
        case "instant":
            terms = _instant(fields)
        case "mean_price":
            terms = _mean_price(fields)
        case "random_draw":
            terms = _random_draw(fields)
        case "credit_draw":
            terms = _credit_draw(fields)
        case None:
            fields.missing("mode", "has to be given")
        case "direct":
            fields.fault("mode", "mode_not_computed", "a direct selection is the owner's own choice with its reason")
        case _:
            fields.fault("mode", "not_one_of", f"must be one of {', '.join(COMPUTED)}")
    return terms


def _comprehensive(fields: Fields) -> ComprehensiveTerms:
    max_days = fields.integer("max_days", 1)
    return ComprehensiveTerms(
        ceiling_fen=fields.needed_integer("ceiling_fen", 1),
        min_bidders=_min_bidders(fields),
        max_days=max_days,
        lot_cap=fields.integer("lot_cap", 1),
        criteria=read_criteria(fields),
        low_price=read_low_price(fields),
        ties=read_ties(fields, max_days=max_days, received=False),
        price_basis=_price_basis(fields),
    )


def _instant(fields: Fields) -> InstantTerms:
    max_days = fields.integer("max_days", 1)
    instant_rule: InstantRule = fields.word("rule", get_args(InstantRule))
    _no_low_price(fields)
    _no_discount(fields)
    return InstantTerms(
        ceiling_fen=fields.needed_integer("ceiling_fen", 1),
        min_bidders=_min_bidders(fields),
        max_days=max_days,
        lot_cap=fields.integer("lot_cap", 1),
        rule=instant_rule,
        quantity=fields.needed_integer("quantity", 1),
        criteria=read_criteria(fields) if instant_rule == "best_value" else (),
        ties=read_ties(fields, max_days=max_days, received=False),
    )


def _multi_round(fields: Fields) -> MultiRoundTerms:
    max_days = fields.integer("max_days", 1)
    rounds = _rounds(fields)
    preferences = _preferences(fields)
    day_value_fen = fields.integer("day_value_fen", 0) or 0
    step_multiple = fields.boolean("step_multiple")
    if step_multiple and (day_value_fen or preferences):
        detail = "goes only without preferences and without a day value"
        fields.fault("step_multiple", "step_multiple_not_allowed", detail)
    return MultiRoundTerms(
        ceiling_fen=fields.needed_integer("ceiling_fen", 1),
        min_bidders=_min_bidders(fields),
        max_days=max_days,
        lot_cap=fields.integer("lot_cap", 1),
        step_fen=fields.needed_integer("step_fen", 1),
        step_basis=fields.word("step_basis", get_args(StepBasis)),
        step_multiple=step_multiple,
        rounds=rounds,
        extension=_extension(fields, rounds),
        day_value_fen=day_value_fen,
        preferences=preferences,
        low_price=read_low_price(fields),
        ties=read_ties(fields, max_days=max_days, received=bool(rounds) and rounds[-1].kind == "open"),
        price_basis=_price_basis(fields),
    )


def _mean_price(fields: Fields) -> MeanPriceTerms:
    max_days = fields.integer("max_days", 1)
    _no_low_price(fields)
    return MeanPriceTerms(
        ceiling_fen=fields.needed_integer("ceiling_fen", 1),
        min_bidders=_min_bidders(fields),
        max_days=max_days,
        lot_cap=fields.integer("lot_cap", 1),
        drop_from=read_drop_from(fields),
        dropped_may_win=fields.boolean("dropped_may_win", default=True),
        factor_bp=read_factors(fields),
        ties=read_ties(fields, max_days=max_days, received=False),
        price_basis=_price_basis(fields),
    )


def _random_draw(fields: Fields) -> RandomDrawTerms:
    max_days = fields.integer("max_days", 1)
    _no_low_price(fields)
    _no_discount(fields)
    return RandomDrawTerms(
        ceiling_fen=fields.needed_integer("ceiling_fen", 1),
        min_bidders=_min_bidders(fields),
        max_days=max_days,
        lot_cap=fields.integer("lot_cap", 1),
        ties=read_ties(fields, max_days=max_days, received=False),
    )


def _credit_draw(fields: Fields) -> CreditDrawTerms:
    max_days = fields.integer("max_days", 1)
    _no_low_price(fields)
    _no_discount(fields)
    return CreditDrawTerms(
        ceiling_fen=fields.needed_integer("ceiling_fen", 1),
        min_bidders=_min_bidders(fields),
        max_days=max_days,
        lot_cap=fields.integer("lot_cap", 1),
        big_list=fields.needed_integer("big_list", 1),
        small_list=fields.needed_integer("small_list", 1),
        ties=read_ties(fields, max_days=max_days, received=False),
    )


def _price_basis(fields: Fields) -> PriceBasis:
    return fields.word("price_basis", get_args(PriceBasis), "fen")


def _no_discount(fields: Fields) -> None:
    """Where nobody offers against a ceiling there is nothing to discount."""
    if _price_basis(fields) != "fen":
        fields.fault("price_basis", "price_basis_not_allowed", "must be fen in this mode")


def _no_low_price(fields: Fields) -> None:
    if fields.has("low_price"):
        fields.fault("low_price", "low_price_not_allowed", "is a rule of comprehensive and multi_round only")


def _min_bidders(fields: Fields) -> int:
    value = fields.integer("min_bidders", 1)
    return 1 if value is None else value


def _rounds(fields: Fields) -> tuple[Round, ...]:
    """The rounds in order: none opens before the previous close, the last one has no cut."""
    before = len(fields.faults.found)
    rounds = fields.needed_items("rounds", lambda raw, pointer: _round(raw, pointer, fields.faults))
    if len(fields.faults.found) > before:
        return rounds
    if not rounds:
        fields.fault("rounds", "no_rounds", "must hold one round or more")
        return rounds
    place = fields.at("rounds")
    for index, round in enumerate(rounds):
        if round.opens_at >= round.closes_at:
            fields.faults.add(f"{place}/{index}/closes_at", "closes_before_opening", "must be later than opens_at")
        if index and round.opens_at < rounds[index - 1].closes_at:
            detail = "must not be earlier than the previous close"
            fields.faults.add(f"{place}/{index}/opens_at", "opens_before_previous_close", detail)
    if rounds[-1].survivors is not None:
        detail = "the last round has no cut"
        fields.faults.add(f"{place}/{len(rounds) - 1}/survivors", "survivors_on_last_round", detail)
    return rounds


def _round(raw: Json, pointer: str, faults: Faults) -> Round:
    fields = Fields(raw, pointer, _ROUND_KEYS, faults)
    kind: RoundKind = fields.word("kind", get_args(RoundKind))
    opens_at, closes_at = fields.needed_instant("opens_at"), fields.needed_instant("closes_at")
    return Round(kind, opens_at, closes_at, fields.integer("survivors", 1))


def _extension(fields: Fields, rounds: tuple[Round, ...]) -> Extension | None:
    """The extension; one that could move the last close beyond the year 9999 is refused."""
    if not fields.has("extension") or fields.raw["extension"] == {}:
        return None
    inner = Fields(fields.raw["extension"], fields.at("extension"), _EXTENSION_KEYS, fields.faults)
    made = Extension(*(inner.needed_integer(key, 0) for key in ("window_s", "extend_s", "limit")))
    if rounds:
        left_s = (_LAST_INSTANT - max(round.closes_at for round in rounds)) // timedelta(seconds=1)
        if made.extend_s * made.limit * len(rounds) > left_s:
            fields.fault("extension", "out_of_range", "could move the last close beyond the year 9999")
    return made


def _preferences(fields: Fields) -> tuple[Preference, ...]:
    before = len(fields.faults.found)
    preferences = fields.items("preferences", lambda raw, pointer: _preference(raw, pointer, fields.faults)) or ()
    if len(fields.faults.found) > before:
        return ()
    if len({preference.code for preference in preferences}) < len(preferences):
        fields.fault("preferences", "duplicate", "a code may stand once")
    if sum(preference.max_bp for preference in preferences) >= BASIS:
        fields.fault("preferences", "out_of_range", "the sum of max_bp must stay below 10000")
        return ()
    return preferences


def _preference(raw: Json, pointer: str, faults: Faults) -> Preference:
    fields = Fields(raw, pointer, _PREFERENCE_KEYS, faults)
    return Preference(fields.needed_text("code"), fields.needed_integer("max_bp", 0))
