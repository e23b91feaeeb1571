"""What every test may ask for: how hard to try, which seed, and where public reading matter lies.

``--examples N`` makes Hypothesis try N examples a property instead of the short run's 50; ``--size N`` is for
simulations and fault runs; ``--seed N`` repeats a run. The seed in use stands in the first lines of every run.
"""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHORT_EXAMPLES = 50
SEED_OF_CI = 20_261_123
"""The same for every run of continuous integration; a person's run draws a new one and says it."""
LARGEST_SEED = 2**32
COLLECTING = (10_000, 20, 20)
"""How seldom memory is collected, as where the site is served (marketplace/serving.py)."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our own options, in a group of their own."""
    group = parser.getgroup("marketplace")
    group.addoption("--examples", type=int, default=None, metavar="N", help="examples a property (default 50)")
    group.addoption("--size", type=int, default=None, metavar="N", help="size of simulations and fault runs")
    group.addoption("--seed", type=int, default=None, metavar="N", help="seed of properties and simulations")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile and one seed for properties and simulations alike, before anything draws."""
    examples = config.getoption("--examples")
    common = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("short", common, max_examples=SHORT_EXAMPLES)
    settings.register_profile("long", common, max_examples=examples or SHORT_EXAMPLES)
    settings.load_profile("long" if examples else "short")
    if config.option.seed is None:
        given = config.option.hypothesis_seed
        drawn = SEED_OF_CI if os.environ.get("CI") == "true" else secrets.randbelow(LARGEST_SEED)
        config.option.seed = int(given) if given and given.isdecimal() else drawn
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(config.option.seed)


def pytest_collection_finish() -> None:
    """What collecting built stays and is not looked through whenever memory is collected: 0.4 s each time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


def pytest_report_header(config: pytest.Config) -> str:
    """Print what repeats this run."""
    return f"repeat with: --seed {config.option.seed} (examples a property: {settings().max_examples})"


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """The run's seed, for simulations that draw by themselves."""
    return int(request.config.option.seed)


@pytest.fixture(scope="session")
def sized(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """``sized(20)`` → the size asked for by ``--size``, else the test's own small one."""
    asked: int | None = request.config.getoption("--size")
    return lambda small: small if asked is None else asked


@pytest.fixture(scope="session")
def public_reading() -> Path:
    """The folder of others' data that is read but never kept: ``$PUBLIC_VECTORS``, by default ``shared`` beside us.

    Tests that need it are skipped where it is absent, and fail under ``CI=true``.
    """
    folder = Path(os.environ.get("PUBLIC_VECTORS") or ROOT.parent / "shared")
    if not folder.is_dir():
        message = f"no public reading matter in {folder}: set PUBLIC_VECTORS to the folder that holds vectors/"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
