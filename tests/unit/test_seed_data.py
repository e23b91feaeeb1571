"""The shipped seed read through: codes, regions, items, qualifications, candidates, all invented and marked."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from stdnum import numdb
from stdnum.cn import uscc

from agencies.qualifications import best_grade, missing
from commons.codes import ProjectCode, Uscc
from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.seed.candidates import candidates
from marketplace.seed.loading import load_seed, resolve

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = beijing_date(AT)
SEED = load_seed()
MARKET = resolve(SEED, at=AT)
CATALOGUE = load_catalogue()
MARK = "（示例）"
_PREFIXES = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82))
GB_2260_PROVINCES = set(chain.from_iterable(_PREFIXES))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def shelf_of(item):
    return [(agency, offer) for agency in MARKET.agencies for offer in agency.shelf if offer.item == item]


def all_codes():
    return [agency.uscc for agency in SEED.agencies] + [owner.uscc for owner in SEED.owners]


def test_every_city_has_at_least_six_agencies():
    cities = Counter(REGIONS.chain(agency.region)[1].code for agency in MARKET.agencies)
    assert set(cities) == {city.code for city in REGIONS.cities(TODAY)}
    assert min(cities.values()) >= 6
    assert sum(cities.values()) >= 66


def test_every_region_is_a_county_in_force():
    for code in chain(
        (a.region for a in SEED.agencies), (o.region for o in SEED.owners), (d.region for d in SEED.demands)
    ):
        assert REGIONS.exists(code, TODAY), code
        assert REGIONS.get(code).level == "county"


def test_codes_are_unique_and_their_check_characters_right():
    codes = all_codes()
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert uscc.is_valid(code), code
        assert Uscc.parse(code).code == code
        assert organisation_check(Uscc(code).organisation[:8]) == Uscc(code).organisation[8]


def organisation_check(body):
    """GB 11714, written here a second time."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]


def test_no_authority_uses_the_divisions_of_the_codes():
    known = numdb.get("cn/loc")
    for code in all_codes():
        division = Uscc(code).division
        assert division[:4] in {"9900", "9901"}
        assert int(division[:2]) not in GB_2260_PROVINCES
        assert division not in {region.code for region in REGIONS.rows}
        assert not known.info(division)[0][1]
    assert known.info("330302")[0][1], "the library knows real divisions"


def test_the_department_in_a_code_suits_the_kind():
    heads = {"company": "91", "sole_trader": "92", "public_institution": "12", "social_organisation": "51"}
    assert all(agency.uscc.startswith(heads[agency.kind]) for agency in SEED.agencies)
    kinds = Counter(agency.kind for agency in SEED.agencies)
    assert set(kinds) == set(heads)
    assert kinds["company"] > len(SEED.agencies) // 2


def test_everything_invented_is_marked():
    for agency in MARKET.agencies:
        assert agency.name.endswith(MARK)
        assert re.fullmatch(rf"\w\*\w{MARK}", agency.legal_representative)
        assert agency.contact.endswith(MARK)
        for held in agency.qualifications:
            assert held.number.startswith("示例-")
            assert held.issuer.endswith(MARK)
    assert all(owner.name.endswith(MARK) for owner in SEED.owners)
    for demand in SEED.demands:
        assert demand.project_name.endswith(MARK)
        assert demand.title.endswith(MARK)
        assert demand.owner_name.endswith(MARK)


@pytest.mark.parametrize("field", ["name", "phone", "legal_representative"])
def test_no_two_agencies_look_alike(field):
    values = [getattr(agency, field) for agency in SEED.agencies]
    assert len(set(values)) == len(values)


def test_telephone_numbers_have_a_shape_no_exchange_uses():
    assert all(re.fullmatch(r"05\d\d-0000-\d{4}", agency.phone) for agency in SEED.agencies)


def test_qualifications_are_of_known_kinds_and_grades():
    numbers = [held.number for agency in MARKET.agencies for held in agency.qualifications]
    assert len(set(numbers)) == len(numbers)
    for agency in MARKET.agencies:
        for held in agency.qualifications:
            kind = CATALOGUE.kind(held.kind)
            assert kind is not None, held.kind
            assert (held.grade in kind.grades_best_first) if kind.grades_best_first else held.grade is None
            assert held.valid_until is not None
            assert held.valid_from < held.valid_until


def test_one_qualification_is_expired_and_one_expires_within_days():
    ends = sorted(held.valid_until for agency in MARKET.agencies for held in agency.qualifications if held.valid_until)
    assert [end for end in ends if end <= TODAY] == [TODAY - timedelta(days=11)]
    assert [end for end in ends if TODAY < end <= TODAY + timedelta(days=7)] == [TODAY + timedelta(days=3)]


def test_experience_speaks_of_known_items_once():
    for agency in SEED.agencies:
        items = [one.item for one in agency.experience]
        assert len(set(items)) == len(items)
        assert items
        assert all(CATALOGUE.item(item) for item in items)
        assert all(one.count >= 0 for one in agency.experience)


def test_demands_have_unique_keys_readable_project_codes_and_known_items():
    assert len(SEED.demands) >= 14
    assert len({demand.key for demand in SEED.demands}) == len(SEED.demands)
    for demand in SEED.demands:
        assert ProjectCode.parse(demand.project_code).region == demand.region
        assert all(CATALOGUE.item(code) for code in demand.items), demand.items
        assert len(set(demand.items)) == len(demand.items)
        assert demand.quantity > 0


def test_all_ten_regional_assessments_are_wanted_by_somebody():
    wanted = {demand.item for demand in SEED.demands}
    assert {item.code for item in CATALOGUE.items if item.regional_assessment} <= wanted


def test_an_assessment_of_an_area_is_never_bought_voluntarily():
    areas = [demand for demand in SEED.demands if "区域" in demand.title]
    assert areas
    assert all(demand.buyer_class != "voluntary" for demand in areas)
    assert {demand.buyer_class for demand in SEED.demands} == {"fiscal", "entrusted", "voluntary"}


@pytest.mark.parametrize("demand", SEED.demands, ids=lambda demand: demand.key)
def test_every_demand_finds_five_agencies_qualified_for_all_its_items_in_the_seed(demand):
    asked = [requirement_of(item, CATALOGUE) for item in map(CATALOGUE.item, demand.items) if item is not None]
    item = CATALOGUE.item(demand.item)
    assert item is not None
    able = [
        plan
        for plan in candidates(MARKET.agencies, item, CATALOGUE, on=TODAY)
        if not any(missing(plan.qualifications, one, on=TODAY) for one in asked)
    ]
    assert len(able) >= 5


@pytest.mark.parametrize("demand", SEED.demands, ids=lambda demand: demand.key)
def test_every_criterion_of_grade_or_experience_tells_some_candidates_apart(demand):
    item = CATALOGUE.item(demand.item)
    assert item is not None
    asked = requirement_of(item, CATALOGUE)
    players = candidates(MARKET.agencies, item, CATALOGUE, on=TODAY)
    for criterion in demand.terms.get("criteria", ()):
        if criterion["kind"] == "grade":
            table = criterion["table"]
            grades = [best_grade(one.qualifications, asked, on=TODAY) for one in players]
            assert asked is not None
            assert set(table) <= set(asked.grades or ())
            assert len({table.get(grade, 0) for grade in grades}) > 1
        if criterion["kind"] == "experience":
            pieces = [one.experience_of(item.code) for one in players]
            points = {min(criterion["points"] * 100, criterion["each"] * piece) for piece in pieces}
            assert len(points) > 2


def test_one_demand_can_only_be_won_from_another_city():
    demand = next(demand for demand in SEED.demands if demand.item == "RA06")
    item = CATALOGUE.item("RA06")
    assert item is not None
    homes = {REGIONS.chain(a.region)[1].code for a in candidates(MARKET.agencies, item, CATALOGUE, on=TODAY)}
    assert REGIONS.chain(demand.region)[1].code not in homes
    assert len(homes) >= 5


def test_an_expired_qualification_makes_no_candidate():
    item = CATALOGUE.item("RA01")
    assert item is not None
    today = {agency.name for agency in candidates(MARKET.agencies, item, CATALOGUE, on=TODAY)}
    later = {agency.name for agency in candidates(MARKET.agencies, item, CATALOGUE, on=TODAY + timedelta(days=3))}
    assert not {name for name in today if name.startswith("开化钱岭")}
    assert {name for name in today - later if name.startswith("龙泉岚序")}


INSTANT = [demand for demand in MARKET.demands if demand.draft.mode == "instant"]


@pytest.mark.parametrize("demand", INSTANT, ids=lambda demand: demand.draft.key)
def test_every_instant_demand_finds_four_shelf_offers_and_three_that_do_not_do(demand):
    terms, item = demand.terms, CATALOGUE.item(demand.draft.item)
    assert item is not None
    holders = candidates(MARKET.agencies, item, CATALOGUE, on=TODAY)
    offers = [offer for agency, offer in shelf_of(item.code) if agency in holders]
    slow = {id(offer) for offer in offers if offer.days > terms["max_days"]}
    spent = {id(offer) for offer in offers if offer.taken >= offer.capacity}
    over = {id(offer) for offer in offers if offer.valid_until <= AT}
    assert slow
    assert spent
    assert over
    prices = [
        max(offer.minimum_fee_fen, offer.unit_price_fen * terms["quantity"])
        for offer in offers
        if id(offer) not in slow | spent | over
    ]
    assert len([price for price in prices if price <= terms["ceiling_fen"]]) >= 4


def test_shelf_offers_stand_on_several_items_in_one_unit_each():
    offers = [offer for agency in MARKET.agencies for offer in agency.shelf]
    assert len(offers) >= 12
    units = {(offer.item, offer.unit) for offer in offers}
    assert len(units) == len({item for item, _ in units}) >= 4
    wanted = {(d.draft.item, d.draft.unit) for d in INSTANT}
    assert wanted <= units
    assert all(CATALOGUE.item(offer.item) for offer in offers)


def test_only_offers_with_capacity_and_validity_can_be_put_up():
    offers = [offer for agency in MARKET.agencies for offer in agency.shelf]
    refused = [offer for offer in offers if not offer.can_be_put_up(at=AT)]
    assert len(refused) == 6
    assert all(offer.taken >= offer.capacity or offer.valid_until <= AT for offer in refused)
    assert any(offer.valid_from > AT and offer.can_be_put_up(at=AT) for offer in offers)
