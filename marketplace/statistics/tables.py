"""What statistics are computed from and kept in; all but ``statistics_past`` and ``satisfaction`` can be made anew.

``statistics_due`` is filled by triggers on the rows it names, so that no use case can forget it (docs/adr/0034).
"""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, BigSerial, Boolean, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class StatisticsDueRow(Table, tablename="statistics_due"):
    """Something changed that is not counted yet; ``kind`` says what ``subject`` is the id of."""

    place = BigSerial(primary_key=True)
    kind = Varchar(length=16)
    subject = Varchar(length=40)


class StatisticsPastRow(Table, tablename="statistics_past"):
    """A demand's row as it was when its selection made way for the next one (再次发布); never changed."""

    selection = Varchar(length=16, primary_key=True)
    row = JSONB()


class StatisticsCaseRow(Table, tablename="statistics_case"):
    """What was counted of one subject, and what later baselines look at; months as ``YYYY-MM``."""

    id = Varchar(length=56, primary_key=True)
    item = Varchar(length=16, default="")
    city = Varchar(length=6, default="")
    is_example = Boolean(default=False)
    published_in = Varchar(length=7, null=True, default=None)
    awarded_in = Varchar(length=7, null=True, default=None)
    accepted_in = Varchar(length=7, null=True, default=None)
    unit_fen = BigInt(null=True, default=None)
    award_days = Integer(null=True, default=None)
    result_days = Integer(null=True, default=None)
    facts = JSONB()
    counted = JSONB()


class StatisticsBaselineRow(Table, tablename="statistics_baseline"):
    """The baseline of an item in a month; None where earlier awards are too few. ``is_stale``: to be computed anew."""

    id = BigSerial(primary_key=True)
    item = Varchar(length=16)
    month = Varchar(length=7)
    is_example = Boolean()
    is_stale = Boolean(default=False)
    unit_fen = BigInt(null=True, default=None)
    award_days = Integer(null=True, default=None)
    result_days = Integer(null=True, default=None)

    statistics_baseline_once = Unique([item, month, is_example])


class StatisticsTallyRow(Table, tablename="statistics_tally"):
    """How often a measure had a value: in a month or year (``span``), of a city or an item, "" for all of them.

    A city and an item together only in a year: their months are read from what was counted of each subject.
    """

    id = BigSerial(primary_key=True)
    is_example = Boolean()
    span = Varchar(length=7)
    item = Varchar(length=16)
    city = Varchar(length=6)
    measure = Varchar(length=32)
    value = BigInt()
    times = BigInt()

    statistics_tally_once = Unique([is_example, span, item, city, measure, value])


class StatisticsWinnerRow(Table, tablename="statistics_winner"):
    """What an agency was awarded in a year in one county for one item, in fen and awards."""

    id = BigSerial(primary_key=True)
    is_example = Boolean()
    year = Varchar(length=4)
    county = Varchar(length=6)
    item = Varchar(length=16)
    agency = Varchar(length=18)
    awards = BigInt()
    fen = BigInt()

    statistics_winner_once = Unique([is_example, year, county, item, agency])


class StatisticsShareRow(Table, tablename="statistics_share"):
    """What the four largest have of a county's awards for an item in a year, in fen of all fen."""

    id = BigSerial(primary_key=True)
    is_example = Boolean()
    year = Varchar(length=4)
    county = Varchar(length=6)
    item = Varchar(length=16)
    awards = BigInt()
    agencies = BigInt()
    fen = BigInt()
    top_fen = BigInt()

    statistics_share_once = Unique([is_example, year, county, item])


class StatisticsStateRow(Table, tablename="statistics_state"):
    """How often something was counted: whoever kept a computed report sees whether it still holds."""

    id = SmallInt(primary_key=True, default=1)
    counted = BigInt(default=0)


class SatisfactionRow(Table, tablename="satisfaction"):
    """What one person said about one finished step (满意度): once, from 1 to 5, with words or without."""

    id = Varchar(length=64, primary_key=True)
    step = Varchar(length=16)
    subject = Varchar(length=18)
    role = Varchar(length=16)
    stars = SmallInt()
    words = Text(default="")
    region = Varchar(length=6)
    item = Varchar(length=16, default="")
    is_example = Boolean(default=False)
    given_at = Timestamptz(default=None, index=True)
