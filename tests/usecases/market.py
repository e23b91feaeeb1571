"""A small market to play on: agencies with their papers, an owner, demands that close in a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from commons.codes import Uscc
from commons.events import Actor
from commons.instants import format_instant
from commons.verdicts import Refused
from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.add_qualification import AddQualification, QualificationAdded, add_qualification
from marketplace.usecases.change_demand import ChangeDemand, DemandChanged, change_demand
from marketplace.usecases.confirm_award import AwardConfirmed, ConfirmAward, confirm_award
from marketplace.usecases.file_agency import AgencyFiled, FileAgency, file_agency
from marketplace.usecases.place_offer import OfferPlaced, PlaceOffer, place_offer
from marketplace.usecases.post_demand import DemandPosted, PostDemand, post_demand
from marketplace.usecases.publish_demand import DemandPublished, PublishDemand, publish_demand
from marketplace.usecases.put_shelf_offer import PutShelfOffer, ShelfOfferPut, put_shelf_offer
from marketplace.usecases.restrict_agency import AgencyRestricted, RestrictAgency, restrict_agency
from marketplace.usecases.sign_up import SignedUp, SignUp, sign_up
from marketplace.usecases.stated_relations import Relations
from tests.store.moved_time import now, pass_by, until, wait_until  # noqa: F401 - the market's clock, for whoever plays

PROFILE = "demo-v1"
REGULATOR = Caller(Actor("regulator", "R1"))
ITEM = "SV22"  # needs 测绘资质, 乙级 or better


def code(number: int, prefix: str = "91990000MA") -> str:
    """An invented credit code whose check character is right."""
    return Uscc.completed(f"{prefix}{number:07d}").code


OWNER = code(1, "11990000MA")


def nonce(*words: object) -> str:
    """A nonce of 64 hex digits that depends on the words alone."""
    return sha256(repr(words).encode()).hexdigest()


def agency(number: int) -> Caller:
    """The agency of that number as a caller."""
    return Caller(Actor("agency", code(number)))


def owner(key: str | None = None) -> Caller:
    """The owner as a caller."""
    return Caller(Actor("owner", OWNER), key)


def sealed_terms(**changes: Any) -> dict[str, Any]:
    """Terms of a comprehensive selection: price 60, days 20, credit 20."""
    return {
        "mode": "comprehensive",
        "ceiling_fen": 20_000_000,
        "max_days": 60,
        "min_bidders": 3,
        "criteria": [
            {"kind": "price", "points": 60, "formula": "lowest"},
            {"kind": "days", "points": 20},
            {"kind": "credit", "points": 20},
        ],
        "ties": ["price", "credit", "draw"],
        **changes,
    }


def round_terms(
    *, opens_in: float, length: float, rounds: int = 2, rest: float = 0.0, **changes: Any
) -> dict[str, Any]:
    """Terms of open rounds that start in so many seconds."""
    start = now() + timedelta(seconds=opens_in)
    plan = []
    for _ in range(rounds):
        end = start + timedelta(seconds=length)
        plan.append({"kind": "open", "opens_at": format_instant(start), "closes_at": format_instant(end)})
        start = end + timedelta(seconds=rest)
    return {
        "mode": "multi_round",
        "ceiling_fen": 20_000_000,
        "min_bidders": 3,
        "step_fen": 100_000,
        "step_basis": "own",
        "rounds": plan,
        "ties": ["received"],
        **changes,
    }


def instant_terms(**changes: Any) -> dict[str, Any]:
    """Terms of an instant selection of the cheapest."""
    terms = {
        "mode": "instant",
        "rule": "cheapest",
        "ceiling_fen": 20_000_000,
        "max_days": 60,
        "quantity": 10,
        "ties": ["days", "draw"],
    }
    return {**terms, **changes}


@dataclass
class Market:
    """Acts on one database, each asserting that it was allowed unless a test wants the refusal."""

    database: Database
    filed: set[int] = field(default_factory=set)

    async def file(
        self, number: int, *, region: str = "330302", grade: str | None = "甲级", relations: Relations | None = None
    ) -> AgencyFiled:
        """File an agency, with a surveying certificate unless ``grade`` is None."""
        command = FileAgency(
            uscc=code(number), name=f"测绘{number}号（示例）", kind="company", region=region,
            legal_representative="示例", commitment_signed=True, is_example=True, relations=relations,
        )  # fmt: skip
        filed = await file_agency(self.database, agency(number), command, profile=PROFILE)
        assert isinstance(filed, AgencyFiled), filed
        if grade is not None:
            held = AddQualification(
                agency=code(number), kind="测绘资质", grade=grade, number=f"ZJ{number:06d}", issuer="示例",
                valid_from=date(2020, 1, 1), valid_until=date(2035, 1, 1),
            )  # fmt: skip
            added = await add_qualification(self.database, agency(number), held)
            assert isinstance(added, QualificationAdded), added
        return filed

    async def post(
        self,
        terms: dict[str, Any],
        *,
        sign_up_s: float | None = None,
        close_s: float = 2.0,
        item: str = ITEM,
        **changes: Any,
    ) -> str:
        """Post a demand whose clocks end in so many seconds; returns the draft's id."""
        at = now()
        sign_up_s = sign_up_s or (1.2 if terms["mode"] == "multi_round" else 1.6)
        clocks = (
            {} if terms["mode"] in {"instant", "direct"} else {"sign_up_closes_at": at + timedelta(seconds=sign_up_s)}
        )
        if terms["mode"] == "comprehensive":
            clocks["closes_at"] = at + timedelta(seconds=close_s)
        command = PostDemand(
            **{
                "owner_code": OWNER, "owner_name": "业主（示例）", "buyer_class": "fiscal", "item": item,
                "project_code": "2610-330304-04-01-104270", "project_name": "项目（示例）", "region": "330304",
                "title": "需求（示例）", "quantity": terms.get("quantity", 1), "terms": terms, "is_example": True,
                "nonce": nonce("owner"), **clocks, **changes,
            }
        )  # fmt: skip
        posted = await post_demand(self.database, owner(), command, profile=PROFILE)
        assert isinstance(posted, DemandPosted), posted
        return posted.demand

    async def publish(self, terms: dict[str, Any], **changes: Any) -> DemandPublished:
        """Post and publish a demand."""
        demand = await self.post(terms, **changes)
        published = await publish_demand(self.database, owner(), PublishDemand(demand=demand))
        assert isinstance(published, DemandPublished), published
        return published

    async def post_as(self, caller: Caller, command: PostDemand) -> str:
        """Post and publish somebody's own demand; returns its selection."""
        posted = await post_demand(self.database, caller, command, profile=PROFILE)
        assert isinstance(posted, DemandPosted), posted
        published = await publish_demand(self.database, caller, PublishDemand(demand=posted.demand))
        assert isinstance(published, DemandPublished), published
        return published.selection

    async def sign_up(self, selection: str, number: int, **changes: Any) -> SignedUp | Refused:
        """Sign an agency up."""
        command = SignUp(**{"selection": selection, "agency": code(number), "commitment_signed": True, **changes})
        return await sign_up(self.database, agency(number), command)

    async def offer(
        self, selection: str, number: int, price_fen: int, days: int | None = 20, *, key: str | None = None,
        terms_digest: str | None = None,
    ) -> OfferPlaced | Refused:  # fmt: skip
        """Place an offer; ``terms_digest`` names the terms, which it has to once they were changed."""
        command = PlaceOffer(
            selection=selection, agency=code(number), price_fen=price_fen, days=days, nonce=nonce(number),
            terms_digest=terms_digest,
        )  # fmt: skip
        return await place_offer(self.database, Caller(agency(number).actor, key), command)

    async def change(
        self, demand: str, *, sign_up_s: float, close_s: float, terms: dict[str, Any] | None = None
    ) -> DemandChanged | Refused:
        """Change a published demand: terms (None: as they are), clocks that end in so many seconds."""
        at = now()
        command = ChangeDemand(
            demand=demand, reason="补充范围（示例）", terms=terms,
            sign_up_closes_at=at + timedelta(seconds=sign_up_s), closes_at=at + timedelta(seconds=close_s),
        )  # fmt: skip
        return await change_demand(self.database, owner(), command)

    async def confirm(self, selection: str, number: int) -> AwardConfirmed | Refused:
        """Say that the agency takes the work."""
        command = ConfirmAward(selection=selection, agency=code(number))
        return await confirm_award(self.database, agency(number), command)

    async def shelve(self, number: int, unit_price_fen: int, *, capacity: int = 5, item: str = ITEM) -> ShelfOfferPut:
        """Put an offer on the shelf."""
        at = now()
        command = PutShelfOffer(
            agency=code(number), item=item, unit_price_fen=unit_price_fen, minimum_fee_fen=0, days=10,
            capacity=capacity, valid_from=at, valid_until=at + timedelta(days=30), nonce=nonce("shelf", number),
        )  # fmt: skip
        put = await put_shelf_offer(self.database, agency(number), command)
        assert isinstance(put, ShelfOfferPut), put
        return put

    async def restrict(self, number: int) -> AgencyRestricted:
        """Restrict an agency without end."""
        command = RestrictAgency(
            agency=code(number), basis="出具虚假报告（示例）", region="330302", approvers=["R1", "R2"]
        )
        done = await restrict_agency(self.database, REGULATOR, command, profile=PROFILE)
        assert isinstance(done, AgencyRestricted), done
        return done
