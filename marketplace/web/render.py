"""Pages out of views: one Jinja environment, undefined names are errors, everything is escaped.

The view of a page names its template; wording, units and addresses come from ``formatting``, ``locale`` and
``addresses`` as filters and globals, so that a template holds structure only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from marketplace.web import addresses, charts, filters, formatting, paging, results, tags
from marketplace.web.guides import shots
from marketplace.web.locale import (
    account_words,
    formulas,
    job_words,
    losing,
    names,
    public_words,
    reasons,
    rules,
    sources,
    terms,
    timeline,
    trouble_words,
    work_words,
)
from marketplace.web.navigation import entries
from marketplace.web.page_frame import Display, PageFrame
from marketplace.web.views.pages import PageView

FOLDER = Path(__file__).parent
TEMPLATES = FOLDER / "templates"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Sent with every page: our own files alone, nothing inline, nothing from elsewhere."""

_FILTERS: tuple[Callable[..., Any], ...] = (
    formatting.amount, formatting.yuan, formatting.wan, formatting.capitals, formatting.exact_amount,
    formatting.number, formatting.points, formatting.signed_points, formatting.tenths, formatting.percent,
    formatting.instant, formatting.deadline, formatting.clock, formatting.machine_instant, formatting.day,
    formatting.last_day, formatting.duration, formatting.masked, formatting.place, formatting.short_name,
    formatting.clipped, formatting.clock_to_seconds, formatting.short_day,
    names.mode_name, names.measure_names, rules.rule_key_name, rules.rule_value_words, reasons.reason_text,
    timeline.happening_text, timeline.tone, sources.source_words, sources.seen_words, formatting.rate,
    formatting.whole_percent, formulas.rule_words, formulas.formula_words, tags.award_tag, tags.running_tag,
    tags.restriction_tag, tags.left_tag,
    filters.wan_text, filters.query_of, results.kind_of,
)  # fmt: skip
_GLOBALS: tuple[Callable[..., Any], ...] = (
    formatting.share, formatting.against, formatting.days, formulas.fact_words, formulas.numbers_words,
    formulas.rate_words, formulas.rate_numbers, losing.left_words, names.amount_name, names.close_name,
    results.distance_chart, results.mean_words, results.choices_words,
    terms.terms_lines, terms.effective_words, tags.demand_tags, filters.with_value, filters.without, paging.window,
    charts.swatch, charts.tile_map, charts.scale_legend, results.bar_of, results.spans_chart, results.rounds_chart,
    results.score_chart, results.score_sum, results.room_chart, results.formula_rows, results.span_sentence,
    addresses.demand_path, addresses.award_path, addresses.notice_path, addresses.case_path, addresses.room_path,
    addresses.agency_path,
    addresses.item_path, addresses.area_path, addresses.guide_path, addresses.object_path,
    addresses.demand_notice_path, addresses.award_paper_path, addresses.credit_report_path,
    addresses.static_path, addresses.provider_path, addresses.satisfaction_path,
    addresses.operating_path, addresses.job_path,
    addresses.restrict_path, addresses.subject_path, addresses.inspection_path,
    addresses.part_path, addresses.agency_act_path, addresses.own_contract_path,
)  # fmt: skip


def render(view: PageView, frame: PageFrame) -> str:
    """A whole page as HTML; a name missing in view or template is an error, never an empty place."""
    return environment().get_template(view.template).render(view=view, frame=frame)


def render_part(name: str, frame: PageFrame, **values: object) -> str:
    """A part of a page alone, for a script that asked for it; the part's own values by name."""
    return environment().get_template(name).render(frame=frame, **values)


@cache
def environment() -> Environment:
    """The one environment of all pages."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update({function.__name__: function for function in _FILTERS})
    made.globals.update({function.__name__: function for function in _GLOBALS})
    made.globals.update(link=_link, short_at=_short_at, near_at=_near_at, Display=Display)
    made.globals.update(public=public_words, shots=shots)
    made.globals.update(
        names=names,
        account=account_words,
        work=work_words,
        troubles=trouble_words,
        job_words=job_words,
        at=addresses,
        entries=entries,
        zip=zip,
    )
    return made


@pass_context
def _link(context: Context, path: str, query: filters.Pairs = (), fragment: str = "") -> str:
    """An address on this site in the display variant of the page."""
    return _frame(context).link(path, query, fragment)


@pass_context
def _short_at(context: Context, at: datetime) -> str:
    """A deadline without this year."""
    return formatting.short_deadline(at, _frame(context).at)


@pass_context
def _near_at(context: Context, at: datetime) -> str:
    """A deadline that says 今日 when it is today."""
    return formatting.near_deadline(at, _frame(context).at)


def _frame(context: Context) -> PageFrame:
    frame = context["frame"]
    assert isinstance(frame, PageFrame)
    return frame
