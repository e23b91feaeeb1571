"""The explanation of a result is kept between readers: what its bidders are called now is shown all the same."""

from __future__ import annotations

from marketplace.usecases.change_agency import AgencyChanged, ChangeAgency, change_agency
from marketplace.usecases.take_instant_award import InstantAwarded, TakeInstantAward, take_instant_award
from tests.usecases.market import PROFILE, Market, agency, code, instant_terms, owner
from tests.web_pages.site import Site

NEW_NAME = "更名后测绘公司（示例）"


async def test_a_result_that_was_shown_already_is_told_with_a_name_that_changed_since(
    site: Site, market: Market
) -> None:
    for number, price in ((1, 100_000), (2, 200_000)):
        await market.file(number)
        await market.shelve(number, price)
    published = await market.publish(instant_terms())
    done = await take_instant_award(market.database, owner(), TakeInstantAward(demand=published.demand))
    assert isinstance(done, InstantAwarded), done
    assert NEW_NAME not in await site.text(f"/awards/{published.demand}")
    change = ChangeAgency(agency=code(2), name=NEW_NAME)
    assert isinstance(await change_agency(market.database, agency(2), change, profile=PROFILE), AgencyChanged)
    assert NEW_NAME in await site.text(f"/awards/{published.demand}")
