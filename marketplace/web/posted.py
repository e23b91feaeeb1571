"""What was typed in the wizard → the command of the API: a demand, a notice of lots, or a draft that is changed.

Invariants: one reader for all of them; every fault has the pointer of the field it was typed into. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from commons.canonical import Json
from commons.errors import Fault, Malformed
from commons.profiles import RuleProfile
from marketplace.usecases.change_draft import ChangeDraft
from marketplace.usecases.post_demand import PostDemand
from marketplace.usecases.post_notice import PostNotice
from marketplace.web.plans import Plan, read_whole, values_of
from marketplace.web.posting import whole_plan
from marketplace.web.posting_beside import Every, beside, lots_of, one_of, rounds_of, rows_of
from marketplace.web.posting_terms import read_posted_terms, terms_fields
from marketplace.web.requests import shaped

NONCE, DRAFT = "nonce", "draft"


@dataclass(frozen=True, slots=True)
class Posting:
    """Everything typed so far, by which rules it is read, for which owner; ``draft`` is the one that is changed."""

    every: Every
    profile: RuleProfile
    owner: str
    is_delegate: bool = False

    @property
    def mode(self) -> str:
        """The way of selecting."""
        return one_of(self.every, "mode")

    @property
    def draft(self) -> str:
        """The draft that is changed, "" where one is posted."""
        return one_of(self.every, DRAFT)

    @property
    def has_lots(self) -> bool:
        """Whether lots were named."""
        return bool(rows_of(self.every, "l"))

    def terms(self) -> tuple[dict[str, Json], Mapping[str, str]]:
        """The terms with their rounds, and every fault by the field's key."""
        typed = {one.key: one_of(self.every, one.key) for one in terms_fields(self.mode)}
        rounds = rounds_of(self.every, self.profile) if self.mode == "multi_round" else None
        return read_posted_terms(self.mode, typed, quantity=one_of(self.every, "quantity"), rounds=rounds)

    def command(self) -> PostDemand | PostNotice | ChangeDraft:
        """The command; ``Malformed`` with what cannot be read."""
        whole = self.document()
        if self.draft:
            return shaped(ChangeDraft, {**whole, "demand": self.draft})
        if not self.has_lots:
            return shaped(PostDemand, whole)
        notice: dict[str, Any] = {"title": whole["title"], "lots": lots_of(self.every, whole)}
        if cap := one_of(self.every, "lot_cap"):
            notice["lot_cap"] = read_whole(cap)
        try:
            return shaped(PostNotice, notice)
        except Malformed as malformed:
            raise self.shared(malformed) from None

    def document(self, *, without: Collection[str] = ()) -> dict[str, Any]:
        """The demand as a whole, as plain JSON; ``without`` what need not be said yet."""
        whole = whole_plan(self.mode, self.every, is_delegate=self.is_delegate, is_folded=False)
        plan = Plan(tuple(one for one in whole.fields if one.name not in without))
        values = values_of(plan, self.every)
        made: dict[str, Any] = {one.pointer[1:]: values[one.name] for one in plan.fields if one.name in values}
        if not made.get("public_tender"):
            made.pop("public_tender", None)
        count = read_whole(one_of(self.every, "quantity"))
        if count is not None:
            made["quantity"] = count
        if nonce := one_of(self.every, NONCE):
            made[NONCE] = nonce
        return {**made, **beside(self.every), "terms": self.terms()[0], "owner_code": self.owner}

    def shared(self, malformed: Malformed) -> Malformed:
        """Faults of lots at the fields that all lots share, where a lot has none of its own; each is said once."""
        plan = whole_plan(self.mode, self.every, is_delegate=self.is_delegate)
        found: dict[tuple[str, str], Fault] = {}
        for one in malformed.faults:
            _, _, rest = one.pointer.removeprefix("/lots/").partition("/")
            own = plan.field_at(one.pointer)
            is_shared = one.pointer.startswith("/lots/") and own is None and bool(rest)
            fault = replace(one, pointer=f"/{rest}") if is_shared else one
            found.setdefault((fault.pointer, fault.code), fault)
        return Malformed(tuple(found.values()))
