"""How the selections of a market ended, counted: a simulation in which nothing happens would prove nothing."""

from __future__ import annotations

from collections import Counter

from marketplace.database import Connection

_ENDINGS = """
SELECT mode || ': ' || coalesce(outcome, state) || coalesce(' / ' || reason, '') AS words, count(*) AS times
FROM demand GROUP BY 1
"""
_TYPES = "SELECT 'event ' || type AS words, count(*) AS times FROM record_event GROUP BY 1"
_REFUSED = """
SELECT 'refused: ' || (private->>'reason') AS words, count(*) AS times FROM record_event
WHERE type = 'offer.placed' AND private->>'reason' IS NOT NULL GROUP BY 1
"""
_DRAWN = """
SELECT 'drawn' AS words, count(*) AS times FROM record_event WHERE type = 'selection.decided' AND data->'case' ? 'draw'
"""
_RULED = """
SELECT 'ruled ' || mode AS words, count(*) AS times
FROM record_event JOIN selection ON subject = 'selection/' || selection.id
WHERE type = 'selection.decided' AND data->'decision'->>'outcome' <> 'unsuccessful' GROUP BY 1
"""
_VOIDED = "SELECT 'voided in a selection' AS words, count(*) AS times FROM selection_void"
_PASSED_ON = """
SELECT 'passed on' AS words, count(*) AS times FROM record_event
WHERE type = 'award.proposed' AND data->>'rank' <> '1'
"""


async def how_it_ended(connection: Connection) -> Counter[str]:
    """Endings, events, refusals, draws and awards passed on."""
    found: Counter[str] = Counter()
    for query in (_ENDINGS, _TYPES, _REFUSED, _DRAWN, _RULED, _VOIDED, _PASSED_ON):
        found.update({row["words"]: row["times"] for row in await connection.fetch(query)})
    return found
