"""A planned demand as the command that posts it, and an agency's parts as theirs."""

from __future__ import annotations

from marketplace.seed.plans import AgencyPlan, DemandPlan, ShelfPlan
from marketplace.usecases.add_qualification import AddQualification
from marketplace.usecases.file_agency import FileAgency
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.put_shelf_offer import PutShelfOffer


def filing_of(plan: AgencyPlan, *, is_example: bool) -> FileAgency:
    """The filing."""
    return FileAgency(
        uscc=plan.uscc, name=plan.name, kind=plan.kind, region=plan.region,
        legal_representative=plan.legal_representative, contact_name=plan.contact, contact_phone=plan.phone,
        commitment_signed=True, is_example=is_example,
    )  # fmt: skip


def qualifications_of(plan: AgencyPlan) -> list[AddQualification]:
    """One command for each certificate."""
    return [
        AddQualification(
            agency=plan.uscc, kind=held.kind, grade=held.grade, number=held.number, issuer=held.issuer,
            valid_from=held.valid_from, valid_until=held.valid_until,
        )
        for held in plan.qualifications
    ]  # fmt: skip


def shelf_offer_of(uscc: str, plan: ShelfPlan, *, nonce: str) -> PutShelfOffer:
    """The binding price, with what is left of its capacity."""
    return PutShelfOffer(
        agency=uscc, item=plan.item, unit_price_fen=plan.unit_price_fen, minimum_fee_fen=plan.minimum_fee_fen,
        days=plan.days, capacity=plan.capacity - plan.taken, valid_from=plan.valid_from,
        valid_until=plan.valid_until, nonce=nonce,
    )  # fmt: skip


def posting_of(plan: DemandPlan, *, nonce: str, is_example: bool) -> PostDemand:
    """The demand with its instants and the owner's part of a draw."""
    draft = plan.draft
    return PostDemand(
        owner_code=draft.owner_uscc, owner_name=draft.owner_name, buyer_class=draft.buyer_class,
        project_code=draft.project_code, project_name=draft.project_name, region=draft.region, place=draft.place,
        item=draft.item, further_items=list(draft.further_items), title=draft.title, description=draft.description,
        quantity=draft.quantity, terms=dict(plan.terms), sign_up_closes_at=plan.sign_up_closes_at,
        closes_at=plan.closes_at, recusals=[], nonce=nonce, is_example=is_example,
    )  # fmt: skip
