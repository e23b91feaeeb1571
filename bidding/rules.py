"""Where the rules of selection stand: every reason and every formula here names its section.

The text is this market's own, so it was read; a region's rules enter as numbers in the terms, never as code.
"""

from __future__ import annotations

from functools import cache

from commons.sources import Source

TITLE = "选取规则（docs/reference/selection.md）"
"""Title of the text; places in it are section numbers."""


@cache
def rule(section: str) -> Source:
    """The section of the selection rules, as a source."""
    return Source(TITLE, "yes", section)
