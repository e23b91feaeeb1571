"""Every page there is, as one closed union; ``render`` finds the template by it."""

from __future__ import annotations

from marketplace.web.views.about import ErrorView, RestrictionListView, RulesView
from marketplace.web.views.account import (
    AccountView,
    CodesView,
    ConfirmView,
    MembersView,
    OrganisationView,
    PasswordView,
    ProposalsView,
    RecoverView,
    SecondFactorView,
    SignInView,
    SignUpView,
    TokensView,
)
from marketplace.web.views.agencies import AgencyListView, AgencyView
from marketplace.web.views.awards import AwardListView, AwardView
from marketplace.web.views.demands import DemandListView, DemandView
from marketplace.web.views.home import HomeView
from marketplace.web.views.imports import ImportView
from marketplace.web.views.notices import NoticeView

PageView = (
    HomeView
    | DemandListView
    | DemandView
    | NoticeView
    | AwardListView
    | AwardView
    | AgencyListView
    | AgencyView
    | RestrictionListView
    | RulesView
    | ImportView
    | SignInView
    | SignUpView
    | CodesView
    | RecoverView
    | AccountView
    | ConfirmView
    | PasswordView
    | SecondFactorView
    | TokensView
    | OrganisationView
    | MembersView
    | ProposalsView
    | ErrorView
)
"""One class a page."""
