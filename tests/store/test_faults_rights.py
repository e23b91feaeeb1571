"""The faults of rights at a small size: ours holds, its control breaks."""

from __future__ import annotations

import pytest

from tests.faults import contract, csrf, matrix, session


async def test_every_route_lets_through_whom_the_table_names_and_nobody_else() -> None:
    figure = await matrix.run(1, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_a_session_that_is_over_is_worth_nothing() -> None:
    figure = await session.run(1, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_another_sites_page_changes_nothing() -> None:
    figure = await csrf.run(4, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()


async def test_the_api_answers_as_its_document_says_whatever_it_is_asked_by_whomever(
    request: pytest.FixtureRequest,
) -> None:
    figure = await contract.run(request.config.getoption("--size") or 24, seed=7)
    assert figure.figure == 0
    assert figure.ok, figure.line()
