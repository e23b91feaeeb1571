"""Playing small markets in which a planted bug can show, until it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import pytest

from tests.simulation.market_run import Broken
from tests.simulation.plans import Fate
from tests.simulation.play import play
from tests.simulation.script import write_script
from tests.simulation.steps import Script

SEEDS, MARKETS = range(2_000), 15
"""Markets in which the bug can show, played at most until it does; else none of them fails."""
Plant = Callable[[pytest.MonkeyPatch], None]
Needs = Callable[[Script], bool]


def anything(_: Script) -> bool:
    """Any market will do."""
    return True


async def caught(server: str, template: str, fates: Sequence[Fate], words: str, needs: Needs) -> None:
    """Play markets of one selection of each fate that hold what the bug needs; one of them breaks with these words."""
    scripts = (write_script(seed, len(fates), fates=fates, strikes=0.5) for seed in SEEDS)
    with pytest.raises(Broken, match=words) as broken:
        for script in islice(filter(needs, scripts), MARKETS):
            await play(server, template, script, is_guarded=False)
    assert "--seed " in str(broken.value)
